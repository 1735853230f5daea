//! API tokens: their hashes, names and scopes.

use jiff::Timestamp;

use crate::{
    audit,
    columns::row,
    error::Error,
    rows::timestamp,
    sql::{OptionalExtension, all},
    store::Store,
    unit::UnitOfWork,
};
use facture_domain::{
    ShopId,
    desk::NewAudit,
    token::{Grant, TokenHash, TokenId},
};

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

row! {
    insert
    /// A token, of which only a hash is kept.
    Row of "tokens" {
        id: String,
        name: String,
        scopes: String,
        hash: Vec<u8>,
        created_at: i64,
        revoked_at: Option<i64>,
        shop_id: Option<String>,
    }
}

impl Store {
    /// Keeps a new token.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn add_token(&self, grant: &Grant, hash: &TokenHash) -> Result<(), Error> {
        let (grant, hash) = (grant.clone(), hash.clone());
        self.write(move |unit| insert(unit, &grant, &hash)).await
    }

    /// Keeps a new token that somebody at the desk has made. `false` when there was one with this id before.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn add_token_once(
        &self,
        grant: &Grant,
        hash: &TokenHash,
        entry: NewAudit,
    ) -> Result<bool, Error> {
        let (grant, hash) = (grant.clone(), hash.clone());
        self.write(move |unit| {
            let sql = "SELECT EXISTS (SELECT 1 FROM tokens WHERE id = ?1)";
            let known: bool = unit
                .prepare(sql)?
                .query_row([grant.id.as_str()], |row| row.get(0))?;
            if known {
                return Ok(false);
            }
            insert(unit, &grant, &hash)?;
            audit::write(unit, &entry)?;
            Ok(true)
        })
        .await
    }

    /// Finds a token.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn token(&self, id: &TokenId) -> Result<Option<TokenRow>, Error> {
        self.lookup(|connection| {
            let row = connection
                .prepare_cached(&format!("{} WHERE id = ?1", Row::SELECT))?
                .query_row([id.as_str()], Row::from_row)
                .optional()?;
            row.map(Row::read).transpose()
        })
    }

    /// All tokens, the newest first.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn tokens(&self) -> Result<Vec<TokenRow>, Error> {
        self.query(|connection| {
            let sql = format!("{} ORDER BY created_at DESC, id", Row::SELECT);
            all(connection, &sql, [], Row::from_row, Row::read)
        })
        .await
    }

    /// Revokes a token, if it is not revoked yet, with its entry in the audit log, if it has one. `false` when there is none.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn revoke_token(&self, id: &TokenId, entry: Option<NewAudit>) -> Result<bool, Error> {
        let id = id.clone();
        self.write(move |unit| {
            let revoked = unit.execute(
                "UPDATE tokens SET revoked_at = coalesce(revoked_at, ?1) WHERE id = ?2",
                (unit.now().as_second(), id.as_str()),
            )?;
            if revoked > 0 {
                audit::write_if(unit, entry.as_ref())?;
            }
            Ok(revoked > 0)
        })
        .await
    }
}

fn insert(unit: &UnitOfWork<'_>, grant: &Grant, hash: &TokenHash) -> Result<(), Error> {
    let row = Row {
        id: grant.id.as_str().to_owned(),
        name: grant.name.clone(),
        scopes: grant.scopes.to_string(),
        hash: hash.as_bytes().to_vec(),
        created_at: unit.now().as_second(),
        revoked_at: None,
        shop_id: grant.shop.as_ref().map(ShopId::to_string),
    };
    unit.execute(Row::INSERT, row.to_insert().as_ref())?;
    Ok(())
}

impl Row {
    fn read(self) -> Result<TokenRow, Error> {
        let hash = self.hash.try_into().map_err(|_| Error::Corrupt("token"))?;
        Ok(TokenRow {
            grant: Grant {
                id: TokenId::new(self.id),
                name: self.name,
                scopes: self.scopes.parse().map_err(|_| Error::Corrupt("scope"))?,
                shop: self
                    .shop_id
                    .map(|shop| shop.parse())
                    .transpose()
                    .map_err(|_| Error::Corrupt("shop"))?,
            },
            hash: TokenHash::from_bytes(hash),
            created_at: timestamp(self.created_at)?,
            revoked_at: self.revoked_at.map(timestamp).transpose()?,
        })
    }
}
