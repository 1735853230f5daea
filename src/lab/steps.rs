//! Progress on standard error: a spinner on a terminal, a line for each step elsewhere.

use std::{
    io::{self, IsTerminal, Write},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use facture_lab::Progress;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};

const TICK: Duration = Duration::from_millis(100);

/// The steps of one command. Dropping it ends the last one.
pub(super) struct Steps {
    /// The running step; `None` where it would not be seen.
    spinner: Mutex<Option<ProgressBar>>,
    is_terminal: bool,
}

impl Steps {
    pub(super) fn new() -> Self {
        Self {
            spinner: Mutex::new(None),
            is_terminal: io::stderr().is_terminal(),
        }
    }

    /// Ends the last step, which succeeded.
    pub(super) fn done(&self) {
        let mut spinner = self.spinner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(finished) = spinner.take() {
            finished.set_style(style("  {msg} ({elapsed})"));
            finished.finish();
        }
    }
}

impl Progress for Steps {
    fn step(&self, text: &str) {
        self.done();
        if !self.is_terminal {
            // Where standard error is closed, nobody waits for it.
            let _ = writeln!(io::stderr(), "{text}");
            return;
        }
        let started = ProgressBar::new_spinner()
            .with_style(style("{spinner} {msg} {elapsed}"))
            .with_message(text.to_owned())
            // After an error, the step that failed stays.
            .with_finish(ProgressFinish::Abandon);
        started.enable_steady_tick(TICK);
        let mut spinner = self.spinner.lock().unwrap_or_else(PoisonError::into_inner);
        *spinner = Some(started);
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_styles_are_valid() {
        for template in ["  {msg} ({elapsed})", "{spinner} {msg} {elapsed}"] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
