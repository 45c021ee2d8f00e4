//! What every page promises its readers, on a report composed from hand-made figures.

use crate::domain::language::{Language, Names};
use crate::report::compose;
use crate::report::document::{Phrase, Report};
use crate::report::fixture::{bare, programme};
use crate::report::fixture_figures::{ledger, metrics, nothing_compared, settled};
use crate::write::html::pages;
use crate::write::text::messages::texts;
use std::collections::{BTreeMap, BTreeSet};

type Files = BTreeMap<String, Vec<u8>>;

fn reports() -> Vec<Report> {
    vec![
        compose(&programme(), &metrics(), &ledger()),
        compose(&bare(), &nothing_compared(), &settled()),
        compose(&bare(), &metrics(), &ledger()),
    ]
}

fn written(report: &Report) -> Files {
    pages(report, &Language::ALL).expect("the charts can be drawn")
}

fn ends(name: &str, ending: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, found)| found == ending)
}

fn html(files: &Files) -> Vec<(&str, &str)> {
    files
        .iter()
        .filter(|(name, _)| ends(name, "html"))
        .map(|(name, bytes)| (name.as_str(), std::str::from_utf8(bytes).expect("UTF-8")))
        .collect()
}

/// What stands in `attribute="..."`, everywhere in the text.
fn attributes<'a>(text: &'a str, attribute: &str) -> Vec<&'a str> {
    let begins = format!(" {attribute}=\"");
    text.match_indices(&begins)
        .map(|(at, _)| {
            let rest = &text[at + begins.len()..];
            rest.split('"').next().expect("a first part")
        })
        .collect()
}

#[test]
fn every_page_has_a_language_one_top_heading_and_landmarks() {
    for report in reports() {
        for (name, text) in html(&written(&report)) {
            let language = name.split_once('/').map_or("da", |(folder, _)| folder);
            assert!(text.contains(&format!("<html lang=\"{language}\">")), "{name}");
            assert_eq!(text.matches("<h1").count(), 1, "{name}");
            assert_eq!(text.matches("<main").count(), 1, "{name}");
            let head = text.split("</head>").next().expect("a head");
            assert_eq!(head.matches("<title>").count(), 1, "{name}");
            if name.contains('/') {
                assert_eq!(text.matches("aria-current=\"page\"").count(), 1, "{name}");
                assert!(text.contains("class=\"skip\" href=\"#indhold\""), "{name}");
            }
        }
    }
}

#[test]
fn nothing_runs_and_nothing_is_fetched() {
    for report in reports() {
        for (name, text) in html(&written(&report)) {
            assert!(
                text.contains("default-src &#39;none&#39;") || text.contains("default-src 'none'")
            );
            for barred in
                ["<script", "<link", "<iframe", "<img", "@import", " onload", "javascript:"]
            {
                assert!(!text.contains(barred), "{name}: {barred}");
            }
            for (at, _) in text.match_indices("url(") {
                assert!(text[at..].starts_with("url(#"), "{name}");
            }
            for link in attributes(text, "href").into_iter().chain(attributes(text, "src")) {
                assert!(!link.contains(':') && !link.starts_with('/'), "{name}: {link}");
            }
        }
    }
}

#[test]
fn every_link_leads_somewhere() {
    for report in reports() {
        let files = written(&report);
        let mut followed = 0;
        for (name, text) in html(&files) {
            for link in attributes(text, "href") {
                let (file, fragment) = link.split_once('#').unwrap_or((link, ""));
                let target = resolve(name, file);
                let bytes = files.get(&target).unwrap_or_else(|| panic!("{name}: {link}"));
                if !fragment.is_empty() {
                    let there = String::from_utf8_lossy(bytes);
                    assert!(there.contains(&format!("id=\"{fragment}\"")), "{name}: {link}");
                }
                followed += 1;
            }
        }
        assert!(followed > 50, "{followed}");
    }
}

fn resolve(from: &str, link: &str) -> String {
    if link.is_empty() {
        return from.to_owned();
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    match link.strip_prefix("../") {
        Some(rest) => rest.to_owned(),
        None if folder.is_empty() => link.to_owned(),
        None => format!("{folder}/{link}"),
    }
}

#[test]
fn headings_never_skip_a_level_and_ids_are_unique() {
    for report in reports() {
        for (name, text) in html(&written(&report)) {
            let mut level = 0;
            for (at, _) in text.match_indices("<h") {
                let Some(found) = text[at + 2..].chars().next().and_then(|c| c.to_digit(10)) else {
                    continue;
                };
                assert!(found <= level + 1, "{name}: h{level} then h{found}");
                level = found;
            }
            let ids = attributes(text, "id");
            assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{name}");
            let known: BTreeSet<&str> = ids.into_iter().collect();
            for labels in attributes(text, "aria-labelledby") {
                for label in labels.split_whitespace() {
                    assert!(known.contains(label), "{name}: {label}");
                }
            }
        }
    }
}

#[test]
fn every_table_has_a_caption_and_headed_rows() {
    for (name, text) in html(&written(&reports()[0])) {
        let tables = text.matches("<table>").count();
        assert_eq!(text.matches("<caption").count(), tables, "{name}");
        assert_eq!(text.matches("role=\"region\" tabindex=\"0\"").count(), tables, "{name}");
        let rows = text.matches("<tr>").count() - tables;
        let headings = text.matches("scope=\"row\"").count();
        let spanned = attributes(text, "rowspan");
        let shared: usize =
            spanned.iter().map(|rows| rows.parse::<usize>().expect("a number") - 1).sum();
        assert_eq!(headings + shared, rows, "{name}");
    }
}

#[test]
fn delivered_text_is_escaped() {
    let files = written(&reports()[0]);
    let text = std::str::from_utf8(&files["da/datakvalitet.html"]).expect("UTF-8");
    assert!(text.contains("=sønderås-&lt;b&gt;2020&lt;/b&gt;-01.csv"));
    assert!(!text.contains("<b>2020"));
}

#[test]
fn every_figure_has_its_drawing_and_its_numbers() {
    let files = written(&reports()[0]);
    let svgs = files.keys().filter(|name| ends(name, "svg")).count();
    let csvs = files.keys().filter(|name| ends(name, "csv")).count();
    assert_eq!(svgs, csvs);
    let drawn: usize = html(&files).iter().map(|(_, text)| text.matches("<figure ").count()).sum();
    assert_eq!(drawn, svgs);
    let bridge = String::from_utf8_lossy(&files["da/figurer/bro-i-alt.csv"]);
    assert!(bridge.contains("Resten;-7584992,00\r\n"), "{bridge}");
    let saving = String::from_utf8_lossy(&files["da/figurer/pejlemaerke-1-besparelse.csv"]);
    assert!(!saving.lines().nth(1).expect("2016").contains("0,00"), "{saving}");
}

#[test]
fn made_up_deliveries_are_said_to_be_so_on_every_page() {
    let said = texts(Language::Da, &Names::default()).say(&Phrase::new("ui.synthetic"));
    let (made_up, real) = (written(&reports()[0]), written(&reports()[1]));
    for (name, text) in html(&made_up) {
        assert!(!name.starts_with("da/") || text.contains(&said), "{name}");
    }
    assert!(html(&real).iter().all(|(_, text)| !text.contains(&said)));
}

#[test]
fn the_root_page_leads_to_every_language() {
    let files = written(&reports()[0]);
    let root = std::str::from_utf8(&files["index.html"]).expect("UTF-8");
    assert_eq!(attributes(root, "href"), ["da/index.html", "en/index.html"]);
    assert!(!root.contains("refresh"));
    let danish = pages(&reports()[0], &[Language::Da]).expect("the charts can be drawn");
    assert!(!danish.keys().any(|name| name.starts_with("en/")));
    let page = std::str::from_utf8(&danish["da/index.html"]).expect("UTF-8");
    assert!(!page.contains("hreflang"));
}

#[test]
fn the_texts_have_the_same_keys_and_placeholders_in_both_languages() {
    let texts = |file: &str| -> BTreeMap<String, BTreeSet<String>> {
        let table: toml::Table = file.parse().expect("the texts are TOML");
        let mut all = BTreeMap::new();
        for (section, keys) in table {
            for (key, text) in keys.as_table().expect("a section") {
                let text = text.as_str().expect("a text");
                all.insert(format!("{section}.{key}"), placeholders(text));
            }
        }
        all
    };
    let danish = texts(include_str!("../text/pages.da.toml"));
    let english = texts(include_str!("../text/pages.en.toml"));
    assert!(danish.len() > 300);
    for (key, named) in &danish {
        assert_eq!(english.get(key), Some(named), "{key}");
    }
    assert_eq!(danish.len(), english.len());
}

fn placeholders(text: &str) -> BTreeSet<String> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// A placeholder nobody filled would be left in braces.
#[test]
fn every_placeholder_is_filled() {
    for report in reports() {
        for (name, text) in html(&written(&report)) {
            let body = text.split_once("</style>").map_or(text, |(_, body)| body);
            assert!(!body.contains('{') && !body.contains('}'), "{name}");
        }
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    assert_eq!(written(&reports()[0]), written(&reports()[0]));
}
