//! The owner's approval of large payouts. Its proof is that somebody can write into this payer's directory, which is its
//! own: `facture payer approve` puts a file there, and the payer finds it. The server has no part in it.

use std::{
    fs::{self, DirBuilder},
    io::{self, ErrorKind},
    os::unix::fs::DirBuilderExt,
    path::Path,
};

use facture_domain::payout::PayoutId;

use crate::{
    config::Config,
    journal::{self, Approval, JournalError, write_private},
};

/// Why an approval was not given.
#[derive(Debug, thiserror::Error)]
pub enum ApproveError {
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The payout.
    #[error("payout {0} does not wait for an approval by this payer")]
    NotWaiting(PayoutId),
    /// The directory.
    #[error("the approval cannot be written: {0}")]
    Io(#[from] io::Error),
}

/// What a payout that waits for an approval is.
///
/// # Errors
/// [`ApproveError`] when it does not wait for one.
pub fn pending(config: &Config, id: &PayoutId) -> Result<Approval, ApproveError> {
    let (ledger, _) = journal::read(&config.data_dir, |_| ())?;
    let pending = ledger.pending_approval(id).cloned();
    pending.ok_or_else(|| ApproveError::NotWaiting(id.clone()))
}

/// The payouts that wait for an approval, the smallest id first.
///
/// # Errors
/// [`JournalError`].
pub fn waiting(config: &Config) -> Result<Vec<Approval>, JournalError> {
    let (ledger, _) = journal::read(&config.data_dir, |_| ())?;
    let mut waiting: Vec<_> = ledger.waiting().cloned().collect();
    waiting.sort_by(|a, b| a.payout.cmp(&b.payout));
    Ok(waiting)
}

/// Approves just this: another destination, amount or fee limit under the same id is not approved.
///
/// # Errors
/// [`ApproveError::Io`].
pub fn approve(config: &Config, approval: &Approval) -> Result<(), ApproveError> {
    let directory = config.approvals();
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&directory)?;
    let text = serde_json::to_string(approval).map_err(io::Error::from)?;
    write_private(&directory.join(file_of(&approval.payout)), &text)?;
    Ok(())
}

/// What was approved of a payout, if anything.
pub(crate) fn find(directory: &Path, payout: &PayoutId) -> io::Result<Option<Approval>> {
    match fs::read(directory.join(file_of(payout))) {
        Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn file_of(payout: &PayoutId) -> String {
    format!("{payout}.json")
}
