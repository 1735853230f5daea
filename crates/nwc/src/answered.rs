//! Which requests were answered. Relays send a request again: another one that has it too, or the same one after a new start.

use std::{
    collections::HashMap,
    fs::{File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::Timestamp;
use nostr::event::EventId;

/// How many lines the file may have before it is written anew.
const MAX_LINES: usize = 20_000;

/// The requests of late, and what became of them.
pub(crate) struct Answered {
    file: PathBuf,
    lines: File,
    written: usize,
    /// When each was signed, in seconds since 1970.
    known: HashMap<EventId, u64>,
    /// For how long they are kept: older ones are not carried out anyway.
    keep: Duration,
}

impl Answered {
    /// Reads the file; without one, nothing was answered.
    pub(crate) fn open(file: &Path, keep: Duration) -> io::Result<Self> {
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        // A line that was cut off by a power cut is none.
        let known = text.lines().filter_map(|line| {
            let (id, signed_at) = line.split_once(' ')?;
            Some((EventId::from_hex(id).ok()?, signed_at.parse().ok()?))
        });
        let mut answered = Self {
            file: file.to_owned(),
            lines: OpenOptions::new().append(true).create(true).open(file)?,
            written: 0,
            known: known.collect(),
            keep,
        };
        answered.compact()?;
        Ok(answered)
    }

    /// Notes a request that is carried out now. `false`: it was before, or is.
    pub(crate) fn begin(&mut self, id: EventId, signed_at: u64) -> bool {
        self.known.insert(id, signed_at).is_none()
    }

    /// It was answered.
    pub(crate) fn done(&mut self, id: EventId) -> io::Result<()> {
        let Some(signed_at) = self.known.get(&id) else {
            return Ok(());
        };
        writeln!(self.lines, "{id} {signed_at}")?;
        self.written += 1;
        if self.written > MAX_LINES {
            self.compact()?;
        }
        Ok(())
    }

    /// Its answer did not reach any relay: it may be carried out again.
    pub(crate) fn failed(&mut self, id: EventId) {
        self.known.remove(&id);
    }

    /// Forgets what is too old.
    pub(crate) fn forget_old(&mut self) {
        let now = u64::try_from(Timestamp::now().as_second()).unwrap_or_default();
        let keep = self.keep.as_secs();
        self.known
            .retain(|_, signed_at| signed_at.saturating_add(keep) >= now);
    }

    /// Writes the file without what is too old.
    fn compact(&mut self) -> io::Result<()> {
        self.forget_old();
        let new = self.file.with_extension("new");
        let mut file = File::create(&new)?;
        for (id, signed_at) in &self.known {
            writeln!(file, "{id} {signed_at}")?;
        }
        file.sync_all()?;
        std::fs::rename(&new, &self.file)?;
        self.written = self.known.len();
        self.lines = OpenOptions::new().append(true).open(&self.file)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEEP: Duration = Duration::from_secs(100);

    fn now() -> u64 {
        Timestamp::now().as_second().try_into().unwrap()
    }

    fn id(byte: u8) -> EventId {
        EventId::from_byte_array([byte; 32])
    }

    #[test]
    fn a_request_is_carried_out_once_also_after_a_new_start() {
        let state = tempfile::tempdir().unwrap();
        let file = state.path().join("answered");
        let mut answered = Answered::open(&file, KEEP).unwrap();
        assert!(answered.begin(id(1), now()) && !answered.begin(id(1), now()));
        answered.done(id(1)).unwrap();
        assert!(answered.begin(id(2), now()));
        answered.failed(id(2));
        assert!(answered.begin(id(3), now() - 200));
        answered.done(id(3)).unwrap();
        let mut answered = Answered::open(&file, KEEP).unwrap();
        assert!(!answered.begin(id(1), now()));
        assert!(answered.begin(id(2), now()), "it was not answered");
        assert!(answered.begin(id(3), now()), "it is too old to be kept");
    }

    #[test]
    fn a_line_that_was_cut_off_is_none() {
        let state = tempfile::tempdir().unwrap();
        let file = state.path().join("answered");
        let text = format!("{} {}\n{}", id(1), now(), &id(2).to_hex()[..20]);
        std::fs::write(&file, text).unwrap();
        let mut answered = Answered::open(&file, KEEP).unwrap();
        assert!(!answered.begin(id(1), now()));
        assert!(answered.begin(id(2), now()));
        answered.done(id(2)).unwrap();
        assert!(!Answered::open(&file, KEEP).unwrap().begin(id(2), now()));
    }
}
