//! What the targets share: how an input is read as choices and data, the contracts deliveries are
//! read under, and what holds of every reading.

pub mod choices;
pub mod conserved;
pub mod fixture;
pub mod guard;
pub mod lines;
pub mod slow;
