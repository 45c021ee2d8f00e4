//! What the lines of a delivery are read from: its content, its encoding and its layout.

use crate::contract::charset::Charset;
use crate::contract::compiled::Layout;
use crate::domain::source::Content;
use crate::ingest::decode;
use encoding_rs::Encoding;
use std::io::{self, Read};

/// Content with what is known of how it is written.
pub(super) struct Text<'a> {
    pub(super) content: &'a dyn Content,
    pub(super) charset: Charset,
    pub(super) layout: &'a Layout,
}

impl Text<'_> {
    /// Opens the text at its first byte, as bytes in which ASCII is ASCII.
    pub(super) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(decode::reader(self.content.open()?, self.charset))
    }

    /// The encoding of the bytes `open` gives.
    pub(super) fn encoding(&self) -> &'static Encoding {
        decode::inner(self.charset)
    }
}
