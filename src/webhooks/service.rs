//! The endpoints and their deliveries, for the owner of the shop.

use crate::webhooks::error::Error;
use std::{sync::Arc, time::Duration};

use hyper::Uri;
use jiff::Timestamp;

use crate::webhooks::{destination::Destination, sign::Occasion};
use facture_domain::{
    Event, Hook, HookFormat, HookUrl, Label, ShopId,
    desk::NewAudit,
    hook::{
        Attempt, Backlog, BtcpayEndpoint, Delivery, DeliveryId, Endpoint, EndpointChange,
        EndpointId, NewEndpoint, Queued, SecretOwner, Secrets,
    },
};
use facture_runtime::clock::Clock;
use facture_runtime::guard::{AllowedAddresses, Policy};
use facture_store::Store;

/// Renders the bytes to send. The web layer knows the formats.
pub type Render = Arc<dyn Fn(&Rendering<'_>) -> Result<Rendered, RenderError> + Send + Sync>;

/// What is to be rendered.
#[derive(Clone, Debug)]
pub struct Rendering<'a> {
    /// The message.
    pub message: Message<'a>,
    /// Its form.
    pub format: HookFormat,
    /// The delivery that it is of.
    pub delivery: &'a DeliveryId,
    /// Where it goes.
    pub endpoint: &'a EndpointId,
    /// What an endpoint that is told in BTCPay's words has besides.
    pub btcpay: Option<&'a BtcpayEndpoint>,
    /// Which of the event's messages, from 0.
    pub part: u32,
    /// Why it is sent.
    pub occasion: Occasion,
}

/// The bytes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The body.
    pub body: Vec<u8>,
    /// What follows it.
    pub rest: Rest,
}

/// Whether an event has further messages after this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// It was the last one.
    Nothing,
    /// There is another one, which is sent once this one is answered.
    More,
}

/// The message to send.
#[derive(Clone, Copy, Debug)]
pub enum Message<'a> {
    /// Something happened to an invoice.
    Event(&'a Event),
    /// The owner of the shop wants to see whether it arrives, asked for at this time.
    Test(Timestamp),
}

/// The message could not be rendered.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct RenderError(#[from] Box<dyn std::error::Error + Send + Sync>);

/// Delivery options.
#[derive(Clone, Debug)]
pub struct Options {
    /// The allowed destinations.
    pub allowed: AllowedAddresses,
    /// The deadline of one attempt.
    pub deadline: Duration,
    /// The SOCKS5 proxy by which `.onion` addresses are reached, if there is one.
    pub onion_proxy: Option<Uri>,
    /// With so many deliveries of single invoices' addresses waiting, the token that named them names no more. 0: without
    /// limit.
    pub waiting_per_token: u32,
}

/// An address that nothing would ever be sent to, as we are configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DestinationRefused {
    /// It is private, or this machine's own.
    #[error(
        "must not be a private address or one of this machine's own, unless webhooks.allow_private is on"
    )]
    PrivateAddress,
    /// It is one of Tor's network.
    #[error("must not be a .onion address, unless webhooks.onion_proxy names a proxy for it")]
    NoOnionProxy,
}

/// The endpoints and their deliveries, for the owner of the shop. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Webhooks {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) options: Arc<Options>,
}

impl Webhooks {
    /// On this store and this clock; how deliveries are sent.
    pub fn new(store: Store, clock: Clock, options: Options) -> Self {
        Self {
            store,
            clock,
            options: Arc::new(options),
        }
    }

    /// Whether anything can be sent to this address. What a name stands for is seen when it is sent.
    ///
    /// # Errors
    /// [`DestinationRefused`], which names the key that allows it.
    pub fn check(&self, url: &HookUrl) -> Result<(), DestinationRefused> {
        let policy = Policy::new(self.options.allowed);
        match Destination::of(url) {
            Destination::Address(address) if !policy.allows(address) => {
                Err(DestinationRefused::PrivateAddress)
            }
            Destination::Onion if self.options.onion_proxy.is_none() => {
                Err(DestinationRefused::NoOnionProxy)
            }
            Destination::Address(_) | Destination::Onion | Destination::Name(_) => Ok(()),
        }
    }

    /// Whether a token may name one more address for a single invoice: not while too many deliveries of such wait.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn has_room(&self, token: &str) -> Result<bool, Error> {
        let most = self.options.waiting_per_token;
        Ok(most == 0 || self.store.waiting_of_token(token, most).await? < most)
    }

    /// Creates an endpoint for all invoices. It receives events from now on.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn create(&self, new: NewEndpoint) -> Result<Endpoint, Error> {
        Ok(self.store.create_endpoint(new).await?)
    }

    /// Adds an address that receives one invoice's events, past ones included. Harmless when it is
    /// there already.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn add(&self, label: &Label, hook: &Hook) -> Result<Endpoint, Error> {
        Ok(self.store.add_endpoint(label, hook).await?)
    }

    /// The addresses that receive one invoice's events, oldest first.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn list_of(&self, label: &Label) -> Result<Vec<Endpoint>, Error> {
        Ok(self.store.endpoints_of(label).await?)
    }

    /// All endpoints for all invoices, oldest first.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn list(&self) -> Result<Vec<Endpoint>, Error> {
        Ok(self.store.endpoints().await?)
    }

    /// Finds an endpoint, including those of single invoices.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn find(&self, id: &EndpointId) -> Result<Option<Endpoint>, Error> {
        Ok(self.store.endpoint(id).await?)
    }

    /// Creates an endpoint that is told of a shop's invoices in BTCPay's words, from now on.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn create_btcpay(
        &self,
        shop: &ShopId,
        new: NewEndpoint,
        settings: &BtcpayEndpoint,
    ) -> Result<Endpoint, Error> {
        let made = self.store.create_btcpay_endpoint(shop, new, settings);
        Ok(made.await?)
    }

    /// Those of a shop, the oldest first.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn list_btcpay(
        &self,
        shop: &ShopId,
    ) -> Result<Vec<(Endpoint, BtcpayEndpoint)>, Error> {
        Ok(self.store.btcpay_endpoints(shop).await?)
    }

    /// One of a shop.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn find_btcpay(
        &self,
        shop: &ShopId,
        id: &EndpointId,
    ) -> Result<Option<(Endpoint, BtcpayEndpoint)>, Error> {
        Ok(self.store.btcpay_endpoint(shop, id).await?)
    }

    /// Changes one, all of whose settings are replaced; what it is then, `None` when there is none.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn change_btcpay(
        &self,
        id: &EndpointId,
        change: EndpointChange,
        settings: &BtcpayEndpoint,
    ) -> Result<Option<Endpoint>, Error> {
        let changed = self.store.change_btcpay_endpoint(id, change, settings);
        Ok(changed.await?)
    }

    /// Changes an endpoint; what it is then, `None` when there is none.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn change(
        &self,
        id: &EndpointId,
        change: EndpointChange,
    ) -> Result<Option<Endpoint>, Error> {
        Ok(self.store.change_endpoint(id, change).await?)
    }

    /// Deletes an endpoint; what waits for it is dropped. What it was, `None` when there was none.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn delete(&self, id: &EndpointId) -> Result<Option<Endpoint>, Error> {
        Ok(self.store.delete_endpoint(id).await?)
    }

    /// The secrets that sign deliveries; `None` when there is no such endpoint.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn secrets(&self, owner: &SecretOwner) -> Result<Option<Secrets>, Error> {
        Ok(self.store.secrets(owner, self.clock.now()).await?)
    }

    /// Makes a new secret; the one before stays valid for a day. `None` when there is no such endpoint.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn rotate_secret(&self, owner: &SecretOwner) -> Result<Option<Secrets>, Error> {
        Ok(self.store.rotate_secret(owner, self.clock.now()).await?)
    }

    /// An endpoint's deliveries, the newest first, at most `limit`; those before the place `before`, if it is given.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn deliveries(
        &self,
        endpoint: &EndpointId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Delivery>, Error> {
        Ok(self.store.deliveries(endpoint, before, limit).await?)
    }

    /// A delivery with all attempts, the first one first; `None` when there is none.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn delivery(
        &self,
        id: &DeliveryId,
    ) -> Result<Option<(Delivery, Vec<Attempt>)>, Error> {
        Ok(self.store.delivery(id).await?)
    }

    /// How many deliveries wait, and since when.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn backlog(&self) -> Result<Backlog, Error> {
        Ok(self.store.backlog().await?)
    }

    /// Sends a delivery once more, under its number, whatever came of it.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn redeliver(&self, id: &DeliveryId) -> Result<Queued<Delivery>, Error> {
        Ok(self.store.redeliver(id, None).await?)
    }

    /// The same for somebody at the desk, whose entry in the audit log is written with it.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn redeliver_by(
        &self,
        id: &DeliveryId,
        entry: NewAudit,
    ) -> Result<Queued<Delivery>, Error> {
        Ok(self.store.redeliver(id, Some(entry)).await?)
    }

    /// Sends an endpoint all events after the number `after`, up to the number `up_to` if there is one, that are for it, once more
    /// or for the first time: how many.
    ///
    /// # Errors
    /// [`Error`]. Some may be under way all the same; asking again does no harm.
    pub async fn redeliver_after(
        &self,
        endpoint: &EndpointId,
        after: u64,
        up_to: Option<u64>,
    ) -> Result<Queued<u64>, Error> {
        Ok(self.store.redeliver_after(endpoint, after, up_to).await?)
    }

    /// Sends an endpoint a test.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn test(&self, endpoint: &EndpointId) -> Result<Queued<Delivery>, Error> {
        Ok(self.store.test_delivery(endpoint).await?)
    }
}
