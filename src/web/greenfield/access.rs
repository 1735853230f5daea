//! The caller: a token with the scope `greenfield`, for one shop, which is the store of BTCPay's API.

use std::sync::Arc;

use axum::{
    extract::{FromRef, FromRequestParts, RawPathParams},
    http::{HeaderMap, header, request::Parts},
};

use super::refusal::{Refusal, Thing};
use crate::{
    invoices::{Found, Invoicing},
    web::extract::bearer::Authenticator,
};
use facture_domain::{
    Channel, Invoice, ShopId,
    listing::Filter,
    token::{Scope, Token},
};

/// What the plug-ins ask for. A key has all of them, for its one store.
pub(crate) const PERMISSIONS: [&str; 6] = [
    "btcpay.store.canviewinvoices",
    "btcpay.store.cancreateinvoice",
    VIEW_SETTINGS,
    "btcpay.store.canmodifyinvoices",
    "btcpay.store.webhooks.canmodifywebhooks",
    "btcpay.store.canmodifystoresettings",
];

const VIEW_SETTINGS: &str = "btcpay.store.canviewstoresettings";

/// A caller with a valid key.
pub(crate) struct Key {
    /// Its public name.
    pub(crate) id: String,
    /// Its owner's name for it.
    pub(crate) label: String,
    pub(crate) shop: ShopId,
}

/// A caller with a key for the store that is named in the path.
pub(crate) struct StoreKey(pub(crate) Key);

/// The invoice that is named in the path, if the key's store has it.
pub(crate) struct InvoiceOfStore {
    pub(crate) found: Found,
}

impl Key {
    /// The invoices of its store.
    pub(crate) fn invoices(&self) -> Filter {
        Filter {
            channel: Some(Channel::Greenfield),
            shop: Some(self.shop.clone()),
            ..Filter::default()
        }
    }

    /// Whether an invoice is of its store.
    fn sees(&self, invoice: &Invoice) -> bool {
        let order = &invoice.order;
        order.channel == Some(Channel::Greenfield) && order.shop.as_ref() == Some(&self.shop)
    }
}

impl<S> FromRequestParts<S> for Key
where
    Arc<Authenticator>: FromRef<S>,
    S: Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let token = sent(&parts.headers).ok_or(Refusal::Unauthenticated)?;
        let grant = Arc::<Authenticator>::from_ref(state).admit(&token).await?;
        let grant = grant.ok_or(Refusal::Unauthenticated)?;
        if !grant.scopes.allow(Scope::Greenfield) {
            return Err(Refusal::MissingPermission(VIEW_SETTINGS));
        }
        Ok(Self {
            id: grant.id.as_str().to_owned(),
            label: grant.name,
            shop: grant.shop.unwrap_or_default(),
        })
    }
}

/// Of another store, nothing is told: not even whether there is one.
impl<S> FromRequestParts<S> for StoreKey
where
    Arc<Authenticator>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let key = Key::from_request_parts(parts, state).await?;
        match parameter(parts, state, "store").await {
            Some(store) if store == key.shop.as_str() => Ok(Self(key)),
            _ => Err(Refusal::MissingPermission(VIEW_SETTINGS)),
        }
    }
}

impl<S> FromRequestParts<S> for InvoiceOfStore
where
    Arc<Authenticator>: FromRef<S>,
    Arc<Invoicing>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let none = || Refusal::NotFound(Thing::Invoice);
        let StoreKey(key) = StoreKey::from_request_parts(parts, state).await?;
        let text = parameter(parts, state, "invoice").await.ok_or_else(none)?;
        let invoicing = Arc::<Invoicing>::from_ref(state);
        let label = invoicing.parse_label(&text).ok_or_else(none)?;
        let found = invoicing.find(&label).await?.ok_or_else(none)?;
        match key.sees(&found.invoice) {
            true => Ok(Self { found }),
            false => Err(none()),
        }
    }
}

/// A part of the path.
pub(crate) async fn parameter<S: Send + Sync>(
    parts: &mut Parts,
    state: &S,
    name: &str,
) -> Option<String> {
    let parameters = RawPathParams::from_request_parts(parts, state).await.ok()?;
    let mut parameters = parameters.iter();
    let (_, value) = parameters.find(|(key, _)| *key == name)?;
    Some(value.to_owned())
}

/// The key of `Authorization: token <key>`.
fn sent(headers: &HeaderMap) -> Option<Token> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("token")
        .then(|| Token::new(token.trim().to_owned()))
}
