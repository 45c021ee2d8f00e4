//! What a delivery must look like: schema, dialect, names of files and columns, checked and
//! compiled.

pub(crate) mod charset;
mod column;
pub mod compile;
pub(crate) mod compiled;
mod control;
pub(crate) mod date;
mod layout;
pub(crate) mod line_rule;
mod lookup;
pub(crate) mod naming;
pub(crate) mod not_data;
mod number;
pub(crate) mod pattern;

pub(crate) mod schema;
pub(crate) mod terms;

pub use compile::compile;
