//! The integration tests: one binary, so that the libraries are linked once.

mod tidy;
