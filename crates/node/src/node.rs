//! The node, whichever it is.

use facture_domain::{
    Invoice, Label, Msat, NewInvoice, NodeId, Price, PrivateChannels, StatusName, StoredCursor,
    StoredHistory,
};

use crate::{
    cln::{
        client::Client,
        feed::{Feed as ClnFeed, news::Waiters},
    },
    error::NodeError,
    feed::{Feed, page::Continuity, position::Position, watch::WatchConnections},
    info::{CreatedInvoice, CurrencyError, DeleteOutcome, NodeInfo, Retention},
};

/// A client of one Lightning node. Cheap to clone; all clones share its connections.
#[derive(Clone, Debug)]
pub enum Node {
    /// Core Lightning.
    Cln(Client),
}

impl Node {
    /// The node that the calls went to so far, or are to go to.
    pub fn id(&self) -> Option<&NodeId> {
        let Self::Cln(client) = self;
        client.node()
    }

    /// The same, whose invoices have hints for these private channels.
    pub fn with_private_channels(self, private_channels: PrivateChannels) -> Self {
        let Self::Cln(client) = self;
        Self::Cln(client.with_private_channels(private_channels))
    }

    /// Fetches the node's identity.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn info(&self) -> Result<NodeInfo, NodeError> {
        let Self::Cln(client) = self;
        Ok(client.getinfo().await?)
    }

    /// Creates an invoice. It is safe to repeat: a label that exists is refused.
    ///
    /// # Errors
    /// [`NodeError::is_duplicate`] when the node has the label; of the kind [`Malformed`](crate::NodeErrorKind::Malformed)
    /// when what it created is not what was asked for.
    pub async fn create(
        &self,
        label: &Label,
        new: &NewInvoice,
    ) -> Result<CreatedInvoice, NodeError> {
        let Self::Cln(client) = self;
        Ok(client.invoice(label, new).await?)
    }

    /// Looks an invoice up; `None` when the node has none with this label.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn lookup(&self, label: &Label) -> Result<Option<Invoice>, NodeError> {
        let Self::Cln(client) = self;
        Ok(client.invoice_by_label(label).await?)
    }

    /// Deletes an invoice if it is in this state. The node compares and deletes in one step: an unpaid invoice is deleted
    /// or paid, never both.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn delete(
        &self,
        label: &Label,
        status: StatusName,
    ) -> Result<DeleteOutcome, NodeError> {
        let Self::Cln(client) = self;
        Ok(client.delete(label, status).await?)
    }

    /// Where the node's changes are now.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn position(&self) -> Result<Position, NodeError> {
        let Self::Cln(client) = self;
        Ok(Position::new(client.updated_index().await?))
    }

    /// How many invoices the node has created so far, deleted ones included.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn created_count(&self) -> Result<u64, NodeError> {
        let Self::Cln(client) = self;
        Ok(client.created_index().await?)
    }

    /// Goes on following where it was left, or from the start if the node is not known to be the same: then the
    /// [`Continuity`] says so. Where the node's changes are now comes with it.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn resume(
        &self,
        cursor: Option<&StoredCursor>,
        history: Option<&StoredHistory>,
    ) -> Result<(Feed, Continuity, Position), NodeError> {
        let Self::Cln(client) = self;
        let (feed, continuity, now) = ClnFeed::resume(client, cursor, history).await?;
        Ok((Feed::Cln(feed), continuity, now))
    }

    /// Opens the connections that wait for what happens on the node.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn watch_connections(&self) -> Result<WatchConnections, NodeError> {
        let Self::Cln(client) = self;
        Ok(WatchConnections::Cln(Waiters::open(client).await?))
    }

    /// Whether the node is set to delete paid invoices automatically.
    ///
    /// # Errors
    /// [`NodeError`], also where the node cannot tell.
    pub async fn retention(&self) -> Result<Retention, NodeError> {
        let Self::Cln(client) = self;
        Ok(client.retention().await?)
    }

    /// How much all channels together can receive now; what one payment can bring is less. `None` when the node does not
    /// tell.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn receivable(&self) -> Result<Option<Msat>, NodeError> {
        let Self::Cln(client) = self;
        Ok(client.receivable().await?)
    }

    /// What a price is in bitcoin now, rounded up to the next millisatoshi. Bitcoin needs no rate, and no call.
    ///
    /// # Errors
    /// [`CurrencyError`].
    pub async fn convert(&self, price: &Price) -> Result<Msat, CurrencyError> {
        let Self::Cln(client) = self;
        client.currencyconvert(price).await
    }
}
