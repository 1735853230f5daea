//! Authentication with API tokens in the `Authorization` header. Authorization is checked before existence: the token
//! before any route of the API is reached, its scope by a handler's first argument.

use std::{marker::PhantomData, sync::Arc};

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, header, request::Parts},
    middleware::Next,
    response::Response,
};

use crate::{
    auth::Access,
    config::ApiConfig,
    invoices::Error as InvoicingError,
    web::{error::Problem, limits::rate::Rate},
};
use facture_domain::token::{Grant, Scope, Token, TokenId};

/// The valid tokens, and how often each may be used.
pub(crate) struct Authenticator {
    access: Access,
    /// Requests per token. Those with invalid tokens are not counted: their number is unbounded.
    requests: Rate<TokenId>,
}

/// A caller whose token grants the scope `S`.
pub(crate) struct Caller<S> {
    pub(crate) grant: Grant,
    scope: PhantomData<S>,
}

/// The scope of a route as a type.
pub(crate) trait RequiredScope {
    /// What callers without it are told that they lack.
    const SCOPE: Scope;
    /// Others that do as well.
    const OR: &'static [Scope] = &[];
}

/// `invoices:read`
pub(crate) struct Read;
/// `invoices:create`
pub(crate) struct Create;
/// `webhooks`
pub(crate) struct Hooks;
/// `items`
pub(crate) struct Items;
/// `links`
pub(crate) struct ManageLinks;
/// `payouts:order`
pub(crate) struct OrderPayouts;
/// `payouts:approve`
pub(crate) struct ApprovePayouts;
/// `payouts:order` or `payouts:approve`
pub(crate) struct CancelPayouts;
/// `payouts:execute`
pub(crate) struct ExecutePayouts;
/// Any of those.
pub(crate) struct ReadPayouts;

impl RequiredScope for Read {
    const SCOPE: Scope = Scope::InvoicesRead;
}

impl RequiredScope for Hooks {
    const SCOPE: Scope = Scope::Webhooks;
}

impl RequiredScope for Items {
    const SCOPE: Scope = Scope::Items;
}

impl RequiredScope for ManageLinks {
    const SCOPE: Scope = Scope::Links;
}

impl RequiredScope for Create {
    const SCOPE: Scope = Scope::InvoicesCreate;
}

impl RequiredScope for OrderPayouts {
    const SCOPE: Scope = Scope::PayoutsOrder;
}

impl RequiredScope for ApprovePayouts {
    const SCOPE: Scope = Scope::PayoutsApprove;
}

impl RequiredScope for CancelPayouts {
    const SCOPE: Scope = Scope::PayoutsOrder;
    const OR: &'static [Scope] = &[Scope::PayoutsApprove];
}

impl RequiredScope for ExecutePayouts {
    const SCOPE: Scope = Scope::PayoutsExecute;
}

impl RequiredScope for ReadPayouts {
    const SCOPE: Scope = Scope::PayoutsOrder;
    const OR: &'static [Scope] = &[Scope::PayoutsApprove, Scope::PayoutsExecute];
}

impl<S: RequiredScope, T: Sync> FromRequestParts<T> for Caller<S> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, Problem> {
        let grant = parts.extensions.remove::<Grant>();
        let grant = grant.ok_or(Problem::Unauthorized)?;
        let mut others = S::OR.iter();
        if !grant.scopes.allow(S::SCOPE) && !others.any(|other| grant.scopes.allow(*other)) {
            return Err(Problem::Forbidden(S::SCOPE));
        }
        Ok(Self {
            grant,
            scope: PhantomData,
        })
    }
}

/// Middleware: admits requests with a valid token, within its rate limit, and adds the granted scopes for [`Caller`].
pub(crate) async fn require_token(
    State(authenticator): State<Arc<Authenticator>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let token = bearer(request.headers()).ok_or(Problem::Unauthorized)?;
    let grant = authenticator.admit(&token).await?;
    let grant = grant.ok_or(Problem::Unauthorized)?;
    request.extensions_mut().insert(grant);
    Ok(next.run(request).await)
}

impl Authenticator {
    /// Uses these tokens and the configured limits.
    pub(crate) fn new(access: Access, api: &ApiConfig) -> Self {
        Self {
            access,
            requests: Rate::per_minute(api.requests_per_minute.value()),
        }
    }

    /// Returns what a token grants, and counts one request of it; `None` if it is invalid.
    ///
    /// # Errors
    /// [`Problem::RateLimited`], and errors reading the store.
    pub(crate) async fn admit(&self, token: &Token) -> Result<Option<Grant>, Problem> {
        let known = self.access.authenticate(token).await;
        let Some(grant) = known.map_err(InvoicingError::Store)? else {
            return Ok(None);
        };
        self.requests.check(&grant.id)?;
        Ok(Some(grant))
    }
}

/// The token of `Authorization: Bearer` (RFC 6750 §2.1).
fn bearer(headers: &HeaderMap) -> Option<Token> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| Token::new(token.trim().to_owned()))
}
