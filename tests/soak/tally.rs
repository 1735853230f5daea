//! What was done and what came of it, counted; and what must not have happened, in words.

use std::{
    collections::BTreeMap,
    fmt::{self, Write},
    sync::Mutex,
};

/// How many wrongs are kept: one would be too many.
const KEPT: usize = 20;

#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: Mutex<BTreeMap<&'static str, BTreeMap<String, u64>>>,
    wrongs: Mutex<Vec<String>>,
}

impl Tally {
    pub(crate) fn count(&self, what: &'static str, outcome: impl Into<String>) {
        self.add(what, outcome, 1);
    }

    pub(crate) fn add(&self, what: &'static str, outcome: impl Into<String>, by: u64) {
        let mut counts = self.counts.lock().expect("no panic");
        let outcomes = counts.entry(what).or_default();
        *outcomes.entry(outcome.into()).or_default() += by;
    }

    /// It ends the soak in failure, after everything was counted and compared.
    pub(crate) fn wrong(&self, what: String) {
        let mut wrongs = self.wrongs.lock().expect("no panic");
        if wrongs.len() < KEPT {
            wrongs.push(what);
        }
    }

    pub(crate) fn wrongs(&self) -> Vec<String> {
        self.wrongs.lock().expect("no panic").clone()
    }
}

/// A table in Markdown, as `docs/reliability.md` has it.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| What | What came of it |\n| --- | --- |")?;
        for (what, outcomes) in &*self.counts.lock().expect("no panic") {
            let mut row = String::new();
            for (outcome, count) in outcomes {
                let comma = if row.is_empty() { "" } else { ", " };
                write!(row, "{comma}{outcome}: {count}")?;
            }
            writeln!(f, "| {what} | {row} |")?;
        }
        Ok(())
    }
}
