//! How the mirror applies what the node reports, inside a unit of work: which invoices are new, which have changed, and which
//! events follow.

use std::{ops::AddAssign, sync::Arc};

use crate::{error::Error, tombstones, unit::NodeUnit};
use facture_domain::{EventKind, Invoice, Order, Status};

/// The result of applying a page of the node's invoices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// How many invoices the mirror did not have.
    pub adopted: u64,
    /// How many known invoices changed their state.
    pub changed: u64,
}

impl AddAssign for Merged {
    fn add_assign(&mut self, more: Self) {
        self.adopted += more.adopted;
        self.changed += more.changed;
    }
}

impl NodeUnit<'_, '_> {
    /// Applies an invoice that is most likely new.
    pub(super) fn insert_reported(&mut self, reported: &Arc<Invoice>) -> Result<Merged, Error> {
        self.touch(&reported.label);
        let begun = match reported.status {
            Status::Unpaid => Arc::clone(reported),
            Status::Paid(_) | Status::Expired => Arc::new(Invoice {
                status: Status::Unpaid,
                ..Invoice::clone(reported)
            }),
        };
        if self.insert(&begun)? {
            self.record(EventKind::Created, &begun)?;
            self.transition(&begun, &reported.status)?;
            return Ok(Merged {
                adopted: 1,
                changed: 0,
            });
        }
        let known = self
            .invoice(&reported.label)?
            .ok_or(Error::Corrupt("invoice"))?;
        self.merge(known, reported)
    }

    /// Applies an invoice that is most likely known. One that was forgotten is ignored unless it is paid.
    pub(super) fn apply_reported(&mut self, reported: &Invoice) -> Result<Merged, Error> {
        match self.invoice(&reported.label)? {
            Some(known) => {
                self.touch(&reported.label);
                self.merge(known, reported)
            }
            None if tombstones::is_forgotten(self, reported)? => Ok(Merged::default()),
            None => self.insert_reported(&Arc::new(reported.clone())),
        }
    }

    fn merge(&mut self, mut known: Arc<Invoice>, reported: &Invoice) -> Result<Merged, Error> {
        // An earlier report may have come without the order.
        let mut order = reported.order.clone();
        if order.warnings.is_empty() {
            // Of two requests that created it at the same time, one received the node's warnings.
            order.warnings.clone_from(&known.order.warnings);
        }
        if reported.order != Order::default() && order != known.order {
            known = Arc::new(Invoice {
                order,
                ..Invoice::clone(&known)
            });
            self.update(&known)?;
        }
        let is_changed = self.transition(&known, &reported.status)?;
        Ok(Merged {
            adopted: 0,
            changed: u64::from(is_changed),
        })
    }

    /// Links a renewal to the invoice that it replaces, and records the event.
    pub(super) fn link_renewal(&mut self, renewal: &Invoice) -> Result<(), Error> {
        let Some(old) = &renewal.order.renewal_of else {
            return Ok(());
        };
        match self.invoice(old)? {
            Some(known) if known.renewed_by.is_none() => {
                let renewed = Invoice {
                    renewed_by: Some(renewal.label.clone()),
                    ..Invoice::clone(&known)
                };
                self.change(EventKind::Renewed, renewed)
            }
            _ => Ok(()),
        }
    }

    /// Moves an invoice to the reported state, and records the event. Returns whether there was one.
    pub(super) fn transition(
        &mut self,
        known: &Arc<Invoice>,
        reported: &Status,
    ) -> Result<bool, Error> {
        let Some(kind) = known.status.event(reported) else {
            return Ok(false);
        };
        let now = Invoice {
            status: reported.clone(),
            cancelled_at: None,
            ..Invoice::clone(known)
        };
        self.change(kind, now)?;
        Ok(true)
    }
}
