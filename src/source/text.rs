//! What the lines of a delivery are read from: its content, its encoding and its layout.

use crate::contract::charset::Charset;
use crate::contract::compiled::Layout;
use crate::source::content::Content;
use crate::source::decode;
use encoding_rs::Encoding;
use std::io::{self, Read};

/// Content with what is known of how it is written.
pub(crate) struct EncodedText<'a> {
    pub(crate) content: &'a dyn Content,
    pub(crate) charset: Charset,
    pub(crate) layout: &'a Layout,
}

impl EncodedText<'_> {
    /// Opens the text at its first byte, as bytes in which ASCII is ASCII.
    pub(crate) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(decode::reader(self.content.open()?, self.charset))
    }

    /// The encoding of the bytes `open` gives.
    pub(crate) fn encoding(&self) -> &'static Encoding {
        decode::inner(self.charset)
    }
}
