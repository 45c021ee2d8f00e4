//! gevinst: delivered spending and usage CSVs in, a reconciled benefits report out.
//!
//! The rooms, from the ground up. A room imports only rooms above it in this list.

mod domain;
mod facts;
mod definition;
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
