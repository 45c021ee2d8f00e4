//! Ledger and programme to figures: per cell, per pejlemærke, per target.

pub mod figures;
