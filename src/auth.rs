//! Who may use the API: tokens, made and revoked by their owner, stored as hashes.

use facture_domain::{
    ShopId,
    desk::{Actor, AuditAction, NewAudit},
    token::{Grant, Scope, Scopes, Token, TokenHash, TokenId},
};
use facture_store::{Error, Store, TokenRow};

/// The tokens. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Access {
    store: Store,
    /// The one that the configuration names, which may do everything but payouts.
    configured: Option<TokenHash>,
}

impl Access {
    /// Those in the store, and the configured one.
    pub fn new(store: Store, configured: Option<&Token>) -> Self {
        Self {
            store,
            configured: configured.map(Token::hash),
        }
    }

    /// Looks a token up; `None` when it is not valid (any more).
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn authenticate(&self, token: &Token) -> Result<Option<Grant>, Error> {
        let hash = token.hash();
        if self
            .configured
            .as_ref()
            .is_some_and(|own| own.matches(&hash))
        {
            return Ok(Some(Grant {
                id: TokenId::new("configured".to_owned()),
                name: "configured".to_owned(),
                scopes: Scopes::admin(),
                shop: None,
            }));
        }
        let Some(id) = token.id() else {
            return Ok(None);
        };
        let stored = self.store.token(&id).await?;
        Ok(stored
            .filter(|stored| stored.revoked_at.is_none() && stored.hash.matches(&hash))
            .map(|stored| stored.grant))
    }

    /// What the owner of the records may do, without a token: everything, and order payouts, which a payer pays within its
    /// limits. Approving them is another matter.
    pub fn owner() -> Grant {
        let both = Scopes::new([Scope::Admin, Scope::PayoutsOrder]);
        Grant {
            id: TokenId::new("owner".to_owned()),
            name: "owner".to_owned(),
            scopes: both.unwrap_or_else(|_| Scopes::admin()),
            shop: None,
        }
    }

    /// Makes a token and returns it, the only time that it can be read.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn issue(&self, name: String, scopes: Scopes) -> Result<Token, Error> {
        self.issue_for(name, scopes, None).await
    }

    /// The same for one shop.
    ///
    /// # Errors
    /// As [`Access::issue`].
    pub async fn issue_for(
        &self,
        name: String,
        scopes: Scopes,
        shop: Option<ShopId>,
    ) -> Result<Token, Error> {
        let (id, token) = Token::random();
        let grant = Grant {
            id,
            name,
            scopes,
            shop,
        };
        self.store.add_token(&grant, &token.hash()).await?;
        Ok(token)
    }

    /// Makes the one token of this grant's id for somebody at the desk, which is written down there. `None`: it was made
    /// before.
    ///
    /// # Errors
    /// As [`Access::issue`].
    pub async fn issue_once(&self, grant: &Grant, entry: NewAudit) -> Result<Option<Token>, Error> {
        let token = Token::random_with(&grant.id);
        let hash = token.hash();
        let added = self.store.add_token_once(grant, &hash, entry);
        Ok(added.await?.then_some(token))
    }

    /// All tokens that were made, the newest first.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn list(&self) -> Result<Vec<TokenRow>, Error> {
        self.store.tokens().await
    }

    /// Makes a token invalid from now on. `false` when there is none of that id.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn revoke(&self, id: &TokenId) -> Result<bool, Error> {
        self.store.revoke_token(id, None).await
    }

    /// The same for somebody at the desk, which is written down there.
    ///
    /// # Errors
    /// As [`Access::revoke`].
    pub async fn revoke_by(&self, id: &TokenId, actor: &Actor) -> Result<bool, Error> {
        let entry = actor.did(AuditAction::TokenRevoked, id.as_str());
        self.store.revoke_token(id, Some(entry)).await
    }
}
