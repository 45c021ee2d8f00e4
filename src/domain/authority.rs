//! Who delivers: the authority and its sector.

/// The sector an authority belongs to; each has its own price series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sector {
    /// The state.
    Stat,
    /// A municipality.
    Kommune,
    /// A region.
    Region,
}

impl Sector {
    /// Every sector.
    pub const ALL: [Sector; 3] = [Sector::Stat, Sector::Kommune, Sector::Region];

    /// The word used in tables and data files.
    pub fn word(self) -> &'static str {
        match self {
            Sector::Stat => "stat",
            Sector::Kommune => "kommune",
            Sector::Region => "region",
        }
    }

    /// The sector with this word.
    pub fn from_word(word: &str) -> Option<Sector> {
        Sector::ALL.into_iter().find(|sector| sector.word() == word)
    }
}
