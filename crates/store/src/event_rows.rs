//! Events as rows of the log.

use crate::{
    columns::row,
    error::Error,
    payout_rows::PayoutRow,
    rows::{InvoiceRow, from_sql, timestamp},
};
use facture_domain::{Event, EventKind, Payload, Subject};

/// The events of the invoice whose label is the first parameter, as a condition of a query. By its number they are found in
/// an index, whose order is that in which invoices are made.
macro_rules! of_invoice {
    () => {
        "events.invoice_number = (SELECT created_index FROM invoices WHERE label = ?1) \
         AND events.subject = ?1 AND events.subject_kind = 'invoice'"
    };
}
pub(super) use of_invoice;

row! {
    /// An event.
    EventRow of "events" {
        sequence: i64,
        kind: String,
        subject_kind: String,
        subject: String,
        recorded_at: i64,
        payload: String,
    }
}

impl EventRow {
    pub(super) fn read(self) -> Result<Event, Error> {
        Ok(Event {
            sequence: from_sql(self.sequence)?,
            kind: kind(&self.kind)?,
            recorded_at: timestamp(self.recorded_at)?,
            payload: match subject(&self.subject_kind, self.subject)? {
                Subject::Invoice(_) => {
                    Payload::Invoice(Box::new(InvoiceRow::from_json(&self.payload)?))
                }
                Subject::Payout(_) => {
                    Payload::Payout(Box::new(PayoutRow::from_json(&self.payload)?))
                }
            },
        })
    }
}

/// What happened, by its column.
pub(super) fn kind(name: &str) -> Result<EventKind, Error> {
    EventKind::parse(name).ok_or(Error::Corrupt("kind of event"))
}

/// What an event is about, by its two columns.
pub(super) fn subject(kind: &str, id: String) -> Result<Subject, Error> {
    Subject::stored(kind, id).ok_or(Error::Corrupt("subject of an event"))
}
