//! The audit log, for an owner. Its words are those of the log itself, in every language.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use url::form_urlencoded;

use super::{
    frame::{Frame, Frames},
    permit::{Permit, ReadAudit},
};
use crate::{
    users::Users,
    web::{
        buyer::{pages::Money, shell::html},
        error::Problem,
    },
};
use facture_domain::desk::AuditEntry;

const ENTRIES: usize = 50;

#[derive(Template)]
#[template(path = "desk/audit.html")]
struct AuditPage {
    frame: Frame,
    entries: Vec<AuditEntry>,
    older: Option<String>,
}

/// `GET /desk/audit`: the newest first; `?before=` continues.
pub(crate) async fn show(
    permit: Permit<ReadAudit>,
    State(users): State<Users>,
    frames: Frames,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let mut query = form_urlencoded::parse(query.as_bytes());
    let before = query.find(|(name, _)| name == "before");
    let before = before.and_then(|(_, number)| number.parse().ok());
    // One more than shown tells whether there is a rest.
    let limit = u32::try_from(ENTRIES + 1).unwrap_or(u32::MAX);
    let mut entries = users.audit(before, limit).await?;
    let is_more = entries.len() > ENTRIES;
    entries.truncate(ENTRIES);
    let last = entries.last().filter(|_| is_more);
    html(&AuditPage {
        frame: frames.of(&permit),
        older: last.map(|last| frames.link_with("/desk/audit", &format!("before={}", last.number))),
        entries,
    })
}
