//! Hold invoices: their payments are held by the node until they are settled or sent back. A node may be unable to do that
//! ([`NodeErrorKind::Unsupported`](crate::NodeErrorKind::Unsupported)).

use facture_domain::{Invoice, Label, NewInvoice, PaymentHash, Preimage};

use crate::{
    cln::holds::Record as ClnHold,
    error::NodeError,
    hold_info::{HoldHashes, HoldKey, HoldOutcome},
    info::CreatedInvoice,
    node::Node,
};

/// A hold invoice of the node as it lists it. It may be another program's.
#[derive(Debug)]
pub struct ListedHold(ClnHold);

impl Node {
    /// Whose payment hashes it can hold payments for, if it can hold payments at all.
    pub fn hold_hashes(&self) -> HoldHashes {
        let Self::Cln(_) = self;
        HoldHashes::OfKnownPreimage
    }

    /// Creates a hold invoice, for which a payer has to lock the payment up for at least so many blocks. It is safe to
    /// repeat: a label that exists is refused.
    ///
    /// # Errors
    /// [`NodeError::is_duplicate`] when the node has the label; of the kind
    /// [`Malformed`](crate::NodeErrorKind::Malformed) when what it created is not what was asked for;
    /// [`Unsupported`](crate::NodeErrorKind::Unsupported) when it cannot hold payments, or none for such a key.
    pub async fn create_hold(
        &self,
        label: &Label,
        new: &NewInvoice,
        key: HoldKey<'_>,
        cltv_blocks: u32,
    ) -> Result<CreatedInvoice, NodeError> {
        let Self::Cln(client) = self;
        Ok(client.create_hold(label, new, key, cltv_blocks).await?)
    }

    /// Looks a hold invoice up, whatever became of it; `None` when the node has none with this label and payment hash.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn lookup_hold(
        &self,
        label: &Label,
        payment_hash: PaymentHash,
    ) -> Result<Option<Invoice>, NodeError> {
        let Self::Cln(client) = self;
        let found = client.hold_by_label(label).await?;
        Ok(found.filter(|found| found.payment_hash == payment_hash))
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
        let Self::Cln(client) = self;
        Ok(client.settle_hold(label, preimage).await?)
    }

    /// Sends a held payment back, or makes sure that an unpaid hold invoice is never paid. It is safe to repeat.
    ///
    /// # Errors
    /// [`NodeError`]; then it may have been sent back.
    pub async fn cancel_hold(
        &self,
        label: &Label,
        _payment_hash: PaymentHash,
    ) -> Result<HoldOutcome, NodeError> {
        let Self::Cln(client) = self;
        Ok(client.cancel_hold(label).await?)
    }

    /// All hold invoices that are unpaid or whose payment is held, other programs' too.
    ///
    /// # Errors
    /// [`NodeError`], of the kind [`Unsupported`](crate::NodeErrorKind::Unsupported) when it cannot hold payments.
    pub async fn open_holds(&self) -> Result<Vec<ListedHold>, NodeError> {
        let Self::Cln(client) = self;
        let holds = client.open_holds().await?;
        Ok(holds.into_iter().map(ListedHold).collect())
    }
}

impl ListedHold {
    /// Its label, which may be another program's.
    pub fn label(&self) -> &str {
        self.0.label()
    }

    /// Parses it, when the label is ours.
    ///
    /// # Errors
    /// [`NodeError`] of the kind [`Malformed`](crate::NodeErrorKind::Malformed) when it makes no sense.
    pub fn read(&self, label: &Label) -> Result<Invoice, NodeError> {
        Ok(self.0.read(label)?)
    }
}
