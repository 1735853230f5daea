//! The use cases of pay to reveal: offering items and selling them.

use std::sync::Arc;

use facture_domain::{
    Amount, Channel, ContentKind, Expiry, Identity, Invoice, Item, ItemId, Label, LabelScheme,
    LnurlMetadata, Metadata, NewHold, NewInvoice, NewItem, Order, OurLabels, Sale, SaleKey,
    StockRule,
    desk::{Actor, AuditAction},
};
use facture_store::{NewSale, Offered, SaleReserved, Store, Withdrawn};
use jiff::{SignedDuration, Timestamp};
use serde_json::value::RawValue;
use tokio::sync::Semaphore;
use tracing::Instrument;

use super::error::Error;
use crate::invoices::{Error as InvoicingError, Invoicing};

/// Pay to reveal. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Reveals {
    pub(super) store: Store,
    pub(super) invoicing: Invoicing,
    pub(super) labels: OurLabels,
    rules: SaleRules,
    pub(super) downloads: Arc<Semaphore>,
}

/// What a buyer asks for, who may ask twice.
#[derive(Clone, Debug)]
pub struct SaleOrder {
    /// The item.
    pub item: ItemId,
    /// What distinguishes the sale.
    pub key: SaleKey,
    /// What a wallet was shown that buys without the item's page (LNURL-pay).
    pub shown: Option<LnurlMetadata>,
}

/// What is agreed with buyers.
#[derive(Clone, Copy, Debug)]
pub struct SaleRules {
    /// How long their invoices can be paid.
    pub expiry: Expiry,
    /// How their payments are held, if they are.
    pub hold: NewHold,
    /// With so many held payments no more invoices are made whose payments would be held; 0: no limit.
    pub max_held: u32,
}

/// So many downloads are in memory at the same time.
const MAX_DOWNLOADS: usize = 4;

/// How long a part of the stock is reserved by an invoice, in seconds. Without a stock, the usual expiry counts.
const MAX_RESERVATION_SECONDS: u32 = 15 * 60;

/// After this, an invoice that the node made without our knowing is not payable any more.
const RESERVATION_MARGIN: SignedDuration = SignedDuration::from_mins(10);

impl Reveals {
    /// In this store and by these invoices.
    pub fn new(store: Store, invoicing: Invoicing, labels: OurLabels, rules: SaleRules) -> Self {
        Self {
            store,
            invoicing,
            labels,
            rules,
            downloads: Arc::new(Semaphore::new(MAX_DOWNLOADS)),
        }
    }

    /// Offers the items of the configuration, and no others of it.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn offer_configured(&self, items: Vec<NewItem>) -> Result<(), Error> {
        for item in &items {
            if !self.can_sell(item.content.kind()) {
                tracing::warn!(item = %item.id, "this node cannot have a word as a preimage: the item is not offered");
            }
        }
        Ok(self.store.offer_configured(items).await?)
    }

    /// Offers an item, or changes it, with an entry in the audit log, if somebody at the desk does. Whether it is new.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn offer(&self, new: NewItem, by: Option<Actor>) -> Result<(Item, bool), Error> {
        if !self.can_sell(new.content.kind()) {
            return Err(Error::WordUnavailable);
        }
        match self.store.offer(new, by).await? {
            Offered::New(item) => Ok((item, true)),
            Offered::Changed(item) => Ok((item, false)),
            Offered::OfConfiguration => Err(Error::OfConfiguration),
            Offered::TooMany => Err(Error::TooMany),
        }
    }

    /// Withdraws an item, with an entry in the audit log, if somebody at the desk does. What was sold stays.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn withdraw(&self, id: &ItemId, by: Option<&Actor>) -> Result<(), Error> {
        let entry = by.map(|actor| actor.did(AuditAction::ItemWithdrawn, id.as_str()));
        match self.store.withdraw(id, entry).await? {
            Withdrawn::Done => Ok(()),
            Withdrawn::OfConfiguration => Err(Error::OfConfiguration),
            Withdrawn::Unknown => Err(Error::NotFound),
        }
    }

    /// All items that are offered.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn items(&self) -> Result<Vec<Item>, Error> {
        Ok(self.store.items().await?)
    }

    /// An item that is offered and can be sold on this node.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::WordUnavailable`], [`Error::Store`].
    pub async fn item(&self, id: &ItemId) -> Result<Item, Error> {
        let item = self.store.item(id).await?.ok_or(Error::NotFound)?;
        match self.can_sell(item.kind) {
            true => Ok(item),
            false => Err(Error::WordUnavailable),
        }
    }

    /// Whether this node can have a word as a preimage.
    pub fn sells_words(&self) -> bool {
        self.can_sell(ContentKind::Word)
    }

    fn can_sell(&self, kind: ContentKind) -> bool {
        kind != ContentKind::Word || self.labels.scheme() == LabelScheme::Chosen
    }

    /// Makes the invoice of a sale: one for each key, however often it is asked for. To the end, whoever asked.
    ///
    /// # Errors
    /// [`Error`]; then the same may be tried again.
    pub async fn sell(&self, order: SaleOrder) -> Result<(Item, Arc<Invoice>), Error> {
        self.item(&order.item).await?;
        let this = self.clone();
        let sold = async move { this.sell_once(order).await };
        let sold = tokio::spawn(sold.in_current_span()).await;
        sold.map_err(InvoicingError::from)?
    }

    async fn sell_once(&self, order: SaleOrder) -> Result<(Item, Arc<Invoice>), Error> {
        let SaleOrder { item, key, shown } = order;
        let label = self.labels.sale_label(&key);
        let until =
            Timestamp::now() + SignedDuration::from_secs(self.rules.expiry.seconds().into());
        let sale = NewSale {
            label: label.clone(),
            key: key.clone(),
            item,
            until: until + RESERVATION_MARGIN,
        };
        let item = match self.store.reserve_sale(sale).await? {
            SaleReserved::Done(item) | SaleReserved::Known(item) => item,
            SaleReserved::SoldOut => return Err(Error::SoldOut),
            SaleReserved::Unknown => return Err(Error::NotFound),
            SaleReserved::OtherItem => return Err(Error::OtherItem),
        };
        match self.make_invoice(&key, &label, &item, shown).await {
            Ok(invoice) if self.store.sale(&label).await?.is_some() => Ok((item, invoice)),
            // The same was asked for at the same time, failed there, and gave back what it is to be sold from. Nobody has seen
            // the invoice.
            Ok(_) => {
                self.invoicing.cancel(&label).await?;
                Err(Error::Busy)
            }
            Err(error) => {
                if was_not_made(&error) {
                    self.store.release_sale(&label).await?;
                }
                Err(error)
            }
        }
    }

    async fn make_invoice(
        &self,
        key: &SaleKey,
        label: &Label,
        item: &Item,
        shown: Option<LnurlMetadata>,
    ) -> Result<Arc<Invoice>, Error> {
        let new = NewInvoice {
            lnurl_metadata: shown,
            ..self.invoice_for(item)?
        };
        let made = match item.stock_rule {
            StockRule::Reserve => {
                // Of the sale, not of the item: that may have other content by now.
                let sale = self.store.sale(label).await?;
                let sale = sale.ok_or(InvoicingError::Mismatch)?;
                let identity = self.identity(&sale).await?;
                self.invoicing.create_identified(identity, new).await
            }
            StockRule::Hold => {
                let most = self.rules.max_held;
                if most > 0 && self.invoicing.count_held(most).await? >= most {
                    return Err(Error::TooManyHolds);
                }
                let identity = self.labels.sale_hold_identity(key);
                let terms = self.rules.hold;
                self.invoicing
                    .create_identified_hold(identity, terms, new)
                    .await
            }
        };
        Ok(made?)
    }

    async fn identity(&self, sale: &Sale) -> Result<Identity, Error> {
        let content = self.content_of(sale).await?;
        let identity = self.labels.sale_identity(&sale.key, content.word());
        identity.ok_or(Error::WordUnavailable)
    }

    fn invoice_for(&self, item: &Item) -> Result<NewInvoice, Error> {
        let usual = self.rules.expiry.seconds();
        let (seconds, hold) = match (item.stock_rule, item.stock) {
            (StockRule::Reserve, None) => (usual, None),
            (StockRule::Reserve, Some(_)) => (usual.min(MAX_RESERVATION_SECONDS), None),
            (StockRule::Hold, _) => (usual, Some(self.rules.hold)),
        };
        let metadata = format!("{{\"item\":\"{}\"}}", item.id);
        let metadata = RawValue::from_string(metadata).ok();
        Ok(NewInvoice {
            amount: Amount::Exact(item.price),
            description: item.title.clone(),
            lnurl_metadata: None,
            expiry: Expiry::from_seconds(seconds).map_err(|_| InvoicingError::Mismatch)?,
            order: Order {
                metadata: metadata.and_then(|json| Metadata::new(&json).ok()),
                channel: Some(Channel::Reveal),
                ..Order::default()
            },
            webhooks: Vec::new(),
            hold,
        })
    }
}

/// Whether the node certainly has no such invoice.
fn was_not_made(error: &Error) -> bool {
    match error {
        Error::TooManyHolds => true,
        Error::Invoice(error) => error.was_not_made(),
        _ => false,
    }
}
