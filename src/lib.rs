//! gevinst: delivered spending and usage CSVs in, a reconciled benefits report out.
//!
//! # Steps of a run
//!
//! `run` is the one room that knows them all, on one screen:
//!
//! 1. `disk` reads the pipeline folder and lists the deliveries.
//! 2. `programme` and `contract` compile what was promised and what a delivery must look like.
//! 3. `source` gives the records of a delivery, `validate` holds each against its contract,
//!    `kernel` gives the same verdicts fast, and `ingest` makes facts and refused lines of them.
//! 4. `collect` holds deliveries against each other: control totals, corrections, one order.
//! 5. `ledger` posts the facts: what counts, what is superseded, who has not delivered.
//! 6. `metrics` compares cells with their baselines, `report` says what is known of them.
//! 7. `write` makes pages, drawings and data of it, and `disk` puts them in the old report's place.
//!
//! # Rooms
//!
//! From the ground up. A room imports only rooms above it in this list.

mod domain;
mod facts;
mod contract;
mod programme;
mod source;
mod validate;
mod kernel;
mod ingest;
mod collect;
mod sniff;
mod ledger;
mod metrics;
mod report;
mod write;
mod sample;
mod disk;
mod run;
mod cli;
#[doc(hidden)]
pub mod testing;

pub use cli::main;
