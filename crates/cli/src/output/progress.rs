//! A sign of life on standard error, for work that takes longer than a second.

use std::io::IsTerminal as _;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// A spinner that ends when dropped.
pub struct Progress {
    worker: Option<(Sender<&'static str>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins, unless standard error is no terminal.
    pub fn start(what: &'static str) -> Self {
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

/// A bar with the time left, for many like pieces of work. Shown on a terminal only.
pub struct Bar {
    bar: Option<ProgressBar>,
}

impl Bar {
    /// Begins a bar over so many pieces; 0 means that their number is not known.
    pub fn start(all: u64, what: &'static str) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self { bar: None };
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
        Self { bar: Some(bar) }
    }

    /// So many pieces are done, of which some were found done and say nothing about the time left.
    pub fn at(&self, done: u64, found: u64) {
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
