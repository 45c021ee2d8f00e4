//! A small strategy in a country of as many authorities as a test asks for, in current prices.

use crate::fixture::RunFixture;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const PIPELINE: &str = r#"
languages = ["da", "en"]
name.da = "Prøve"
name.en = "Trial"
[period]
first = "2018-01"
last = "2020-12"
[currency]
code = "DKK"
unit.da = "kr."
unit.en = "kr."
[deliveries]
folder = "deliveries"
synthetic = false
[prices]
basis = "current"
source = "kort periode"
"#;

const CONTRACT: &str = r#"
title.da = "Udgift og sager"
title.en = "Spending and cases"
[files]
names = ["{authority}-{any}.csv"]
supersede = "file"
awaited = "monthly"
[[schema.fields]]
name = "Myndighed"
type = "string"
role = "authority"
constraints.required = true
[[schema.fields]]
name = "Måned"
type = "yearmonth"
format = ["%Y-%m"]
role = "period"
constraints.required = true
[[schema.fields]]
name = "Ydelse"
type = "string"
role = "service"
constraints.required = true
[[schema.fields]]
name = "Beløb"
type = "number"
role = "amount"
[[schema.fields]]
name = "Gennemført"
type = "integer"
role = "completed"
[[schema.foreignKeys]]
fields = "Myndighed"
reference = { resource = "authorities", fields = "id" }
[[schema.foreignKeys]]
fields = "Ydelse"
reference = { resource = "services", fields = "id" }
"#;

/// What stands in the tables, a row a line, and `[[targets]]`.
pub(crate) struct Country<'t> {
    pub(crate) authorities: &'t str,
    pub(crate) services: &'t str,
    pub(crate) targets: &'t str,
}

impl Country<'_> {
    /// A fixture with the country's pipeline on it.
    pub(crate) fn fixture(&self) -> RunFixture {
        let toml = format!("{PIPELINE}{}", self.targets);
        let authorities =
            format!("id;name;sector;valid_from;valid_to;successor;expected\n{}", self.authorities);
        let services = format!(
            "id;name_da;name_en;initiative;baseline;fixed_share;fixed_share_source;cost_type;\
             awaited_from\n{}",
            self.services
        );
        RunFixture::new().with_pipeline(&[
            ("pipeline.toml", &toml),
            ("contracts/alt.toml", CONTRACT),
            ("tables/authorities.csv", &authorities),
            ("tables/services.csv", &services),
            ("tables/pejlemaerker.csv", "id;name_da;name_en;spending;source\n1;Et;One;ja;prøve\n"),
            (
                "tables/initiatives.csv",
                "id;title_da;title_en;verified;owner;theme;source\ni1;Et;One;nej;Ejer;;prøve\n",
            ),
            (
                "tables/weights.csv",
                "initiative;pejlemaerke;weight;source;date\ni1;1;1;prøve;2018-01-01\n",
            ),
        ])
    }
}

/// Lays a year of one service in the fixture: kroner and transactions a month, or an empty cell.
pub(crate) fn deliver(
    fixture: &RunFixture,
    authority: &str,
    service: &str,
    year: u16,
    month: impl Fn(u8) -> Option<(Option<i64>, Option<i64>)>,
) {
    let mut text = "Myndighed;Måned;Ydelse;Beløb;Gennemført\n".to_owned();
    let cell = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
    for at in 1..=12 {
        if let Some((kroner, done)) = month(at) {
            let (kroner, done) = (cell(kroner), cell(done));
            writeln!(text, "{authority};{year}-{at:02};{service};{kroner};{done}").expect("text");
        }
    }
    fixture.deliver(&format!("{authority}-{service}-{year}.csv"), text);
}

/// The same in each of twelve months.
pub(crate) fn all_year(
    kroner: i64,
    done: i64,
) -> impl Fn(u8) -> Option<(Option<i64>, Option<i64>)> {
    move |_| Some((Some(kroner), Some(done)))
}

/// A data file of the report, a map a row.
pub(crate) fn data(fixture: &RunFixture, name: &str) -> Vec<BTreeMap<String, String>> {
    let file = fixture.path(&format!("report/data/{name}.csv"));
    let mut rows = csv::Reader::from_path(file).expect("a data file");
    rows.deserialize().map(|row| row.expect("a row")).collect()
}

/// A page of the report as a reader sees it: without marks, one blank between words.
pub(crate) fn read(fixture: &RunFixture, page: &str) -> String {
    let html = std::fs::read_to_string(fixture.path(&format!("report/{page}"))).expect("a page");
    let body = html.split_once("<body").map_or(html.as_str(), |(_, body)| body);
    let mut seen = String::new();
    for part in body.split('<') {
        seen.push_str(part.split_once('>').map_or("", |(_, text)| text));
        seen.push(' ');
    }
    let seen = seen.replace("&#39;", "'").replace("&amp;", "&").replace('\u{a0}', " ");
    let seen = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    seen.replace(" .", ".").replace(" ,", ",")
}
