//! Every reason code: a delivery that provokes it, and the exact words the sender gets.
//!
//! `tests/refusal/CODE/` holds the delivery, `CODE.da.txt` and `CODE.en.txt` what `gevinst check`
//! says of it. `UPDATE_REFUSALS=1` rewrites the words and then fails, so that they are read first.

use crate::fixture::{binary, ran, root};
use gevinst::testing::domain::Reason;

const MAIN_PIPELINE: &str = "pipelines/faellesoffentlig-2016-2020";
const OWN_PIPELINE: &str = "tests/pipelines/refusal";

/// Reasons for what the main pipeline does not declare: identifiers, control totals, sheets, a
/// header that is looked for.
const UNDECLARED: [&str; 12] = [
    "Q010", "Q011", "Q012", "Q014", "Q017", "Q108", "Q109", "Q110", "Q111", "Q112", "Q115", "Q205",
];

/// Refused in pairs: two deliveries, and a line with its delivery.
const PAIRED: [&str; 2] = ["Q016", "Q207"];

#[test]
fn every_reason_is_said_in_the_agreed_words() {
    let update = std::env::var_os("UPDATE_REFUSALS").is_some();
    let folder = root().join("tests/refusal");
    for code in Reason::CODES {
        let deliveries = folder.join(code);
        assert!(
            deliveries.is_dir(),
            "tests/refusal/{code} is missing: add a delivery that is refused"
        );
        for language in ["da", "en"] {
            let mut command = binary();
            let pipeline = if UNDECLARED.contains(code) { OWN_PIPELINE } else { MAIN_PIPELINE };
            command.arg("check").arg(root().join(pipeline));
            command.arg("--deliveries").arg(&deliveries).args(["--language", language]);
            let out = ran(&command.output().expect("the binary starts")).out;
            let said: Vec<&str> =
                out.lines().take_while(|line| !line.starts_with("deliveries: ")).collect();
            let said = said.join("\n") + "\n";
            assert!(said.contains(&format!(": {code}")), "{code} is not provoked: {said}");
            let lines = if PAIRED.contains(code) { 4 } else { 2 };
            assert_eq!(said.lines().count(), lines, "{code} is provoked alone: {said}");
            let path = folder.join(format!("{code}.{language}.txt"));
            if update {
                std::fs::write(&path, &said).expect("the words are written");
            }
            let agreed = std::fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(said, agreed, "{code} in {language}");
        }
    }
    assert!(!update, "the words were rewritten: read them, and run again without UPDATE_REFUSALS");
}
