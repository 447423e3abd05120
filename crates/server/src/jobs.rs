//! Long work: runs of the program that wait in a queue, tell how far they are, can be stopped, and are kept in folders
//! of their own, so that a page may be closed and the server stopped meanwhile.
//!
//! ```text
//! results/atlas/7/
//!   job.json         what was asked, and how it stands; written at every change of state
//!   scenario.toml    the scenario, letter for letter
//!   result/          the result folder or the run store that the program writes
//!   answer.json      what the program said in the end
//! ```
//!
//! A server that stops leaves its running jobs as they are; the next one queues them again. An ensemble goes on where
//! it stopped, because the run store keeps every finished part.

mod job;
mod order;
mod store;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use axum::http::StatusCode;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore, watch};

use crate::error::ServerError;
use crate::problem::Problem;
use crate::program::{Ended, Program};
use crate::settings::{Limits, Settings};

pub use job::{Job, JobState};
pub use order::{KINDS, Order, Ordered, Resolution, bundled};
pub use store::{ANSWER, Folder, REPORT, RESULT, SCENARIO};

/// All jobs.
#[derive(Clone)]
pub struct Jobs {
    inner: Arc<Inner>,
}

struct Inner {
    root: PathBuf,
    program: Program,
    limits: Limits,
    closing: watch::Receiver<bool>,
    turns: Arc<Semaphore>,
    list: Mutex<List>,
    /// Keeps other servers out of the folder while this one lives.
    _lock: File,
}

#[derive(Default)]
struct List {
    last: u64,
    jobs: BTreeMap<u64, Entry>,
}

struct Entry {
    job: watch::Sender<Job>,
    stop: watch::Sender<bool>,
}

impl Jobs {
    /// The jobs of a folder. Those that a stopped server left unfinished wait in the queue again.
    pub fn open(settings: &Settings, program: Program, closing: watch::Receiver<bool>) -> Result<Self, ServerError> {
        let root = std::path::absolute(&settings.results).unwrap_or_else(|_| settings.results.clone());
        let lock = store::lock(&root)?;
        let found = store::all(&root).map_err(|source| ServerError::Results {
            path: root.clone(),
            source,
        })?;
        let jobs = Self {
            inner: Arc::new(Inner {
                turns: Arc::new(Semaphore::new(settings.limits.jobs_at_once)),
                list: Mutex::default(),
                limits: settings.limits,
                root,
                program,
                closing,
                _lock: lock,
            }),
        };
        for job in found {
            let unfinished = !job.state.is_ended();
            let id = job.id;
            jobs.enter(&job);
            if unfinished {
                jobs.queue(id, true);
            }
        }
        Ok(jobs)
    }

    /// Takes a job into the queue.
    pub fn submit(&self, order: Order, ordered: Ordered) -> Result<Job, Problem> {
        let job = {
            let mut list = self.list();
            let waiting = list
                .jobs
                .values()
                .filter(|entry| !entry.job.borrow().state.is_ended())
                .count();
            if waiting >= self.inner.limits.jobs_waiting {
                return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too many jobs are waiting")
                    .hint("cancel one, or wait for one to end"));
            }
            if list.jobs.len() >= self.inner.limits.jobs_kept {
                return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too many jobs are kept")
                    .hint("remove some that have ended"));
            }
            list.last += 1;
            let job = Job::new(list.last, order, ordered.title);
            let folder = Folder::of(&self.inner.root, job.id);
            folder.make(&job, &ordered.scenario).map_err(|_| unkept())?;
            list.enter(&job);
            job
        };
        self.queue(job.id, false);
        Ok(job)
    }

    /// All jobs, newest first.
    pub fn all(&self) -> Vec<Job> {
        let list = self.list();
        list.jobs
            .values()
            .rev()
            .map(|entry| entry.job.borrow().clone())
            .collect()
    }

    /// A job, to look at as often as it changes.
    pub fn watch(&self, id: u64) -> Result<watch::Receiver<Job>, Problem> {
        let list = self.list();
        let entry = list.jobs.get(&id).ok_or_else(|| no_job(id))?;
        Ok(entry.job.subscribe())
    }

    /// A job as it stands.
    pub fn job(&self, id: u64) -> Result<Job, Problem> {
        Ok(self.watch(id)?.borrow().clone())
    }

    /// The folder of a job that is done.
    pub fn done(&self, id: u64) -> Result<(Job, Folder), Problem> {
        let job = self.job(id)?;
        match job.state {
            JobState::Done => Ok((job, self.folder(id))),
            state => Err(Problem::new(
                StatusCode::CONFLICT,
                format!("job {id} has no result: it is {}", state.word()),
            )),
        }
    }

    /// The folder of a job.
    pub fn folder(&self, id: u64) -> Folder {
        Folder::of(&self.inner.root, id)
    }

    /// Stops a job that waits or runs; removes one that has ended. Says whether it was removed.
    pub fn cancel(&self, id: u64) -> Result<bool, Problem> {
        let mut list = self.list();
        let entry = list.jobs.get(&id).ok_or_else(|| no_job(id))?;
        if !entry.job.borrow().state.is_ended() {
            entry.stop.send_replace(true);
            return Ok(false);
        }
        self.folder(id)
            .remove()
            .map_err(|_| Problem::failed("the job's folder cannot be removed"))?;
        list.jobs.remove(&id);
        Ok(true)
    }

    /// Queues a job again that failed or was stopped.
    pub fn again(&self, id: u64) -> Result<Job, Problem> {
        {
            let list = self.list();
            let entry = list.jobs.get(&id).ok_or_else(|| no_job(id))?;
            let state = entry.job.borrow().state;
            if !matches!(state, JobState::Failed | JobState::Cancelled) {
                return Err(Problem::new(
                    StatusCode::CONFLICT,
                    format!("job {id} is {}", state.word()),
                ));
            }
            entry.stop.send_replace(false);
        }
        self.queue(id, true);
        self.job(id)
    }

    fn list(&self) -> std::sync::MutexGuard<'_, List> {
        self.inner.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, job: &Job) {
        self.list().enter(job);
    }

    /// Lets a job wait for its turn.
    fn queue(&self, id: u64, resumed: bool) {
        self.change(id, |job| job.wait(resumed));
        // A place in the queue is taken here and not in the task: tasks begin in any order, and jobs would with them.
        let mut place = Box::pin(tokio::task::unconstrained(
            Arc::clone(&self.inner.turns).acquire_owned(),
        ));
        let free = match place.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(turn) => Some(turn),
            Poll::Pending => None,
        };
        let turn = async move {
            match free {
                Some(turn) => turn,
                None => place.await,
            }
        };
        let jobs = self.clone();
        tokio::spawn(async move { jobs.work(id, turn).await });
    }

    async fn work(&self, id: u64, turn: impl Future<Output = Result<OwnedSemaphorePermit, AcquireError>> + Send) {
        let Some(mut stop) = self.list().jobs.get(&id).map(|entry| entry.stop.subscribe()) else {
            return;
        };
        let mut closing = self.inner.closing.clone();
        let turn = tokio::select! {
            turn = turn => turn,
            () = crate::program::stopped(&mut stop) => return self.change(id, Job::cancel),
            () = crate::program::stopped(&mut closing) => return,
        };
        let Ok(_turn) = turn else { return };
        self.change(id, Job::start);
        let ran = tokio::select! {
            ran = self.run(id, stop) => ran,
            // What runs is stopped and stays as it is, for the next server.
            () = crate::program::stopped(&mut closing) => return,
        };
        match ran {
            Ok(()) => self.change(id, Job::finish),
            Err(Ended::Stopped) => self.change(id, Job::cancel),
            Err(Ended::Failed(problem)) => self.change(id, |job| job.fail(problem)),
        }
    }

    async fn run(&self, id: u64, stop: watch::Receiver<bool>) -> Result<(), Ended> {
        let failed = |problem| Ended::Failed(problem);
        let folder = self.folder(id);
        let question = self.job(id).and_then(|job| job.request.question()).map_err(failed)?;
        let time: Duration = self.inner.limits.job_time;
        let tell = |progress| self.tell(id, progress);
        let arguments = question.arguments("--answer");
        let out = self
            .inner
            .program
            .run(&arguments, folder.path(), time, stop, tell)
            .await?;
        folder.write(ANSWER, &out).map_err(|_| failed(unkept()))
    }

    /// Progress is told, not kept: it is worth nothing when the server is gone.
    fn tell(&self, id: u64, progress: crate::program::Progress) {
        if let Some(entry) = self.list().jobs.get(&id) {
            entry.job.send_modify(|job| job.progress = progress);
        }
    }

    fn change(&self, id: u64, change: impl FnOnce(&mut Job)) {
        if let Some(entry) = self.list().jobs.get(&id) {
            entry.job.send_modify(change);
            // A state that cannot be written is told all the same; the next server will find the one before.
            let _ = self.folder(id).save(&entry.job.borrow());
        }
    }
}

impl List {
    fn enter(&mut self, job: &Job) {
        self.last = self.last.max(job.id);
        let entry = Entry {
            stop: watch::Sender::new(false),
            job: watch::Sender::new(job.clone()),
        };
        self.jobs.insert(job.id, entry);
    }
}

fn no_job(id: u64) -> Problem {
    Problem::missing(format!("there is no job {id}"))
}

fn unkept() -> Problem {
    Problem::failed("the job cannot be kept: its folder cannot be written")
}
