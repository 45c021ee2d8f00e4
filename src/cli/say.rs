//! The one way to standard output and standard error: nothing delivered acts on a terminal or on
//! the runner of a job that reads along.

use crate::domain::error::Error;
use crate::domain::neutral::printed;
use crate::domain::privacy::masked;
use clap::Parser;
use std::error::Error as _;
use std::fmt;
use std::io::{self, Write as _};
use std::path::Path;

/// Writes a line to standard output, and makes it one whatever is in it.
pub(super) fn say(line: fmt::Arguments) -> Result<(), Error> {
    say_printed(&printed(&line.to_string()))
}

/// Writes text whose every line is as [`printed`] makes it. Whoever closed standard output, such as
/// `head`, has read enough.
pub(super) fn say_printed(text: &str) -> Result<(), Error> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(source) if source.kind() != io::ErrorKind::BrokenPipe => Err(Error::Write {
            path: "standard output".into(),
            source,
            help: "what was printed is cut short; print it again to where there is room",
        }),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The lines of a text as they are printed; the line feeds between them are our own.
pub(super) fn each_printed(text: &str) -> String {
    text.lines().map(printed).collect::<Vec<_>>().join("\n")
}

/// A path as it is printed: a personal number in it has stars for its digits.
pub(super) fn path(path: &Path) -> String {
    masked(&path.display().to_string()).into_owned()
}

/// Writes an error and its causes to standard error, `word` before it.
pub(super) fn complain(word: &str, error: &Error) {
    complain_of(word, &in_words(error));
    let mut cause = error.source();
    while let Some(error) = cause {
        complain_of("cause", &error.to_string());
        cause = error.source();
    }
}

/// Writes what is wrong to standard error.
pub(super) fn complain_of(word: &str, what: &str) {
    to_standard_error(&format!("{word}: {what}"));
}

/// Writes to standard error, line by line. Where that cannot be written, nobody is told: it changes
/// nothing about what was done.
fn to_standard_error(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", each_printed(text));
}

/// What an error says. What is wrong with a pipeline is for its author, whose figures stay; any
/// other error may name what was delivered.
fn in_words(error: &Error) -> String {
    let text = error.to_string();
    match error {
        Error::Pipeline { .. } | Error::Usage { .. } => text,
        Error::Read { .. }
        | Error::Changed { .. }
        | Error::Write { .. }
        | Error::Nothing { .. }
        | Error::InTheWay { .. }
        | Error::Encode { .. } => masked(&text).into_owned(),
    }
}

/// Parses the command line. An argument that is wrong is said as a name is: the arguments are
/// parsed anew as they would be shown, so that no line feed in one begins a line.
pub(super) fn parse<T: Parser>() -> Result<T, u8> {
    T::try_parse().map_err(|error| {
        let code = u8::try_from(error.exit_code()).unwrap_or(u8::MAX);
        if !error.use_stderr() {
            // Help and version. That they cannot be printed is no other outcome.
            let _ = error.print();
            return code;
        }
        let safe = std::env::args_os().map(|argument| printed(&path(Path::new(&argument))));
        let said = T::try_parse_from(safe).err().unwrap_or(error);
        to_standard_error(said.render().to_string().trim_end());
        code
    })
}

/// Says where something is kept that came into a folder while it was replaced.
pub(super) fn put_aside(folder: &Path) {
    let kept = path(folder);
    complain_of(
        "warning",
        &format!(
            "something came into the old folder while it was replaced; it is kept in `{kept}`"
        ),
    );
}
