//! `monazite serve`: the atlas.

use std::io::Write as _;
use std::time::Duration;

use monazite_server::{Limits, ServerError, Settings};

use super::dataset;
use crate::args::Global;
use crate::args::serve::ServeArgs;
use crate::failure::{Code, Failure};

/// The token may stand in this variable, where no list of processes shows it.
const TOKEN: &str = "MONAZITE_TOKEN";

/// Serves until stopped.
pub fn serve(args: &ServeArgs, global: &Global) -> Result<(), Failure> {
    let program = std::env::current_exe()
        .map_err(|error| Failure::failed(format!("the program does not know where it lies: {error}")))?;
    let settings = Settings {
        host: args.host.clone(),
        port: args.port,
        token: args.token.clone().or_else(|| std::env::var(TOKEN).ok()),
        results: args.results.clone(),
        dataset: global.dataset.clone(),
        program,
        limits: Limits {
            jobs_at_once: usize::from(args.jobs),
            job_time: Duration::from_secs(60 * u64::from(args.minutes)),
            memory_mib: args.memory,
            ..Limits::default()
        },
    };
    let open = args.open;
    let ready = move |address: &str| {
        // Whoever started it may have closed standard output.
        let _ = writeln!(
            std::io::stdout().lock(),
            "The atlas is at {address} (stop it with Ctrl-C)."
        );
        if open && let Err(error) = monazite_server::open_browser(address) {
            let _ = writeln!(std::io::stderr().lock(), "no browser could be opened: {error}");
        }
    };
    monazite_server::serve(settings, dataset(global)?, ready).map_err(|error| failed(&error))
}

fn failed(error: &ServerError) -> Failure {
    match error {
        ServerError::NeedsToken { .. } => Failure::input(error.to_string())
            .hint("`--token \"$(openssl rand -hex 24)\"`; or leave `--host` out, and only this machine can ask"),
        ServerError::WeakToken => Failure::input(error.to_string()).hint("`openssl rand -hex 24` makes one"),
        ServerError::Address { .. } => {
            Failure::input(error.to_string()).hint("`--port 0` takes any free port; `--host 127.0.0.1` is this machine")
        }
        ServerError::Results { .. } => {
            Failure::new(Code::Input, error.to_string()).hint("`--results DIR` names another folder")
        }
        ServerError::InUse { .. } => {
            Failure::input(error.to_string()).hint("stop it, or give this one a folder of its own with `--results DIR`")
        }
        ServerError::Evidence(_) | ServerError::Start(_) => Failure::failed(error.to_string()),
    }
}
