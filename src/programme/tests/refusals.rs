//! What a definition is refused for, where it says so, and what it says.

use crate::domain::error::Error;
use crate::domain::folder::Folder;
use crate::programme::parse;
use crate::programme::tests::{SMALL, folder_of, problems, with};
use proptest::prelude::*;

const TOML: &str = "pipeline.toml";
const WEIGHTS: &str = "tables/weights.csv";
const AUTHORITIES: &str = "tables/authorities.csv";
const SERVICES: &str = "tables/services.csv";
const INITIATIVES: &str = "tables/initiatives.csv";
const PRICES: &str = "tables/prices.csv";

/// The problems of a folder without their mends.
fn heads(folder: &Folder) -> Vec<String> {
    let head = |problem: String| {
        let (head, help) = problem.split_once("\nhelp: ").expect("every problem has a mend");
        assert!(!help.is_empty());
        head.to_owned()
    };
    problems(folder).into_iter().map(head).collect()
}

/// Each change, made alone, gives exactly the problems below it. `path: old => new`, where `\n` is
/// a line end; problems are set in.
fn check(cases: &str) {
    let mut lines = cases.trim().lines().peekable();
    while let Some(case) = lines.next() {
        let mut expected = Vec::new();
        while let Some(problem) = lines.next_if(|line| line.starts_with("    ")) {
            expected.push(problem.trim_start());
        }
        let (path, change) = case.split_once(": ").expect("a path, then a change");
        let (old, new) = change.split_once(" =>").expect("old, then new");
        let mut folder = folder_of(SMALL);
        let new = new.strip_prefix(' ').unwrap_or(new);
        with(&mut folder, path, &old.replace("\\n", "\n"), &new.replace("\\n", "\n"));
        assert_eq!(heads(&folder), expected, "{case}");
    }
}

#[test]
fn keys_are_known_and_there() {
    check(
        r#"
pipeline.toml: first = "2016-01" => frist = "2016-01"
    pipeline.toml:4:2: `period.first` is missing
    pipeline.toml:5:1: `period.frist` is no key of this table
pipeline.toml: languages = ["da", "en"] => langauges = ["da", "en"]
    pipeline.toml:1:1: `langauges` is no key of this table
    pipeline.toml:1:1: `languages` is missing
pipeline.toml: name.en = "Trial"\n =>
    pipeline.toml:2:1: `name.en` is missing
pipeline.toml: name.en = "Trial" => name.de = "Versuch"\nname.en = "Trial"
    pipeline.toml:3:6: `name.de` is no key of this table
pipeline.toml: synthetic = true\n =>
    pipeline.toml:11:2: `deliveries.synthetic` is missing
pipeline.toml: [currency]\ncode = "DKK"\nunit.da = "kr."\nunit.en = "kr."\n =>
    pipeline.toml:1:1: `currency` is missing
pipeline.toml: low_kr = 10\n =>
    pipeline.toml:21:1: `targets[1].low_kr` is missing
pipeline.toml: source = "a law"\n =>
    pipeline.toml:21:1: `targets[1].source` is missing
pipeline.toml: source = "us" => source = ""
    pipeline.toml:37:10: `assumptions[1].source` is empty: ``
"#,
    );
}

#[test]
fn values_are_of_the_kind_their_key_asks_for() {
    check(
        r#"
pipeline.toml: languages = ["da", "en"] => languages = ["da", "en", "dk", "da"]
    pipeline.toml:1:26: `languages` is `dk`, which the report is not written in
    pipeline.toml:1:32: `languages` is `da`, which stands twice
pipeline.toml: languages = ["da", "en"] => languages = []
    pipeline.toml:1:13: `languages` is `[]`, an empty list
pipeline.toml: languages = ["da", "en"] => languages = ["da", "en", " ", 1]
    pipeline.toml:1:26: `languages` is empty: ` `
    pipeline.toml:1:31: `languages` is `1`, which is an integer
pipeline.toml: languages = ["da", "en"] => languages = "da"
    pipeline.toml:1:13: `languages` is `"da"`, which is a string
pipeline.toml: "2016-01" => 2016
    pipeline.toml:5:9: `period.first` is `2016`, which is an integer
pipeline.toml: "2016-01" => "2016-13"
    pipeline.toml:5:9: `period.first` is `2016-13`, which is no month
pipeline.toml: "2016-01" => "2018-01"
    pipeline.toml:6:8: `period.last` is `2017-12`, which is before the first month, `2018-01`
    pipeline.toml:27:7: `targets[1].due` is `2017`, before the programme, which begins in 2018
pipeline.toml: "DKK" => "kr"
    pipeline.toml:8:8: `currency.code` is `kr`, which is no currency code
pipeline.toml: synthetic = true => synthetic = "ja"
    pipeline.toml:13:13: `deliveries.synthetic` is `"ja"`, which is a string
pipeline.toml: [prices] => [corrections]\nfrom = "Anyone"\n[prices]
    pipeline.toml:15:8: `corrections.from` is `Anyone`, which is no list
pipeline.toml: [prices] => [corrections]\nof = "anyone"\n[prices]
    pipeline.toml:14:2: `corrections.from` is missing
    pipeline.toml:15:1: `corrections.of` is no key of this table
pipeline.toml: [prices] => [corrections]\nfrom = []\n[prices]
    pipeline.toml:15:8: `corrections.from` is `[]`, an empty list
pipeline.toml: [prices] => [limits]\nrefused_lines_ppm = 1_000_001\nrefused_kr = -1\nrefused_deliveries = -1\n[prices]
    pipeline.toml:15:21: `limits.refused_lines_ppm` is `1000001`, outside 0 to 1000000
    pipeline.toml:16:14: `limits.refused_kr` is `-1`, which is no amount in whole kroner
    pipeline.toml:17:22: `limits.refused_deliveries` is `-1`, which is no count
pipeline.toml: low_kr = 10 => low_kr = 21
    pipeline.toml:25:11: `targets[1].high_kr` is `20`, below `low_kr`, `21`
pipeline.toml: low_kr = 10 => low_kr = 0
    pipeline.toml:24:10: `targets[1].low_kr` is `0`, which promises nothing
pipeline.toml: low_kr = 10 => low_kr = "10"
    pipeline.toml:24:10: `targets[1].low_kr` is `"10"`, which is a string
pipeline.toml: high_kr = 20 => high_kr = 92_233_720_368_547_759
    pipeline.toml:25:11: `targets[1].high_kr` is `92233720368547759`, which is no amount in whole kroner
pipeline.toml: due = 2017 => due = 2017\nfrom = 2018
    pipeline.toml:27:7: `targets[1].due` is `2017`, below `from`, `2018`
pipeline.toml: due = 2017 => due = 20170
    pipeline.toml:27:7: `targets[1].due` is `20170`, which is no year
pipeline.toml: ["cumulative"] => ["cumulativ", "cumulative", "cumulative"]
    pipeline.toml:26:13: `targets[1].readings` is `cumulativ`, which is not known
    pipeline.toml:26:40: `targets[1].readings` is `cumulative`, which stands twice
pipeline.toml: basis = "gross" => basis = "brutto"
    pipeline.toml:30:9: `targets[1].basis` is `brutto`, which is not known
pipeline.toml: [[targets]] => [targets]
    pipeline.toml:21:1: `targets` is `[targets]`, which is a table
pipeline.toml: [[assumptions]] => [[assumptions
    pipeline.toml:34:14: `[[assumptions` is not TOML: unclosed array table, expected `]]`
"#,
    );
}

#[test]
fn tables_hold_together() {
    check(
        r"
tables/weights.csv: 1.1;1;0,25 => 1.1;1;0,15
    tables/weights.csv:2:1: the weights of initiative `1.1` sum to `0,9`
tables/weights.csv: 1.1;1;0,25 => 1.1;1;0.25
    tables/weights.csv:2:7: `weight` is `0.25`, which is no number
tables/weights.csv: 1.2;1;1; => 1.2;1;0;
    tables/weights.csv:4:7: `weight` is `0`, not above 0 and at most 1
tables/weights.csv: 1.2;1;1; => 1.2;1;1,5;
    tables/weights.csv:4:7: `weight` is `1,5`, not above 0 and at most 1
tables/weights.csv: 1.2;1;1;us;2016-05-12\n =>
    tables/initiatives.csv:3:1: initiative `1.2` has no weights
tables/weights.csv: 1.2;1;1; => 1.2;3;1;
    tables/weights.csv:4:5: there is no pejlemærke `3`
tables/weights.csv: 1.1;2; => 1.1;1;
    tables/weights.csv:3:1: weight `1.1 on 1` stands twice, first on line 2
tables/weights.csv: 1.2;1;1;us;2016-05-12 => 1.2;1;1;;12-05-2016
    tables/weights.csv:4:9: `source` is empty: ``
    tables/weights.csv:4:10: `date` is `12-05-2016`, which is no date
tables/initiatives.csv: 1.2;Anden => 1.1;Anden
    tables/initiatives.csv:3:1: initiative `1.1` stands twice, first on line 2
    tables/weights.csv:4:1: there is no initiative `1.2`
tables/initiatives.csv: ;data; => ;dato;
    tables/initiatives.csv:2:26: there is no theme `dato`
tables/initiatives.csv: ja;Ejer => yes;
    tables/initiatives.csv:2:18: `verified` is `yes`, which is not known
    tables/initiatives.csv:2:22: `owner` is empty: ``
tables/initiatives.csv: Anden;Second => Anden;
    tables/initiatives.csv:3:11: `title_en` is empty: ``
tables/sub_aims.csv: 1;Delmål => 4;Delmål
    tables/sub_aims.csv:2:1: there is no pejlemærke `4`
tables/pejlemaerker.csv: 2;To => Mål 2;To
    tables/pejlemaerker.csv:3:1: `id` is `Mål 2`, which cannot be part of a file name
    tables/weights.csv:3:5: there is no pejlemærke `2`
tables/themes.csv: a text =>
    tables/themes.csv:2:16: `source` is empty: ``
",
    );
}

#[test]
fn a_successor_goes_on_where_the_other_stops() {
    check(
        r"
tables/authorities.csv: NEW;Ny;stat;2016-07;; => NEW;Ny;stat;2016-09;;
    tables/authorities.csv:3:33: `successor` is `NEW`, which begins in `2016-09`: no one has the tasks from `2016-07`
tables/authorities.csv: NEW;Ny;stat;2016-07;; => NEW;Ny;stat;2016-05;;
    tables/authorities.csv:3:33: `successor` is `NEW`, which begins in `2016-05`: both have the tasks until `2016-07`
tables/authorities.csv: NEW;Ny;stat;2016-07;; => NEW;Ny;stat;;2016-05;
    tables/authorities.csv:3:33: `successor` is `NEW`, which ended in `2016-05`, before it took over
tables/authorities.csv: NEW;Ny;stat;2016-07;; => NEW;Ny;stat;2016-07;2016-12;OLD
    tables/authorities.csv:3:33: `successor` is `NEW`, which leads back to `OLD` itself: OLD -> NEW -> OLD
    tables/authorities.csv:4:29: `successor` is `OLD`, which leads back to `NEW` itself: NEW -> OLD -> NEW
tables/authorities.csv: NEW;Ny;stat;2016-07;; => NEW;Ny;kommune;2016-07;;
    tables/authorities.csv:3:33: `successor` is `NEW`, of the sector `kommune`, while `OLD` is of `stat`
tables/authorities.csv: NEW;Ny;stat;2016-07;; => NEW;Ny;stat;;;
tables/authorities.csv: NEW;Ny;stat;2016-07;; => NEW;Ny;stat;2007-01;;
",
    );
}

#[test]
fn registers_hold_together() {
    check(
        r#"
tables/authorities.csv: 2016-06;NEW => 2014-12;NEW
    tables/authorities.csv:3:25: `valid_to` is `2014-12`, which is before `valid_from`, `2015-01`
tables/authorities.csv: 2016-06;NEW => ;NEW
    tables/authorities.csv:3:26: `successor` is `NEW`, and the authority has no last month
tables/authorities.csv: 2016-06;NEW => 2016-06;NYE
    tables/authorities.csv:3:33: there is no authority `NYE`
tables/authorities.csv: 2016-06;NEW => 2016-06;OLD
    tables/authorities.csv:3:33: `successor` is `OLD`, the authority itself
tables/authorities.csv: 2015-01; => 01-2015;
    tables/authorities.csv:3:17: `valid_from` is `01-2015`, which is no month
tables/authorities.csv: 0101;København;kommune => 0101;København;komune
    tables/authorities.csv:2:16: `sector` is `komune`, which is not known
tables/authorities.csv: NEW;Ny => OLD;Ny
    tables/authorities.csv:3:33: there is no authority `NEW`
    tables/authorities.csv:4:1: authority `OLD` stands twice, first on line 3
tables/services.csv: ;1.1;2016 => ;1.3;2016
    tables/services.csv:2:15: there is no initiative `1.3`
tables/services.csv: ;2016; => ;2016/2017;
    tables/services.csv:2:19: `baseline` is `2016/2017`, which is neither a year nor a window of months
tables/services.csv: 0,35;a study => 1,35;a study
    tables/services.csv:2:24: `fixed_share` is `1,35`, outside 0 to 1
tables/services.csv: 0,35;a study => 0,35;
    tables/services.csv:2:24: `fixed_share` is `0,35`, which has no source
tables/services.csv: 0,35;a study => ;a study
    tables/services.csv:2:25: `fixed_share_source` is `a study`, and there is no `fixed_share`
tables/services.csv: a study;wages => a study;wage
    tables/services.csv:2:37: `cost_type` is `wage`, which is not known
tables/services.csv: ;2016; => ;2018;
    tables/prices.csv:1:1: baseline `2018` is a year the `kommune` `wages` series lacks
    tables/prices.csv:1:1: baseline `2018` is a year the `stat` `wages` series lacks
    tables/services.csv:2:19: `baseline` is `2018`, which lies after the programme, 2016-01..2017-12
pipeline.toml: [prices] => [services]\nopen = true\n[prices]
    pipeline.toml:14:2: `services.defaults` is missing
pipeline.toml: [prices] => [services.defaults]\ninitiative = "1.9"\n[prices]
    pipeline.toml:14:11: `services.defaults.cost_type` is missing
    pipeline.toml:14:11: `services.defaults` stands beside a closed register, which never uses it
    pipeline.toml:15:14: there is no initiative `1.9`
pipeline.toml: [prices] => [authorities]\nopen = true\n[prices]
    pipeline.toml:16:2: `prices.basis` is `indexed`, and authorities are open: one not listed has no sector, so no price series
"#,
    );
}

#[test]
fn prices_are_there_or_borrowed_by_declaration_never_in_silence() {
    check(
        r#"
pipeline.toml: [prices.borrow.kommune]\nfrom = "stat"\nsource = "by declaration"\n =>
    tables/prices.csv:1:1: sector `kommune` has authorities and no `wages` price series of vintage `V1`
pipeline.toml: source = "by declaration"\n =>
    pipeline.toml:18:16: `prices.borrow.kommune.source` is missing
    tables/prices.csv:1:1: sector `kommune` has authorities and no `wages` price series of vintage `V1`
pipeline.toml: from = "stat" => from = "region"
    pipeline.toml:19:8: `kommune` borrows from `region`, which has no price series of its own
pipeline.toml: borrow.kommune => borrow.stat
    pipeline.toml:19:8: `stat` has a price series of its own and borrows from `stat`
    tables/prices.csv:1:1: sector `kommune` has authorities and no `wages` price series of vintage `V1`
pipeline.toml: borrow.kommune => borrow.komune
    pipeline.toml:18:16: `komune` is no sector
    tables/prices.csv:1:1: sector `kommune` has authorities and no `wages` price series of vintage `V1`
pipeline.toml: vintage = "V1" => vintage = "V2"
    pipeline.toml:17:11: `prices.vintage` is `V2`, which no row of `tables/prices.csv` has
pipeline.toml: \nlevel = 2016 => \nlevel = 2014
    pipeline.toml:16:9: `prices.level` is `2014`, a year the `kommune` `wages` series lacks
    pipeline.toml:16:9: `prices.level` is `2014`, a year the `stat` `wages` series lacks
    pipeline.toml:28:15: `targets[1].price_level` is `2016`, and real figures are given at `2014`
pipeline.toml: basis = "indexed" => basis = "current"
    pipeline.toml:14:2: `prices.source` is missing
    pipeline.toml:16:1: `prices.level` is no key of this table
    pipeline.toml:17:1: `prices.vintage` is no key of this table
    pipeline.toml:18:9: `prices.borrow` is no key of this table
pipeline.toml: price_level = 2016 => price_level = 2017
    pipeline.toml:28:15: `targets[1].price_level` is `2017`, and real figures are given at `2016`
tables/services.csv: ;wages => ;general
    tables/prices.csv:1:1: sector `kommune` has authorities and no `general` price series of vintage `V1`
    tables/prices.csv:1:1: sector `stat` has authorities and no `general` price series of vintage `V1`
tables/services.csv: ;2016; => ;2015;
    tables/prices.csv:1:1: baseline `2015` is a year the `kommune` `wages` series lacks
    tables/prices.csv:1:1: baseline `2015` is a year the `stat` `wages` series lacks
    tables/services.csv:2:19: `baseline` is `2015`, which lies before the programme, 2016-01..2017-12: no data are read of it
tables/prices.csv: V1;2017;4 => V1;2018;4
    tables/prices.csv:3:1: the series goes from `2016` to `2018`
tables/prices.csv: V1;2017;4 => V1;2016;4
    tables/prices.csv:3:1: `2016` stands twice in one series, first on line 2
tables/prices.csv: V1;2017;4 => V1;2017;-100
    tables/prices.csv:3:20: `growth_pct` is `-100`, not above -100
tables/prices.csv: V1;2017;4;a table => V1;2017;4;
    tables/prices.csv:3:22: `source` is empty: ``
tables/prices.csv: growth_pct => index;growth_pct
    tables/prices.csv:1:1: the header has not exactly one of `growth_pct` and `index`
    tables/prices.csv:2:1: the row has `6` cells, the header has 7
    tables/prices.csv:3:1: the row has `6` cells, the header has 7
    tables/prices.csv:4:1: the row has `6` cells, the header has 7
tables/prices.csv: year;growth_pct => year;groth_pct
    tables/prices.csv:1:1: the header has not exactly one of `growth_pct` and `index`
    tables/prices.csv:1:31: `groth_pct` is no column of this table
"#,
    );
}

#[test]
fn files_are_there_and_are_text() {
    let without = |path: &str| {
        let mut folder = folder_of(SMALL);
        folder.files.remove(path);
        heads(&folder)
    };
    for (path, why) in [
        ("tables/pejlemaerker.csv", "a strategy has at least one pejlemærke"),
        (INITIATIVES, "services are counted under an initiative"),
        (WEIGHTS, "each initiative is weighted onto its pejlemærker"),
        (AUTHORITIES, "a closed register refuses every authority that is not in it"),
        (SERVICES, "a closed register refuses every service that is not in it"),
        (PRICES, "real figures need price indices, in a column `growth_pct` or `index`"),
    ] {
        assert_eq!(without(path), [format!("{path}:1:1: `{path}` is missing: {why}")]);
    }
    assert_eq!(
        without(TOML),
        ["pipeline.toml:1:1: there is no `pipeline.toml` in `somewhere/trial/`"]
    );
    assert_eq!(
        without("tables/themes.csv"),
        ["tables/initiatives.csv:2:26: there is no theme `data`"]
    );
    assert_eq!(without("tables/sub_aims.csv"), [""; 0]);
    let mut folder = folder_of(SMALL);
    folder.files.insert(AUTHORITIES.to_owned(), b"id;name\n0101;K\xF8benhavn\n".to_vec());
    folder.files.insert("tables/themes.csv".to_owned(), Vec::new());
    assert_eq!(
        heads(&folder),
        [
            "tables/authorities.csv:2:7: byte `0xF8` is not UTF-8",
            "tables/initiatives.csv:2:26: there is no theme `data`",
            "tables/themes.csv:1:1: `tables/themes.csv` is empty",
        ]
    );
}

#[test]
fn everything_wrong_is_told_at_once_in_file_and_line_order_with_a_mend() {
    let mut folder = folder_of(SMALL);
    with(&mut folder, SERVICES, "0,35;a study", "35 %;a study");
    with(&mut folder, TOML, "[period]\nfirst", "[period]\nfrist");
    with(&mut folder, WEIGHTS, "1.1;1;0,25", "1.1;1;0,2");
    with(&mut folder, TOML, "source = \"by declaration\"\n", "");
    let weights = folder.files.remove(WEIGHTS).expect("the weights");
    folder.files.insert("tables/weigths.csv".to_owned(), weights.clone());
    let first = problems(&folder);
    assert_eq!(
        first,
        [
            "pipeline.toml:4:2: `period.first` is missing\nhelp: add `first = \"...\"`",
            "pipeline.toml:5:1: `period.frist` is no key of this table\nhelp: did you mean `first`?",
            "pipeline.toml:18:16: `prices.borrow.kommune.source` is missing\n\
         help: add `source = \"...\"`",
            "tables/prices.csv:1:1: sector `kommune` has authorities and no `wages` price series of \
         vintage `V1`\nhelp: add the series, or declare in pipeline.toml: \
         [prices.borrow.kommune] from = \"...\", source = \"...\"",
            "tables/services.csv:2:24: `fixed_share` is `35 %`, which is no number\n\
         help: write digits and at most one decimal comma, such as `0,35`; no point, no blank",
            "tables/weights.csv:1:1: `tables/weights.csv` is missing: each initiative is weighted onto \
         its pejlemærker\nhelp: make the file, with the header \
         `initiative;pejlemaerke;weight;source;date`",
            "tables/weigths.csv:1:1: `tables/weigths.csv` is no table of a pipeline\n\
         help: did you mean `tables/weights.csv`?",
        ]
    );
    folder.files.remove("tables/weigths.csv");
    folder.files.insert(WEIGHTS.to_owned(), weights);
    let second = problems(&folder);
    assert_eq!(second.len(), 6);
    assert_eq!(
        second[5],
        "tables/weights.csv:2:1: the weights of initiative `1.1` sum to `0,95`\n\
         help: let them sum to exactly 1; thirds are written such as `0,33`, `0,33` and `0,34`"
    );
}

proptest! {
    /// Whatever one byte of the definition is changed to, the loader answers and does not panic,
    /// and what it tells stands in a file and has a mend.
    #[test]
    fn no_change_of_a_byte_makes_the_loader_panic(
        file in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut folder = folder_of(SMALL);
        let path = file.get(&folder.files.keys().cloned().collect::<Vec<_>>()).clone();
        let bytes = folder.files.get_mut(&path).expect("a file of the folder");
        let place = at.index(bytes.len());
        bytes[place] = byte;
        if let Err(Error::Pipeline { problems }) = parse(&folder) {
            prop_assert!(!problems.is_empty());
            prop_assert!(problems.is_sorted());
            for problem in problems {
                prop_assert!(problem.place.line >= 1 && problem.place.column >= 1);
                prop_assert!(!problem.problem.is_empty() && !problem.help.is_empty());
            }
        }
    }
}
