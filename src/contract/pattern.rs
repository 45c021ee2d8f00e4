//! File name templates: which deliveries a contract claims, and what their names say.

use crate::contract::naming::{Naming, VERSION};
use crate::domain::letters::composed;

/// A file name template, such as `spending/{authority}-{any}.v{version}.csv`.
///
/// Names are held against it in normal form C, for a Mac writes `å` in two characters.
/// `{authority}` and `{any}` take one or more characters other than `/`; `{version}` takes digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<PatternPart>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum PatternPart {
    Text(String),
    Authority,
    Version,
    Any,
}

/// What a file name says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    /// The authority's id, where the template has one.
    pub authority: Option<String>,
    /// The version, where the template has one, or the name a mark that says it.
    pub version: Option<u32>,
    /// The file it is of, and where it stands among those of it.
    pub naming: Naming,
    /// How many bytes before the end of the name the version begins and ends.
    version_at: Option<(usize, usize)>,
}

impl Pattern {
    /// Reads a template.
    ///
    /// # Errors
    /// The placeholder that is not one of `{authority}`, `{version}`, `{any}`, or the `*` or `?`
    /// that would stand for other characters elsewhere.
    pub fn parse(template: &str) -> Result<Pattern, String> {
        if let Some(wild) = template.chars().find(|character| "*?".contains(*character)) {
            return Err(wild.to_string());
        }
        let template = composed(template);
        let mut parts = Vec::new();
        let mut rest = &*template;
        while let Some(open) = rest.find('{') {
            if open > 0 {
                parts.push(PatternPart::Text(rest[..open].to_owned()));
            }
            let close = rest[open..].find('}').ok_or_else(|| rest[open..].to_owned())? + open;
            parts.push(match &rest[open..=close] {
                "{authority}" => PatternPart::Authority,
                "{version}" => PatternPart::Version,
                "{any}" => PatternPart::Any,
                other => return Err(other.to_owned()),
            });
            rest = &rest[close + 1..];
        }
        if !rest.is_empty() {
            parts.push(PatternPart::Text(rest.to_owned()));
        }
        Ok(Pattern { parts })
    }

    /// What `name` says, or `None` when it does not follow the template.
    pub fn read(&self, name: &str) -> Option<Named> {
        let name = &*composed(name);
        let mut named = Named::default();
        if !matches(&self.parts, name, &mut named) {
            return None;
        }
        named.naming = match named.version_at {
            None => Naming::of(name, None),
            Some((start, end)) => {
                let (before, behind) = (&name[..name.len() - start], &name[name.len() - end..]);
                Naming::of(&format!("{before}{VERSION}{behind}"), named.version)
            }
        };
        named.version = named.version.or_else(|| named.naming.version());
        Some(named)
    }

    /// Whether it takes a version.
    pub fn is_versioned(&self) -> bool {
        self.parts.contains(&PatternPart::Version)
    }
}

impl Named {
    /// Whether the template took the version, and no mark said it.
    pub fn is_declared(&self) -> bool {
        self.version_at.is_some()
    }
}

/// Matches part by part, shortest text first, stepping back where the rest does not fit.
fn matches(parts: &[PatternPart], name: &str, named: &mut Named) -> bool {
    let Some((part, later)) = parts.split_first() else {
        return name.is_empty();
    };
    if let PatternPart::Text(text) = part {
        let Some(rest) = name.strip_prefix(text.as_str()) else {
            return false;
        };
        return matches(later, rest, named);
    }
    for end in ends(name) {
        let (taken, rest) = name.split_at(end);
        let mut trial = named.clone();
        match part {
            PatternPart::Version => match taken.parse() {
                Ok(version) => {
                    trial.version = Some(version);
                    trial.version_at = Some((name.len(), rest.len()));
                }
                Err(_) => return false,
            },
            PatternPart::Authority => trial.authority = Some(taken.to_owned()),
            PatternPart::Any => {}
            PatternPart::Text(_) => unreachable!("text is matched above"),
        }
        if matches(later, rest, &mut trial) {
            *named = trial;
            return true;
        }
    }
    false
}

/// Byte offsets behind each character of `name` up to the first `/`.
fn ends(name: &str) -> impl Iterator<Item = usize> {
    name.char_indices()
        .take_while(|(_, character)| *character != '/')
        .map(|(start, character)| start + character.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    fn read(template: &str, name: &str) -> Option<(Option<String>, Option<u32>, String)> {
        let named = Pattern::parse(template).expect("a template").read(name)?;
        Some((named.authority, named.version, named.naming.file))
    }

    #[test]
    fn names_are_read_by_template() {
        assert_eq!(
            read("forbrug/{authority}-{any}.csv", "forbrug/0751-2018.csv"),
            Some((Some("0751".into()), None, "forbrug/0751-2018".into()))
        );
        assert_eq!(
            read("forbrug/{authority}-{any}.v{version}.csv", "forbrug/0751-2018.v12.csv"),
            Some((Some("0751".into()), Some(12), "forbrug/0751-2018".into()))
        );
        assert_eq!(read("{any}.csv", "a-v3.csv"), Some((None, Some(3), "a".into())));
        assert_eq!(read("{any}_{version}.csv", "a_7.csv"), Some((None, Some(7), "a".into())));
        assert_eq!(read("forbrug/{authority}.csv", "brug/0751.csv"), None);
        assert_eq!(read("{any}.csv", "a/b.csv"), None);
        assert_eq!(read("{any}.v{version}.csv", "a.vx.csv"), None);
        for (template, name) in [
            ("Tårn-{authority}.csv", "Ta\u{30A}rn-A\u{30A}.csv"),
            ("Ta\u{30A}rn-{authority}.csv", "Tårn-Å.csv"),
        ] {
            assert_eq!(read(template, name), Some((Some("Å".into()), None, "tårn-å".into())));
        }
    }

    #[test]
    fn what_is_no_placeholder_is_told() {
        for (template, found) in [("{month}.csv", "{month}"), ("*.csv", "*"), ("a?.csv", "?")] {
            assert_eq!(Pattern::parse(template), Err(found.to_owned()));
        }
    }
}
