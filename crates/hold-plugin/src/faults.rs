//! Ends the plugin, or lightningd, at a point that a test names in a file, or lets writes fail. Only with the feature
//! `faults`.

use std::path::Path;

/// A point where it matters what happens to be written when everything ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Point {
    /// The temporary label is noted.
    TemporaryNoted,
    /// lightningd has the invoice under its temporary label.
    InvoiceMade,
    /// lightningd has forgotten it, and we have not written it yet.
    InvoiceDeleted,
    /// A whole payment is written, and nobody knows.
    AcceptedWritten,
    /// A payment is about to be taken.
    SettlingWritten,
    /// lightningd has the preimage.
    InvoiceCreated,
    /// All parts go on.
    PartsReleased,
    /// A cancellation is written, and nothing was sent back.
    CancelWritten,
    /// The parts were sent back, and nobody was told.
    PartsFailed,
}

/// What becomes of a write to the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disk {
    Works,
    /// It is full.
    Full,
    /// It does not answer as long as the test wants.
    Hangs,
}

/// Where a test leaves what it wants.
#[derive(Clone, Debug)]
pub(crate) struct Faults {
    #[cfg(feature = "faults")]
    file: std::path::PathBuf,
}

impl Faults {
    /// In the journal's directory: a file `fault` with what ends (`plugin`, `node`, or by a panic only the `task`), a space, and
    /// a point's name, such as `plugin SettlingWritten`.
    #[cfg_attr(not(feature = "faults"), expect(unused_variables))]
    pub(crate) fn at(directory: &Path) -> Self {
        Self {
            #[cfg(feature = "faults")]
            file: directory.join("fault"),
        }
    }

    /// What a test wants to become of a write: the file says `disk full` or `disk hangs` as long as it does.
    #[cfg(not(feature = "faults"))]
    pub(crate) fn disk(&self) -> Disk {
        Disk::Works
    }

    /// What a test wants to become of a write: the file says `disk full` or `disk hangs` as long as it does.
    #[cfg(feature = "faults")]
    pub(crate) fn disk(&self) -> Disk {
        let wanted = std::fs::read_to_string(&self.file).unwrap_or_default();
        match wanted.trim() {
            "disk full" => Disk::Full,
            "disk hangs" => Disk::Hangs,
            _ => Disk::Works,
        }
    }

    /// Ends here, if a test wants that.
    #[cfg(not(feature = "faults"))]
    pub(crate) fn reached(&self, _: Point) {}

    /// Ends here, if a test wants that.
    #[cfg(feature = "faults")]
    pub(crate) fn reached(&self, point: Point) {
        use rustix::process::{Signal, getpid, getppid, kill_process};

        let wanted = std::fs::read_to_string(&self.file).unwrap_or_default();
        let victim = match wanted.trim().split_once(' ') {
            Some((victim, name)) if name == format!("{point:?}") => victim.to_owned(),
            _ => return,
        };
        // Once.
        let _ = std::fs::remove_file(&self.file);
        assert!(victim != "task", "as the test wanted");
        if victim == "node"
            && let Some(node) = getppid()
        {
            let _ = kill_process(node, Signal::KILL);
        }
        let _ = kill_process(getpid(), Signal::KILL);
    }
}
