//! A proposal as a contract in TOML, with comments in one language.

use crate::contract::compiled::Role;
use crate::contract::schema::FieldType;
use crate::domain::language::Language;
use crate::domain::measure::Measure;
use crate::domain::neutral::{is_call, is_hidden};
use crate::sniff::column::ProposedColumn;
use crate::sniff::note::{Note, safe};
use crate::sniff::side::Side;
use crate::sniff::sniffed::Sniffed;
use crate::sniff::text::{SniffTexts, texts};
use crate::sniff::values::CellForm;
use crate::sniff::words::role_word;
use toml_writer::{ToTomlValue as _, TomlStringBuilder};

/// Widest comment, in characters.
const WIDTH: usize = 98;

/// Writes the contract: valid TOML, ready to edit, each guess below its evidence. What a person
/// must decide is marked `CHECK:` in every language.
pub fn render(sniffed: &Sniffed, name: &str, language: Language) -> String {
    let mut page = ProposalText { texts: texts(language), text: String::new() };
    page.comment(&page.texts.note(&Note::evidence("head").with("name", &safe(name))));
    page.comment(&page.texts.note(&Note::evidence("head-check")));
    page.notes(&sniffed.file);
    page.notes(&sniffed.lacking);
    page.blank();
    page.note(&Note::check("title"));
    let stem = safe(name.rsplit_once('.').map_or(name, |(stem, _)| stem));
    page.line(&format!("title.da = {}", quoted(&stem)));
    page.line(&format!("title.en = {}", quoted(&stem)));
    if !sniffed.undecided.is_empty() {
        page.blank();
        page.note(&Note::check("undecided"));
        page.line(&format!("undecided = {}", words(&sniffed.undecided)));
    }
    page.blank();
    page.line("[files]");
    page.notes(&sniffed.names.notes);
    page.line(&format!("names = {}", list(&sniffed.names.value)));
    page.note(&Note::check("supersede"));
    page.line("supersede = \"period\"");
    page.dialect(sniffed);
    page.schema(sniffed);
    if let Some(side) = &sniffed.side {
        page.side(side);
    }
    if let Some(authority) = sniffed.authority {
        page.blank();
        page.line("[constants]");
        page.note(&Note::check("authority-unknown"));
        page.line(&format!("authority = {}", quoted(authority)));
    }
    page.text
}

/// The text as it grows.
struct ProposalText {
    texts: SniffTexts,
    text: String,
}

impl ProposalText {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn blank(&mut self) {
        self.text.push('\n');
    }

    fn notes(&mut self, notes: &[Note]) {
        for note in notes {
            self.note(note);
        }
    }

    fn note(&mut self, note: &Note) {
        let mark = if note.check { "CHECK: " } else { "" };
        let said = self.texts.note(note);
        self.comment(&format!("{mark}{said}"));
    }

    /// A comment, broken between words; what follows the first line is set in.
    fn comment(&mut self, text: &str) {
        let mut line = "#".to_owned();
        for word in text.split(' ') {
            if line.chars().count() + 1 + word.chars().count() > WIDTH && line.len() > 4 {
                self.line(line.trim_end());
                "#  ".clone_into(&mut line);
            }
            line.push(' ');
            line.push_str(word);
        }
        self.line(line.trim_end());
    }

    fn dialect(&mut self, sniffed: &Sniffed) {
        self.blank();
        self.line("[dialect]");
        match sniffed.sheet {
            Some(number) => self.line(&format!("sheetNumber = {number}")),
            None => self.marks(sniffed),
        }
        self.notes(&sniffed.header.notes);
        if let Some(line) = sniffed.header.value.filter(|_| sniffed.preamble) {
            self.line(&format!("headerRows = [{line}]"));
        }
        self.notes(&sniffed.rows);
        if sniffed.trailing {
            self.line("surplusCells = \"ignoreEmpty\"");
        }
        for (key, what) in [("rows-empty", "emptyRow"), ("rows-header", "repeatedHeader")] {
            if sniffed.rows.iter().any(|note| note.key == key) {
                self.blank();
                self.line("[[notData]]");
                self.line(&format!("what = \"{what}\""));
            }
        }
    }

    /// How text is written and parted.
    fn marks(&mut self, sniffed: &Sniffed) {
        self.notes(&sniffed.encoding.notes);
        self.line(&format!("encoding = [{}]", quoted(sniffed.encoding.value)));
        self.notes(&sniffed.delimiter.notes);
        self.line(&format!("delimiter = [{}]", quoted(&sniffed.delimiter.value.to_string())));
        self.notes(&sniffed.quote.notes);
        self.line(&format!("quoteChar = {}", quoted(&sniffed.quote.value.to_string())));
        if sniffed.loose {
            self.line("looseQuotes = true");
        }
    }

    fn schema(&mut self, sniffed: &Sniffed) {
        self.blank();
        self.line("[schema]");
        self.notes(&sniffed.closed.notes);
        self.line(if sniffed.closed.value {
            "fieldsMatch = \"equal\""
        } else {
            "fieldsMatch = \"subset\""
        });
        self.notes(&sniffed.missing.notes);
        self.line(&format!("missingValues = {}", list(&sniffed.missing.value)));
        if !sniffed.keys.is_empty() {
            self.note(&Note::check("keys"));
        }
        for key in &sniffed.keys {
            self.line(&format!("# primaryKey = {}", list(key)));
        }
        if sniffed.fields.is_empty() {
            self.line("fields = []");
        }
        for field in &sniffed.fields {
            self.field(field, sniffed);
        }
        self.parts(sniffed);
        let registers = [
            (Role::Authority, "authorities"),
            (Role::Service, "services"),
            (Role::Initiative, "initiatives"),
        ];
        for (role, register) in registers {
            for field in sniffed.fields.iter().filter(|field| field.role == Some(role)) {
                self.blank();
                self.note(&Note::check("register").with("register", register));
                self.line("[[schema.foreignKeys]]");
                self.line(&format!("fields = {}", quoted(&field.heading)));
                self.line(&format!("reference = {{ resource = \"{register}\", fields = \"id\" }}"));
            }
        }
    }

    /// Measures that others are a part of, where both are there.
    fn parts(&mut self, sniffed: &Sniffed) {
        let column = |measure: Measure| {
            let own = |field: &&ProposedColumn| field.role == Some(Role::Measure(measure));
            sniffed.fields.iter().find(own)
        };
        for (part, whole) in [
            (Measure::Digital, Measure::Completed),
            (Measure::Assisted, Measure::Digital),
            (Measure::Satisfied, Measure::Answered),
        ] {
            if let Some((part, whole)) = column(part).zip(column(whole)) {
                self.blank();
                let note = Note::check("parts").with("part", &part.heading);
                self.note(&note.with("whole", &whole.heading));
                self.line("[[schema.parts]]");
                self.line(&format!("part = {}", quoted(&part.heading)));
                self.line(&format!("whole = {}", quoted(&whole.heading)));
            }
        }
    }

    fn side(&mut self, side: &Side) {
        self.blank();
        self.note(&Note::check("side").count("count", side.periods.len()));
        self.line("[unpivot]");
        self.line(&format!("header = {}", quoted(&side.header)));
        self.line(&format!("fields = {}", list(&side.fields)));
        for (label, first, last) in &side.periods {
            self.blank();
            self.line("[[unpivot.periods]]");
            self.line(&format!("label = {}", quoted(label)));
            self.line(&format!("first = \"{first}\""));
            self.line(&format!("last = \"{last}\""));
        }
    }

    fn field(&mut self, field: &ProposedColumn, sniffed: &Sniffed) {
        self.blank();
        self.line("[[schema.fields]]");
        self.notes(&field.notes);
        self.line(&format!("name = {}", quoted(&field.heading)));
        self.line(&format!("type = \"{}\"", kind_word(field.kind)));
        match &field.form {
            CellForm::Text => {}
            CellForm::Date(forms) => self.line(&format!("format = {}", list(forms))),
            CellForm::Number { decimal, group, negative } => {
                if let Some(mark) = decimal.filter(|_| field.kind == FieldType::Number) {
                    self.line(&format!("decimalChar = {}", quoted(&mark.to_string())));
                }
                if let Some(mark) = group {
                    self.line(&format!("groupChar = {}", quoted(&mark.to_string())));
                }
                if negative.as_slice() != ["-1"] {
                    let forms: Vec<String> =
                        negative.iter().map(|form| (*form).to_owned()).collect();
                    self.line(&format!("negative = {}", list(&forms)));
                }
            }
        }
        if let Some(role) = field.role {
            self.line(&format!("role = \"{}\"", role_word(role)));
        }
        if field.role == Some(Role::Measure(Measure::Amount)) {
            self.line("sign = \"positive\"");
            if let Some(scale) = sniffed.scale {
                self.line(&format!("scale = {scale}"));
            }
            self.line(&format!("vat = \"{}\"", sniffed.vat));
        }
        if !field.undecided.is_empty() {
            self.line(&format!("undecided = {}", words(&field.undecided)));
        }
    }
}

fn words(words: &[&str]) -> String {
    list(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
}

fn kind_word(kind: FieldType) -> &'static str {
    match kind {
        FieldType::String => "string",
        FieldType::Number => "number",
        FieldType::Integer => "integer",
        FieldType::Date => "date",
        FieldType::Yearmonth => "yearmonth",
    }
}

fn list(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    format!("[{}]", values.join(", "))
}

/// A text as a basic string of TOML, in which what acts is written as its number.
fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    for letter in TomlStringBuilder::new(text).as_basic().to_toml_value().chars() {
        if is_hidden(letter) || is_call(&quoted, letter) {
            let number = format!("\\U{:08X}", u32::from(letter));
            quoted.push_str(&number);
        } else {
            quoted.push(letter);
        }
    }
    quoted
}
