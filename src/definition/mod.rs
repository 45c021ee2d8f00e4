//! Definition files read key by key: where everything stands, and every problem at once.

pub(crate) mod declared;
pub(crate) mod located;
pub(crate) mod problems;
pub(crate) mod text;
pub(crate) mod toml_reader;
pub(crate) mod value;
pub(crate) mod word;
