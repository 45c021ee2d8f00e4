//! One integration binary: the promises users rely on, so that polars links once.
#![expect(clippy::disallowed_methods, reason = "tests lay out folders and look at what is there")]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

mod acting;
mod agencies;
mod bounds;
mod cache;
mod changed;
mod control;
mod country;
mod covered;
mod corrections;
mod corrector;
mod fixture;
mod facts;
mod finanslov;
mod folders;
mod forms;
mod ingest;
mod interrupted;
mod journey;
mod layouts;
mod letters;
mod limits;
mod listed;
mod method;
mod no_room;
mod notices;
mod once;
mod packed;
mod packs;
mod panel;
mod personal;
mod proposed;
mod real;
mod refusal;
mod replaced;
mod sample;
mod services;
mod silent;
mod sniff;
mod tidy;
mod torture;
mod unmoved;
mod verdict;
mod workbook_packs;
mod workbooks;
