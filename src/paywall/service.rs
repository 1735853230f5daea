//! The use cases of the paywall.

use std::{collections::HashMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use serde_json::value::RawValue;

use super::credential::{Credential, Scheme};
use crate::invoices::{Error as InvoicingError, Invoicing};
use facture_domain::{
    Amount, Bolt11, Channel, Description, Expiry, Invoice, LabelKey, Metadata, Msat, NewInvoice,
    Order,
    paywall::{Challenge, Charge, Paid, PaywallKey, Receipt, Refused, ResourceName, Wanted},
};
use facture_store::{Error as StoreError, PaymentUse, Store};

/// The paywall. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Paywall {
    store: Store,
    invoicing: Invoicing,
    key: PaywallKey,
    resources: Arc<HashMap<ResourceName, Resource>>,
    expiry: Expiry,
}

/// What is behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// What the proxy calls it.
    pub name: ResourceName,
    /// What it is called in the buyer's wallet.
    pub title: Description,
    /// What it costs: whole satoshis.
    pub price: Msat,
    /// How long a token of L402 lets in.
    pub valid_for: SignedDuration,
    /// The schemes that are offered.
    pub schemes: Vec<Scheme>,
}

/// Whether somebody is let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// They have a token.
    Token,
    /// They have paid for this once.
    Once(Receipt),
    /// They are not, for the reason that is known of what they showed.
    Denied(Option<Refused>),
}

/// An invoice, and what it buys.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The invoice.
    pub invoice: Arc<Invoice>,
    /// What is paid.
    pub bolt11: Bolt11,
    /// A token that counts once it is paid.
    pub token: Option<String>,
    /// A challenge that the payment answers.
    pub challenge: Option<Challenge>,
}

/// Why a use case failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The invoice could not be made.
    #[error(transparent)]
    Invoice(#[from] InvoicingError),
}

/// What is offered is offered for so long, in seconds, as other servers do.
const MAX_EXPIRY_SECONDS: u32 = 15 * 60;

impl Paywall {
    /// In front of these resources. Invoices are payable for `expiry`, or a quarter of an hour if that is longer.
    pub fn new(
        store: Store,
        invoicing: Invoicing,
        key: LabelKey,
        resources: impl IntoIterator<Item = Resource>,
        expiry: Expiry,
    ) -> Self {
        let named = resources
            .into_iter()
            .map(|resource| (resource.name.clone(), resource));
        let short = Expiry::from_seconds(expiry.seconds().min(MAX_EXPIRY_SECONDS));
        Self {
            store,
            invoicing,
            key: PaywallKey::new(key),
            resources: Arc::new(named.collect()),
            expiry: short.unwrap_or(expiry),
        }
    }

    /// What is configured under a name.
    pub fn resource(&self, name: &ResourceName) -> Option<&Resource> {
        self.resources.get(name)
    }

    /// Whether a credential lets somebody in. A payment that does is used up.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn admit(
        &self,
        resource: &ResourceName,
        least: Option<Msat>,
        Credential { scheme, value }: Credential<'_>,
    ) -> Result<Access, Error> {
        let now = Timestamp::now();
        let wanted = Wanted { resource, least };
        let refused = match scheme {
            Scheme::L402 => match self.key.check_l402(value, wanted, now) {
                Ok(()) => return Ok(Access::Token),
                Err(refused) => refused,
            },
            Scheme::Payment => match self.key.check_payment(value, wanted, now) {
                Ok(paid) => match self.use_up(&paid).await? {
                    PaymentUse::First => {
                        let receipt = paid.receipt(now).ok_or(InvoicingError::Mismatch)?;
                        return Ok(Access::Once(receipt));
                    }
                    PaymentUse::Again => Refused::Used,
                },
                Err(refused) => refused,
            },
        };
        Ok(Access::Denied(Some(refused)))
    }

    async fn use_up(&self, paid: &Paid) -> Result<PaymentUse, StoreError> {
        self.store
            .use_payment(paid.payment_hash, paid.expires)
            .await
    }

    /// Makes an invoice, and what can be bought with it. `realm`: the host that is visited.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn offer(&self, resource: &Resource, realm: &str) -> Result<Offer, Error> {
        let invoice = self.invoicing.create(self.invoice_for(resource)).await?;
        let bolt11 = invoice.bolt11().ok_or(InvoicingError::Mismatch)?.clone();
        let offers = |scheme| resource.schemes.contains(&scheme);
        let token = offers(Scheme::L402).then(|| {
            // Who pays in the last second has it as long as everybody.
            let until = invoice.expires_at.saturating_add(resource.valid_for);
            let until = until.unwrap_or(Timestamp::MAX);
            self.key
                .token(&resource.name, resource.price, until, invoice.payment_hash)
        });
        let charge = Charge {
            resource: &resource.name,
            description: resource.title.as_str(),
            price_sat: resource.price.whole_sat().ok_or(InvoicingError::Mismatch)?,
            bolt11: &bolt11,
            payment_hash: invoice.payment_hash,
            expires: invoice.expires_at,
        };
        let challenge = match offers(Scheme::Payment) {
            true => Some(
                self.key
                    .challenge(realm, charge)
                    .ok_or(InvoicingError::Mismatch)?,
            ),
            false => None,
        };
        Ok(Offer {
            invoice,
            bolt11,
            token,
            challenge,
        })
    }

    fn invoice_for(&self, resource: &Resource) -> NewInvoice {
        let metadata = format!("{{\"resource\":\"{}\"}}", resource.name);
        let metadata = RawValue::from_string(metadata).ok();
        NewInvoice {
            amount: Amount::Exact(resource.price),
            description: resource.title.clone(),
            lnurl_metadata: None,
            expiry: self.expiry,
            order: Order {
                metadata: metadata.and_then(|json| Metadata::new(&json).ok()),
                channel: Some(Channel::Paywall),
                ..Order::default()
            },
            webhooks: Vec::new(),
            hold: None,
        }
    }
}
