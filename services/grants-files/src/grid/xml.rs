//! A walk through one XML part: elements with their attributes, and the texts between.
//!
//! Entities other than XML's own five are refused, so nothing expands; a document type is refused altogether.

use super::package::Part;
use crate::{
    limits::PIECE_BYTES_MAX,
    problem::{CellError, Place, Problem},
};
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};
use std::io::{self, BufRead, Read};

/// What comes next.
pub(super) enum Next {
    /// An element begins.
    Open(Element),
    /// An element ends; for an empty one it follows at once.
    Close(String),
    /// A text.
    Text(String),
    /// The part is at its end.
    End,
}

/// An element by its local name.
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    /// An attribute by its local name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A part that gives out only so many bytes between two steps of a walk.
struct Leash<'a> {
    part: Part<'a>,
    left: usize,
}

impl Read for Leash<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let found = self.fill_buf()?.read(into)?;
        self.consume(found);
        Ok(found)
    }
}

impl BufRead for Leash<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.part.fill_buf()
    }
    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount);
        self.part.consume(amount);
    }
}

/// Walks through a part.
pub(super) struct Walk<'a> {
    reader: Reader<Leash<'a>>,
    buffer: Vec<u8>,
    closing: Option<String>,
    damaged: CellError,
}

impl<'a> Walk<'a> {
    pub(super) fn new(part: Part<'a>, name: &str, place: &Place) -> Self {
        let mut reader = Reader::from_reader(Leash { part, left: PIECE_BYTES_MAX });
        reader.config_mut().check_end_names = true;
        Self {
            reader,
            buffer: Vec::new(),
            closing: None,
            damaged: CellError::new(place.clone(), Problem::FileDamaged).with("part", name),
        }
    }

    /// The complaint that this part is damaged.
    pub(super) fn damaged(&self) -> CellError {
        self.damaged.clone()
    }

    pub(super) fn next(&mut self) -> Result<Next, CellError> {
        if let Some(name) = self.closing.take() {
            return Ok(Next::Close(name));
        }
        loop {
            self.buffer.clear();
            self.reader.get_mut().left = PIECE_BYTES_MAX;
            let event = self.reader.read_event_into(&mut self.buffer).map_err(|_| self.damaged.clone())?;
            let bad = || self.damaged.clone();
            match event {
                Event::Start(start) => return element(&start).ok_or_else(bad).map(Next::Open),
                Event::Empty(start) => {
                    let element = element(&start).ok_or_else(bad)?;
                    self.closing = Some(element.name.clone());
                    return Ok(Next::Open(element));
                }
                Event::End(end) => return Ok(Next::Close(end.local_name().as_ref().to_owned())),
                Event::Text(text) => return Ok(Next::Text(text.xml10_content().into_owned())),
                Event::CData(text) => return Ok(Next::Text(text.xml10_content().into_owned())),
                Event::GeneralRef(entity) => {
                    let one = match entity.resolve_char_ref().map_err(|_| bad())? {
                        Some(one) => one,
                        None => named(&entity).ok_or_else(bad)?,
                    };
                    return Ok(Next::Text(one.to_string()));
                }
                Event::DocType(_) => return Err(bad()),
                Event::Eof => return Ok(Next::End),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
    }

    /// The text up to the end of the element that was just opened, parts under `skip` left out.
    pub(super) fn text_of(&mut self, name: &str, skip: &str) -> Result<String, CellError> {
        let (mut text, mut depth, mut skipping) = (String::new(), 0_u32, 0_u32);
        loop {
            match self.next()? {
                Next::Open(element) if element.name == name => depth = depth.saturating_add(1),
                Next::Open(element) if element.name == skip => skipping = skipping.saturating_add(1),
                Next::Close(closed) if closed == name && depth == 0 => return Ok(unescaped(&text)),
                Next::Close(closed) if closed == name => depth = depth.saturating_sub(1),
                Next::Close(closed) if closed == skip => skipping = skipping.saturating_sub(1),
                Next::Text(more) if skipping == 0 && text.len() < PIECE_BYTES_MAX => text.push_str(&more),
                Next::Text(_) if skipping == 0 => return Err(self.damaged()),
                Next::Open(_) | Next::Close(_) | Next::Text(_) => {}
                Next::End => return Err(self.damaged()),
            }
        }
    }
}

fn element(start: &BytesStart<'_>) -> Option<Element> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let value = attribute.normalized_value(XmlVersion::Explicit1_0).ok()?;
        attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
    }
    let name = start.local_name().as_ref().to_owned();
    Some(Element { name, attributes })
}

fn named(entity: &str) -> Option<char> {
    match entity {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// Undoes the format's own spelling of characters that XML cannot hold: `_x000A_`.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        match escaped(escape) {
            Some(one) => {
                out.push(one);
                rest = escape.get(7..).unwrap_or_default();
            }
            None => {
                out.push_str("_x");
                rest = escape.get(2..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

fn escaped(text: &str) -> Option<char> {
    let digits = text.get(2..6)?;
    let is_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_hexadecimal && text.get(6..7) == Some("_")).then_some(())?;
    u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn escapes_of_the_format_are_undone_once() {
        assert_eq!(unescaped("a_x000A_b"), "a\nb");
        assert_eq!(unescaped("_x005F_x000A_"), "_x000A_");
        assert_eq!(unescaped("_x驻马店_x12"), "_x驻马店_x12");
        assert_eq!(unescaped("snake_x_y"), "snake_x_y");
    }
}
