//! gevinst: delivered spending and usage CSVs in, a reconciled benefits report out.
//!
//! The rooms, from the ground up. A room imports only rooms above it in this list.

pub mod domain;
pub mod facts;
pub mod contract;
pub mod programme;
pub mod source;
pub mod validate;
pub mod kernel;
pub mod ingest;
pub mod collect;
pub mod sniff;
pub mod ledger;
pub mod metrics;
pub mod report;
pub mod write;
pub mod sample;
pub mod disk;
pub mod run;
pub mod cli;
