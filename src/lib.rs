//! gevinst: delivered spending and usage CSVs in, a reconciled benefits report out.
//!
//! The rooms, from the ground up. A room imports only rooms above it in this list.

pub mod domain;
pub mod programme;
pub mod ingest;
pub mod ledger;
pub mod metrics;
pub mod report;
pub mod write;
