//! Making and finding invoices: the use cases of the checkout, independent of who asks. It chooses labels, and sees to
//! it that one request ends in one invoice.

use tokio_util::task::TaskTracker;

use crate::{
    invoice::{Invoice, Label, LabelPrefix, NewInvoice},
    lightning::{Client, Error as NodeError, NodeInfo},
};

/// The use cases. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Invoicing {
    node: Client,
    prefix: LabelPrefix,
    creating: TaskTracker,
}

/// Why no invoice came of a request.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// The node could not be asked, or refused.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The node has an invoice under the new label, but not the one that was asked for.
    #[error("the node's invoice under the new label is not the one that was asked for")]
    Mismatch,
    /// The task that made it broke off.
    #[error("making the invoice broke off")]
    Aborted(#[from] tokio::task::JoinError),
}

impl Invoicing {
    /// On this node, for invoices with this prefix.
    pub fn new(node: Client, prefix: LabelPrefix) -> Self {
        Self {
            node,
            prefix,
            creating: TaskTracker::new(),
        }
    }

    /// Makes an invoice, in a task of its own, so that a buyer who closes the page cannot tear it in two.
    ///
    /// # Errors
    /// [`CreateError`]. When it says that the node could not be reached or refused, there is no invoice; otherwise
    /// there may be one that nobody has seen and that will expire.
    pub async fn create(&self, new: NewInvoice) -> Result<Invoice, CreateError> {
        let node = self.node.clone();
        let label = self.prefix.random_label();
        self.creating
            .spawn(async move { create_once(&node, &label, &new).await })
            .await?
    }

    /// Finds an invoice by its label. `None` when it is not ours or the node has none.
    ///
    /// # Errors
    /// [`NodeError`] when the node gives no answer.
    pub async fn find(&self, label: &Label) -> Result<Option<Invoice>, NodeError> {
        self.node.invoice_by_label(label).await
    }

    /// Reads a label; `None` when it is not one of ours: other programs share the node.
    pub fn parse_label(&self, text: &str) -> Option<Label> {
        self.prefix.parse_label(text)
    }

    /// Asks the node who it is.
    ///
    /// # Errors
    /// [`NodeError`] when the node gives no answer.
    pub async fn node(&self) -> Result<NodeInfo, NodeError> {
        self.node.getinfo().await
    }

    /// Waits until no invoice is being made any more. New ones can still be started.
    pub async fn finish(&self) {
        self.creating.close();
        self.creating.wait().await;
    }
}

/// The label was chosen before the node was asked, so a lost answer can be repaired: ask again, and when the node says
/// that it has the label already, the invoice is there.
async fn create_once(
    node: &Client,
    label: &Label,
    new: &NewInvoice,
) -> Result<Invoice, CreateError> {
    let answer = match node.invoice(label, new).await {
        Err(lost @ NodeError::Lost { .. }) => {
            tracing::warn!(error = %lost, "asking again");
            node.invoice(label, new).await
        }
        other => other,
    };
    match answer {
        Err(error) if error.is_duplicate_label() => adopt(node, label, new).await,
        other => Ok(other?),
    }
}

async fn adopt(node: &Client, label: &Label, new: &NewInvoice) -> Result<Invoice, CreateError> {
    let found = node
        .invoice_by_label(label)
        .await?
        .ok_or(CreateError::Mismatch)?;
    let same = found.amount == new.amount && found.description == new.description.as_str();
    same.then_some(found).ok_or(CreateError::Mismatch)
}
