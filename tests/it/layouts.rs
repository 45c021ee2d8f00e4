//! How bytes are laid out: declared encodings, headers that are looked for, lines that are no data.

use crate::kit::{self, contracts, delivery, initiatives, open_terms, problem};
use gevinst::testing::collect::Ingested;
use gevinst::testing::contract::Terms;
use gevinst::testing::domain::AccountId;

const CONTRACT: &str = r#"
title.en = "Spending"
[files]
names = ["{authority}.csv"]
[dialect]
@dialect
[[schema.fields]]
name = "måned"
type = "yearmonth"
format = ["%Y-%m"]
role = "period"
[[schema.fields]]
name = "tekst"
type = "string"
role = "account"
[[schema.fields]]
name = "beløb"
type = "number"
decimalChar = ","
role = "amount"
@rules
"#;

fn contract(dialect: &str, rules: &str) -> String {
    CONTRACT.replace("@dialect", dialect).replace("@rules", rules)
}

fn terms() -> Terms {
    Terms { initiatives: Some(initiatives(["1.1"])), ..open_terms(2016, 2016) }
}

fn read(dialect: &str, rules: &str, bytes: &[u8]) -> Ingested {
    let contracts = contracts(&contract(dialect, rules), terms());
    kit::read(&contracts, &[delivery("KMD.csv", bytes)])
}

/// Every line: its code where it is refused; then what is no data, and the sum of the rest.
fn said(read: &Ingested) -> String {
    let account = &read.accounts[0];
    let refused = read.quarantine.iter().map(|refused| {
        let line = refused.line.map_or_else(String::new, |line| line.to_string());
        format!("{line}:{}", refused.fault.reason.code())
    });
    let not_data = account.not_data.iter().map(|(what, count)| format!("{}={count}", what.word()));
    let all: Vec<String> = refused.chain(not_data).collect();
    format!("{} | {} in {}", all.join(" "), account.accepted.get(), account.lines_accepted)
}

const TABLE: &str = "måned;tekst;beløb\r\n2016-01;ærø;1,00\r\n2016-02;øl;-0,50\r\n";

#[test]
fn declared_encodings_give_the_same_facts() {
    let wide = |text: &str, big: bool| -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    };
    let dos = |text: &str| -> Vec<u8> {
        text.chars()
            .map(|letter| match letter {
                'æ' => 0x91,
                'ø' => 0x9B,
                'å' => 0x86,
                other => u8::try_from(other).expect("ASCII"),
            })
            .collect()
    };
    let mac = mac_roman(TABLE);
    let marked = format!("\u{feff}{TABLE}");
    let plain = read("", "", TABLE.as_bytes());
    for (declared, bytes, name) in [
        ("utf-16", wide(TABLE, false), "UTF-16LE"),
        ("utf-16", wide(TABLE, true), "UTF-16BE"),
        ("utf-16le", wide(&marked, false), "UTF-16LE"),
        ("utf-16", wide(&marked, true), "UTF-16BE"),
        ("cp850", dos(TABLE), "cp850"),
        ("cp865", dos(TABLE), "cp865"),
        ("macintosh", mac, "macintosh"),
        ("utf-8", marked.clone().into_bytes(), "UTF-8"),
    ] {
        let found = read(&format!("encoding = [\"{declared}\"]"), "", &bytes);
        assert_eq!(found.quarantine, [], "{declared}");
        assert_eq!(found.facts, plain.facts, "{declared}");
        assert_eq!(found.accounts[0].encoding, name);
    }
}

fn mac_roman(text: &str) -> Vec<u8> {
    let letter = |letter| match letter {
        'æ' => 0xBE,
        'ø' => 0xBF,
        'å' => 0x8C,
        other => u8::try_from(other).expect("ASCII"),
    };
    text.chars().map(letter).collect()
}

#[test]
fn an_encoding_the_bytes_contradict_is_refused_with_the_evidence() {
    let latin: Vec<u8> =
        TABLE.chars().map(|letter| u8::try_from(letter).expect("Latin 1")).collect();
    for (declared, bytes, expected) in [
        ("utf-8", latin.as_slice(), "UTF-8 | 1 | 0xE5 = å (windows-1252)"),
        ("windows-1252", TABLE.as_bytes(), "windows-1252 | 1 | 0xC3 0xA5 = å (utf-8)"),
        ("utf-8", b"\xFF\xFEm\0", "UTF-8 | 1 | 0xFF 0xFE (utf-16le)"),
        ("utf-16", TABLE.as_bytes(), "UTF-16LE, UTF-16BE | 1 | 0x6D 0xC3"),
    ] {
        let found = read(&format!("encoding = [\"{declared}\"]"), "", bytes);
        let [refused] = found.quarantine.as_slice() else {
            panic!("{declared} is refused whole");
        };
        let details: Vec<_> =
            refused.fault.reason.details().into_iter().map(|(_, detail)| detail).collect();
        assert_eq!((refused.fault.reason.code(), details.join(" | ").as_str()), ("Q008", expected));
    }
}

#[test]
fn the_header_stands_where_it_is_declared_or_found() {
    let preamble = "Forbrug 2016\n\"aldrig lukket;\n\n;;\n";
    let file = format!("{preamble}måned;tekst;beløb\n2016-01;a;1,00\n");
    let expected = "blank=1 preamble=3 header=1 | 100 in 1";
    assert_eq!(said(&read("headerRows = [5]", "", file.as_bytes())), expected);
    assert_eq!(said(&read("findHeader = 5", "", file.as_bytes())), expected);
    assert_eq!(said(&read("findHeader = 4", "", file.as_bytes())), ":Q004 | 0 in 0");
    assert_eq!(said(&read("headerRows = [4]", "", file.as_bytes())), ":Q004 | 0 in 0");
    assert_eq!(said(&read("headerRows = [9]", "", file.as_bytes())), ":Q001 | 0 in 0");
}

#[test]
fn lines_that_are_no_data_are_counted_by_what_they_are() {
    let head = "måned;tekst;beløb\n2016-01;a;1,00\n";
    let rule = |what: &str, test: &str| format!("[[notData]]\nwhat = \"{what}\"\n{test}\n");
    for (dialect, rules, line, expected) in [
        ("", rule("emptyRow", ""), ";;", "emptyRow=1"),
        ("", rule("emptyRow", ""), " ;;;;\u{a0}", "emptyRow=1"),
        ("", String::new(), ";;", "3:Q102"),
        ("", rule("repeatedHeader", ""), "måned; tekst;beløb", "repeatedHeader=1"),
        ("", rule("total", "onlyFilled = [\"beløb\"]"), ";;1,00", "total=1"),
        ("", rule("total", "onlyFilled = [\"beløb\"]"), ";I alt;1,00", "3:Q102"),
        ("", rule("total", "onlyFilled = [\"beløb\", \"tekst\"]"), ";I alt;1,00", "total=1"),
        ("", rule("footnote", "onlyFilled = [\"måned\"]"), "Bemærk", "footnote=1"),
        ("", rule("total", "column = \"tekst\"\nequals = [\"I alt\"]"), ";I alt ;1", "total=1"),
        ("", rule("total", "column = \"tekst\"\nequals = [\"I alt\"]"), ";I alt x;1", "3:Q102"),
        (
            "",
            rule("total", "column = \"tekst\"\nstartsWith = [\"Årets\"]"),
            ";Årets x;1",
            "total=1",
        ),
        (
            "",
            rule("subtotal", "column = \"tekst\"\nlike = [\"##.*\"]"),
            "2016-01;12.3;1",
            "subtotal=1",
        ),
        ("", rule("subtotal", "column = \"tekst\"\nempty = true"), "2016-01;;1", "subtotal=1"),
        ("", rule("subtotal", "column = \"tekst\"\nnotEmpty = true"), "2016-01;b;1", "subtotal=2"),
        ("commentChar = \"#\"", String::new(), "# \"aldrig lukket", "comment=1"),
        ("commentRows = [3]", String::new(), "2016-01;b;1", "comment=1"),
    ] {
        let file = format!("{head}{line}\n");
        let found = read(dialect, &rules, file.as_bytes());
        let said = said(&found);
        assert!(said.contains(expected), "{rules}{line}: {said}");
        let account = &found.accounts[0];
        assert_eq!(account.lines_not_data, account.not_data.values().sum::<u32>());
        assert_eq!(account.lines_read + account.lines_not_data, 3, "{rules}{line}");
    }
}

#[test]
fn trailing_empty_columns_are_read_over_where_it_is_declared() {
    let file = "måned;tekst;beløb;;\n2016-01;a;1,00;;\n2016-01;a;1,00;;;;\n2016-01;a;1,00;;;x\n";
    let dialect = "surplusCells = \"ignoreEmpty\"";
    assert_eq!(said(&read(dialect, "", file.as_bytes())), "4:Q201 header=1 | 200 in 2");
    assert_eq!(said(&read("", "", file.as_bytes())), "3:Q201 4:Q201 header=1 | 100 in 1");
}

#[test]
fn a_single_quote_may_be_the_quote() {
    let file = "'måned';tekst;beløb\n2016-01;'a;''b''';'1,00'\n2016-01;\"c;2,00\n";
    let found = read("quoteChar = \"'\"", "", file.as_bytes());
    assert_eq!(said(&found), "header=1 | 300 in 2");
    let accounts: Vec<_> =
        found.facts.iter().filter_map(|fact| Some(fact.key.account?.as_str())).collect();
    assert_eq!(accounts, ["\"c", "a;'b'"]);
}

#[test]
fn a_line_break_in_quotes_and_a_cell_too_many_is_one_line_refused() {
    let text = "måned;tekst;beløb\n2016-01;\"a\nb\";1,00;x\n2016-02;c;2,00\n";
    assert_eq!(said(&read("", "", text.as_bytes())), "2:Q201 header=1 | 200 in 1");
    // Read over where that is declared, it is one line posted.
    let read_over = read("surplusCells = \"ignore\"", "", text.as_bytes());
    assert_eq!(said(&read_over), "header=1 | 300 in 2");
    // A quote never closed costs its own line.
    let text = "måned;tekst;beløb\n2016-01;\"a;1,00\n2016-02;c;2,00\n";
    assert_eq!(said(&read("", "", text.as_bytes())), "2:Q202 header=1 | 200 in 1");
}

#[test]
fn quotes_that_are_not_doubled_are_read_where_they_are_declared_loose() {
    let text = "måned;tekst;beløb\n2016-01;\"Lær \"at\" leve\" ; 1,00\n2016-02;\"x\"\"y\";2,00\n";
    assert_eq!(said(&read("", "", text.as_bytes())), "2:Q202 header=1 | 200 in 1");
    let loose = read("looseQuotes = true", "", text.as_bytes());
    assert_eq!(said(&loose), "header=1 | 300 in 2");
    let accounts = loose.facts.iter().filter_map(|fact| fact.key.account);
    let accounts: Vec<&str> = accounts.map(AccountId::as_str).collect();
    assert_eq!(accounts, ["Lær \"at\" leve", "x\"y"]);
    let text = "måned;tekst;beløb\n2016-01;\"a \\\"b\\\"\";1,00\n";
    let escaped = read("escapeChar = \"\\\\\"", "", text.as_bytes());
    assert_eq!(escaped.facts.get(0).key.account.map(AccountId::as_str), Some("a \"b\""));
}

#[test]
fn a_lookup_table_has_no_figures() {
    let held = |text: &str, wanted: &str| {
        let said = problem(text, terms());
        assert!(said.contains(wanted) && (said == "none") == (wanted == "none"), "{said}");
    };
    let table = "title.en = \"Regions\"\n[files]\nnames = [\"regions.csv\"]\nholds = \"lookup\"\nAWAIT\n\
                 [[schema.fields]]\nname = \"Kommune\"\ntype = \"string\"\n";
    let figures = "a lookup table has no figures to measure, await or control";
    held(&table.replace("AWAIT", ""), "none");
    held(&table.replace("AWAIT", "awaited = \"monthly\""), figures);
    let measure = "[[schema.fields]]\nname = \"x\"\ntype = \"number\"\nrole = \"amount\"\n";
    held(&(table.replace("AWAIT", "") + measure), figures);
    held(&table.replace("AWAIT", "").replace("lookup", "figures"), "no column is a measure");
}

#[test]
fn what_a_layout_cannot_be_is_told_with_its_place() {
    for (dialect, rules, expected) in [
        ("encoding = [\"ebcdic\"]", "", "`ebcdic` is no encoding that is read"),
        ("headerRows = [1, 2]", "", "a header stands on one line"),
        ("headerRows = [2]\nfindHeader = 9", "", "headerRows and findHeader stand side by side"),
        ("findHeader = 0", "", "a header is looked for in 1 to 100 lines"),
        ("escapeChar = \"\\\"\"", "", "the escape is the quote or a delimiter too"),
        ("escapeChar = \";\"", "", "the escape is the quote or a delimiter too"),
        ("escapeChar = \"ab\"", "", "`ab` is not one ASCII character"),
        ("sheetName = \"A\"\nsheetNumber = 2", "", "sheetName and sheetNumber stand side by side"),
        ("", "[[notData]]\nwhat = \"noise\"", "`noise` is no kind of line"),
        ("", "[[notData]]\nwhat = \"total\"", "`total` has too many tests, or none"),
        ("", "[[notData]]\nwhat = \"total\"\nonlyFilled = [\"x\"]", "`x` is no column"),
        (
            "",
            "[[notData]]\nwhat = \"emptyRow\"\ncolumn = \"tekst\"\nempty = true",
            "`emptyRow` has too many tests, or none",
        ),
        ("", "[constants]\nperiod = \"2016-13\"", "`2016-13` is no period"),
    ] {
        let message = problem(&contract(dialect, rules), terms());
        assert!(message.contains(expected), "{message}");
    }
}
