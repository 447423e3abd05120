//! A job as it stands.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::order::Order;
use crate::problem::Problem;
use crate::program::Progress;

/// How a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// It waits for its turn.
    Queued,
    /// It works.
    Running,
    /// It has a result.
    Done,
    /// It has none, and a problem.
    Failed,
    /// It was stopped.
    Cancelled,
}

impl JobState {
    /// Whether it will not change by itself.
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }

    /// The word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A job.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Job {
    /// Its number.
    pub id: u64,
    /// What kind of work: the kind of its request.
    pub kind: String,
    /// What it is about.
    pub title: String,
    /// How it stands.
    pub state: JobState,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub created: Timestamp,
    /// When its turn came.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started: Option<Timestamp>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended: Option<Timestamp>,
    /// How far it is.
    pub progress: Progress,
    /// What was asked.
    pub request: Order,
    /// Why it failed.
    pub problem: Option<Problem>,
    /// Whether it was begun before, by a server that stopped or until it was cancelled.
    pub resumed: bool,
}

impl Job {
    /// A new one, waiting.
    pub fn new(id: u64, request: Order, title: String) -> Self {
        Self {
            id,
            kind: request.kind().to_owned(),
            title,
            state: JobState::Queued,
            created: Timestamp::now(),
            started: None,
            ended: None,
            progress: Progress::default(),
            request,
            problem: None,
            resumed: false,
        }
    }

    /// It waits for its turn.
    pub fn wait(&mut self, resumed: bool) {
        self.state = JobState::Queued;
        self.started = None;
        self.ended = None;
        self.progress = Progress::default();
        self.problem = None;
        self.resumed |= resumed;
    }

    /// Its turn has come.
    pub fn start(&mut self) {
        self.state = JobState::Running;
        self.started = Some(Timestamp::now());
    }

    /// It has a result.
    pub fn finish(&mut self) {
        self.end(JobState::Done);
    }

    /// It was stopped.
    pub fn cancel(&mut self) {
        self.end(JobState::Cancelled);
    }

    /// It failed.
    pub fn fail(&mut self, problem: Problem) {
        self.problem = Some(problem);
        self.end(JobState::Failed);
    }

    fn end(&mut self, state: JobState) {
        self.state = state;
        self.ended = Some(Timestamp::now());
    }
}
