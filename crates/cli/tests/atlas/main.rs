//! The atlas: its API, asked in process, with the real program behind it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on stops"
)]

mod answers;
mod description;
mod desk;
mod jobs;
mod posts;
mod safety;
