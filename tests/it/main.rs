//! One integration binary: the promises users rely on, so that polars links once.

mod ingest;
mod real;
mod sample;
mod tidy;
