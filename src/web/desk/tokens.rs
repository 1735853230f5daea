//! API tokens, for an owner: made, listed and revoked. Tokens of payouts are made on the command line alone: nothing of the desk gives
//! anybody a right to spend.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;

use super::{
    frame::{Frame, Frames},
    permit::{ManageTokens, Permit},
    posted::Posted,
};
use crate::{
    auth::Access,
    web::{
        buyer::{pages::Money, shell::html},
        error::Problem,
    },
};
use facture_domain::{
    desk::AuditAction,
    token::{Grant, Scope, Scopes, TokenId},
};

const PATH: &str = "/desk/tokens";

/// The longest name, in bytes.
const MAX_NAME: usize = 100;

/// What a token of the desk may do.
const SCOPES: [Scope; 8] = [
    Scope::InvoicesRead,
    Scope::InvoicesCreate,
    Scope::Webhooks,
    Scope::Items,
    Scope::Links,
    Scope::Lnbits,
    Scope::Greenfield,
    Scope::Admin,
];

#[derive(Template)]
#[template(path = "desk/tokens.html")]
struct TokensPage {
    frame: Frame,
    tokens: Vec<TokenLine>,
    scopes: Vec<(&'static str, bool)>,
    typed_name: String,
    name_error: bool,
    scopes_error: bool,
    /// One that was just made: its text is shown once.
    made: Option<String>,
}

struct TokenLine {
    id: String,
    name: String,
    scopes: String,
    created_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

/// What the page shows beside the tokens.
#[derive(Default)]
struct Extra {
    typed_name: String,
    chosen: Vec<Scope>,
    name_error: bool,
    scopes_error: bool,
    made: Option<String>,
}

/// `GET /desk/tokens`
pub(crate) async fn show(
    permit: Permit<ManageTokens>,
    State(access): State<Access>,
    frames: Frames,
) -> Result<Response, Problem> {
    page(&permit, &access, &frames, Extra::default()).await
}

/// `POST /desk/tokens`: makes one, and shows it once.
pub(crate) async fn make(
    State(access): State<Access>,
    frames: Frames,
    posted: Posted<ManageTokens>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let name = fields.text("name").trim().to_owned();
    let is_chosen = |scope: &Scope| fields.text(scope.as_str()) == "on";
    let chosen: Vec<Scope> = SCOPES.into_iter().filter(is_chosen).collect();
    let is_name = (1..=MAX_NAME).contains(&name.len()) && !name.chars().any(char::is_control);
    let (true, Ok(scopes)) = (is_name, Scopes::new(chosen.iter().copied())) else {
        let extra = Extra {
            name_error: !is_name,
            scopes_error: chosen.is_empty(),
            typed_name: name.chars().take(MAX_NAME).collect(),
            chosen,
            made: None,
        };
        let response = page(&permit, &access, &frames, extra).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, response).into_response());
    };
    let entry = permit.actor().did(AuditAction::TokenMade, name.clone());
    let entry = entry.with(scopes.to_string());
    let grant = Grant {
        id: TokenId::random(),
        name,
        scopes,
        shop: None,
    };
    let token = access.issue_once(&grant, entry).await.map_err(failed)?;
    let extra = Extra {
        made: token.map(|token| token.expose().to_owned()),
        ..Extra::default()
    };
    page(&permit, &access, &frames, extra).await
}

/// `POST /desk/tokens/revoke`
pub(crate) async fn revoke(
    State(access): State<Access>,
    frames: Frames,
    posted: Posted<ManageTokens>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let id = TokenId::new(fields.text("token").to_owned());
    let revoked = access.revoke_by(&id, &permit.actor()).await;
    revoked.map_err(failed)?;
    Ok(Redirect::to(&frames.link(PATH)).into_response())
}

async fn page(
    permit: &Permit<ManageTokens>,
    access: &Access,
    frames: &Frames,
    extra: Extra,
) -> Result<Response, Problem> {
    let tokens = access.list().await.map_err(failed)?.into_iter();
    let tokens = tokens.map(|token| TokenLine {
        id: token.grant.id.as_str().to_owned(),
        scopes: token.grant.scopes.to_string(),
        name: token.grant.name,
        created_at: token.created_at,
        revoked_at: token.revoked_at,
    });
    html(&TokensPage {
        frame: frames.of(permit).at(PATH),
        tokens: tokens.collect(),
        scopes: SCOPES
            .into_iter()
            .map(|scope| (scope.as_str(), extra.chosen.contains(&scope)))
            .collect(),
        typed_name: extra.typed_name,
        name_error: extra.name_error,
        scopes_error: extra.scopes_error,
        made: extra.made,
    })
}

fn failed(error: impl Into<crate::bookkeeping::Error>) -> Problem {
    error.into().into()
}
