//! What stands round every page: head, navigation, language switch, footer. And the root page.

use crate::domain::language::{Language, Names};
use crate::report::document::{Page, Phrase, Report, TextKey, Value};
use crate::write::html::block::{self, Numbering, PageSection};
use crate::write::html::edition::{Edition, file_name};
use crate::write::text::messages::texts;
use crate::write::theme;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("style.css");

/// Nothing is fetched and nothing runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:";

/// Headings from which a page gets a list of them.
const MANY: usize = 4;

/// The method page, where every footer leads, and its section on accessibility.
const METHOD: &str = "metode";
const ACCESSIBILITY: TextKey = "method.accessibility";

/// A whole page.
pub(crate) fn page(edition: &Edition<'_>, page: &Page) -> Markup {
    let texts = edition.texts;
    let say = |key: TextKey| texts.say(&Phrase::new(key));
    let title = texts.say(&page.title);
    let programme = edition.report.programme.get(edition.language);
    let sections = block::sections(page);
    let mut numbers = Numbering::default();
    let body: Vec<Markup> =
        sections.iter().map(|section| block::section(edition, section, &mut numbers)).collect();
    html! {
        (DOCTYPE)
        html lang=(edition.language.tag()) {
            (head(&format!("{title} – {programme}")))
            body {
                a.skip href="#indhold" { (say("ui.skip")) }
                (header(edition, page))
                div.frame {
                    (navigation(edition, page))
                    main id="indhold" tabindex="-1" {
                        h1 { (title) }
                        p.lead { (texts.say(&page.lead)) }
                        @for section in body.iter().take(1) { (section) }
                        (contents(edition, &sections))
                        @for section in body.iter().skip(1) { (section) }
                    }
                }
                (footer(edition))
            }
        }
    }
}

fn head(title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(POLICY);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (title) }
            style { (PreEscaped(theme::css())) (PreEscaped(STYLE)) }
        }
    }
}

fn header(edition: &Edition<'_>, page: &Page) -> Markup {
    let say = |key: TextKey| edition.texts.say(&Phrase::new(key));
    html! {
        header.site {
            div.name {
                p.kind { (say("ui.site")) }
                p.programme { (edition.report.programme.get(edition.language)) }
            }
            @if edition.languages.len() > 1 {
                nav.languages aria-label=(say("ui.language")) {
                    ul {
                        @for language in edition.languages {
                            li { (language_link(edition, page, *language)) }
                        }
                    }
                }
            }
            @if edition.report.synthetic {
                p.synthetic { (say("ui.synthetic")) }
            }
        }
    }
}

fn language_link(edition: &Edition<'_>, page: &Page, language: Language) -> Markup {
    let tag = language.tag();
    let name = language_name(language);
    let href = format!("../{tag}/{}", file_name(page));
    let current = (language == edition.language).then_some("true");
    html! {
        a href=(href) lang=(tag) hreflang=(tag) aria-current=[current] {
            (name)
        }
    }
}

/// A language's name in the language itself.
fn language_name(language: Language) -> String {
    texts(language, &Names::default()).say(&Phrase::new("ui.language_name"))
}

fn navigation(edition: &Edition<'_>, page: &Page) -> Markup {
    let texts = edition.texts;
    html! {
        nav.pages aria-label=(texts.say(&Phrase::new("ui.nav"))) {
            ul {
                @for (at, other) in edition.report.pages.iter().enumerate() {
                    @let current = (other.slug == page.slug).then_some("page");
                    li {
                        a href=(file_name(other)) aria-current=[current] {
                            @if at == 0 {
                                (texts.say(&Phrase::new("ui.overview")))
                            } @else {
                                (texts.say(&other.title))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Links to the headings of a long page.
fn contents(edition: &Edition<'_>, sections: &[PageSection<'_>]) -> Markup {
    let headings: Vec<_> = sections.iter().filter_map(|section| section.heading.as_ref()).collect();
    let label = edition.texts.say(&Phrase::new("ui.on_page"));
    html! {
        @if headings.len() >= MANY {
            nav.contents aria-label=(label) {
                p { (label) }
                ul {
                    @for (id, heading) in headings {
                        li { a href={ "#" (id) } { (edition.texts.say(heading)) } }
                    }
                }
            }
        }
    }
}

fn footer(edition: &Edition<'_>) -> Markup {
    let texts = edition.texts;
    let report = edition.report;
    let say = |key: TextKey| texts.say(&Phrase::new(key));
    let made = Phrase::new("ui.footer")
        .with("version", Value::Verbatim(report.version.to_owned()))
        .with("month", Value::Month(report.as_of));
    let method = report.pages.iter().find(|page| page.slug == METHOD);
    html! {
        footer.site {
            p { (texts.say(&made)) }
            @if report.synthetic {
                p { strong { (say("ui.synthetic")) } }
            }
            @if let Some(method) = method {
                ul {
                    li { a href=(file_name(method)) { (say("ui.method_link")) } }
                    @if has_accessibility(method) {
                        li {
                            a href={ (file_name(method)) "#" (block::anchor(ACCESSIBILITY)) } {
                                (say("ui.accessibility_link"))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn has_accessibility(page: &Page) -> bool {
    block::sections(page)
        .iter()
        .filter_map(|section| section.heading.as_ref())
        .any(|(_, heading)| heading.key == ACCESSIBILITY)
}

/// The page at the report's root: one link a language.
pub(crate) fn chooser(report: &Report, languages: &[Language]) -> Markup {
    let first = languages.first().copied().unwrap_or(Language::Da);
    let name = report.programme.get(first);
    html! {
        (DOCTYPE)
        html lang=(first.tag()) {
            (head(name))
            body.chooser {
                main {
                    h1 { (name) }
                    ul {
                        @for language in languages {
                            @let texts = texts(*language, &report.unit);
                            @let tag = language.tag();
                            li lang=(tag) {
                                p { (texts.say(&Phrase::new("ui.chooser"))) }
                                @for page in report.pages.iter().take(1) {
                                    a href={ (tag) "/" (file_name(page)) } hreflang=(tag) {
                                        (texts.say(&Phrase::new("ui.language_name")))
                                    }
                                }
                                @if report.synthetic {
                                    p { (texts.say(&Phrase::new("ui.synthetic"))) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
