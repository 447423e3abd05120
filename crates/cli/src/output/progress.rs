//! A sign of life on standard error, for work that takes longer than a second.

use std::io::{IsTerminal as _, Write as _};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// Where this variable is `json`, progress goes to standard error as a line of JSON each: for a program that runs this one.
const FOR_PROGRAMS: &str = "MONAZITE_PROGRESS";

/// Tells the program that runs this one what is being done; says nothing to people.
pub fn tell_program(step: &str) {
    if is_for_programs() {
        tell(step, 0, 0, 0);
    }
}

fn is_for_programs() -> bool {
    std::env::var_os(FOR_PROGRAMS).is_some_and(|form| form == "json")
}

/// Tells the program that runs this one; `all` is 0 where the number of pieces is not known.
fn tell(step: &str, done: u64, all: u64, found: u64) {
    let said = serde_json::json!({ "progress": { "step": step, "done": done, "all": all, "found": found } });
    let _ = writeln!(std::io::stderr().lock(), "{said}");
}

/// A spinner that ends when dropped.
pub struct Progress {
    worker: Option<(Sender<&'static str>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins, unless standard error is no terminal.
    pub fn start(what: &'static str) -> Self {
        if is_for_programs() {
            tell(what, 0, 0, 0);
            return Self { worker: None };
        }
        if !std::io::stderr().is_terminal() {
            return Self { worker: None };
        }
        let (sender, receiver) = channel();
        let thread = std::thread::spawn(move || {
            let begin = std::time::Instant::now();
            let mut now = what;
            while let Some(left) = PATIENCE.checked_sub(begin.elapsed()) {
                match receiver.recv_timeout(left) {
                    Ok(next) => now = next,
                    Err(RecvTimeoutError::Timeout) => break,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_elapsed(begin.elapsed());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
                bar.set_style(style);
            }
            bar.set_message(now);
            bar.enable_steady_tick(Duration::from_millis(120));
            while let Ok(next) = receiver.recv() {
                bar.set_message(next);
            }
            bar.finish_and_clear();
        });
        Self {
            worker: Some((sender, thread)),
        }
    }

    /// Says what is being done now.
    pub fn now(&self, what: &'static str) {
        if is_for_programs() {
            tell(what, 0, 0, 0);
        }
        if let Some((sender, _)) = &self.worker {
            // A spinner that has ended needs no message.
            let _ = sender.send(what);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.worker.take() {
            drop(sender);
            let _ = thread.join();
        }
    }
}

/// A bar with the time left, for many like pieces of work. Shown on a terminal only, or told to a program.
pub struct Bar {
    bar: Option<ProgressBar>,
    told: Option<(u64, &'static str)>,
}

impl Bar {
    /// Begins a bar over so many pieces; 0 means that their number is not known.
    pub fn start(all: u64, what: &'static str) -> Self {
        if is_for_programs() {
            tell(what, 0, all, 0);
            return Self {
                bar: None,
                told: Some((all, what)),
            };
        }
        if !std::io::stderr().is_terminal() {
            return Self { bar: None, told: None };
        }
        let bar = ProgressBar::with_draw_target((all > 0).then_some(all), ProgressDrawTarget::stderr());
        let template = if all > 0 {
            "{bar:32} {human_pos} of {human_len} {msg}, {eta} left"
        } else {
            "{spinner} {msg}: {human_pos} paths ({elapsed})"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what);
        bar.enable_steady_tick(Duration::from_millis(200));
        Self {
            bar: Some(bar),
            told: None,
        }
    }

    /// So many pieces are done, of which some were found done and say nothing about the time left.
    pub fn at(&self, done: u64, found: u64) {
        if let Some((all, what)) = self.told {
            tell(what, done, all, found);
        }
        let Some(bar) = &self.bar else { return };
        if found > 0 && bar.position() < found {
            bar.set_position(found);
            bar.reset_eta();
        }
        bar.set_position(done);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
