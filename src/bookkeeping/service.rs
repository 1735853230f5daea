//! Notes and deliveries of a sale.

use std::ops::Range;

use jiff::Timestamp;

use super::{entries::Entries, error::Error};
use facture_domain::{
    Label,
    desk::{Actor, AuditAction, DaySales, Note, NoteText},
    hook::Delivery,
};
use facture_store::Store;

/// As many deliveries of a sale are listed.
const MAX_DELIVERIES: u32 = 50;

/// As many receivers that do not take what is sent are named.
const MAX_RECEIVERS: u32 = 10;

/// What the desk keeps about sales. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Bookkeeping {
    store: Store,
}

impl Bookkeeping {
    /// In these records.
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// The shop's note on a sale.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn note(&self, label: &Label) -> Result<Option<Note>, Error> {
        Ok(self.store.note(label).await?)
    }

    /// Writes the shop's note on a sale in place of the one before; an empty text removes it. `false`: there is no such sale.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn write_note(
        &self,
        label: &Label,
        text: NoteText,
        actor: &Actor,
    ) -> Result<bool, Error> {
        let entry = actor.did(AuditAction::NoteWritten, label.as_str());
        Ok(self.store.write_note(label, text, entry).await?)
    }

    /// What was sent to webhooks about a sale, the newest first: at most 50.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn deliveries(&self, label: &Label) -> Result<Vec<Delivery>, Error> {
        Ok(self.store.deliveries_of(label, MAX_DELIVERIES).await?)
    }

    /// The sales that were paid from the first of these moments on and before the second.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn day_sales(&self, time: Range<Timestamp>) -> Result<DaySales, Error> {
        let seconds = time.start.as_second()..time.end.as_second();
        Ok(self.store.day_sales(seconds).await?)
    }

    /// Receivers of the shop's webhooks that do not take what is sent to them: at most ten.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn failing_receivers(&self) -> Result<Vec<String>, Error> {
        Ok(self.store.failing_receivers(MAX_RECEIVERS).await?)
    }

    /// What was received and paid back from the first of these moments on and before the second.
    pub fn entries(&self, time: Range<Timestamp>) -> Entries {
        Entries::new(self.store.clone(), time)
    }
}
