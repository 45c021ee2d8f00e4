//! How it looks: bytes per file name.

pub mod data;
