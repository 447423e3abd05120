//! The program that answers, in a process of its own: what it does can be stopped, has a limit of time and memory, and
//! cannot take the server down.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use utoipa::ToSchema;

use crate::problem::Problem;

/// How often the memory of a run is looked at.
const LOOK: Duration = Duration::from_millis(250);
/// Lines of messages longer than this are cut.
const LONGEST_LINE: u64 = 1 << 20;

/// The program.
#[derive(Clone, Debug)]
pub struct Program {
    /// Where it lies.
    pub path: PathBuf,
    /// Folder of the evidence, where it is not the one inside the program.
    pub dataset: Option<PathBuf>,
    /// Most memory, MiB: of address space on Linux, and of memory held everywhere.
    pub memory_mib: u32,
    /// Largest answer, bytes.
    pub answer_bytes: u64,
}

/// How far a run is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Progress {
    /// What is being done.
    pub step: String,
    /// Pieces done, those found done included.
    pub done: u64,
    /// Pieces in all; 0 where they cannot be counted.
    pub all: u64,
    /// Pieces that were found done.
    pub found: u64,
}

/// How a run ended without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was told to stop.
    Stopped,
    /// It failed.
    Failed(Problem),
}

/// What the program says on standard error.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Said {
    Progress(Progress),
    Failure(Failure),
}

/// A failure as the program tells it.
#[derive(Deserialize)]
struct Failure {
    code: u8,
    places: Vec<String>,
    what: String,
    hints: Vec<String>,
}

impl Program {
    /// Runs it in a folder and gives what it prints.
    pub async fn run(
        &self,
        arguments: &[String],
        folder: &Path,
        time: Duration,
        mut stop: watch::Receiver<bool>,
        mut tell: impl FnMut(Progress) + Send,
    ) -> Result<Vec<u8>, Ended> {
        let mut child = self.start(arguments, folder).map_err(|error| {
            Ended::Failed(Problem::failed(format!(
                "the program could not be started: {}",
                error.kind()
            )))
        })?;
        let (out, said) = (child.stdout.take(), child.stderr.take());
        let reading = async {
            let mut failure = None;
            let out = all_of(out, self.answer_bytes + 1);
            let said = each_line(said, |line| match serde_json::from_str(line) {
                Ok(Said::Progress(progress)) => tell(progress),
                Ok(Said::Failure(found)) => failure = Some(found),
                // Words for people, which nobody reads here.
                Err(_) => {}
            });
            let (out, ()) = tokio::join!(out, said);
            (out, failure)
        };
        let ended = tokio::select! {
            (out, failure) = reading => Ok((out, failure)),
            () = tokio::time::sleep(time) => Err(Ended::Failed(too_long(time))),
            () = outgrown(child.id(), u64::from(self.memory_mib) << 20) => Err(Ended::Failed(self.too_large())),
            () = stopped(&mut stop) => Err(Ended::Stopped),
        };
        let (out, failure) = match ended {
            Ok(read) => read,
            Err(ended) => {
                // It may have ended by itself just now.
                let _ = child.kill().await;
                return Err(ended);
            }
        };
        let status = child
            .wait()
            .await
            .map_err(|_| Ended::Failed(Problem::failed("the program was lost sight of")))?;
        self.answer(out, failure, status).map_err(Ended::Failed)
    }

    fn start(&self, arguments: &[String], folder: &Path) -> std::io::Result<Child> {
        let mut command = self.limited();
        if let Some(dataset) = &self.dataset {
            let mut named = std::ffi::OsString::from("--dataset=");
            named.push(dataset);
            command.arg(named);
        }
        command
            .args(arguments)
            .current_dir(folder)
            .env("MONAZITE_PROGRESS", "json")
            .env("NO_COLOR", "1")
            .env_remove("MONAZITE_TOKEN")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
    }

    fn too_large(&self) -> Problem {
        Problem::failed(format!(
            "it needed more than {} MiB of memory and was stopped",
            self.memory_mib
        ))
        .hint("`monazite serve --memory` allows more")
    }

    /// The program, on Linux behind a limit of address space that the system keeps. The shell sets it and becomes the program; words are passed as they are.
    fn limited(&self) -> Command {
        if !cfg!(target_os = "linux") {
            return Command::new(&self.path);
        }
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "ulimit -v \"$0\" 2>/dev/null; exec \"$@\""]);
        command.arg((u64::from(self.memory_mib) * 1024).to_string());
        command.arg(&self.path);
        command
    }

    fn answer(&self, out: Vec<u8>, failure: Option<Failure>, status: ExitStatus) -> Result<Vec<u8>, Problem> {
        if let Some(failure) = failure {
            return Err(self.problem(failure));
        }
        if out.len() as u64 > self.answer_bytes {
            return Err(Problem::failed("the answer is too large to be shown"));
        }
        match status.code() {
            // 3 means that a check has found something, and has said so.
            Some(0 | 3) => Ok(out),
            _ => Err(
                Problem::failed("the program stopped before it had an answer").hint(format!(
                    "it may have needed more than {} MiB of memory (`monazite serve --memory`)",
                    self.memory_mib
                )),
            ),
        }
    }

    fn problem(&self, failure: Failure) -> Problem {
        let mut problem = if failure.code == 2 {
            Problem::input(failure.what)
        } else {
            Problem::failed(failure.what)
        };
        problem.hints = failure.hints;
        problem.places = failure.places;
        // The folder of the evidence is nobody's business who asks.
        if let Some(dataset) = self.dataset.as_ref().and_then(|dir| dir.to_str()) {
            let hide = |text: &mut String| *text = text.replace(dataset, "dataset");
            hide(&mut problem.detail);
            problem.hints.iter_mut().for_each(hide);
            problem.places.iter_mut().for_each(hide);
        }
        problem
    }
}

fn too_long(time: Duration) -> Problem {
    let time = if time.as_secs() >= 120 {
        format!("{} minutes", time.as_secs() / 60)
    } else {
        format!("{} seconds", time.as_secs())
    };
    Problem::new(
        axum::http::StatusCode::GATEWAY_TIMEOUT,
        format!("it took longer than {time} and was stopped"),
    )
}

/// Waits until a process holds more memory than it may; for ever where it does not, or where it has ended.
async fn outgrown(process: Option<u32>, most: u64) {
    // Where the system tells nothing, its own limits must do.
    let (Some(process), Ok(mut system)) = (process.map(Pid::from_u32), System::new()) else {
        return std::future::pending().await;
    };
    loop {
        tokio::time::sleep(LOOK).await;
        let what = ProcessRefreshKind::nothing().with_memory();
        system.refresh_processes_specifics(ProcessesToUpdate::Some(&[process]), true, what);
        if system.process(process).is_some_and(|found| found.memory() > most) {
            return;
        }
    }
}

/// Waits until it is told to stop; for ever when nobody can tell it any more.
pub async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

async fn all_of(from: Option<impl AsyncRead + Unpin>, most: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(from) = from {
        // What was printed before a failure is worth nothing, and the failure is told otherwise.
        let _ = from.take(most).read_to_end(&mut bytes).await;
    }
    bytes
}

async fn each_line(from: Option<impl AsyncRead + Unpin>, mut with: impl FnMut(&str)) {
    let Some(from) = from else { return };
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut reader).take(LONGEST_LINE).read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => with(String::from_utf8_lossy(&line).trim()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A shell that grows beyond what it may is noticed on every system, whatever the system itself limits.
    #[cfg(unix)]
    #[tokio::test]
    async fn a_process_that_grows_is_noticed_and_a_small_one_is_not() -> std::io::Result<()> {
        let start = |script: &str| Command::new("/bin/sh").args(["-c", script]).kill_on_drop(true).spawn();
        let large = start("text=$(head -c 80000000 /dev/zero | tr '\\0' 'a'); sleep 20; echo ${#text} >/dev/null")?;
        let small = start("sleep 20; true")?;
        let most = 40 << 20;
        let seen = tokio::time::timeout(Duration::from_secs(15), outgrown(large.id(), most)).await;
        assert!(seen.is_ok(), "80 MB are more than 40 MiB");
        let seen = tokio::time::timeout(Duration::from_secs(1), outgrown(small.id(), most)).await;
        assert!(seen.is_err(), "a sleeping shell is small");
        Ok(())
    }
}
