//! A file's name to a template that claims it and its like.

use crate::sniff::note::Note;
use crate::sniff::sniffed::Proposed;

/// Templates that claim the file, and the authority where nothing in it says one.
pub(super) fn names(name: &str, placed: bool) -> (Proposed<Vec<String>>, Option<&'static str>) {
    let (folder, name) = name.rfind('/').map_or(("", name), |end| name.split_at(end + 1));
    // A template never reaches across a `/`.
    let folder: Vec<String> = folder.split_terminator('/').map(template).collect();
    let folder = folder.iter().fold(String::new(), |folder, part| folder + part + "/");
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let code = |rest: &str| {
        rest.len() > 4
            && rest.is_char_boundary(4)
            && rest[..4].bytes().all(|byte| byte.is_ascii_digit())
            && rest[4..].starts_with(['-', '_'])
    };
    if !placed && code(stem) {
        let rest = template(&name[5..]);
        let value = vec![format!("{folder}{{authority}}{}{rest}", &name[4..5])];
        let notes = vec![Note::check("names-authority"), Note::check("names").with("any", "{any}")];
        return (Proposed { value, notes }, None);
    }
    let notes = vec![Note::check("names").with("any", "{any}")];
    let authority = if placed { None } else { Some("?") };
    (Proposed { value: vec![folder + &template(name)], notes }, authority)
}

/// A file name with what changes from file to file, its digits, made `{any}`.
fn template(name: &str) -> String {
    let (stem, ending) = match name.rfind('.') {
        Some(dot) if dot > 0 => name.split_at(dot),
        Some(_) | None => (name, ""),
    };
    let odd =
        |letter: char| letter.is_numeric() || matches!(letter, '{' | '}') || letter.is_control();
    let Some(first) = stem.find(odd) else {
        return plain(stem, ending);
    };
    let last = stem.rfind(odd).expect("what was found once is found again");
    let last = last + stem[last..].chars().next().map_or(1, char::len_utf8);
    plain(&format!("{}{{any}}{}", &stem[..first], &stem[last..]), ending)
}

fn plain(stem: &str, ending: &str) -> String {
    let letters = ending.chars().skip(1).all(|letter| letter.is_ascii_alphanumeric());
    let digits = ending.bytes().filter(u8::is_ascii_digit).count();
    if letters && digits < 10 { format!("{stem}{ending}") } else { format!("{stem}{{any}}") }
}

#[cfg(test)]
mod tests {
    use super::names;
    use crate::contract::pattern::Pattern;
    use proptest::prelude::*;

    #[test]
    fn names_keep_what_stays_and_free_what_changes() {
        for (name, placed, expected) in [
            ("gla-2013-P01.csv", true, "gla-{any}.csv"),
            ("forbrug.csv", true, "forbrug.csv"),
            ("0751-2018.csv", false, "{authority}-{any}.csv"),
            ("0751-2018.csv", true, "{any}.csv"),
            ("010180-1234.csv", true, "{any}.csv"),
            ("x.0101801234", true, "x{any}"),
            ("2018-01.zip/0751-2.csv", true, "{any}.zip/{any}.csv"),
            ("2018.zip/0751-2.csv", false, "{any}.zip/{authority}-{any}.csv"),
        ] {
            assert_eq!(names(name, placed).0.value, [expected], "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_file_is_claimed_by_the_name_proposed_for_it(name in "[a-zæ0-9{}._ -]{1,20}(/[a-z0-9.-]{1,9})?") {
            for placed in [true, false] {
                let (names, _) = names(&name, placed);
                let pattern = Pattern::parse(&names.value[0]).expect("a template");
                prop_assert!(pattern.read(&name).is_some(), "{} {:?}", name, names.value);
            }
        }
    }
}
