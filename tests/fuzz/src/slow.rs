//! An input as a disk may give it: cut up, and now and then interrupted.

use std::io::{self, Read};

/// A reader that gives few bytes at a time, and is now and then interrupted.
pub struct Slow {
    bytes: Vec<u8>,
    at: usize,
    step: usize,
    pause: bool,
}

impl Slow {
    /// A reader of these bytes, so many at a time.
    pub fn new(bytes: &[u8], step: usize) -> Slow {
        Slow { bytes: bytes.to_vec(), at: 0, step, pause: false }
    }
}

impl Read for Slow {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.pause = !self.pause && self.step < 64;
        if self.pause {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let length = out.len().min(self.step).min(self.bytes.len() - self.at);
        out[..length].copy_from_slice(&self.bytes[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}
