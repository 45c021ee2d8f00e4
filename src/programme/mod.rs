//! What was promised: the strategy, its marks and initiatives, its services, prices and targets.

pub mod model;
