//! A run that is interrupted clears away what it has begun, and says what stands.

use crate::cli::say::{complain_of, path};
use crate::disk::temporary::{interrupt, is_ignored};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::exit;
use std::thread;

/// Exit code of a run that is interrupted, less the number of the signal.
const INTERRUPTED: i32 = 128;

/// Waits for a signal, beside the run. One that was ignored when the process began, as under
/// `nohup`, still is.
pub(super) fn watch() {
    let heard = [(SIGHUP, "SIGHUP"), (SIGINT, "SIGINT"), (SIGTERM, "SIGTERM")];
    let heard = heard.map(|(signal, name)| (!is_ignored(signal)).then_some((signal, name)));
    let Ok(mut signals) = Signals::new(heard.iter().flatten().map(|(signal, _)| signal)) else {
        return complain_of(
            "warning",
            "signals cannot be heard; an interrupted run clears nothing away",
        );
    };
    thread::spawn(move || {
        let Some(signal) = signals.forever().next() else { return };
        let name = heard.iter().flatten().find(|(heard, _)| *heard == signal);
        let written = interrupt();
        let name = name.map_or("a signal", |(_, name)| name);
        complain_of("error", &format!("interrupted by {name}"));
        if written.is_empty() {
            complain_of("help", "nothing was replaced, and what stood before stands; run again");
        }
        for file in written {
            let file = path(&file);
            complain_of("help", &format!("`{file}` was replaced before that, and is whole"));
        }
        // Not `process::exit`: other threads are in the midst of their work.
        exit(INTERRUPTED + signal);
    });
}
