//! The messages on the socket: JSON, all of it between two processes of one build or of builds that are close.

use serde::{Deserialize, Serialize};

use crate::users::Member;
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

/// A user to add or to reset.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct NewUserJson {
    pub(super) name: String,
    /// Where one is added.
    pub(super) role: String,
}

/// The end of a one-time link.
#[derive(Deserialize, Serialize)]
pub(super) struct LinkJson {
    pub(super) secret: String,
}

/// A user of the desk.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct DeskUser {
    /// The name to sign in with.
    pub name: String,
    /// The name of the role.
    pub role: String,
    /// Whether they have chosen a password.
    pub has_password: bool,
    /// Whether they use a second factor.
    pub has_second_factor: bool,
    /// When they were added (RFC 3339).
    pub created_at: String,
}

impl From<Member> for DeskUser {
    fn from(user: Member) -> Self {
        Self {
            name: user.name.to_string(),
            role: user.role.to_string(),
            has_password: user.has_password,
            has_second_factor: user.has_second_factor,
            created_at: user.created_at.to_string(),
        }
    }
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
