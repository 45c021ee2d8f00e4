//! What every drawing promises, held against one sample of each kind.

use crate::domain::language::{Language, Names};
use crate::domain::period::{Span, Year};
use crate::report::document::{
    Bar, Chart, ChartLine, ChartUnit, Figure, Interval, Phrase, Table, Value,
};
use crate::write::chart::draw;
use crate::write::text::messages::{Texts, texts};

fn words(text: &str) -> Phrase {
    Phrase::new("test.any").with("text", Value::Verbatim(text.to_owned()))
}

fn language(language: Language) -> Texts {
    texts(language, &Names::same("kr.")).with_text("test.any", "{text}")
}

fn figure(id: &str, chart: Chart) -> Figure {
    Figure {
        id: id.to_owned(),
        headline: words("Gevinsten er <mindre> end ventet & sen"),
        subtitle: words("mio. kr., 2024-priser"),
        description: words("Øverst \"brutto\", nederst netto"),
        chart,
        note: words("Kilde: leverancerne"),
        table: Table { caption: words("Tabel"), columns: Vec::new(), rows: Vec::new() },
    }
}

/// Millions of kroner in øre.
fn million(amount: i64) -> i64 {
    amount * 100_000_000
}

fn intervals() -> Chart {
    let row = |label, span, mark, band| Interval { label: words(label), span, mark, band };
    let band = Some((million(5000), million(6000)));
    Chart::Intervals {
        unit: ChartUnit::Money,
        rows: vec![
            row(
                "Årlig besparelse i 2030, som målet er læst",
                Some((million(3200), million(4100))),
                Some(million(3655)),
                band,
            ),
            row("Samlet fra 2026 til 2030", None, None, band),
            row("Merudgift i overgangsåret", Some((million(-900), million(300))), None, None),
        ],
    }
}

fn bar(label: &str, value: Option<i64>) -> Bar {
    Bar { label: words(label), value }
}

fn bridge() -> Chart {
    Chart::Bridge {
        unit: ChartUnit::Money,
        start: bar("Udgift i 2024", Some(million(1234))),
        steps: vec![
            bar("Højere priser og lønninger", Some(million(87))),
            bar("Flere sager end i basisåret", Some(million(142))),
            bar("Faste udgifter fordelt på flere sager", None),
            bar("Effektivisering", Some(million(-318))),
        ],
        end: bar("Udgift i 2030", Some(million(1145))),
    }
}

fn years(from: i16, to: i16) -> Vec<Value> {
    (from..=to).map(|year| Value::Span(Span::Year(Year::new(year).expect("a year")))).collect()
}

fn lines() -> Chart {
    let line = |label, values: [Option<i64>; 7]| ChartLine {
        label: words(label),
        values: values.map(|value| value.map(|v| v * 1000)).to_vec(),
        breaks: Vec::new(),
        pale: false,
    };
    let all = |values: [i64; 7]| values.map(Some);
    Chart::Lines {
        unit: ChartUnit::Percent,
        at: years(2019, 2025),
        lines: vec![
            line("Digital selvbetjening", all([612, 655, 701, 744, 760, 781, 813])),
            line(
                "Gennemførte forløb",
                [Some(702), Some(698), None, None, Some(764), Some(790), Some(806)],
            ),
            line("Tilfredshed", all([640, 652, 649, 661, 672, 668, 671])),
            line("Ældre over 75 år", [None, Some(212), None, Some(290), Some(330), None, None]),
            line("Æ, Ø og Å", all([600, 610, 630, 660, 690, 740, 800])),
            line("Telefon", all([380, 350, 310, 260, 240, 220, 190])),
            line("Fremmøde", [None; 7]),
        ],
        from_zero: true,
    }
}

fn samples() -> Vec<Figure> {
    vec![figure("maal", intervals()), figure("bro", bridge()), figure("linjer", lines())]
}

/// Checks that every tag closes in order, and gives the names of all elements.
fn elements(svg: &str) -> Vec<String> {
    let mut open: Vec<String> = Vec::new();
    let mut seen = Vec::new();
    for part in svg.split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a tag ends");
        assert!(!text.contains('>'), "a bare `>` in `{text}`");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        assert!(tag.matches('"').count().is_multiple_of(2), "{tag}");
        let name = tag.split([' ', '/']).next().expect("a name").to_owned();
        if !tag.ends_with('/') {
            open.push(name.clone());
        }
        seen.push(name);
    }
    assert!(open.is_empty(), "left open: {open:?}");
    seen
}

#[test]
fn every_drawing_is_well_formed_and_says_what_it_is() {
    for figure in samples() {
        let svg = draw(&figure, &language(Language::Da)).expect("a drawing");
        let id = &figure.id;
        assert_eq!(elements(&svg)[..3], ["svg", "title", "desc"]);
        assert!(svg.contains(&format!("role=\"img\" aria-labelledby=\"{id}-t {id}-d\"")));
        assert!(svg.contains("&lt;mindre&gt; end ventet &amp; sen</title>"));
        assert!(svg.contains("Øverst &quot;brutto&quot;, nederst netto</desc>"));
        assert!(!svg.contains(" width=\"560\" height="), "no fixed size");
        for part in svg.split(" id=\"").skip(1) {
            assert!(part.starts_with(&format!("{id}-")), "an id of its own: {part}");
        }
    }
}

#[test]
fn the_same_figure_gives_the_same_bytes() {
    for figure in samples() {
        for tongue in Language::ALL {
            let one = draw(&figure, &language(tongue)).expect("a drawing");
            let other = draw(&figure.clone(), &language(tongue)).expect("a drawing");
            assert_eq!(one, other);
        }
    }
}

#[test]
fn what_is_not_known_is_hatched_and_said_never_a_bar_of_zero() {
    for (chart, unknown) in [(bridge(), 1), (intervals(), 1)] {
        let svg = draw(&figure("f", chart), &language(Language::Da)).expect("a drawing");
        assert_eq!(svg.matches("fill=\"url(#f-hatch)\"").count(), unknown);
        assert_eq!(svg.matches(">ukendt</text>").count(), unknown);
    }
    let known = Chart::Bridge {
        unit: ChartUnit::Money,
        start: bar("Nul", Some(0)),
        steps: Vec::new(),
        end: bar("Nul", Some(0)),
    };
    let svg = draw(&figure("f", known), &language(Language::En)).expect("a drawing");
    assert!(!svg.contains("hatch") && svg.contains(">0</text>"));
}

#[test]
fn a_gap_breaks_the_line_and_a_line_without_values_is_named() {
    let svg = draw(&figure("f", lines()), &language(Language::Da)).expect("a drawing");
    let series: Vec<&str> = svg.split("<g class=\"line\"").skip(1).collect();
    let runs = |at: usize| {
        let (group, _) = series[at].split_once("</g>").expect("a group ends");
        group.matches("<polyline").count()
    };
    assert_eq!((runs(0), runs(1), runs(3), runs(6)), (1, 2, 1, 0));
    assert!(svg.contains(">Fremmøde: ukendt</text>"));
    assert!(svg.contains(">Telefon: 19,0\u{a0}%</text>"));
}

#[test]
fn numbers_follow_the_language() {
    let said = |tongue| draw(&figure("f", bridge()), &language(tongue)).expect("a drawing");
    let (danish, english) = (said(Language::Da), said(Language::En));
    for text in [">1.234,0<", ">+142,0<", ">−318,0<", ">mio.\u{a0}kr.<"] {
        assert!(danish.contains(text), "{text}");
    }
    for text in [">1,234.0<", ">+142.0<", ">−318.0<", ">million\u{a0}kr.<", ">unknown<"] {
        assert!(english.contains(text), "{text}");
    }
}

/// 100 and 110, then anew from 100: two pieces, and an upright between them.
#[test]
fn a_line_that_begins_anew_is_not_joined_with_what_came_before() {
    let drawing = |breaks| {
        let values = [1_000_000, 1_100_000, 1_000_000, 1_050_000].map(Some).to_vec();
        let chart = Chart::Lines {
            unit: ChartUnit::Index,
            at: years(2016, 2019),
            lines: vec![ChartLine { label: words("Aktivitet"), values, breaks, pale: false }],
            from_zero: false,
        };
        draw(&figure("f", chart), &language(Language::Da)).expect("a drawing")
    };
    let (whole, broken) = (drawing(Vec::new()), drawing(vec![2]));
    let lines = |drawing: &str| drawing.matches("<polyline").count();
    assert_eq!(lines(&broken), lines(&whole) + 2, "{broken}");
    assert!(broken.contains("class=\"break\"") && !whole.contains("class=\"break\""), "{broken}");
}

/// 2016 known alone of four years: its mark stands there, and nothing leads across the others.
#[test]
fn one_known_point_is_no_line() {
    let chart = Chart::Lines {
        unit: ChartUnit::Index,
        at: years(2016, 2019),
        lines: vec![ChartLine {
            label: words("Aktivitet"),
            values: vec![Some(1_000_000), None, None, None],
            breaks: Vec::new(),
            pale: false,
        }],
        from_zero: false,
    };
    let drawing = draw(&figure("f", chart), &language(Language::Da)).expect("a drawing");
    assert!(!drawing.contains("s-actual"), "no line at all: {drawing}");
    assert_eq!(drawing.matches("<circle").count(), 2, "its point, and its name's mark: {drawing}");
}

/// What stands beside is thin, and told from the rest by more than that.
#[test]
fn a_pale_line_is_thin_and_has_a_dress_of_its_own() {
    let line = |pale| ChartLine {
        label: words("Aktivitet"),
        values: vec![Some(1_000_000), Some(1_100_000)],
        breaks: Vec::new(),
        pale,
    };
    let chart = Chart::Lines {
        unit: ChartUnit::Index,
        at: years(2016, 2017),
        lines: vec![line(true), line(false)],
        from_zero: false,
    };
    let drawing = draw(&figure("f", chart), &language(Language::Da)).expect("a drawing");
    let pale = drawing.find("s-plan").expect("a grey line");
    let bold = drawing.find("s-actual").expect("a line in the first colour");
    assert!(pale < bold, "the other lies on top: {drawing}");
}

#[test]
fn a_chart_of_nothing_is_still_a_drawing() {
    let charts = [
        Chart::Bridge {
            unit: ChartUnit::Money,
            start: bar("Før", None),
            steps: Vec::new(),
            end: bar("Efter", None),
        },
        Chart::Intervals { unit: ChartUnit::Money, rows: Vec::new() },
        Chart::Lines {
            unit: ChartUnit::Index,
            at: Vec::new(),
            lines: Vec::new(),
            from_zero: false,
        },
        Chart::Lines {
            unit: ChartUnit::Money,
            at: years(2020, 2020),
            lines: vec![ChartLine {
                label: words("Én"),
                values: vec![Some(i64::MAX)],
                breaks: Vec::new(),
                pale: false,
            }],
            from_zero: true,
        },
        Chart::Bridge {
            unit: ChartUnit::Money,
            start: bar("Mest", Some(i64::MIN)),
            steps: Vec::new(),
            end: bar("Efter", Some(i64::MIN)),
        },
    ];
    for chart in charts {
        elements(&draw(&figure("f", chart), &language(Language::Da)).expect("a drawing"));
    }
}
