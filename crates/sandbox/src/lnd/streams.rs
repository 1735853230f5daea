//! The streams: of what is made and paid, and of a payment.

use std::{collections::VecDeque, sync::Arc};

use serde_json::Value;

use super::{body::query_number, invoice, payments::Payments, refusal::Refusal};
use crate::{
    books::Books,
    ledger::{
        Index, Wait,
        invoice::{State, Takes},
    },
    node::Node,
};

/// A stream that goes on.
pub(super) enum Stream {
    All(All),
    Payments(Payments),
}

/// `SubscribeInvoices`: what is made, and what is paid. What is held, cancelled or over is not told.
pub(super) struct All {
    node: Arc<Node>,
    ready: VecDeque<Value>,
    /// The node's indexes when it was last looked.
    added: u64,
    settled: u64,
    /// What the client has, as it says, or as it was told: nothing up to that index is told any more, new or not.
    has_added: u64,
    has_settled: u64,
}

impl Stream {
    pub(super) fn all(node: Arc<Node>, query: &str) -> Result<Self, Refusal> {
        let add_index = query_number(query, "add_index")?;
        let settle_index = query_number(query, "settle_index")?;
        let mut ready = VecDeque::new();
        let (added, settled) = {
            let books = node.books()?;
            let ledger = books.ledger();
            // 0 means that nothing is replayed, so the first of each is never.
            if add_index > 0 {
                let later = ledger.created_from(add_index.saturating_add(1));
                let later =
                    later.filter(|found| matches!(found.state(), State::Unpaid | State::Paid(_)));
                ready.extend(later.map(invoice::to_json));
            }
            if settle_index > 0 {
                let later = ledger.paid_from(settle_index.saturating_add(1));
                ready.extend(later.map(|(index, found)| invoice::as_paid(found, index)));
            }
            (ledger.index(Index::Created), ledger.last_pay_index())
        };
        Ok(Self::All(All {
            node,
            ready,
            added,
            settled,
            has_added: add_index,
            has_settled: settle_index,
        }))
    }

    /// The next event; `None` at the end.
    pub(super) async fn next(&mut self) -> Option<Value> {
        match self {
            Self::All(all) => all.next().await,
            Self::Payments(payments) => payments.next().await,
        }
    }
}

impl All {
    async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            let change = {
                let mut books = self.node.books().ok()?;
                let ledger = books.ledger();
                for made in ledger.created_from(self.added.saturating_add(1)) {
                    if made.created_index() > self.has_added {
                        self.has_added = made.created_index();
                        self.ready.push_back(invoice::as_made(made));
                    }
                }
                // They may be counted again.
                let settled = self.settled.min(ledger.last_pay_index());
                for (index, paid) in ledger.paid_from(settled.saturating_add(1)) {
                    // Payments of AMP invoices are always told.
                    if index > self.has_settled || paid.takes() == Takes::Repeated {
                        self.has_settled = index;
                        self.ready.push_back(invoice::as_paid(paid, index));
                    }
                }
                self.added = ledger.index(Index::Created);
                self.settled = ledger.last_pay_index();
                changed(&mut books)
            };
            if self.ready.is_empty() {
                change.await?;
            }
        }
    }
}

/// Waits until something is made, or changes; `None` when the node stops.
fn changed(books: &mut Books) -> impl Future<Output = Option<()>> + use<> {
    let mut next = |index| {
        let present = books.ledger().index(index);
        books.wait_index(index, present.saturating_add(1))
    };
    let waits = (next(Index::Created), next(Index::Updated));
    async move {
        let (Wait::Later(created), Wait::Later(updated)) = waits else {
            return Some(());
        };
        let change = tokio::select! {
            change = created => change,
            change = updated => change,
        };
        change.ok().map(drop)
    }
}
