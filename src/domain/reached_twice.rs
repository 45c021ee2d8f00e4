//! A file that is reached by two ways.

/// A file or folder that was reached by a second way, and is read by the first alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReachedTwice {
    /// Path relative to the delivery folder.
    pub name: String,
    /// The path it is read under; `.` for the delivery folder itself.
    pub first: String,
}
