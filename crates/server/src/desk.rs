//! What every request has at hand: the evidence, the program, answers given before, and the jobs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use monazite_evidence::{Dataset, PlaceId};
use monazite_market::scenario::Vocabulary;
use serde::Serialize;
use tokio::sync::{OwnedMutexGuard, Semaphore, watch};

use crate::answer::Envelope;
use crate::content::{Content, Page};
use crate::error::ServerError;
use crate::jobs::Jobs;
use crate::problem::Problem;
use crate::program::{Ended, Program};
use crate::question::Question;
use crate::settings::Settings;

/// Answers are kept up to so many bytes, the ones not asked for longest go first.
const KEPT_BYTES: usize = 64 << 20;

/// What every request has at hand.
pub struct Desk {
    /// How the server is set up.
    pub settings: Settings,
    /// The evidence.
    pub dataset: Dataset,
    /// Its content hash.
    pub fingerprint: String,
    /// Words that scenarios may use.
    pub vocabulary: Vocabulary,
    /// Long work.
    pub jobs: Jobs,
    /// Becomes true when the server stops.
    pub closing: watch::Receiver<bool>,
    program: Program,
    turns: Semaphore,
    kept: Mutex<Kept>,
    lanes: Mutex<HashMap<String, Lane>>,
}

/// Whoever asks the same question stands in one lane.
type Lane = Arc<tokio::sync::Mutex<()>>;

impl Desk {
    /// Sets everything out; jobs that a stopped server left are in the queue again.
    pub fn new(settings: Settings, dataset: Dataset, closing: watch::Receiver<bool>) -> Result<Arc<Self>, ServerError> {
        settings.check()?;
        let program = Program {
            path: settings.program.clone(),
            dataset: settings
                .dataset
                .as_ref()
                .map(|dir| std::path::absolute(dir).unwrap_or_else(|_| dir.clone())),
            memory_mib: settings.limits.memory_mib,
            answer_bytes: settings.limits.answer_bytes,
        };
        let jobs = Jobs::open(&settings, program.clone(), closing.clone())?;
        Ok(Arc::new(Self {
            fingerprint: dataset.fingerprint(),
            vocabulary: Vocabulary::from_dataset(&dataset),
            turns: Semaphore::new(settings.limits.questions_at_once),
            kept: Mutex::default(),
            lanes: Mutex::default(),
            settings,
            dataset,
            jobs,
            closing,
            program,
        }))
    }

    /// The program's answer to a question, from memory where it was asked before.
    pub async fn ask(&self, question: Question) -> Result<Page, Problem> {
        let key = question.digest();
        if let Some(page) = self.kept(&key) {
            return Ok(page);
        }
        let _first = self.alone(&key).await;
        // Others may have asked the same while this one waited.
        if let Some(page) = self.kept(&key) {
            return Ok(page);
        }
        let _turn = self.turn().await?;
        let envelope = self.fresh(&question).await?;
        self.keep(key, &envelope)
    }

    /// The program's answer to a question, asked anew.
    pub async fn fresh(&self, question: &Question) -> Result<Envelope, Problem> {
        let folder = tempfile::tempdir().map_err(|_| Problem::failed("no folder could be made to work in"))?;
        for (name, bytes) in question.files() {
            let written = tokio::fs::write(folder.path().join(name), bytes).await;
            written.map_err(|_| Problem::failed("what was sent could not be kept"))?;
        }
        self.answer_in(question, folder.path()).await
    }

    /// The program's answer to a question about a folder.
    pub async fn answer_in(&self, question: &Question, folder: &std::path::Path) -> Result<Envelope, Problem> {
        let time = self.settings.limits.question_time;
        let arguments = question.arguments("--answer");
        let ran = self.program.run(&arguments, folder, time, self.closing.clone(), |_| {});
        let out = ran.await.map_err(|ended| match ended {
            Ended::Failed(problem) => problem,
            Ended::Stopped => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the server is stopping"),
        })?;
        Envelope::of(&self.dataset, &self.fingerprint, question.command(), &out)
    }

    /// A page made from the libraries, from memory where it was made before.
    pub async fn page<T: Serialize>(
        self: &Arc<Self>,
        key: String,
        make: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<Page, Problem> {
        if let Some(page) = self.kept(&key) {
            return Ok(page);
        }
        let _first = self.alone(&key).await;
        if let Some(page) = self.kept(&key) {
            return Ok(page);
        }
        let _turn = self.turn().await?;
        let desk = Arc::clone(self);
        let page = tokio::task::spawn_blocking(move || desk.keep(key, &make(&desk)?)).await;
        page.map_err(|_| Problem::failed("the server made a mistake of its own"))?
    }

    /// One of those who ask the same works; the others wait here for what it finds.
    async fn alone(&self, key: &str) -> OwnedMutexGuard<()> {
        let lane = {
            let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
            lanes.retain(|_, lane| Arc::strong_count(lane) > 1);
            Arc::clone(lanes.entry(key.to_owned()).or_default())
        };
        lane.lock_owned().await
    }

    /// A turn to work; who waits too long is told so.
    pub async fn turn(&self) -> Result<tokio::sync::SemaphorePermit<'_>, Problem> {
        let patience: Duration = self.settings.limits.question_time;
        let busy =
            || Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too many questions are waiting").hint("ask again soon");
        match tokio::time::timeout(patience, self.turns.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(busy()),
        }
    }

    /// The name of a place of any view; its code where the tables have none.
    pub fn place_name(&self, id: &str) -> String {
        if let Some(row) = self.dataset.place(&PlaceId::from(id)) {
            return row.name.clone();
        }
        let view = self.dataset.views.iter().find(|view| view.id == id);
        view.map_or_else(|| id.to_owned(), |view| view.name.clone())
    }

    fn kept(&self, key: &str) -> Option<Page> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(key)
    }

    fn keep(&self, key: String, what: &impl Serialize) -> Result<Page, Problem> {
        let text = serde_json::to_vec(what).map_err(|_| Problem::failed("the answer cannot be written"))?;
        let page = Page(Arc::new(Content::json(text)));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.put(key, page.clone());
        Ok(page)
    }
}

/// Answers given before.
#[derive(Default)]
struct Kept {
    pages: HashMap<String, (Page, u64)>,
    bytes: usize,
    clock: u64,
}

impl Kept {
    fn get(&mut self, key: &str) -> Option<Page> {
        self.clock += 1;
        let (page, used) = self.pages.get_mut(key)?;
        *used = self.clock;
        Some(page.clone())
    }

    fn put(&mut self, key: String, page: Page) {
        self.clock += 1;
        self.bytes += page.0.len();
        if let Some((old, _)) = self.pages.insert(key, (page, self.clock)) {
            self.bytes -= old.0.len();
        }
        while self.bytes > KEPT_BYTES {
            let oldest = self.pages.iter().min_by_key(|(_, (_, used))| *used);
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else {
                return;
            };
            if let Some((page, _)) = self.pages.remove(&oldest) {
                self.bytes -= page.0.len();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_not_asked_for_longest_goes_first() {
        let page = |n: usize| Page(Arc::new(Content::json(vec![b'1'; n])));
        let mut kept = Kept::default();
        kept.put("a".into(), page(KEPT_BYTES / 2));
        kept.put("b".into(), page(KEPT_BYTES / 2));
        assert!(kept.get("a").is_some());
        kept.put("c".into(), page(KEPT_BYTES / 4));
        assert!(kept.get("a").is_some() && kept.get("b").is_none() && kept.get("c").is_some());
        assert_eq!(kept.bytes, KEPT_BYTES / 2 + KEPT_BYTES / 4);
    }
}
