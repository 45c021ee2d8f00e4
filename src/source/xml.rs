//! A part of a workbook as XML, event by event: never more of it at a time than a cell may hold.
#![expect(clippy::wildcard_enum_match_arm, reason = "most of a workbook says nothing to us")]

use crate::domain::changed::Changed;
use crate::domain::number::to_u64;
use crate::source::bounds::Bound;
use crate::source::trouble::Trouble;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::error::Error;
use std::io::{self, BufRead, BufReader, Read};

/// A part that is read event by event. An empty element is a start and an end.
pub(crate) struct Xml {
    reader: Reader<BoundedInput>,
    buffer: Vec<u8>,
    /// Bytes of the name of each element that is open, which the reader holds, and of all of them.
    open: Vec<usize>,
    names: usize,
}

/// Input that gives no more than an event may have, and in all no more than a part may.
struct BoundedInput {
    input: BufReader<Box<dyn Read + Send>>,
    event: usize,
    part: u64,
    bound: Bound,
}

impl Xml {
    /// A part that may have so many bytes.
    pub(crate) fn of(input: Box<dyn Read + Send>, bound: Bound) -> Xml {
        let input = BufReader::with_capacity(64 * 1024, input);
        let mut reader = Reader::from_reader(BoundedInput { input, event: 0, part: 0, bound });
        let config = reader.config_mut();
        config.check_end_names = false;
        config.expand_empty_elements = true;
        Xml { reader, buffer: Vec::new(), open: Vec::new(), names: 0 }
    }

    /// The next event.
    ///
    /// # Errors
    /// What is no XML, a bound, or what the input says.
    pub(crate) fn next(&mut self) -> io::Result<Event<'_>> {
        self.buffer.clear();
        self.reader.get_mut().event = 0;
        let event = self.reader.read_event_into(&mut self.buffer).map_err(|error| match error {
            quick_xml::Error::Io(error) => original(&error),
            _ => Trouble::Broken.into(),
        })?;
        match &event {
            Event::Start(tag) => {
                let name = tag.name().as_ref().len();
                self.open.push(name);
                self.names += name;
                Bound::WorkbookDepth.hold(self.open.len())?;
                Bound::LineBytes.hold(self.names)?;
            }
            Event::End(_) => self.names -= self.open.pop().unwrap_or_default(),
            _ => {}
        }
        Ok(event)
    }
}

/// What stopped the input, which the reader of XML shares.
fn original(error: &io::Error) -> io::Error {
    let inner = error.get_ref();
    if let Some(bound) = Bound::of(error) {
        bound.into()
    } else if inner.is_some_and(<dyn Error + Send + Sync>::is::<Changed>) {
        Changed.into()
    } else if error.kind() == io::ErrorKind::InvalidData {
        Trouble::Broken.into()
    } else {
        io::Error::new(error.kind(), error.to_string())
    }
}

impl Read for BoundedInput {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(out)?;
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for BoundedInput {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        // An event, a tag or a text, is held whole.
        Bound::LineBytes.hold(self.event)?;
        if self.part > self.bound.limit() {
            return Err(self.bound.into());
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, length: usize) {
        self.event += length;
        self.part += to_u64(length);
        self.input.consume(length);
    }
}

/// The attribute of this name, whatever stands before its colon.
///
/// # Errors
/// What is no attribute.
pub(crate) fn attribute(tag: &BytesStart, name: &str) -> io::Result<Option<String>> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| Trouble::Broken)?;
        if attribute.key.local_name().as_ref() == name {
            let value = unescape(&attribute.value).map_err(|_| Trouble::Broken)?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// Adds what an event says as text; tags say nothing.
///
/// # Errors
/// A name of a character that is none, or a text longer than a cell's may be.
pub(crate) fn say(event: &Event, text: &mut String) -> io::Result<()> {
    match event {
        Event::Text(part) => text.push_str(&part.xml10_content()),
        Event::CData(part) => text.push_str(&part.xml10_content()),
        Event::GeneralRef(name) => text.push(character(name)?),
        _ => {}
    }
    Bound::LineBytes.hold(text.len())
}

fn character(name: &BytesRef) -> io::Result<char> {
    let named = match name.as_ref() {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => name.resolve_char_ref().ok().flatten(),
    };
    Ok(named.ok_or(Trouble::Broken)?)
}
