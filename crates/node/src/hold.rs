//! Hold invoices: their payments are held by the node until they are settled or sent back. A node may be unable to do that
//! ([`NodeErrorKind::Unsupported`](crate::NodeErrorKind::Unsupported)).

use facture_domain::{
    HoldIdentity, Invoice, InvoiceRef, Label, NewInvoice, OurLabels, PaymentHash, Preimage,
};

#[cfg(feature = "lnd")]
use crate::lnd::invoice::Listed as LndListed;
use crate::{
    cln::holds::Record as ClnHold,
    error::NodeError,
    hold_info::{HoldHashes, HoldKey, HoldOutcome},
    info::CreatedInvoice,
    node::Node,
};

/// A hold invoice of the node as it lists it. It may be another program's.
#[derive(Debug)]
pub struct ListedHold(Inner);

#[derive(Debug)]
enum Inner {
    Cln(Box<ClnHold>),
    #[cfg(feature = "lnd")]
    Lnd(Box<LndListed>),
}

impl Node {
    /// Whose payment hashes it can hold payments for, if it can hold payments at all.
    pub fn hold_hashes(&self) -> HoldHashes {
        match self {
            Self::Cln(_) => HoldHashes::OfKnownPreimage,
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => HoldHashes::Any,
        }
    }

    /// Creates a hold invoice, for which a payer has to lock the payment up for at least so many blocks. It is safe to
    /// repeat: an identity that exists is refused.
    ///
    /// # Errors
    /// [`NodeError::is_duplicate`] when the node has the label, or the payment hash; of the kind
    /// [`Malformed`](crate::NodeErrorKind::Malformed) when what it created is not what was asked for;
    /// [`Unsupported`](crate::NodeErrorKind::Unsupported) when it cannot hold payments, or none for such a key.
    pub async fn create_hold(
        &self,
        identity: &HoldIdentity,
        new: &NewInvoice,
        key: HoldKey<'_>,
        cltv_blocks: u32,
    ) -> Result<CreatedInvoice, NodeError> {
        match self {
            Self::Cln(client) => {
                let label = &identity.label;
                Ok(client.create_hold(label, new, key, cltv_blocks).await?)
            }
            #[cfg(feature = "lnd")]
            Self::Lnd(client) => Ok(client.create_hold(identity, new, cltv_blocks).await?),
        }
    }

    /// Looks a hold invoice up, whatever became of it; `None` when the node has none such.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn lookup_hold(&self, invoice: &InvoiceRef) -> Result<Option<Invoice>, NodeError> {
        match self {
            Self::Cln(client) => {
                let found = client.hold_by_label(&invoice.label).await?;
                Ok(found.filter(|found| {
                    let hash = invoice.payment_hash;
                    hash.is_none_or(|hash| hash == found.payment_hash)
                }))
            }
            #[cfg(feature = "lnd")]
            Self::Lnd(client) => Ok(client.find_hold(invoice).await?),
        }
    }

    /// Takes a held payment. It is safe to repeat.
    ///
    /// # Errors
    /// [`NodeError`]; then it may have been taken.
    pub async fn settle_hold(
        &self,
        label: &Label,
        preimage: &Preimage,
    ) -> Result<HoldOutcome, NodeError> {
        match self {
            Self::Cln(client) => Ok(client.settle_hold(label, preimage).await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(client) => Ok(client.settle_hold(preimage).await?),
        }
    }

    /// Sends a held payment back, or makes sure that an unpaid hold invoice is never paid. It is safe to repeat.
    ///
    /// # Errors
    /// [`NodeError`]; then it may have been sent back.
    pub async fn cancel_hold(&self, invoice: &InvoiceRef) -> Result<HoldOutcome, NodeError> {
        match self {
            Self::Cln(client) => Ok(client.cancel_hold(&invoice.label).await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(client) => Ok(client.cancel_hold(invoice).await?),
        }
    }

    /// Hold invoices that are unpaid or whose payment is held, other programs' too; on a node that lists them by number, those
    /// after this one.
    ///
    /// # Errors
    /// [`NodeError`], of the kind [`Unsupported`](crate::NodeErrorKind::Unsupported) when it cannot hold payments.
    #[cfg_attr(
        not(feature = "lnd"),
        expect(unused_variables, reason = "facture's plugin lists all of them")
    )]
    pub async fn open_holds(&self, after: u64) -> Result<Vec<ListedHold>, NodeError> {
        match self {
            Self::Cln(client) => {
                let holds = client.open_holds().await?.into_iter();
                let holds = holds.map(|hold| ListedHold(Inner::Cln(Box::new(hold))));
                Ok(holds.collect())
            }
            #[cfg(feature = "lnd")]
            Self::Lnd(client) => {
                let holds = client.open_holds(after).await?.into_iter();
                let holds = holds.map(|hold| ListedHold(Inner::Lnd(Box::new(hold))));
                Ok(holds.collect())
            }
        }
    }
}

impl ListedHold {
    /// The label that it has if it is ours; `None` when it cannot be.
    pub fn label(&self, ours: &OurLabels) -> Option<Label> {
        match &self.0 {
            Inner::Cln(hold) => ours.parse_label(hold.label()),
            #[cfg(feature = "lnd")]
            Inner::Lnd(listed) => listed
                .payment_hash()
                .map(|payment_hash| ours.label_of_hold(payment_hash)),
        }
    }

    /// Its payment hash. `None` for an AMP payment of LND that came without an invoice.
    pub fn payment_hash(&self) -> Option<PaymentHash> {
        match &self.0 {
            Inner::Cln(hold) => Some(hold.payment_hash()),
            #[cfg(feature = "lnd")]
            Inner::Lnd(listed) => listed.payment_hash(),
        }
    }

    /// Parses it, when the label is ours.
    ///
    /// # Errors
    /// [`NodeError`] of the kind [`Malformed`](crate::NodeErrorKind::Malformed) when it makes no sense.
    pub fn read(&self, label: &Label) -> Result<Invoice, NodeError> {
        match &self.0 {
            Inner::Cln(hold) => Ok(hold.read(label)?),
            #[cfg(feature = "lnd")]
            Inner::Lnd(listed) => Ok(listed.read_as(label)?),
        }
    }
}
