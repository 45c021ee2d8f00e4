//! The rooms that turn bytes into facts, compiled from where they stand.
#![allow(dead_code, unused, unreachable_pub, reason = "the rooms below are not here to use them")]

#[path = "../../../../src/domain/mod.rs"]
pub mod domain;
#[path = "../../../../src/facts/mod.rs"]
pub mod facts;
#[path = "../../../../src/contract/mod.rs"]
pub mod contract;
#[path = "../../../../src/programme/mod.rs"]
pub mod programme;
#[path = "../../../../src/source/mod.rs"]
pub mod source;
#[path = "../../../../src/validate/mod.rs"]
pub mod validate;
#[path = "../../../../src/kernel/mod.rs"]
pub mod kernel;
#[path = "../../../../src/ingest/mod.rs"]
pub mod ingest;
#[path = "../../../../src/collect/mod.rs"]
pub mod collect;
#[path = "../../../../src/disk/mod.rs"]
pub mod disk;
