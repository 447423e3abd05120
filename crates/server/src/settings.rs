//! How the server is set up.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::error::ServerError;

/// Tokens shorter than this can be guessed.
const SHORTEST_TOKEN: usize = 16;

/// How the server is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Address or name to listen on.
    pub host: String,
    /// Port; 0 takes a free one.
    pub port: u16,
    /// What everybody who asks must know; needed wherever others can ask.
    pub token: Option<String>,
    /// Folder of the jobs.
    pub results: PathBuf,
    /// Folder of the evidence, where it is not the one inside the program.
    pub dataset: Option<PathBuf>,
    /// The program that answers: `monazite`.
    pub program: PathBuf,
    /// Limits.
    pub limits: Limits,
}

/// How much may be asked.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest text that is taken, bytes.
    pub text_bytes: usize,
    /// Largest file that is taken, bytes.
    pub file_bytes: usize,
    /// Largest answer of the program that is passed on, bytes.
    pub answer_bytes: u64,
    /// Questions that are worked on at once; others wait.
    pub questions_at_once: usize,
    /// Longest time for a question, waiting included.
    pub question_time: Duration,
    /// Jobs that work at once; others wait in a queue.
    pub jobs_at_once: usize,
    /// Jobs that may wait.
    pub jobs_waiting: usize,
    /// Jobs that are kept, ended ones included.
    pub jobs_kept: usize,
    /// Longest time for a job.
    pub job_time: Duration,
    /// Most memory for a run of the program, MiB: of address space on Linux, and of memory held everywhere.
    pub memory_mib: u32,
    /// Connections that are open at once; whoever comes later waits for a place.
    pub connections: usize,
    /// Longest time for the head of a request to arrive, and for a kept connection to stay silent.
    pub head_time: Duration,
    /// Longest pause within the body of a request.
    pub body_pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            text_bytes: 2 << 20,
            file_bytes: 16 << 20,
            answer_bytes: 64 << 20,
            questions_at_once: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            question_time: Duration::from_mins(1),
            jobs_at_once: 2,
            jobs_waiting: 32,
            jobs_kept: 500,
            job_time: Duration::from_hours(1),
            memory_mib: 4096,
            // Below the 1,024 files that a process may have open by default on many systems.
            connections: 768,
            head_time: Duration::from_secs(15),
            body_pause: Duration::from_secs(30),
        }
    }
}

impl Settings {
    /// Whether only this machine can ask.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self.host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(address) => address.is_loopback(),
            Err(_) => self.host == "localhost",
        }
    }

    /// Refuses a set-up in which strangers could ask.
    pub(crate) fn check(&self) -> Result<(), ServerError> {
        match &self.token {
            None if !self.is_loopback() => Err(ServerError::NeedsToken {
                host: self.host.clone(),
            }),
            Some(token) if token.len() < SHORTEST_TOKEN => Err(ServerError::WeakToken),
            Some(token) if !token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b)) => {
                Err(ServerError::WeakToken)
            }
            _ => Ok(()),
        }
    }
}
