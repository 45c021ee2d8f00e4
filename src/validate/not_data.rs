//! Lines that are no data, told from those that are by what the contract declares.

use crate::contract::compiled::Contract;
use crate::contract::line_rule::{CellTest, NotData, Test};
use crate::domain::blank::trim_in;
use crate::domain::letters::folded;
use crate::source::line::LineCells;
use crate::source::split::is_blank;
use crate::validate::header::Header;
use encoding_rs::Encoding;
use std::borrow::Cow;

/// The contract's rules, ready for the lines of one delivery.
pub(crate) struct Rules {
    rules: Vec<(NotData, EncodedTest)>,
    encoding: &'static Encoding,
}

/// A test with its texts in UTF-8, as they are compared, and its columns as places.
enum EncodedTest {
    EmptyRow,
    RepeatedHeader(Vec<(usize, Vec<u8>)>),
    OnlyFilled(Vec<usize>),
    Empty(usize),
    NotEmpty(usize),
    Equals(usize, Vec<Vec<u8>>),
    StartsWith(usize, Vec<Vec<u8>>),
    Like(usize, Vec<Vec<u8>>),
}

impl Rules {
    /// Prepares the contract's rules for a delivery with this header.
    pub(crate) fn new(contract: &Contract, header: &Header, encoding: &'static Encoding) -> Rules {
        let bytes = |texts: &[String]| -> Vec<Vec<u8>> {
            texts.iter().map(|text| folded(text).into_owned().into_bytes()).collect()
        };
        let rules = contract.not_data.iter().map(|rule| {
            let ready = match &rule.test {
                Test::EmptyRow => EncodedTest::EmptyRow,
                Test::RepeatedHeader => {
                    let places = header.places.iter().flatten();
                    let own =
                        |place: &usize| compared(&header.cells[*place], encoding).into_owned();
                    let cell = |place: &usize| (*place, own(place));
                    EncodedTest::RepeatedHeader(places.map(cell).collect())
                }
                Test::OnlyFilled(columns) => EncodedTest::OnlyFilled(
                    columns.iter().flat_map(|column| &header.places[*column]).copied().collect(),
                ),
                Test::Cell(column, test) => {
                    let place = header.places[*column][0];
                    match test {
                        CellTest::Empty => EncodedTest::Empty(place),
                        CellTest::NotEmpty => EncodedTest::NotEmpty(place),
                        CellTest::Equals(texts) => EncodedTest::Equals(place, bytes(texts)),
                        CellTest::StartsWith(texts) => EncodedTest::StartsWith(place, bytes(texts)),
                        CellTest::Like(forms) => EncodedTest::Like(place, bytes(forms)),
                    }
                }
            };
            (rule.what, ready)
        });
        Rules { rules: rules.collect(), encoding }
    }

    /// Why the line is no data, by the first rule that says so; `None`: it is data.
    pub(crate) fn verdict(&self, line: &impl LineCells) -> Option<NotData> {
        self.rules.iter().find(|(_, rule)| rule.holds(line, self.encoding)).map(|(what, _)| *what)
    }
}

impl EncodedTest {
    fn holds(&self, line: &impl LineCells, encoding: &'static Encoding) -> bool {
        let mut buffer = Vec::new();
        let mut empty = |place: usize| is_blank(line.cell(place, &mut buffer));
        match self {
            EncodedTest::EmptyRow => (0..line.width()).all(empty),
            EncodedTest::OnlyFilled(places) => {
                (0..line.width().max(1)).all(|place| empty(place) != places.contains(&place))
            }
            EncodedTest::Empty(place) => empty(*place),
            EncodedTest::NotEmpty(place) => !empty(*place),
            EncodedTest::RepeatedHeader(cells) => {
                let mut own =
                    |place| compared(line.cell(place, &mut buffer), encoding).into_owned();
                cells.iter().all(|(place, text)| own(*place) == *text)
            }
            EncodedTest::Equals(place, texts) => {
                let cell = compared(line.cell(*place, &mut buffer), encoding);
                texts.iter().any(|text| *cell == **text)
            }
            EncodedTest::StartsWith(place, texts) => {
                let cell = compared(line.cell(*place, &mut buffer), encoding);
                texts.iter().any(|text| cell.starts_with(text))
            }
            EncodedTest::Like(place, forms) => {
                let cell = compared(line.cell(*place, &mut buffer), encoding);
                forms.iter().any(|form| like(&cell, form))
            }
        }
    }
}

/// A cell in UTF-8, as it is compared.
fn compared<'c>(cell: &'c [u8], encoding: &'static Encoding) -> Cow<'c, [u8]> {
    let cell = trim_in(cell, encoding);
    if cell.is_ascii() {
        return Cow::Borrowed(cell);
    }
    let text = encoding.decode_without_bom_handling(cell).0;
    Cow::Owned(folded(&text).into_owned().into_bytes())
}

/// Whether a cell has a form: `#` is one digit, `*` anything, the rest itself.
fn like(cell: &[u8], form: &[u8]) -> bool {
    let (mut in_cell, mut in_form) = (0, 0);
    // Where the last `*` stands, and how far it reaches so far.
    let mut star: Option<(usize, usize)> = None;
    while in_cell < cell.len() {
        let fits = match form.get(in_form) {
            Some(b'*') => {
                star = Some((in_form, in_cell));
                in_form += 1;
                continue;
            }
            Some(b'#') => cell[in_cell].is_ascii_digit(),
            Some(byte) => *byte == cell[in_cell],
            None => false,
        };
        if fits {
            in_cell += 1;
            in_form += 1;
        } else {
            let Some((star_form, star_cell)) = star else {
                return false;
            };
            star = Some((star_form, star_cell + 1));
            in_cell = star_cell + 1;
            in_form = star_form + 1;
        }
    }
    form[in_form..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn a_form_is_digits_anything_and_the_rest_itself() {
        for (cell, form, expected) in [
            ("011 Statsydelse", "### *", true),
            ("01 Dronningen", "### *", false),
            ("1.2 Bistand", "#.# *", true),
            ("1-10 I alt", "*I alt", true),
            ("1-10 I alt 2018", "*I alt", false),
            ("aXbXc", "a*X*c", true),
            ("", "*", true),
            ("", "#", false),
            ("12", "#", false),
        ] {
            assert_eq!(like(cell.as_bytes(), form.as_bytes()), expected, "{cell} {form}");
        }
    }
}
