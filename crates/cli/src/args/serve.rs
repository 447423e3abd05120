//! What can be typed after `monazite serve`.

use std::path::PathBuf;

use clap::Args;

/// `monazite serve`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  monazite serve --open
  monazite serve --port 9000 --results results/atlas
  monazite serve --host 0.0.0.0 --token \"$(openssl rand -hex 24)\"

The atlas needs no network and no account. It listens on this machine only; any other address needs
a token, and nothing on the way is encrypted: put it behind a proxy with TLS, or use a tunnel.
Runs are kept as folders, and `monazite explain` reads them; stopped ones go on at the next start.
The API is described at /api/docs/.")]
pub struct ServeArgs {
    /// The port; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 8317)]
    pub port: u16,
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub host: String,
    /// Whoever asks must know it; open the page once with `?token=…` [also: the variable `MONAZITE_TOKEN`]
    #[arg(long, value_name = "TOKEN")]
    pub token: Option<String>,
    /// Open the atlas in the browser
    #[arg(long)]
    pub open: bool,
    /// Folder for runs
    #[arg(long, value_name = "DIR", default_value = "results/atlas")]
    pub results: PathBuf,
    /// How many runs may work at once
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=64), help_heading = "Limits")]
    pub jobs: u16,
    /// Longest time for a run, minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=100_000), help_heading = "Limits")]
    pub minutes: u32,
    /// Most memory for a run or a question, MiB (not on macOS and Windows)
    #[arg(long, value_name = "MIB", default_value_t = 4096, value_parser = clap::value_parser!(u32).range(256..=1_000_000), help_heading = "Limits")]
    pub memory: u32,
}
