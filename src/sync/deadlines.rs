//! Hold invoices are looked after: those that the records lack are adopted, those that the node reports are looked up, and
//! those that nobody decides about are decided before their payments expire.

use std::time::Duration;

use crate::sync::{error::Error, follower::Follower, holds::HoldResult, session::Session};
use facture_domain::{Decision, Hold, HoldDeadline, Invoice, Label, Status};
use facture_node::NodeErrorKind;

/// How often the height of the chain is looked at while payments are held. Blocks come every ten minutes.
pub(super) const HOLD_INTERVAL: Duration = Duration::from_secs(2);

/// At most so many hold invoices are looked after at a time.
const LIMIT: u32 = 1000;

/// When held payments are decided.
#[derive(Clone, Copy, Debug)]
pub struct HoldRules {
    /// Of hold invoices that are adopted from the node: what was agreed is not known.
    pub deadline: HoldDeadline,
    /// So many blocks before the deadline the shop is warned.
    pub warning_blocks: u32,
}

impl Follower {
    /// Looks after all hold invoices. What fails must not stop the news: it is logged and tried again later.
    pub(super) async fn look_after_holds(&self, session: &Session) {
        let outcome = match self.compare_holds(session).await {
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

    /// Looks at the height of the chain while payments are held.
    pub(super) async fn watch_deadlines(&self) {
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
    async fn compare_holds(&self, session: &Session) -> Result<(), Error> {
        let open = self.store.open_holds(LIMIT).await?;
        let listed = match self.node.open_holds().await {
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
        let mut there = Vec::new();
        for hold in listed {
            let Some(label) = self.labels.parse_label(hold.label()) else {
                continue;
            };
            match hold.read(&label) {
                Ok(found) => {
                    let found = self.with_terms(found);
                    self.holds.take_in(&session.node, found).await?;
                }
                Err(error) => tracing::error!(%error, ?label, "a hold invoice cannot be read"),
            }
            there.push(label);
        }
        for invoice in open {
            if !there.contains(&invoice.label) {
                let (label, hash) = (&invoice.label, invoice.payment_hash);
                self.holds.refresh(label, hash).await?;
            }
        }
        Ok(())
    }

    /// The node reported that something happened to this invoice, which may be another program's.
    pub(super) async fn look_up(&self, session: &Session, label: &str) -> Result<(), Error> {
        let Some(label) = self.labels.parse_label(label) else {
            return Ok(());
        };
        match self.store.find(&label).await? {
            Some(known) => self.holds.refresh(&label, known.payment_hash).await,
            None => self.adopt_hold(session, &label).await,
        }
    }

    /// It may be one that is just being made; then what is known of it comes with its row.
    async fn adopt_hold(&self, session: &Session, label: &Label) -> Result<(), Error> {
        for hold in self.node.open_holds().await? {
            if hold.label() == label.as_str() {
                let found = self.with_terms(hold.read(label)?);
                self.holds.take_in(&session.node, found).await?;
            }
        }
        Ok(())
    }

    /// With what is agreed about it, as far as the records do not know better.
    fn with_terms(&self, found: Invoice) -> Invoice {
        let secret = self.labels.hold_secret(&found.label, found.payment_hash);
        Invoice {
            hold: Some(Hold::new(secret, self.hold_rules.deadline)),
            ..found
        }
    }

    /// Carries out what was decided and not done yet, warns of deadlines, and decides where one has come.
    pub(super) async fn meet_deadlines(&self) -> Result<(), Error> {
        let open = self.store.open_holds(LIMIT).await?;
        let is_to_do = |invoice: &Invoice| {
            let decided = invoice.hold.is_some_and(|hold| hold.decision.is_some());
            decided || matches!(invoice.status, Status::Accepted(_))
        };
        if !open.iter().any(is_to_do) {
            return Ok(());
        }
        let info = self.node.info().await?;
        for invoice in open.iter().filter(|invoice| is_to_do(invoice)) {
            self.meet_deadline(invoice, info.block_height).await?;
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
            self.holds.decide(&invoice.label, decision, None).await?;
        } else if height.saturating_add(self.hold_rules.warning_blocks) >= decided_by
            && let Some(node) = self.node.id()
        {
            self.store.warn_of_deadline(node, &invoice.label).await?;
        }
        Ok(())
    }

    async fn warn_of_missing_plugin(&self) {
        match self.store.count_held(LIMIT).await {
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
