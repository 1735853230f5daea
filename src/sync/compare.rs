//! Comparing what can still be paid with what is pending on a node that does not count its changes, such as LND. It goes in
//! steps of one call for a page, or of a few look-ups, so that payments which the node tells meanwhile are not kept waiting.
//! What is found paid is taken in at the end, in the order of the payments.

use std::time::{Duration, Instant as StdInstant};

use tokio::time::Instant;

use crate::sync::{
    comparison::{Comparison, Following, NextPage, Pace},
    error::Error,
    follower::Follower,
    session::{Session, Sweep},
};
use facture_domain::{Invoice, InvoiceRef, Status};
use facture_node::NodeErrorKind;

/// The number of open invoices read from the store at once.
const MAX_PAGE: u32 = 1000;

/// The most invoices that are looked up in one step.
const MAX_LOOKUPS: usize = 10;

/// The time between two comparisons, which find what the node does not tell: cancellations, and what the stream of payments
/// may have lost. If one takes long, [`PAUSE_PER_BUSY`] times as long.
const INTERVAL: Duration = Duration::from_secs(5);

/// So many times as long as the node was asked it is left alone: after a page before the next, and after the last page again.
const PAUSE_PER_BUSY: u32 = 10;

/// But no longer than this after a page, and after the last one: with ten thousand open invoices it is still confirmed within a minute
/// that nothing was lost.
const MAX_PAUSES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(20));

impl Follower {
    /// Compares every invoice of ours that can still be paid, and takes in what is news. A comparison that goes on is
    /// given up for this one.
    pub(super) async fn compare_open(&self, session: &mut Session) -> Result<(), Error> {
        session.comparison = Some(Comparison::begin(Pace::AtOnce));
        loop {
            self.compare_step(session).await?;
            if session.comparison.is_none() {
                return Ok(());
            }
            self.apply_told(session).await?;
        }
    }

    /// A step of the comparison that goes on, or the first one of the next. What follows it is in [`Session::sweep`].
    pub(super) async fn compare_step(&self, session: &mut Session) -> Result<(), Error> {
        let began = StdInstant::now();
        let mut comparison = session
            .comparison
            .take()
            .unwrap_or_else(|| Comparison::begin(Pace::Spread));
        if comparison.missing.is_empty() {
            self.compare_page(session, &mut comparison).await?;
        } else {
            self.look_up_missing(session, &mut comparison).await?;
        }
        let busy = began.elapsed();
        comparison.busy += busy;
        if comparison.is_complete() {
            self.finish_comparison(session, comparison).await
        } else {
            let pause = match comparison.pace {
                // What is missing is news, most likely.
                Pace::Spread if comparison.missing.is_empty() => {
                    (PAUSE_PER_BUSY * busy).min(MAX_PAUSES.0)
                }
                Pace::Spread | Pace::AtOnce => Duration::ZERO,
            };
            session.comparison = Some(comparison);
            session.sweep = Sweep::Due(Instant::now() + pause);
            Ok(())
        }
    }

    async fn compare_page(
        &self,
        session: &Session,
        comparison: &mut Comparison,
    ) -> Result<(), Error> {
        let NextPage::After(after) = comparison.next_page else {
            return Ok(());
        };
        let mut open = self.store.open_after(after, MAX_PAGE).await?;
        let compared = session.feed.compare(&open).await?;
        open.truncate(compared.count);
        comparison.next_page = match open.last() {
            Some(last) => NextPage::After(last.number),
            None => NextPage::End,
        };
        let missing = compared.missing.iter().map(InvoiceRef::from);
        comparison.missing.extend(missing);
        Ok(())
    }

    async fn look_up_missing(
        &self,
        session: &mut Session,
        comparison: &mut Comparison,
    ) -> Result<(), Error> {
        for _ in 0..MAX_LOOKUPS {
            let Some(invoice) = comparison.missing.pop_front() else {
                return Ok(());
            };
            match self.node.lookup(&invoice).await {
                Ok(Some(found)) if self.is_news(&found).await? => {
                    detect_restart(session, &found);
                    comparison.found.push(found);
                }
                // The node told it meanwhile.
                Ok(Some(_)) => {}
                Ok(None) => self.verify_open(session, &invoice).await?,
                Err(error) if error.kind() == NodeErrorKind::Malformed => {
                    self.verify_open(session, &invoice).await?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    async fn is_news(&self, found: &Invoice) -> Result<bool, Error> {
        let known = self.store.find(&found.label).await?;
        Ok(known.is_some_and(|known| known.status.event(&found.status).is_some()))
    }

    async fn finish_comparison(
        &self,
        session: &mut Session,
        mut comparison: Comparison,
    ) -> Result<(), Error> {
        comparison
            .found
            .sort_by_key(|invoice| match &invoice.status {
                Status::Paid(settlement) => settlement.pay_index,
                _ => 0,
            });
        let merged = self.merge(session, &comparison.found).await?;
        session.report.add(merged);
        self.progress
            .send_modify(|progress| progress.confirmed_at = Some(comparison.requested_at));
        self.save_history(session).await?;
        let pause = match comparison.following {
            Following::Pause => (PAUSE_PER_BUSY * comparison.busy).clamp(INTERVAL, MAX_PAUSES.1),
            Following::Comparison => {
                session.comparison = Some(Comparison::begin(Pace::AtOnce));
                Duration::ZERO
            }
        };
        session.sweep = Sweep::Due(Instant::now() + pause);
        Ok(())
    }
}

/// A payment that was not reported although later ones were: the node counts its payments anew, as LND does after its database
/// was moved to SQL.
fn detect_restart(session: &mut Session, found: &Invoice) {
    let reported = session.feed.position().number();
    let is_restarted = match &found.status {
        Status::Paid(settlement) => settlement.pay_index <= reported,
        _ => false,
    };
    if is_restarted {
        tracing::warn!(
            reported,
            "the node counts its payments from 1 again: following them from there"
        );
        session.feed.restart_payments();
    }
}
