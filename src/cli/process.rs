//! The process itself: its threads, its environment, and what a panic says.

use crate::cli::say::complain_of;
use crate::domain::error::Error;
use crate::source::container::is_caught;
use std::env;
use std::ffi::OsString;
use std::panic;
use std::process::Command;
use std::thread::available_parallelism;

/// Threads a core, at most: more only wait for each other, each with a table of its own.
const A_CORE: usize = 4;

/// What the names of variables begin with by which libraries are told to work otherwise: with other
/// threads, in other parts, or talking.
const STRANGE: [&str; 3] = ["POLARS_", "RAYON_", "PARQUET_"];

/// Lets no panic be heard that is caught: a workbook no program writes is a refused delivery. Our
/// own are heard.
pub(super) fn be_quiet() {
    let loud = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !is_caught() {
            loud(panic);
        }
    }));
}

/// Starts the process anew without the variables that libraries listen to, where some are set.
///
/// # Errors
/// The name of one, where the process cannot be started anew.
pub(super) fn be_alone() -> Result<(), String> {
    let strange: Vec<OsString> = env::vars_os().map(|(name, _)| name).filter(is_strange).collect();
    let Some(first) = strange.first() else {
        return Ok(());
    };
    let named = || first.to_string_lossy().into_owned();
    let mut again = Command::new(env::current_exe().map_err(|_| named())?);
    again.args(env::args_os().skip(1));
    for name in &strange {
        again.env_remove(name);
    }
    replace(again).map_err(|()| named())
}

fn is_strange(name: &OsString) -> bool {
    let name = name.to_string_lossy();
    STRANGE.iter().any(|start| name.starts_with(start))
}

/// Puts a process in the place of this one; it comes back only when that cannot be done.
#[cfg(unix)]
fn replace(mut by: Command) -> Result<(), ()> {
    use std::os::unix::process::CommandExt as _;
    let _ = by.exec();
    Err(())
}

#[cfg(not(unix))]
fn replace(_: Command) -> Result<(), ()> {
    Err(())
}

/// Starts the threads; to be called once in a process.
pub(super) fn set_jobs(jobs: Option<u16>) -> Result<(), Error> {
    let cores = available_parallelism().map_or(1, usize::from);
    let most = cores.saturating_mul(A_CORE);
    let asked = jobs.map_or(cores, usize::from);
    if asked > most {
        let what =
            format!("{most} threads are used, not {asked}: more than {A_CORE} a core help no one");
        complain_of("warning", &what);
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(asked.min(most));
    pool.build_global().map_err(|error| Error::Nothing {
        what: format!("no threads to run on: {error}"),
        help: "let the process start threads, or ask for fewer with --jobs",
    })
}

#[cfg(test)]
mod tests {
    use super::is_strange;

    #[test]
    fn variables_of_libraries_are_strange() {
        for (name, strange) in [
            ("POLARS_VERBOSE", true),
            ("RAYON_NUM_THREADS", true),
            ("PATH", false),
            ("POLAR", false),
        ] {
            assert_eq!(is_strange(&name.into()), strange, "{name}");
        }
    }
}
