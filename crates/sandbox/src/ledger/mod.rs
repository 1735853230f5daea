//! The invoices and their counters, as lightningd keeps them, and the calls that wait for a change. It reads no clock
//! (the caller says what time it is) and knows neither sockets nor BOLT 11.

pub(crate) mod change;
mod hex;
pub(crate) mod hold;
pub(crate) mod invoice;
pub(crate) mod offer;
mod offers;
mod plugin;
pub(crate) mod plugin_holds;
mod waiters;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tokio::sync::oneshot;

use self::invoice::{Described, raw_label};
use self::invoice::{Draft, Held, Invoice, Overpayment, Settlement, State, Takes};
use self::offer::Offer;
use self::plugin_holds::PluginHolds;
use self::waiters::Waiters;
use super::reply::Object;

/// The counters that `wait` and `listinvoices` know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Index {
    /// Rises with each new invoice.
    Created,
    /// Rises when an invoice is paid, expires, or loses its description.
    Updated,
    /// Rises when an invoice is deleted.
    Deleted,
}

/// An answer that is there, or will be.
#[derive(Debug)]
pub(super) enum Wait<T> {
    /// It happened already.
    Now(T),
    /// It will arrive here; an error means that the node stops.
    Later(oneshot::Receiver<T>),
}

/// How waiting for one invoice ends.
#[derive(Debug, Clone)]
pub(super) enum End {
    /// Paid; its members.
    Paid(Object),
    /// Expired; its members.
    Expired(Object),
    /// Cancelled.
    Cancelled,
    /// Deleted.
    Deleted,
}

/// Why an invoice cannot be created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CreateError {
    /// Another invoice has this preimage.
    DuplicatePreimage,
    /// Another invoice has this label.
    DuplicateLabel,
}

/// Why a payment is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PayRefusal {
    /// No such invoice.
    Unknown,
    /// Its time is over.
    Expired,
    /// It is paid already.
    AlreadyPaid,
    /// Less than the amount, or more than twice the amount.
    Amount,
}

/// Invoices and counters.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    by_created: BTreeMap<u64, Invoice>,
    /// (updated index, created index); never updated invoices stand at 0, as in lightningd's database.
    by_updated: BTreeSet<(u64, u64)>,
    /// (second of expiry, created index) of the unpaid ones.
    by_expiry: BTreeSet<(u64, u64)>,
    by_pay_index: BTreeMap<u64, u64>,
    by_label: HashMap<String, u64>,
    by_hash: HashMap<[u8; 32], u64>,
    created: u64,
    updated: u64,
    deleted: u64,
    paid: u64,
    blocks: u32,
    index_waiters: Waiters<(Index, u64), (u64, Object)>,
    invoice_waiters: Waiters<u64, End>,
    paid_waiters: Waiters<(), Object>,
    /// Of facture's plugin.
    holds: PluginHolds,
    offers: BTreeMap<[u8; 32], Offer>,
}

impl Ledger {
    /// How many invoices there are.
    pub(super) fn len(&self) -> usize {
        self.by_created.len()
    }

    /// The invoice with that created index.
    pub(super) fn by_created(&self, created_index: u64) -> Option<&Invoice> {
        self.by_created.get(&created_index)
    }

    /// The invoice with that label (raw JSON text).
    pub(super) fn by_label(&self, label: &str) -> Option<&Invoice> {
        self.by_created.get(self.by_label.get(label)?)
    }

    /// The invoice with that payment hash.
    pub(super) fn by_hash(&self, payment_hash: &[u8; 32]) -> Option<&Invoice> {
        self.by_created.get(self.by_hash.get(payment_hash)?)
    }

    /// Invoices by created index, from `start` on.
    pub(super) fn created_from(&self, start: u64) -> impl Iterator<Item = &Invoice> {
        self.by_created.range(start..).map(|(_, invoice)| invoice)
    }

    /// Invoices by updated index, from `start` on; those never updated come first, as index 0.
    pub(super) fn updated_from(&self, start: u64) -> impl Iterator<Item = &Invoice> {
        self.by_updated
            .range((start, 0)..)
            .filter_map(|(_, created)| self.by_created.get(created))
    }

    /// When the next unpaid invoice expires, in seconds since 1970.
    pub(super) fn next_expiry(&self) -> Option<u64> {
        let own = self.by_expiry.first().map(|(second, _)| *second);
        let holds = self.holds.next_expiry();
        own.into_iter().chain(holds).min()
    }

    /// The present value of a counter.
    pub(super) fn index(&self, index: Index) -> u64 {
        match index {
            Index::Created => self.created,
            Index::Updated => self.updated,
            Index::Deleted => self.deleted,
        }
    }

    /// Whether an unpaid invoice's second has come.
    pub(super) fn is_expiry_due(&self, now: u64) -> bool {
        self.next_expiry().is_some_and(|second| second <= now)
    }

    /// Whether an invoice could be added.
    pub(super) fn check_draft(&self, draft: &Draft) -> Result<(), CreateError> {
        if self.by_hash.contains_key(&draft.payment_hash) {
            return Err(CreateError::DuplicatePreimage);
        }
        if self.by_label.contains_key(&draft.label) {
            return Err(CreateError::DuplicateLabel);
        }
        Ok(())
    }

    /// Adds an unpaid invoice.
    pub(super) fn create(&mut self, draft: Draft) -> Result<&Invoice, CreateError> {
        self.check_draft(&draft)?;
        let details = Object::new()
            .with("status", State::Unpaid.name())
            .with("label", raw_label(&draft.label))
            .with("bolt11", draft.bolt11.as_str());
        let created_index = self.bump(Index::Created, &details);
        self.by_label.insert(draft.label.clone(), created_index);
        self.by_hash.insert(draft.payment_hash, created_index);
        self.by_expiry.insert((draft.expires_at, created_index));
        self.by_updated.insert((0, created_index));
        let invoice = Invoice {
            draft,
            described: Described::Yes,
            state: State::Unpaid,
            payments: Vec::new(),
            created_index,
            updated_index: 0,
        };
        Ok(self.by_created.entry(created_index).or_insert(invoice))
    }

    /// Marks every unpaid invoice whose second has come as expired.
    pub(super) fn expire(&mut self, now: u64) {
        self.holds.expire(now);
        while let Some(&(second, created_index)) = self.by_expiry.first() {
            if second > now {
                break;
            }
            self.by_expiry.pop_first();
            // lightningd does not say which invoice expired.
            self.update(
                created_index,
                Object::new().with("status", State::Expired.name()),
                |invoice| {
                    invoice.state = State::Expired;
                },
            );
            if let Some(invoice) = self.by_created.get(&created_index) {
                let end = End::Expired(invoice.members());
                self.invoice_waiters
                    .release(|waiting| *waiting == created_index, &end);
            }
        }
    }

    /// The invoice, if it takes a payment of that amount.
    pub(super) fn check_payment(
        &self,
        payment_hash: &[u8; 32],
        msat: u64,
    ) -> Result<&Invoice, PayRefusal> {
        let invoice = self.by_hash(payment_hash).ok_or(PayRefusal::Unknown)?;
        match invoice.state {
            State::Unpaid => {}
            State::Paid(_) if invoice.draft.takes == Takes::Repeated => {}
            State::Expired | State::Cancelled(_) => return Err(PayRefusal::Expired),
            State::Paid(_) | State::Accepted(_) => return Err(PayRefusal::AlreadyPaid),
        }
        let twice = match invoice.draft.overpayment {
            Overpayment::Twice => 2,
            Overpayment::Unlimited => u64::MAX,
        };
        if let Some(asked) = invoice.draft.amount_msat
            && (msat < asked || asked.checked_mul(twice).is_some_and(|most| msat > most))
        {
            return Err(PayRefusal::Amount);
        }
        Ok(invoice)
    }

    /// Takes a payment, or holds it while the preimage is not known.
    pub(super) fn pay(
        &mut self,
        payment_hash: &[u8; 32],
        msat: u64,
        now: u64,
    ) -> Result<&Invoice, PayRefusal> {
        let invoice = self.check_payment(payment_hash, msat)?;
        let created_index = invoice.created_index;
        let holds = invoice.draft.preimage.is_none();
        let offer = invoice.draft.offer_id;
        self.by_expiry
            .remove(&(invoice.draft.expires_at, created_index));
        if holds {
            let held = Held {
                received_msat: msat,
                accepted_at: now,
                accepted_block: self.blocks,
            };
            self.change_state(created_index, State::Accepted(held));
        } else {
            self.take(created_index, msat, now);
            if let Some(offer) = offer {
                self.use_offer(&offer);
            }
        }
        self.by_created
            .get(&created_index)
            .ok_or(PayRefusal::Unknown)
    }

    /// Deletes an invoice.
    pub(super) fn delete(&mut self, created_index: u64) {
        let Some(invoice) = self.by_created.remove(&created_index) else {
            return;
        };
        self.by_label.remove(&invoice.draft.label);
        self.by_hash.remove(&invoice.draft.payment_hash);
        self.by_expiry
            .remove(&(invoice.draft.expires_at, created_index));
        self.by_updated
            .remove(&(invoice.updated_index, created_index));
        for Settlement { pay_index, .. } in invoice.payments {
            // Another payment may have that index by now.
            if self.by_pay_index.get(&pay_index) == Some(&created_index) {
                self.by_pay_index.remove(&pay_index);
            }
        }
        let details = Object::new()
            .with("status", invoice.state.name())
            .with("label", raw_label(&invoice.draft.label))
            .with("bolt11", invoice.draft.bolt11.as_str());
        self.bump(Index::Deleted, &details);
        self.invoice_waiters
            .release(|waiting| *waiting == created_index, &End::Deleted);
    }

    /// Takes an invoice's description away; false when it has none.
    pub(super) fn remove_description(&mut self, created_index: u64) -> bool {
        let Some(invoice) = self.by_created.get(&created_index) else {
            return false;
        };
        if !invoice.has_description() {
            return false;
        }
        let details = Object::new()
            .with("label", raw_label(&invoice.draft.label))
            .with("description", invoice.draft.description.as_str());
        self.update(created_index, details, |invoice| {
            invoice.described = Described::Removed
        });
        true
    }

    /// Waits until a counter has at least that value. Gives its value and, if it had to wait, what changed last.
    pub(super) fn wait_index(&mut self, index: Index, value: u64) -> Wait<(u64, Object)> {
        let present = self.index(index);
        if present >= value {
            return Wait::Now((present, Object::new()));
        }
        Wait::Later(self.index_waiters.add((index, value)))
    }

    /// Waits until an invoice is no longer unpaid; `None` when there is none with that label.
    pub(super) fn wait_invoice(&mut self, label: &str) -> Option<Wait<End>> {
        let invoice = self.by_label(label)?;
        Some(match invoice.state {
            State::Paid(_) => Wait::Now(End::Paid(invoice.members())),
            State::Expired => Wait::Now(End::Expired(invoice.members())),
            State::Cancelled(_) => Wait::Now(End::Cancelled),
            State::Unpaid | State::Accepted(_) => {
                let created_index = invoice.created_index;
                Wait::Later(self.invoice_waiters.add(created_index))
            }
        })
    }

    /// The first paid invoice after that pay index, or the next one to be paid.
    pub(super) fn wait_paid(&mut self, after: u64) -> Wait<Object> {
        // lightningd's database has signed numbers: the upper half counts as negative.
        let after = i64::try_from(after).map_or(0, i64::unsigned_abs);
        let next = self.by_pay_index.range(after.saturating_add(1)..).next();
        match next.and_then(|(_, created_index)| self.by_created.get(created_index)) {
            Some(invoice) => Wait::Now(invoice.members()),
            None => Wait::Later(self.paid_waiters.add(())),
        }
    }

    /// Lets go of all waiting calls: the node stops.
    pub(super) fn forget_waiters(&mut self) {
        self.index_waiters.clear();
        self.invoice_waiters.clear();
        self.paid_waiters.clear();
        self.holds.forget_waiters();
    }

    fn update(&mut self, created_index: u64, details: Object, change: impl FnOnce(&mut Invoice)) {
        let updated_index = self.updated + 1;
        if let Some(invoice) = self.by_created.get_mut(&created_index) {
            self.by_updated
                .remove(&(invoice.updated_index, created_index));
            self.by_updated.insert((updated_index, created_index));
            invoice.updated_index = updated_index;
            change(invoice);
        }
        self.bump(Index::Updated, &details);
    }

    fn bump(&mut self, index: Index, details: &Object) -> u64 {
        let counter = match index {
            Index::Created => &mut self.created,
            Index::Updated => &mut self.updated,
            Index::Deleted => &mut self.deleted,
        };
        *counter += 1;
        let value = *counter;
        self.index_waiters.release(
            |(waits_for, at)| *waits_for == index && *at <= value,
            &(value, details.clone()),
        );
        value
    }
}

impl Index {
    /// All of them.
    pub(super) const ALL: [Index; 3] = [Index::Created, Index::Updated, Index::Deleted];

    /// lightningd's word for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
        }
    }
}

#[cfg(test)]
pub(crate) mod steps;
#[cfg(test)]
mod tests;
