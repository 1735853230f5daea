//! Comparing what can still be paid with what is pending on a node that does not count its changes, such as LND. What is
//! paid is taken in in the order of the payments.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::sync::{
    error::Error,
    follower::Follower,
    session::{Session, Sweep},
};
use facture_domain::{Invoice, InvoiceRef, Status};
use facture_node::NodeErrorKind;

/// The number of open invoices read from the store at once.
const MAX_PAGE: u32 = 1000;

/// The time between two comparisons, which find what the node does not tell: cancellations, and what the stream of payments
/// may have lost. If one takes long, twenty times as long.
const INTERVAL: Duration = Duration::from_secs(5);

impl Follower {
    /// Compares every invoice of ours that can still be paid, and takes in what is news.
    pub(super) async fn compare_open(&self, session: &mut Session) -> Result<(), Error> {
        let (began, requested_at) = (Instant::now(), Timestamp::now());
        let (mut found, mut absent) = (Vec::new(), Vec::new());
        for invoice in self.no_longer_pending(session).await? {
            match self.node.lookup(&invoice).await {
                Ok(Some(known)) => found.push(known),
                // Including one that makes no sense.
                Ok(None) => absent.push(invoice),
                Err(error) if error.kind() == NodeErrorKind::Malformed => absent.push(invoice),
                Err(error) => return Err(error.into()),
            }
        }
        found.sort_by_key(|invoice| match &invoice.status {
            Status::Paid(settlement) => settlement.pay_index,
            _ => 0,
        });
        detect_restart(session, &found);
        let merged = self.merge(session, &found).await?;
        session.report.add(merged);
        for invoice in absent {
            self.verify_open(session, &invoice).await?;
        }
        self.progress
            .send_modify(|progress| progress.confirmed_at = Some(requested_at));
        self.save_history(session).await?;
        session.sweep = Sweep::Due(Instant::now() + INTERVAL.max(20 * began.elapsed()));
        Ok(())
    }

    async fn no_longer_pending(&self, session: &Session) -> Result<Vec<InvoiceRef>, Error> {
        let mut all = Vec::new();
        let mut after = 0;
        loop {
            let mut open = self.store.open_after(after, MAX_PAGE).await?;
            let compared = session.feed.compare(&open).await?;
            open.truncate(compared.count);
            let Some(last) = open.last() else {
                return Ok(all);
            };
            after = last.number;
            all.extend(compared.missing.iter().map(InvoiceRef::from));
        }
    }
}

/// A payment that was not reported although later ones were: the node counts its payments anew, as LND does after its database
/// was moved to SQL.
fn detect_restart(session: &mut Session, found: &[Invoice]) {
    let reported = session.feed.position().number();
    let is_restarted = found.iter().any(|invoice| match &invoice.status {
        Status::Paid(settlement) => settlement.pay_index <= reported,
        _ => false,
    });
    if is_restarted {
        tracing::warn!(
            reported,
            "the node counts its payments from 1 again: following them from there"
        );
        session.feed.restart_payments();
    }
}
