//! The node, whichever it is.

use facture_domain::{
    Currency, Identity, Invoice, InvoiceRef, Msat, NewInvoice, NodeId, OpenInvoice,
    PrivateChannels, StatusName, StoredCursor, StoredHistory,
    payment_string::{Bolt12, Bolt12Reading},
};

#[cfg(feature = "lnd")]
use crate::lnd::{self, Hints};
use crate::{
    cln::{client::Client, feed::Feed as ClnFeed},
    error::NodeError,
    feed::{
        Feed,
        page::{Compared, Continuity},
        position::Position,
    },
    info::{
        Confirmation, CreatedInvoice, CurrencyError, DeleteOutcome, NodeInfo, Retention, SourceRate,
    },
    rights::RefusedCall,
    time::NodeTime,
};

/// A client of one Lightning node. Cheap to clone; all clones share its connections.
#[derive(Clone, Debug)]
pub enum Node {
    /// Core Lightning.
    Cln(Client),
    /// LND.
    #[cfg(feature = "lnd")]
    Lnd(lnd::Client),
}

impl Node {
    /// The node that the calls went to so far, or are to go to.
    pub fn id(&self) -> Option<&NodeId> {
        match self {
            Self::Cln(client) => client.node(),
            #[cfg(feature = "lnd")]
            Self::Lnd(client) => client.node(),
        }
    }

    /// The same, whose invoices have hints for these private channels.
    pub fn with_private_channels(self, private_channels: PrivateChannels) -> Self {
        match self {
            Self::Cln(client) => Self::Cln(client.with_private_channels(private_channels)),
            #[cfg(feature = "lnd")]
            Self::Lnd(client) => Self::Lnd(client.with_hints(match private_channels {
                PrivateChannels::Always => Hints::Private,
                PrivateChannels::Auto | PrivateChannels::Never | PrivateChannels::These(_) => {
                    Hints::None
                }
            })),
        }
    }

    /// Fetches the node's identity.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn info(&self) -> Result<NodeInfo, NodeError> {
        match self {
            Self::Cln(client) => Ok(client.getinfo().await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(client) => Ok(client.node_info().await?),
        }
    }

    /// Creates an invoice. It is safe to repeat: an identity that exists is refused.
    ///
    /// # Errors
    /// [`NodeError::is_duplicate`] when the node has the label, or the payment hash; of the kind [`Malformed`](crate::NodeErrorKind::Malformed)
    /// when what it created is not what was asked for.
    pub async fn create(
        &self,
        identity: &Identity,
        new: &NewInvoice,
    ) -> Result<CreatedInvoice, NodeError> {
        match self {
            Self::Cln(client) => Ok(client.invoice(identity, new).await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(client) => Ok(client.create(identity, new).await?),
        }
    }

    /// Looks an invoice up; `None` when the node has none such, or has cancelled it.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn lookup(&self, invoice: &InvoiceRef) -> Result<Option<Invoice>, NodeError> {
        match self {
            Self::Cln(client) => Ok(client.find(invoice).await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(client) => Ok(client.find(invoice).await?),
        }
    }

    /// Deletes an invoice if it is in this state, or has LND cancel it. The node compares and deletes in one step: an unpaid
    /// invoice is deleted or paid, never both.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn delete(
        &self,
        invoice: &InvoiceRef,
        status: StatusName,
    ) -> Result<DeleteOutcome, NodeError> {
        match self {
            Self::Cln(client) => Ok(client.delete(invoice, status).await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(client) => Ok(client.delete(invoice, status).await?),
        }
    }

    /// The greatest amount of an invoice; `None` when the node has no limit of its own. LND makes none above 100,000 bitcoin,
    /// of which it looks at the whole satoshis.
    pub fn max_amount(&self) -> Option<Msat> {
        match self {
            Self::Cln(_) => None,
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => lnd::MAX_AMOUNT,
        }
    }

    /// How it is known that the store has all that the node knows.
    pub fn confirmation(&self) -> Confirmation {
        match self {
            Self::Cln(_) => Confirmation::ByPosition,
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => Confirmation::ByLookup,
        }
    }

    /// Whether the node may delete expired invoices by itself, as LND does where it is set to
    /// (`gc-canceled-invoices-on-the-fly`). Core Lightning tells of a deletion.
    pub fn may_delete_expired(&self) -> bool {
        match self {
            Self::Cln(_) => false,
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => true,
        }
    }

    /// Where the node's changes are now; the start on a node that does not count them.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn position(&self) -> Result<Position, NodeError> {
        match self {
            Self::Cln(client) => Ok(Position::new(client.updated_index().await?)),
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => Ok(Position::START),
        }
    }

    /// How many invoices the node has created so far, deleted ones included.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn created_count(&self) -> Result<u64, NodeError> {
        match self {
            Self::Cln(client) => Ok(client.created_index().await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(client) => Ok(client.last_add_index().await?),
        }
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
        match self {
            Self::Cln(client) => {
                let (feed, continuity, now) = ClnFeed::resume(client, cursor, history).await?;
                Ok((Feed::Cln(Box::new(feed)), continuity, now))
            }
            #[cfg(feature = "lnd")]
            Self::Lnd(client) => {
                let (feed, continuity) = lnd::Feed::resume(client, cursor, history).await?;
                let now = feed.position();
                Ok((Feed::Lnd(Box::new(feed)), continuity, now))
            }
        }
    }

    /// Compares open invoices, in the order of their numbers, with what is pending on the node: as many of the first of them
    /// as one call can list. On a node whose changes are confirmed [by position](Confirmation::ByPosition) there is nothing
    /// to compare.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn compare_pending(&self, open: &[OpenInvoice]) -> Result<Compared, NodeError> {
        match self {
            Self::Cln(_) => Ok(Compared {
                count: open.len(),
                ..Compared::default()
            }),
            #[cfg(feature = "lnd")]
            Self::Lnd(client) => Ok(client.compare_pending(open).await?),
        }
    }

    /// Whether the node is set to delete paid invoices automatically.
    ///
    /// # Errors
    /// [`NodeError`], also where the node cannot tell.
    pub async fn retention(&self) -> Result<Retention, NodeError> {
        match self {
            Self::Cln(client) => Ok(client.retention().await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => Ok(Retention::KeepsPaid),
        }
    }

    /// The rights in our credential that facture does not need, in the node's words. lightningd's socket needs none: it
    /// allows everything.
    ///
    /// # Errors
    /// [`NodeError`] when the credential cannot be read.
    pub async fn excess_rights(&self) -> Result<Vec<String>, NodeError> {
        match self {
            Self::Cln(client) => Ok(client.excess_rights()),
            #[cfg(feature = "lnd")]
            Self::Lnd(client) => Ok(client.excess_rights().await?),
        }
    }

    /// The calls of a checkout that the node does not carry out for us. Each is made once, in a way that changes nothing.
    ///
    /// # Errors
    /// [`NodeError`] when no answer comes.
    pub async fn refused_calls(&self) -> Result<Vec<RefusedCall>, NodeError> {
        match self {
            Self::Cln(client) => Ok(client.refused_calls().await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(client) => Ok(client.refused_calls().await?),
        }
    }

    /// The node's time, as far as it is known.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn time(&self) -> Result<NodeTime, NodeError> {
        match self {
            Self::Cln(client) => Ok(client.time().await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(client) => Ok(client.time().await?.into()),
        }
    }

    /// How much all channels together can receive now; what one payment can bring is less. `None` when the node does not
    /// tell.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn receivable(&self) -> Result<Option<Msat>, NodeError> {
        match self {
            Self::Cln(client) => Ok(client.receivable().await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(client) => Ok(client.receivable().await?),
        }
    }

    /// Reads what a BOLT 12 string says. LND cannot, and a lightningd whose rune does not allow it does not:
    /// [`Bolt12Reading::Unavailable`].
    ///
    /// # Errors
    /// [`NodeError`] when no answer comes.
    pub async fn read_bolt12(&self, text: &Bolt12) -> Result<Bolt12Reading, NodeError> {
        match self {
            Self::Cln(client) => Ok(client.decode(text).await?),
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => Ok(Bolt12Reading::Unavailable),
        }
    }

    /// What a bitcoin costs, as each source of the node says.
    ///
    /// # Errors
    /// [`CurrencyError`].
    pub async fn currency_rates(
        &self,
        currency: Currency,
    ) -> Result<Vec<SourceRate>, CurrencyError> {
        match self {
            Self::Cln(client) => client.currency_rates(currency).await,
            #[cfg(feature = "lnd")]
            Self::Lnd(_) => Err(CurrencyError::NoRates),
        }
    }
}
