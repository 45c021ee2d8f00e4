//! What a definition is refused for, where it says so, and what it says.

use crate::programme::tests::{SMALL, check, folder_of, problems, with};

#[test]
fn keys_are_known_and_there() {
    check(&[]);
}
