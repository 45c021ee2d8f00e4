//! Bytes to records: what a delivery says by its container, its encoding and its layout, before any
//! rule.

pub(crate) mod archive;
pub(crate) mod bounds;
pub(crate) mod charset;
pub(crate) mod container;
pub(crate) mod content;
pub(crate) mod decode;
pub(crate) mod evidence;
pub(crate) mod input;
pub(crate) mod line;
pub(crate) mod misnamed;
pub(crate) mod moment;
pub(crate) mod ods;
pub(crate) mod parts;
pub(crate) mod records;
pub(crate) mod rows;
pub(crate) mod scan;
pub(crate) mod sheet;
pub(crate) mod split;
pub(crate) mod stray;
pub(crate) mod text;
pub(crate) mod trouble;
pub(crate) mod unreadable;
pub(crate) mod workbook;
pub(crate) mod xlsx;
pub(crate) mod xml;
