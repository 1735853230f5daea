//! Waiting until what was done is in the records.

use std::{sync::Arc, time::Duration};

use tokio::time::timeout;

use crate::{
    invoices::Invoicing,
    web::{error::Problem, extract::invoice::find},
};
use facture_domain::{Event, EventKind, Invoice, Label, Payload, payout::PayoutId};

/// How long that may take.
const DEADLINE: Duration = Duration::from_secs(15);

/// So many events are read at once.
const PAGE: u32 = 1000;

/// Waits until the invoice is so.
pub(super) async fn invoice(
    invoicing: &Invoicing,
    label: &Label,
    reached: impl Fn(&Invoice) -> bool,
) -> Result<Arc<Invoice>, Problem> {
    let waiting = async {
        let mut listener = invoicing.listen(label);
        loop {
            let found = find(invoicing, label).await?;
            if reached(&found.invoice) {
                return Ok(found.invoice);
            }
            listener.changed().await;
        }
    };
    in_time(waiting).await
}

/// Waits until an event of this kind happened to the invoice.
pub(super) async fn event_of_invoice(
    invoicing: &Invoicing,
    label: &Label,
    kind: EventKind,
) -> Result<Event, Problem> {
    let waiting = async {
        let mut listener = invoicing.listen(label);
        loop {
            let events = invoicing.events(label, 0).await?;
            if let Some(event) = events.into_iter().find(|event| event.kind == kind) {
                return Ok(event);
            }
            listener.changed().await;
        }
    };
    in_time(waiting).await
}

/// Waits until an event of this kind happened to the payout.
pub(super) async fn event_of_payout(
    invoicing: &Invoicing,
    id: &PayoutId,
    kind: EventKind,
) -> Result<Event, Problem> {
    let is_its = |event: &Event| match &event.payload {
        Payload::Payout(payout) => payout.id == *id,
        Payload::Invoice(_) => false,
    };
    let waiting = async {
        let mut listener = invoicing.listen_all();
        let mut after = 0;
        loop {
            let events = invoicing.all_events(after, &[kind], PAGE).await?;
            after = events.last().map_or(after, |last| last.sequence);
            let is_all = events.is_empty();
            if let Some(event) = events.into_iter().find(is_its) {
                return Ok(event);
            }
            if is_all {
                listener.changed().await;
            }
        }
    };
    in_time(waiting).await
}

async fn in_time<T>(waiting: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    let ended = timeout(DEADLINE, waiting).await;
    ended.unwrap_or(Err(Problem::NodeTooSlow))
}
