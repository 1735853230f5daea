//! Hold invoices are looked after: those that the records lack are adopted, those that the node reports are looked up, and
//! those that nobody decides about are decided before their payments expire.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use crate::sync::{
    error::Error,
    follower::Follower,
    holds::{HoldResult, Listing},
    maintenance::ago,
    session::Session,
};
use facture_domain::{Decision, Hold, HoldSecret, Invoice, LabelScheme, PaymentHash, Status};
use facture_node::{Confirmation, NodeErrorKind};

/// How often the height of the chain is looked at while payments are held. Blocks come every ten minutes.
pub(super) const HOLD_INTERVAL: Duration = Duration::from_secs(2);

/// So many hold invoices are read from the store at once.
const PAGE: u32 = 100;

/// No more held payments are counted.
const MAX_COUNTED: u32 = 1000;

/// A hold invoice that nobody has paid and that is this young may be one that is just being made.
const YOUNG: Duration = Duration::from_secs(60);

/// Counters that are tried beyond the last known one: after the records were lost, that is the first.
const MAX_LOST_COUNTERS: u64 = 10_000;

/// By which a hold invoice is known to be ours that the records do not have, on a node without labels.
enum Recognized {
    /// It is not looked for now.
    None,
    /// By trying counters; their payment hashes once they are needed.
    ByCounting(Option<HashMap<PaymentHash, HoldSecret>>),
}

impl Follower {
    /// Looks after all hold invoices. What fails must not stop the news: it is logged and tried again later.
    pub(super) async fn look_after_holds(&self, session: &Session, which: Listing) {
        let outcome = match self.compare_holds(session, which).await {
            Ok(()) => self.meet_deadlines().await,
            Err(error) => Err(error),
        };
        match outcome {
            Err(Error::Node(error)) if error.kind() == NodeErrorKind::Unsupported => {
                self.warn_of_missing_plugin().await;
            }
            Err(error) => tracing::warn!(%error, "hold invoices could not be looked after"),
            Ok(()) => {}
        }
    }

    /// Looks at the height of the chain while payments are held. A node that does not tell what happens to hold invoices is
    /// asked how they stand.
    pub(super) async fn watch_holds(&self, session: &Session) {
        if self.node.confirmation() == Confirmation::ByLookup {
            match self.store.open_holds(None, 1).await {
                Ok(open) if open.is_empty() => return,
                Ok(_) => return self.look_after_holds(session, Listing::Known).await,
                Err(error) => {
                    return tracing::warn!(%error, "hold invoices could not be read");
                }
            }
        }
        match self.store.count_held(1).await {
            Ok(0) => {}
            Ok(_) => {
                if let Err(error) = self.meet_deadlines().await {
                    tracing::warn!(%error, "the deadlines of held payments could not be looked at");
                }
            }
            Err(error) => tracing::warn!(%error, "held payments could not be counted"),
        }
    }

    /// Takes in all hold invoices that the node has open, and looks up those of the records that it has not.
    async fn compare_holds(&self, session: &Session, which: Listing) -> Result<(), Error> {
        let open = self.all_open_holds().await?;
        let first = open.iter().map(|open| open.number).min();
        let after = match which {
            Listing::All => 0,
            Listing::Known => first.unwrap_or_default().saturating_sub(1),
        };
        let listed = match self.node.open_holds(after).await {
            Ok(listed) => listed,
            Err(error)
                if open.is_empty()
                    && matches!(
                        error.kind(),
                        NodeErrorKind::Unsupported | NodeErrorKind::Forbidden
                    ) =>
            {
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        let mut recognized = match which {
            Listing::All => Recognized::ByCounting(None),
            Listing::Known => Recognized::None,
        };
        let mut there = HashSet::new();
        for hold in listed {
            let Some(label) = hold.label(&self.labels) else {
                continue;
            };
            match hold.read(&label) {
                Ok(found) => self.adopt_hold(session, found, &mut recognized).await?,
                Err(error) => tracing::error!(%error, ?label, "a hold invoice cannot be read"),
            }
            there.insert(label);
        }
        for invoice in open.iter().filter(|open| !there.contains(&open.label)) {
            let (label, hash) = (&invoice.label, invoice.payment_hash);
            if let Err(error) = self.holds.refresh(label, hash).await {
                tracing::error!(%error, ?label, "a hold invoice could not be looked up");
            }
        }
        Ok(())
    }

    async fn all_open_holds(&self) -> Result<Vec<Invoice>, Error> {
        let mut all: Vec<Invoice> = Vec::new();
        loop {
            let after = all.last().map(|last| &last.label);
            let page = self.store.open_holds(after, PAGE).await?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page);
        }
    }

    /// Takes a hold invoice in. One that the records do not have may be just being made: then its row comes with what the
    /// shop said of it.
    async fn adopt_hold(
        &self,
        session: &Session,
        found: Invoice,
        recognized: &mut Recognized,
    ) -> Result<(), Error> {
        if self.store.find(&found.label).await?.is_some() {
            return self.holds.take_in(&session.node, found).await;
        }
        if found.status == Status::Unpaid && found.created_at > ago(YOUNG) {
            return Ok(());
        }
        let secret = match (self.labels.scheme(), &mut *recognized) {
            (LabelScheme::Chosen, _) => {
                Some(self.labels.hold_secret(&found.label, found.payment_hash))
            }
            (LabelScheme::OfPaymentHash, Recognized::None) => None,
            (LabelScheme::OfPaymentHash, Recognized::ByCounting(counted)) => {
                if counted.is_none() {
                    let counters = self.store.last_hold_counter().await? + MAX_LOST_COUNTERS;
                    *counted = Some(self.labels.counted_holds(counters));
                }
                let counted = counted.as_ref();
                counted.and_then(|counted| counted.get(&found.payment_hash).copied())
            }
        };
        // Another program's, or for a payment hash of a shop whose records were lost.
        let Some(secret) = secret else {
            return Ok(());
        };
        let adopted = Invoice {
            hold: Some(Hold::new(secret, self.hold_rules.deadline)),
            ..found
        };
        self.holds.take_in(&session.node, adopted).await
    }

    /// The node reported that something happened to this invoice, which may be another program's.
    pub(super) async fn look_up(&self, session: &Session, label: &str) -> Result<(), Error> {
        let Some(label) = self.labels.parse_label(label) else {
            return Ok(());
        };
        let looked_up = match self.store.find(&label).await? {
            Some(known) => self.holds.refresh(&label, known.payment_hash).await,
            None => self.compare_holds(session, Listing::All).await,
        };
        match looked_up {
            // It is asked for again with all the others.
            Err(Error::Node(error)) => {
                tracing::warn!(%error, ?label, "a hold invoice could not be looked up");
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// Carries out what was decided and not done yet, warns of deadlines, and decides where one has come.
    pub(super) async fn meet_deadlines(&self) -> Result<(), Error> {
        let open = self.all_open_holds().await?;
        let is_to_do = |invoice: &Invoice| {
            let decided = invoice.hold.is_some_and(|hold| hold.decision.is_some());
            decided || matches!(invoice.status, Status::Accepted(_))
        };
        if !open.iter().any(is_to_do) {
            return Ok(());
        }
        let info = self.node.info().await?;
        for invoice in open.iter().filter(|invoice| is_to_do(invoice)) {
            // One that fails must not stop the others.
            if let Err(error) = self.meet_deadline(invoice, info.block_height).await {
                let label = &invoice.label;
                tracing::warn!(%error, ?label, "what is decided about a held payment could not be done");
            }
        }
        Ok(())
    }

    async fn meet_deadline(&self, invoice: &Invoice, height: u32) -> Result<(), Error> {
        let Some(hold) = invoice.hold else {
            return Ok(());
        };
        let decided_by = match &invoice.status {
            Status::Accepted(held) => Some(hold.decided_by(held)),
            _ => None,
        };
        let is_due = decided_by.is_some_and(|by| height >= by);
        if hold.decision.is_some() {
            match self.holds.carry_out(invoice, None).await? {
                HoldResult::PreimageMissing if is_due => tracing::error!(
                    label = ?invoice.label,
                    "a held payment was to be settled, but its preimage is the shop's: the node sends it back"
                ),
                _ => {}
            }
            return Ok(());
        }
        let Some(decided_by) = decided_by else {
            return Ok(());
        };
        if is_due {
            let mut decision = hold.at_deadline();
            if decision == Decision::Settle && self.holds.own_preimage(invoice).is_none() {
                tracing::error!(
                    label = ?invoice.label,
                    "a held payment cannot be settled: label.key is not the one that it was made with"
                );
                decision = Decision::Cancel;
            }
            tracing::warn!(
                label = ?invoice.label,
                decision = decision.as_str(),
                height,
                "the deadline of a held payment has come"
            );
            self.holds
                .decide(&invoice.label, decision, None, None)
                .await?;
        } else if height.saturating_add(self.hold_rules.warning_blocks) >= decided_by
            && let Some(node) = self.node.id()
        {
            self.store.warn_of_deadline(node, &invoice.label).await?;
        }
        Ok(())
    }

    async fn warn_of_missing_plugin(&self) {
        match self.store.count_held(MAX_COUNTED).await {
            Ok(0) => {}
            Ok(held) => tracing::error!(
                held,
                "payments are held, but the node has no calls for hold invoices any more: start facture's plugin, or \
                 they are lost with their deadlines"
            ),
            Err(error) => tracing::warn!(%error, "held payments could not be counted"),
        }
    }
}
