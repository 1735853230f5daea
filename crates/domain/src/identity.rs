//! What an invoice is known by on its node: its label on one that has labels, its payment hash on one that has none.

use crate::{
    bolt11::PaymentHash, invoice::Invoice, label::Label, open_invoice::OpenInvoice,
    preimage::Preimage,
};

/// What identifies an invoice that the node is yet to create. It is chosen before the node is asked, so that asking again
/// creates no second one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// On a node with labels. The node chooses the preimage.
    Label(Label),
    /// The preimage is chosen by us. On a node without labels the payment hash follows from it, and the label from that; on a
    /// node with labels both are ours, since the preimage is what is sold.
    Preimage {
        /// The label.
        label: Label,
        /// The preimage.
        preimage: Preimage,
    },
}

/// What finds an invoice on the node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceRef {
    /// Its label.
    pub label: Label,
    /// Its payment hash; `None` when it is not known. Only a node with labels can be asked then.
    pub payment_hash: Option<PaymentHash>,
    /// What the node calls it, where that is not our label: the payment of an offer.
    pub node_label: Option<String>,
}

impl InvoiceRef {
    /// What the node calls it, on a node with labels.
    pub fn on_node(&self) -> &str {
        self.node_label.as_deref().unwrap_or(self.label.as_str())
    }
}

impl Identity {
    /// The label.
    pub fn label(&self) -> &Label {
        match self {
            Self::Label(label) | Self::Preimage { label, .. } => label,
        }
    }
}

impl From<&Identity> for InvoiceRef {
    fn from(identity: &Identity) -> Self {
        Self {
            label: identity.label().clone(),
            payment_hash: match identity {
                Identity::Label(_) => None,
                Identity::Preimage { preimage, .. } => Some(preimage.payment_hash()),
            },
            node_label: None,
        }
    }
}

impl From<&Invoice> for InvoiceRef {
    fn from(invoice: &Invoice) -> Self {
        Self {
            label: invoice.label.clone(),
            payment_hash: Some(invoice.payment_hash),
            node_label: invoice.offer().map(|payment| payment.node_label.clone()),
        }
    }
}

impl From<&OpenInvoice> for InvoiceRef {
    fn from(invoice: &OpenInvoice) -> Self {
        Self {
            label: invoice.label.clone(),
            payment_hash: Some(invoice.payment_hash),
            node_label: None,
        }
    }
}

impl From<Label> for InvoiceRef {
    fn from(label: Label) -> Self {
        Self {
            label,
            payment_hash: None,
            node_label: None,
        }
    }
}
