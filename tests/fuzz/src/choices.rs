//! An input as choices and data. Choices are taken off the end, so that a delivery is an input.

/// The rest of an input.
pub struct Choices<'a>(&'a [u8]);

impl<'a> Choices<'a> {
    /// An input nothing was taken off yet.
    pub fn of(input: &'a [u8]) -> Choices<'a> {
        Choices(input)
    }

    /// One byte; 0 where there is none left.
    pub fn byte(&mut self) -> u8 {
        let Some((last, rest)) = self.0.split_last() else { return 0 };
        self.0 = rest;
        *last
    }

    /// A number below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        usize::from(self.byte()) % count
    }

    /// Yes or no.
    pub fn yes(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// One of a list.
    pub fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// A number of two bytes.
    pub fn wide(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    /// What is left: the data.
    pub fn rest(self) -> &'a [u8] {
        self.0
    }
}
