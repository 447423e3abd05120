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
