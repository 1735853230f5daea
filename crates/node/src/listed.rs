//! An invoice as a node lists it.

use facture_domain::{Invoice, InvoiceRef, Label, LabelOwner, OurLabels};

#[cfg(feature = "lnd")]
use crate::lnd::{invoice::Listed as LndListed, state::InvoiceState};
use crate::{cln::listed::Listed as ClnListed, error::NodeError, feed::position::Position};

/// One invoice of the node as it lists it, not yet parsed. It may be another program's.
#[derive(Debug)]
pub struct Listed(Inner);

#[derive(Debug)]
enum Inner {
    Cln(Box<ClnListed>),
    #[cfg(feature = "lnd")]
    Lnd(Box<LndListed>),
}

impl Listed {
    /// Whose it is.
    pub fn owner(&self, ours: &OurLabels) -> LabelOwner {
        match &self.0 {
            Inner::Cln(listed) => match listed.offer() {
                None => ours.owner(listed.label()),
                // Strangers can make any number of them that are not paid.
                Some(_) if !listed.is_paid() => LabelOwner::Foreign,
                Some(offer) => ours.owner_of_offer_payment(offer, listed.label()),
            },
            #[cfg(feature = "lnd")]
            Inner::Lnd(listed) => match listed.payment_hash() {
                Some(payment_hash) => ours.owner_of_hash(payment_hash, listed.preimage()),
                None => LabelOwner::Foreign,
            },
        }
    }

    /// Its number in the order in which the node created its invoices, from 1.
    pub fn number(&self) -> u64 {
        match &self.0 {
            Inner::Cln(listed) => listed.created_index(),
            #[cfg(feature = "lnd")]
            Inner::Lnd(listed) => listed.add_index(),
        }
    }

    /// Where its last change is in the order of changes; `None` while it is as it was created. LND counts payments only:
    /// what it lists is taken in as it is.
    pub fn changed_at(&self) -> Option<Position> {
        match &self.0 {
            Inner::Cln(listed) => listed.updated_index().map(Position::new),
            #[cfg(feature = "lnd")]
            Inner::Lnd(listed) => match listed.state() {
                InvoiceState::Open => None,
                _ => Some(Position::START),
            },
        }
    }

    /// Parses it, when the label is ours.
    ///
    /// # Errors
    /// [`NodeError`] of the kind [`Malformed`](crate::NodeErrorKind::Malformed) when it is not about this label, or makes
    /// no sense.
    pub fn read(&self, label: &Label) -> Result<Invoice, NodeError> {
        match &self.0 {
            Inner::Cln(listed) => Ok(listed.read(label)?),
            #[cfg(feature = "lnd")]
            Inner::Lnd(listed) => Ok(listed.read_as(label)?),
        }
    }

    /// What finds it on the node, when the label is ours.
    pub fn reference(&self, label: Label) -> InvoiceRef {
        match &self.0 {
            Inner::Cln(listed) => listed.reference(label),
            #[cfg(feature = "lnd")]
            Inner::Lnd(listed) => InvoiceRef {
                label,
                payment_hash: listed.payment_hash(),
                node_label: None,
            },
        }
    }

    /// Core Lightning's.
    pub(crate) fn cln(&self) -> Option<&ClnListed> {
        match &self.0 {
            Inner::Cln(listed) => Some(listed),
            #[cfg(feature = "lnd")]
            Inner::Lnd(_) => None,
        }
    }

    /// Core Lightning's, whole.
    pub(crate) fn into_cln(self) -> Option<ClnListed> {
        match self.0 {
            Inner::Cln(listed) => Some(*listed),
            #[cfg(feature = "lnd")]
            Inner::Lnd(_) => None,
        }
    }

    /// LND's.
    #[cfg(feature = "lnd")]
    pub(crate) fn lnd(&self) -> Option<&LndListed> {
        match &self.0 {
            Inner::Cln(_) => None,
            Inner::Lnd(listed) => Some(listed),
        }
    }
}

impl From<ClnListed> for Listed {
    fn from(listed: ClnListed) -> Self {
        Self(Inner::Cln(Box::new(listed)))
    }
}

#[cfg(feature = "lnd")]
impl From<LndListed> for Listed {
    fn from(listed: LndListed) -> Self {
        Self(Inner::Lnd(Box::new(listed)))
    }
}
