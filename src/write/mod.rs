//! How it looks: a report in, the bytes of each file out. Words and digits, drawings, pages, data.

pub mod text;
pub mod theme;
pub mod chart;
pub mod html;
