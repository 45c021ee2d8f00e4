//! What would count twice, or not at all, and is said: the same in two files, in one file, in two
//! sheets, from two authorities, in a year and its months.

use crate::fixture::{Ran, RunFixture};
use crate::once::{contract, fixture, lines};
use crate::packed::{number, ods_of, row, text, xlsx_of};

fn any(supersede: &str) -> RunFixture {
    let files = format!("names = [\"{{any}}.csv\"]\nsupersede = \"{supersede}\"");
    fixture(&[("f", &contract(&files, ""))])
}

fn year(kr: &str) -> String {
    let rows: Vec<String> =
        (1..=12).map(|month| format!("A;2019-{month:02};{month}{kr}")).collect();
    lines(&rows.iter().map(String::as_str).collect::<Vec<_>>())
}

fn says(ran: &Ran, said: &str) {
    assert!(ran.out.contains(said), "{said}:\n{}{}", ran.out, ran.err);
}

#[test]
fn the_same_saved_again_in_other_bytes_is_said() {
    for supersede in ["file", "never"] {
        let again = year("0,00").replace('\n', "\r\n");
        let blank = format!("{}\n", year("0,00"));
        for other in [again, blank, format!("\u{FEFF}{}", year("0,00"))] {
            let fixture = any(supersede);
            fixture.deliver("a-2019.csv", year("0,00")).deliver("b-2019.csv", other);
            let ran = fixture.check();
            let said = "b-2019.csv: N016: the file says the same as `a-2019.csv`, its lines added up, \
                        in other bytes; both are counted, here 12 lines, 780.00";
            says(&ran, said);
        }
        let fixture = any(supersede);
        fixture.deliver("a-2019.csv", year("0,00")).deliver("b-2019.csv", year("1,00"));
        assert!(!fixture.check().out.contains("N016"));
    }
    let fixture = any("period");
    fixture.deliver("a.csv", year("0,00")).deliver("b.csv", year("0,00").replace('\n', "\r\n"));
    let ran = fixture.check();
    assert!(ran.out.contains("N001") && !ran.out.contains("N016"), "one counts: {}", ran.out);
}

#[test]
fn a_folder_that_is_a_mark_lets_no_older_file_win() {
    for supersede in ["period", "file"] {
        for (earlier, later) in [
            ("gammel/a.csv", "a.csv"),
            ("v1/a.csv", "v2/a.csv"),
            ("2019/a.csv", "2019/rettet/a.csv"),
        ] {
            let files = format!(
                "names = [\"{{any}}.csv\", \"{{any}}/{{any}}.csv\", \"{{any}}/{{any}}/{{any}}.csv\"]\n\
                 supersede = \"{supersede}\""
            );
            let fixture = fixture(&[("f", &contract(&files, ""))]);
            fixture.deliver(earlier, year("0,00")).deliver(later, year("1,00"));
            let ran = fixture.check();
            says(&ran, &format!("{earlier}: N001: the whole file is replaced by `{later}`"));
        }
    }
}

#[test]
fn lines_that_stand_in_a_file_twice_are_said() {
    let whole = year("0,00");
    let rows = whole.strip_prefix("who;month;kr\n").expect("a header");
    let fixture = any("period");
    fixture.deliver("a.csv", format!("{whole}{rows}"));
    let said = "a.csv: N017: 12 lines stand in the file twice, from line 14, which stands on line 2 \
                before that, and are counted both times: 780.00";
    says(&fixture.check(), said);
    // A block in the middle of other lines.
    let block: String = rows.split_inclusive('\n').skip(3).take(6).collect();
    fixture.deliver("a.csv", format!("{whole}{block}"));
    says(
        &fixture.check(),
        "a.csv: N017: 6 lines stand in the file twice, from line 14, which stands on line 5",
    );
    // The same bill twelve times is no block, and a key refuses what stands again.
    fixture.deliver("a.csv", format!("{whole}{}", "A;2019-01;5,00\n".repeat(12)));
    assert!(!fixture.check().out.contains("N017"));
    let key = "[schema]\nprimaryKey = [\"who\", \"month\"]";
    fixture.change("contracts/f.toml", "[schema]", key);
    fixture.deliver("a.csv", format!("{whole}{rows}"));
    let ran = fixture.check();
    assert!(ran.out.contains("Q203") && !ran.out.contains("N017"), "{}", ran.out);
}

#[test]
fn sheets_that_look_like_the_one_read_are_said() {
    let files = "names = [\"{any}.xlsx\", \"{any}.ods\"]";
    let fixture = fixture(&[("f", &contract(files, ""))]);
    let heads = row(1, &[text("A1", "who"), text("B1", "month"), text("C1", "kr")]);
    let line = row(2, &[text("A2", "A"), text("B2", "2019-01"), number("C2", "5")]);
    let full = format!("{heads}{line}");
    let other = row(1, &[text("A1", "noter")]) + &line;
    let hidden = "state=\"hidden\"";
    let said = "a.xlsx: N015: the workbook has the contract's headings and lines below them on `Om` \
                too, and they are not read";
    fixture.deliver("a.xlsx", xlsx_of("", hidden, &[], [&full, &full]));
    says(&fixture.check(), said);
    for first in [&other, &heads, ""] {
        fixture.deliver("a.xlsx", xlsx_of("", hidden, &[], [first, &full]));
        assert!(!fixture.check().out.contains("N015"), "{first}");
    }
    std::fs::remove_file(fixture.path("deliveries/a.xlsx")).expect("a file");
    let cells = |cells: &[&str]| {
        let cell = |text: &&str| {
            format!(
                "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
            )
        };
        format!("<table:table-row>{}</table:table-row>", cells.iter().map(cell).collect::<String>())
    };
    let table = |name: &str, month: &str| {
        let rows = cells(&["who", "month", "kr"]) + &cells(&["A", month, "5"]);
        format!("<table:table table:name=\"{name}\">{rows}</table:table>")
    };
    let both = table("Drift", "2019-01") + &table("Løn", "2019-02");
    fixture.deliver("a.ods", ods_of("", &both));
    says(
        &fixture.check(),
        "a.ods: N015: the workbook has the contract's headings and lines below them on `Løn`",
    );
}

#[test]
fn one_file_from_two_authorities_is_said() {
    let text = contract("names = [\"{authority}-2019.csv\"]", "").replace(
        "[[schema.fields]]\nname = \"who\"\ntype = \"string\"\nrole = \"authority\"\n\
         constraints.required = true\n",
        "",
    );
    let fixture = fixture(&[("f", &text)]);
    let own = "month;kr\n2019-01;5,00\n2019-02;6,00\n";
    fixture.deliver("A-2019.csv", own).deliver("B-2019.csv", own);
    let said = "B-2019.csv: N018: the file is byte for byte the same as `A-2019.csv`, which is of \
                another authority; both are counted, here 2 lines, 11.00";
    says(&fixture.check(), said);
    fixture.deliver("B-2019.csv", "month;kr\n2019-01;5,00\n2019-02;7,00\n");
    assert!(!fixture.check().out.contains("N018"));
}

#[test]
fn a_year_beside_its_months_is_said() {
    let whole = contract("names = [\"y-{any}.csv\"]\nkind = \"spend\"", "").replace(
        "[[schema.fields]]\nname = \"month\"\ntype = \"yearmonth\"\nformat = [\"%Y-%m\"]\n\
             role = \"period\"\nconstraints.required = true\n",
        "",
    ) + "[constants]\nperiod = \"2019-01/2019-12\"\n";
    let months = contract("names = [\"m-{any}.csv\"]\nkind = \"spend\"", "");
    let fixture = fixture(&[("m", &months), ("y", &whole)]);
    fixture.deliver("y-2019.csv", "who;kr\nA;780,00\n").deliver("m-2019.csv", year("0,00"));
    let ran = fixture.check();
    let said = "y-2019.csv: N019: the file has `amount` of 2019-01/2019-12 in one, and `m-2019.csv` has \
                the same of parts of that time; both are counted, here 1 lines, 780.00";
    assert!(
        ran.out.contains(": N019: ") && ran.out.contains("m-2019.csv` has the same"),
        "{said}{}{}",
        ran.out,
        ran.err
    );
    fixture.deliver("m-2019.csv", year("0,00").replace("A;", "B;"));
    assert!(!fixture.check().out.contains("N019"));
}

#[test]
fn headings_that_stand_again_in_another_order_hold_the_delivery_back() {
    let more = "[[schema.fields]]\nname = \"in\"\ntype = \"integer\"\nrole = \"started\"\n\
                [[schema.fields]]\nname = \"out\"\ntype = \"integer\"\nrole = \"completed\"\n";
    let fixture = fixture(&[("f", &contract("names = [\"{any}.csv\"]", more))]);
    let rows = "A;2019-01;5,00;30;20\n";
    let again = format!("who;month;kr;in;out\n{rows}who;month;kr;out;in\n{rows}");
    fixture.deliver("a.csv", &again);
    let ran = fixture.check();
    says(&ran, "a.csv:1: Q207: the headings stand again on line 3 in another order");
    says(&ran, "3 read = 0 posted + 0 superseded + 3 refused");
    // In the same order they are a line that is no data, and refused as one.
    fixture.deliver("a.csv", again.replace("out;in", "in;out"));
    says(&fixture.check(), "3 read = 2 posted + 0 superseded + 1 refused");
}

/// A count is held against the others of its service alone: one service is not another.
#[test]
fn a_count_moved_by_a_power_of_ten_is_said() {
    let columns = "[[schema.fields]]\nname = \"service\"\ntype = \"string\"\nrole = \"service\"\n\
                   [[schema.fields]]\nname = \"done\"\ntype = \"integer\"\nrole = \"completed\"\n";
    let fixture = fixture(&[("f", &contract("names = [\"{any}.csv\"]", columns))]);
    let month = |month: u8, pas: u32| {
        format!("A;2019-{month:02};1,00;PAS;{pas}\nA;2019-{month:02};1,00;POST;90000\n")
    };
    let rows = |last: u32| {
        let months: Vec<String> = (1..=4).map(|number| month(number, 100)).collect();
        format!("who;month;kr;service;done\n{}{}", months.concat(), month(5, last))
    };
    for (last, factor) in [(120, None), (99_000, Some("1000")), (1, Some("1/100")), (900, None)] {
        fixture.deliver("a.csv", rows(last));
        let ran = fixture.check();
        assert_eq!(ran.code, 0, "{}", ran.out);
        let said = factor.map_or_else(String::new, |factor| {
            format!(
                "a.csv: N020: `completed` of the service `PAS` in May 2019 is {last}, about {factor} \
                 times the usual, which is 100\n"
            )
        });
        assert!(ran.out.contains(&said), "{}", ran.out);
        assert_eq!(ran.out.matches(": N020: ").count(), usize::from(factor.is_some()));
    }
}
