//! The caller: an invoice key, which is a token with the scope `lnbits`. It sees the payments that keys of its shop asked
//! for by these routes, and nothing else.

use std::sync::Arc;

use axum::{
    extract::{FromRef, FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, StatusCode, Uri, request::Parts},
};
use url::form_urlencoded;

use super::refusal::Refusal;
use crate::web::extract::bearer::Authenticator;
use facture_domain::{
    Channel, Invoice, PaymentHash, ShopId,
    listing::Filter,
    token::{Scope, Token, TokenId},
};

/// The header with the key, and the parameter of those who cannot send it.
const HEADER: &str = "x-api-key";
const PARAMETER: &str = "api-key";

/// A caller with a valid key.
pub(crate) struct InvoiceKey {
    pub(crate) token: TokenId,
    pub(crate) shop: ShopId,
}

impl InvoiceKey {
    /// The payments that it sees.
    pub(crate) fn payments(&self) -> Filter {
        Filter {
            shop: Some(self.shop.clone()),
            ..asked_for()
        }
    }

    /// Whether it sees this one.
    pub(crate) fn sees(&self, invoice: &Invoice) -> bool {
        let order = &invoice.order;
        order.channel == Some(Channel::Lnbits) && order.shop.as_ref() == Some(&self.shop)
    }

    /// The key with this text.
    pub(crate) async fn admit(
        authenticator: &Authenticator,
        token: &Token,
    ) -> Result<Self, Refusal> {
        let refused = |status, reason: &str| Refusal::Detail(status, reason.to_owned());
        let grant = authenticator.admit(token).await?;
        let grant = grant.ok_or_else(|| refused(StatusCode::UNAUTHORIZED, "Invalid key."))?;
        match grant.scopes.allow(Scope::Lnbits) {
            true => Ok(Self {
                token: grant.id,
                shop: grant.shop.unwrap_or_default(),
            }),
            false => Err(refused(
                StatusCode::FORBIDDEN,
                "The key lacks the scope lnbits.",
            )),
        }
    }
}

/// All payments that were asked for by these routes.
fn asked_for() -> Filter {
    Filter {
        channel: Some(Channel::Lnbits),
        ..Filter::default()
    }
}

/// The one with this hash, whoever asked for it.
pub(crate) fn with_hash(payment_hash: PaymentHash) -> Filter {
    Filter {
        payment_hash: Some(payment_hash),
        ..asked_for()
    }
}

impl<S> FromRequestParts<S> for InvoiceKey
where
    Arc<Authenticator>: FromRef<S>,
    S: Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let Some(token) = sent(&parts.headers, &parts.uri) else {
            let reason = "No key was sent. Send it as X-Api-Key.".to_owned();
            return Err(Refusal::Detail(StatusCode::UNAUTHORIZED, reason));
        };
        Self::admit(&Arc::<Authenticator>::from_ref(state), &token).await
    }
}

/// `None`: no key was sent. One that is not valid is refused all the same.
impl<S> OptionalFromRequestParts<S> for InvoiceKey
where
    Arc<Authenticator>: FromRef<S>,
    S: Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Refusal> {
        match sent(&parts.headers, &parts.uri) {
            None => Ok(None),
            Some(token) => {
                let authenticator = Arc::<Authenticator>::from_ref(state);
                Self::admit(&authenticator, &token).await.map(Some)
            }
        }
    }
}

fn sent(headers: &HeaderMap, uri: &Uri) -> Option<Token> {
    if let Some(value) = headers.get(HEADER) {
        return Some(Token::new(value.to_str().unwrap_or_default().to_owned()));
    }
    let mut pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let (_, value) = pairs.find(|(name, _)| name == PARAMETER)?;
    Some(Token::new(value.into_owned()))
}
