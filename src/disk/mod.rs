//! The only room that touches the disk: folders and deliveries are read, reports and files
//! replaced.
#![expect(clippy::disallowed_methods, reason = "this is the room the rule points to")]

pub mod apart;
pub mod cache_folder;
mod content;
pub mod file;
mod inventory;
pub mod kind;
mod listing;
mod path;
mod read;
pub mod replace;
pub mod temporary;
#[cfg(test)]
mod tests;

pub use read::{Listed, open_all, open_one, read_folder, read_receipt};
