//! Who is asking: API tokens in the `Authorization` header. Whether one may ask is decided before whether there is what
//! is asked for: the token before anything of the API is reached, its scope by a handler's first argument.

use std::marker::PhantomData;

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, header, request::Parts},
    middleware::Next,
    response::Response,
};

use crate::web::{error::Problem, state::App};
use facture_domain::token::{Grant, Scope, Token};

/// A caller whose token goes as far as `S` says.
pub(crate) struct Caller<S> {
    pub(crate) grant: Grant,
    scope: PhantomData<S>,
}

/// A scope as a type.
pub(crate) trait Needs {
    const SCOPE: Scope;
}

/// `invoices:read`
pub(crate) struct Read;
/// `invoices:create`
pub(crate) struct Create;
/// `webhooks`
pub(crate) struct Hooks;

impl Needs for Read {
    const SCOPE: Scope = Scope::InvoicesRead;
}

impl Needs for Hooks {
    const SCOPE: Scope = Scope::Webhooks;
}

impl Needs for Create {
    const SCOPE: Scope = Scope::InvoicesCreate;
}

impl<S: Needs> FromRequestParts<App> for Caller<S> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let grant = parts.extensions.remove::<Grant>();
        let grant = grant.ok_or(Problem::Unauthorized)?;
        if !grant.scopes.allow(S::SCOPE) {
            return Err(Problem::Forbidden(S::SCOPE));
        }
        Ok(Self {
            grant,
            scope: PhantomData,
        })
    }
}

/// Lets in who shows a valid token, as often as is allowed: [`Caller`] finds it then.
pub(crate) async fn gate(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let token = bearer(request.headers()).ok_or(Problem::Unauthorized)?;
    let grant = app
        .authenticate(&token)
        .await?
        .ok_or(Problem::Unauthorized)?;
    app.limits.requests.check(&grant.id)?;
    request.extensions_mut().insert(grant);
    Ok(next.run(request).await)
}

/// The token of `Authorization: Bearer` (RFC 6750 §2.1).
fn bearer(headers: &HeaderMap) -> Option<Token> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| Token::new(token.trim().to_owned()))
}
