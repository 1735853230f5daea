//! The caller: a token with permissions for one shop, which is the store of BTCPay's API. A handler's first argument says
//! which permission it needs.

use std::{marker::PhantomData, sync::Arc};

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
    Channel, Invoice, ShopId, StorePermission,
    listing::Filter,
    token::{Scope, Scopes, Token},
};

/// The permission that a route needs, as a type.
pub(crate) trait RequiredPermission {
    const PERMISSION: StorePermission;
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        $($(#[$doc])* pub(crate) struct $name;

        impl RequiredPermission for $name {
            const PERMISSION: StorePermission = StorePermission::$name;
        })*
    };
}

permissions! {
    /// [`StorePermission::ViewInvoices`]
    ViewInvoices,
    /// [`StorePermission::CreateInvoice`]
    CreateInvoice,
    /// [`StorePermission::ModifyInvoices`]
    ModifyInvoices,
    /// [`StorePermission::ViewStoreSettings`]
    ViewStoreSettings,
    /// [`StorePermission::ModifyWebhooks`]
    ModifyWebhooks,
    /// [`StorePermission::CreatePullPayments`]
    CreatePullPayments,
}

/// A caller with a valid key.
pub(crate) struct Key {
    /// Its public name.
    pub(crate) id: String,
    /// Its owner's name for it.
    pub(crate) label: String,
    pub(crate) shop: ShopId,
    scopes: Scopes,
}

/// A caller with a key for the store that is named in the path, with the permission `P`.
pub(crate) struct StoreKey<P> {
    pub(crate) key: Key,
    permission: PhantomData<P>,
}

/// The invoice that is named in the path, if the key's store has it and the key has the permission `P`.
pub(crate) struct InvoiceOfStore<P> {
    pub(crate) key: Key,
    pub(crate) found: Found,
    permission: PhantomData<P>,
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

    /// What it may do.
    pub(crate) fn permissions(&self) -> impl Iterator<Item = StorePermission> {
        self.scopes.store_permissions()
    }

    /// Refuses a key without this permission.
    pub(crate) fn check(&self, permission: StorePermission) -> Result<(), Refusal> {
        match self.scopes.allow(Scope::Store(permission)) {
            true => Ok(()),
            false => Err(Refusal::MissingPermission(permission)),
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
        if !grant.scopes.open_store() {
            let any = StorePermission::ViewStoreSettings;
            return Err(Refusal::MissingPermission(any));
        }
        Ok(Self {
            id: grant.id.as_str().to_owned(),
            label: grant.name,
            shop: grant.shop.unwrap_or_default(),
            scopes: grant.scopes,
        })
    }
}

/// Of another store, nothing is told: not even whether there is one.
impl<P: RequiredPermission, S> FromRequestParts<S> for StoreKey<P>
where
    Arc<Authenticator>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let key = Key::from_request_parts(parts, state).await?;
        key.check(P::PERMISSION)?;
        match parameter(parts, state, "store").await {
            Some(store) if store == key.shop.as_str() => Ok(Self {
                key,
                permission: PhantomData,
            }),
            _ => Err(Refusal::MissingPermission(P::PERMISSION)),
        }
    }
}

impl<P: RequiredPermission, S> FromRequestParts<S> for InvoiceOfStore<P>
where
    Arc<Authenticator>: FromRef<S>,
    Arc<Invoicing>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let none = || Refusal::NotFound(Thing::Invoice);
        let StoreKey { key, .. } = StoreKey::<P>::from_request_parts(parts, state).await?;
        let text = parameter(parts, state, "invoice").await.ok_or_else(none)?;
        let invoicing = Arc::<Invoicing>::from_ref(state);
        let label = invoicing.parse_label(&text).ok_or_else(none)?;
        let found = invoicing.find(&label).await?.ok_or_else(none)?;
        match key.sees(&found.invoice) {
            true => Ok(Self {
                key,
                found,
                permission: PhantomData,
            }),
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
