//! The only room that touches the disk: folders and deliveries are read, reports and files
//! replaced.
#![expect(clippy::disallowed_methods, reason = "this is the room the rule points to")]

pub(crate) mod apart;
pub(crate) mod cache_folder;
mod content;
pub(crate) mod file;
mod inventory;
pub(crate) mod kind;
mod listing;
mod path;
pub(crate) mod read;
pub(crate) mod replace;
pub(crate) mod temporary;
#[cfg(test)]
mod tests;

pub use read::{open_all, open_one, read_folder};
