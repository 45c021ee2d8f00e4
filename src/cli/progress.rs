//! Progress on a terminal; nothing in a pipe.

use crate::cli::say::{complain, put_aside};
use crate::domain::error::Error;
use crate::run::Watch;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::path::Path;

/// A bar that counts deliveries read.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// A bar on standard error; hidden when that is no terminal.
    pub(super) fn new() -> Progress {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("reading {bar:30} {pos}/{len} deliveries")
            .expect("the template is well-formed");
        bar.set_style(style);
        Progress(bar)
    }
}

impl Watch for Progress {
    fn found(&self, deliveries: usize) {
        self.0.set_length(u64::try_from(deliveries).unwrap_or(u64::MAX));
    }

    fn read(&self) {
        self.0.inc(1);
    }

    fn not_kept(&self, error: &Error) {
        self.0.suspend(|| complain("warning", error));
    }

    fn put_aside(&self, folder: &Path) {
        self.0.suspend(|| put_aside(folder));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
