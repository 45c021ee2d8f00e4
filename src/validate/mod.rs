//! A record held against its contract: values, or a reason.

pub(crate) mod above;
pub(crate) mod cell;
pub(crate) mod check;
pub(crate) mod find;
pub(crate) mod guard;
pub(crate) mod header;
pub(crate) mod identifier;
pub(crate) mod line_values;
pub(crate) mod not_data;
mod other_header;
pub(crate) mod reference;
pub(crate) mod rounded;
pub(crate) mod setting;
pub(crate) mod tally;
pub(crate) mod twice;
pub(crate) mod verdict;
