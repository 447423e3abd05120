//! The folders of jobs.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::job::Job;
use crate::error::ServerError;

/// The scenario of a job.
pub const SCENARIO: &str = "scenario.toml";
/// What the program said in the end.
pub const ANSWER: &str = "answer.json";
/// The folder that the program writes.
pub const RESULT: &str = "result";
/// The report in it.
pub const REPORT: &str = "report.html";
const JOB: &str = "job.json";
const LOCK: &str = ".lock";

/// Makes the folder of all jobs, and takes it for this server alone. The lock ends with the file.
pub fn lock(root: &Path) -> Result<File, ServerError> {
    let failed = |source| ServerError::Results {
        path: root.to_path_buf(),
        source,
    };
    fs::create_dir_all(root).map_err(failed)?;
    let file = File::create(root.join(LOCK)).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(ServerError::InUse {
            path: root.to_path_buf(),
        }),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// All jobs in a folder, oldest first. What is no job is left alone.
pub fn all(root: &Path) -> io::Result<Vec<Job>> {
    let mut jobs = Vec::new();
    for entry in fs::read_dir(root)? {
        let name = entry?.file_name();
        let Some(id) = name.to_str().and_then(|name| name.parse::<u64>().ok()) else {
            continue;
        };
        let text = fs::read(Folder::of(root, id).path.join(JOB)).unwrap_or_default();
        if let Ok(job) = serde_json::from_slice::<Job>(&text)
            && job.id == id
        {
            jobs.push(job);
        }
    }
    jobs.sort_by_key(|job| job.id);
    Ok(jobs)
}

/// The folder of a job. Its name is the job's number, so no request can name another.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Of a number.
    pub fn of(root: &Path, id: u64) -> Self {
        Self {
            path: root.join(id.to_string()),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes it, with the scenario in it.
    pub fn make(&self, job: &Job, scenario: &str) -> io::Result<()> {
        fs::create_dir_all(&self.path)?;
        self.write(SCENARIO, scenario.as_bytes())?;
        self.save(job)
    }

    /// Writes how the job stands.
    pub fn save(&self, job: &Job) -> io::Result<()> {
        let text = serde_json::to_vec_pretty(job)?;
        self.write(JOB, &text)
    }

    /// Writes a file, whole or not at all.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let beside = self.path.join(format!("{name}.partial"));
        fs::write(&beside, bytes)?;
        fs::rename(beside, self.path.join(name))
    }

    /// Reads a file.
    pub fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.path.join(name))
    }

    /// Reads a file of the result.
    pub fn read_result(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.path.join(RESULT).join(name))
    }

    /// Removes it with everything in it.
    pub fn remove(&self) -> io::Result<()> {
        fs::remove_dir_all(&self.path)
    }
}
