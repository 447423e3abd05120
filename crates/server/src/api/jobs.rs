//! Long work: ask for it, see how it stands, stop it.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use futures_util::stream::unfold;
use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;

use crate::asked::{Named, Sent};
use crate::desk::Desk;
use crate::jobs::{Job, Order};
use crate::problem::Problem;

/// Something is sent at least so often, so that a dead connection is noticed.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// Progress is told at most so often.
const PAUSE: Duration = Duration::from_millis(100);

/// All jobs.
#[derive(Serialize, ToSchema)]
pub struct List {
    /// Newest first.
    jobs: Vec<Job>,
}

/// All jobs, newest first
#[utoipa::path(get, path = "/jobs", tag = "jobs", responses((status = 200, body = List)))]
pub async fn list(State(desk): State<Arc<Desk>>) -> Json<List> {
    Json(List { jobs: desk.jobs.all() })
}

/// Ask for a run, an ensemble or a sensitivity
///
/// What is asked is checked first; a faulty scenario is refused with its faults by line and column.
#[utoipa::path(post, path = "/jobs", tag = "jobs", request_body = Order,
    responses((status = 202, body = Job), (status = "4XX", body = Problem)))]
pub async fn submit(State(desk): State<Arc<Desk>>, sent: Sent) -> Result<(StatusCode, Json<Job>), Problem> {
    let order: Order = sent.json(desk.settings.limits.text_bytes)?;
    let ordered = order.check(&desk.vocabulary)?;
    Ok((StatusCode::ACCEPTED, Json(desk.jobs.submit(order, ordered)?)))
}

/// How a job stands
#[utoipa::path(get, path = "/jobs/{id}", tag = "jobs", params(("id" = u64, Path, description = "Its number")),
    responses((status = 200, body = Job), (status = "4XX", body = Problem)))]
pub async fn show(State(desk): State<Arc<Desk>>, Named(id): Named<u64>) -> Result<Json<Job>, Problem> {
    desk.jobs.job(id).map(Json)
}

/// Stop a job that waits or runs; remove one that has ended
#[utoipa::path(delete, path = "/jobs/{id}", tag = "jobs", params(("id" = u64, Path, description = "Its number")),
    responses((status = 202, description = "It is being stopped"), (status = 204, description = "It was removed"),
        (status = "4XX", body = Problem)))]
pub async fn cancel(State(desk): State<Arc<Desk>>, Named(id): Named<u64>) -> Result<StatusCode, Problem> {
    let removed = desk.jobs.cancel(id)?;
    Ok(if removed {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::ACCEPTED
    })
}

/// Run a job again that failed or was stopped
///
/// An ensemble goes on where it stopped.
#[utoipa::path(post, path = "/jobs/{id}/again", tag = "jobs", params(("id" = u64, Path, description = "Its number")),
    responses((status = 202, body = Job), (status = "4XX", body = Problem)))]
pub async fn again(State(desk): State<Arc<Desk>>, Named(id): Named<u64>) -> Result<Response, Problem> {
    let job = desk.jobs.again(id)?;
    Ok((StatusCode::ACCEPTED, Json(job)).into_response())
}

/// How a job stands, at once and at every change, until it has ended
///
/// Server-sent events named `job`; the data is the job.
#[utoipa::path(get, path = "/jobs/{id}/events", tag = "jobs", params(("id" = u64, Path, description = "Its number")),
    responses((status = 200, body = Job, content_type = "text/event-stream"), (status = "4XX", body = Problem)))]
pub async fn events(
    State(desk): State<Arc<Desk>>,
    Named(id): Named<u64>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let job = desk.jobs.watch(id)?;
    let stream = changes(job, desk.closing.clone());
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)))
}

/// Where a stream is.
enum Next {
    Now,
    AtChange,
    Over,
}

fn changes(job: watch::Receiver<Job>, closing: watch::Receiver<bool>) -> impl Stream<Item = Result<Event, Infallible>> {
    unfold((job, closing, Next::Now), |(mut job, mut closing, next)| async move {
        match next {
            Next::Over => return None,
            Next::Now => {}
            Next::AtChange => {
                tokio::time::sleep(PAUSE).await;
                tokio::select! {
                    // The job was removed.
                    changed = job.changed() => changed.ok()?,
                    () = crate::program::stopped(&mut closing) => return None,
                }
            }
        }
        let now = job.borrow_and_update().clone();
        let next = if now.state.is_ended() {
            Next::Over
        } else {
            Next::AtChange
        };
        let event = Event::default().event("job").json_data(&now).ok()?;
        Some((Ok(event), (job, closing, next)))
    })
}
