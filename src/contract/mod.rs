//! What a delivery must look like: schema, dialect, names of files and columns, checked and
//! compiled.

pub mod charset;
mod column;
pub mod compile;
pub mod compiled;
mod control;
pub(crate) mod date;
mod layout;
pub mod line_rule;
pub mod naming;
pub mod not_data;
mod number;
pub mod pattern;
mod reader;
pub mod schema;
pub mod terms;

pub use compile::compile;
