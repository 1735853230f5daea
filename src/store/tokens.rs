//! API tokens: their hashes, names and scopes.

use jiff::Timestamp;
use sqlx::FromRow;

use super::{Error, Store, rows::timestamp};
use crate::token::{Grant, TokenHash, TokenId};

/// A token as it is kept.
#[derive(Clone, Debug)]
pub struct TokenRow {
    /// Whose it is and how far it goes.
    pub grant: Grant,
    /// What is kept of its text.
    pub hash: TokenHash,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked; `None` while it is valid.
    pub revoked_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    name: String,
    scopes: String,
    hash: Vec<u8>,
    created_at: i64,
    revoked_at: Option<i64>,
}

impl Store {
    /// Keeps a new token.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn add_token(&self, grant: &Grant, hash: &TokenHash) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO tokens (id, name, scopes, hash, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(grant.id.as_str())
        .bind(&grant.name)
        .bind(grant.scopes.to_string())
        .bind(hash.as_bytes().as_slice())
        .bind(Timestamp::now().as_second())
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Finds a token.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn token(&self, id: &TokenId) -> Result<Option<TokenRow>, Error> {
        let row: Option<Row> = sqlx::query_as("SELECT * FROM tokens WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&self.readers)
            .await?;
        row.map(Row::read).transpose()
    }

    /// All tokens, the newest first.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn tokens(&self) -> Result<Vec<TokenRow>, Error> {
        let rows: Vec<Row> = sqlx::query_as("SELECT * FROM tokens ORDER BY created_at DESC, id")
            .fetch_all(&self.readers)
            .await?;
        rows.into_iter().map(Row::read).collect()
    }

    /// Revokes a token, if it is not revoked yet. `false` when there is none.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn revoke_token(&self, id: &TokenId) -> Result<bool, Error> {
        let done =
            sqlx::query("UPDATE tokens SET revoked_at = coalesce(revoked_at, $1) WHERE id = $2")
                .bind(Timestamp::now().as_second())
                .bind(id.as_str())
                .execute(&self.writer)
                .await?;
        Ok(done.rows_affected() > 0)
    }
}

impl Row {
    fn read(self) -> Result<TokenRow, Error> {
        let hash = self.hash.try_into().map_err(|_| Error::Damaged("token"))?;
        Ok(TokenRow {
            grant: Grant {
                id: TokenId::new(self.id),
                name: self.name,
                scopes: self.scopes.parse().map_err(|_| Error::Damaged("scope"))?,
            },
            hash: TokenHash::from_bytes(hash),
            created_at: timestamp(self.created_at)?,
            revoked_at: self.revoked_at.map(timestamp).transpose()?,
        })
    }
}
