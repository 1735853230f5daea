//! Who is asking: API tokens in the `Authorization` header. An extractor, to be a handler's first argument: whether one
//! may ask is decided before whether there is what is asked for.

use std::marker::PhantomData;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};

use super::{App, error::Problem};
use crate::token::{Grant, Scope, Token};

/// A caller whose token goes as far as `S` says.
pub(super) struct Caller<S> {
    pub(super) grant: Grant,
    scope: PhantomData<S>,
}

/// A scope as a type.
pub(super) trait Needs {
    const SCOPE: Scope;
}

/// `invoices:read`
pub(super) struct Read;
/// `invoices:create`
pub(super) struct Create;

impl Needs for Read {
    const SCOPE: Scope = Scope::InvoicesRead;
}

impl Needs for Create {
    const SCOPE: Scope = Scope::InvoicesCreate;
}

impl<S: Needs> FromRequestParts<App> for Caller<S> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let token = bearer(&parts.headers).ok_or(Problem::Unauthorized)?;
        let grant = app
            .authenticate(&token)
            .await?
            .ok_or(Problem::Unauthorized)?;
        if !grant.scopes.allow(S::SCOPE) {
            return Err(Problem::Forbidden(S::SCOPE));
        }
        Ok(Self {
            grant,
            scope: PhantomData,
        })
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
