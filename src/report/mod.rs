//! What is said: pages, figures and tables as values. No language, no format.

pub mod document;
