//! The messages on the socket: JSON, all of it between two processes of one build or of builds that are close.

use serde::{Deserialize, Serialize};

use facture_store::TokenRow;

/// A token to create.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct NewTokenJson {
    pub(super) name: String,
    /// Their names, spaces between them.
    pub(super) scopes: String,
    /// The one shop that it is for.
    #[serde(default)]
    pub(super) shop: Option<String>,
}

/// A token that was created.
#[derive(Deserialize, Serialize)]
pub(super) struct CreatedTokenJson {
    pub(super) token: String,
}

/// Whether there was a token to revoke.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct RevokedJson {
    pub(super) revoked: bool,
}

/// The reason that a request failed.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct ErrorJson {
    pub(super) error: String,
}

/// An existing token, without its text.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct IssuedToken {
    /// Its public name.
    pub id: String,
    /// Its owner's name for it.
    pub name: String,
    /// How far it goes: names of scopes, spaces between them.
    pub scopes: String,
    /// The one shop that it is for.
    #[serde(default)]
    pub shop: Option<String>,
    /// When it was created (RFC 3339).
    pub created_at: String,
    /// When it was revoked; `None` while it is valid.
    pub revoked_at: Option<String>,
}

impl From<TokenRow> for IssuedToken {
    fn from(row: TokenRow) -> Self {
        Self {
            id: row.grant.id.as_str().to_owned(),
            name: row.grant.name,
            scopes: row.grant.scopes.to_string(),
            shop: row.grant.shop.as_ref().map(ToString::to_string),
            created_at: row.created_at.to_string(),
            revoked_at: row.revoked_at.map(|at| at.to_string()),
        }
    }
}
