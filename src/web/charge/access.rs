//! The caller and the requested invoice. Both are extractors. Handlers take the caller first, so authorization is
//! checked before existence. Lightning Charge did it the other way round.

use std::{marker::PhantomData, sync::Arc};

use axum::{
    extract::{FromRef, FromRequestParts, Path},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use base64::{Engine, prelude::BASE64_STANDARD};

use super::refusal::Refusal;
use crate::{
    invoices::{Found, Invoicing},
    web::{
        extract::{
            bearer::{Authenticator, RequiredScope},
            invoice::find,
        },
        middleware::cross_site::{CrossSitePolicy, OtherSites},
    },
};
use facture_domain::token::{Token, TokenId};

/// A caller whose token grants the scope `S`.
pub(crate) struct Caller<S> {
    pub(crate) token: TokenId,
    scope: PhantomData<S>,
}

/// The invoice named in the path, if it exists here.
pub(crate) struct InvoiceInPath(pub(crate) Found);

/// The user name; the password is the token.
const USER: &str = "api-token";

impl<S, T> FromRequestParts<T> for Caller<S>
where
    S: RequiredScope,
    Arc<Authenticator>: FromRef<T>,
    CrossSitePolicy: FromRef<T>,
    T: Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &T) -> Result<Self, Refusal> {
        let token = basic(&parts.headers).ok_or(Refusal::Unauthorized)?;
        // A browser that knows the password adds it to requests from any page.
        CrossSitePolicy::from_ref(state).check(&parts.headers, OtherSites::Nobody)?;
        let grant = Arc::<Authenticator>::from_ref(state).admit(&token).await?;
        let grant = grant.ok_or(Refusal::Unauthorized)?;
        match grant.scopes.allow(S::SCOPE) {
            true => Ok(Self {
                token: grant.id,
                scope: PhantomData,
            }),
            false => Err(Refusal::Status(StatusCode::FORBIDDEN)),
        }
    }
}

impl<S> FromRequestParts<S> for InvoiceInPath
where
    Arc<Invoicing>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let none = || Refusal::Status(StatusCode::NOT_FOUND);
        let Path(text): Path<String> = Path::from_request_parts(parts, state)
            .await
            .map_err(|_| none())?;
        let invoicing = Arc::<Invoicing>::from_ref(state);
        let label = invoicing.parse_label(&text).ok_or_else(none)?;
        let found = find(&invoicing, &label).await?;
        match invoicing.is_deleted(&label).await? {
            false => Ok(Self(found)),
            true => Err(none()),
        }
    }
}

/// The password of `Authorization: Basic` (RFC 7617 §2), if the user name is right.
fn basic(headers: &HeaderMap) -> Option<Token> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    (user == USER).then(|| Token::new(password.to_owned()))
}
