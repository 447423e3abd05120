//! The atlas: a web application on this machine, and the HTTP API it stands on.
//!
//! The API answers in two ways. What the command line answers, it asks the program itself, in a process of its own with
//! limits on time and memory (`program`): the same answer, and nothing that a run does can stop the server. What only
//! the atlas shows, such as a chain by country, it takes from the libraries (`atlas`). Long work runs as jobs
//! (`jobs`) that are kept in folders and outlive the server.
//!
//! The front end is inside the program (`assets`); `guard` decides who may ask.

#![allow(
    clippy::struct_field_names,
    reason = "fields are the keys of the JSON, where they stand without the name of the type"
)]

mod answer;
mod api;
mod asked;
mod assets;
mod atlas;
mod connections;
mod content;
mod desk;
mod error;
mod guard;
mod jobs;
mod problem;
mod program;
mod question;
mod rows;
mod serve;
mod settings;
mod tables;

pub use error::ServerError;
pub use serve::{App, app, open_browser, serve};
pub use settings::{Limits, Settings};
