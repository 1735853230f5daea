//! What an owner does with users, at the desk or on the command line. A password is chosen by the one who will use it: adding
//! or resetting a user gives a one-time link.

use std::time::Duration;

use facture_domain::desk::{Actor, AuditAction, Role, SecretText, UserId, UserName};
use facture_store::UserRow;
use jiff::Timestamp;

use super::{error::Error, password::NewPassword, service::Users, sign_in::SignedIn};

/// How long a one-time link is good.
const LINK_LIFETIME: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// The name of the owner that the first start makes.
const FIRST_OWNER: &str = "owner";

/// A one-time link: the end of its address, and whose it is.
#[derive(Debug)]
pub struct Link {
    /// Who sets a password by it.
    pub name: UserName,
    /// The last part of its address.
    pub secret: SecretText,
}

/// A user, as an owner sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name to sign in with.
    pub name: UserName,
    /// What they may do.
    pub role: Role,
    /// Whether they have used their one-time link.
    pub has_password: bool,
    /// Whether they use a second factor.
    pub has_second_factor: bool,
    /// When they were added.
    pub created_at: Timestamp,
}

/// Why a user was not added or changed.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// Somebody has this name.
    #[error("there is a user with this name already")]
    NameTaken,
    /// There is no such user.
    #[error("there is no such user")]
    NotFound,
    /// Only cashiers sign in by a PIN.
    #[error("only cashiers sign in by a PIN")]
    NoCashier,
    /// Nobody could manage users any more.
    #[error("this is the only owner who can sign in: make somebody else an owner first")]
    LastOwner,
    /// It did not work.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<facture_store::Error> for AddError {
    fn from(error: facture_store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Users {
    /// All users, in the order of their names.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn members(&self) -> Result<Vec<Member>, Error> {
        Ok(self.all().await?.into_iter().map(Member::from).collect())
    }

    async fn all(&self) -> Result<Vec<UserRow>, Error> {
        Ok(self.parts().store.users().await?)
    }

    /// Adds a user.
    ///
    /// # Errors
    /// [`AddError`].
    pub async fn add(&self, name: UserName, role: Role, actor: &Actor) -> Result<Link, AddError> {
        let secret = SecretText::random();
        let entry = actor.did(AuditAction::UserAdded, name.as_str());
        let user = (UserId::random(), name.clone(), role);
        let link = (secret.hash(), until());
        let added = self
            .parts()
            .store
            .add_user(user, link, entry.with(role.as_str()));
        match added.await? {
            true => Ok(Link { name, secret }),
            false => Err(AddError::NameTaken),
        }
    }

    /// Takes a user's password and second factor, ends their sessions, and gives a new link.
    ///
    /// # Errors
    /// [`AddError`].
    pub async fn reset(&self, name: &UserName, actor: &Actor) -> Result<Link, AddError> {
        let store = &self.parts().store;
        let user = store.user_named(name).await?.ok_or(AddError::NotFound)?;
        let secret = SecretText::random();
        let entry = actor.did(AuditAction::UserReset, name.as_str());
        let link = (secret.hash(), until());
        store.reset_user(&user.id, link, entry).await?;
        Ok(Link {
            name: user.name,
            secret,
        })
    }

    /// Gives a user another role, which ends their sessions.
    ///
    /// # Errors
    /// [`AddError`].
    pub async fn change_role(
        &self,
        name: &UserName,
        role: Role,
        actor: &Actor,
    ) -> Result<(), AddError> {
        let store = &self.parts().store;
        let user = store.user_named(name).await?.ok_or(AddError::NotFound)?;
        if user.role == role {
            return Ok(());
        }
        let entry = actor.did(AuditAction::RoleChanged, name.as_str());
        let entry = entry.with(format!("{} -> {role}", user.role));
        match store.change_role(&user.id, role, entry).await? {
            true => Ok(()),
            false => Err(AddError::LastOwner),
        }
    }

    /// Removes a user, and ends their sessions.
    ///
    /// # Errors
    /// [`AddError`].
    pub async fn remove(&self, name: &UserName, actor: &Actor) -> Result<(), AddError> {
        let store = &self.parts().store;
        let user = store.user_named(name).await?.ok_or(AddError::NotFound)?;
        let entry = actor.did(AuditAction::UserRemoved, name.as_str());
        match store.remove_user(&user.id, entry).await? {
            true => Ok(()),
            false => Err(AddError::LastOwner),
        }
    }

    /// Whose one-time link it is, if it is still good.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn invited(&self, link: &SecretText) -> Result<Option<UserName>, Error> {
        let user = self.parts().store.invited(&link.hash()).await?;
        Ok(user.map(|user| user.name))
    }

    /// Uses a one-time link up: sets the password, and signs in. `None` when it is no longer good.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn accept(
        &self,
        link: &SecretText,
        password: NewPassword,
        address: String,
        agent: String,
    ) -> Result<Option<SignedIn>, Error> {
        let parts = self.parts();
        let Some(mut user) = parts.store.invited(&link.hash()).await? else {
            return Ok(None);
        };
        let hash = parts.hasher.hash(password).await?;
        let actor = Actor::User {
            id: user.id.clone(),
            name: user.name.clone(),
            address: address.clone(),
        };
        let entry = actor.did(AuditAction::PasswordSet, user.name.as_str());
        let set = parts
            .store
            .set_password(&user.id, hash.clone(), Some(link.hash()), entry);
        if !set.await? {
            return Ok(None);
        }
        user.password = Some(hash);
        self.begin(user, None, address, agent).await
    }

    /// Signs in as the only user, with whom a sandbox has begun, without a password; `None` when others were added since.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn sign_in_as_demo(
        &self,
        address: String,
        agent: String,
    ) -> Result<Option<SignedIn>, Error> {
        let mut users = self.all().await?;
        match (users.pop(), users.is_empty()) {
            (Some(user), true) if user.password.is_none() => {
                self.begin(user, None, address, agent).await
            }
            _ => Ok(None),
        }
    }

    /// The link of the first owner, a new one at each start, until somebody has set a password; `None` from then on.
    ///
    /// # Errors
    /// [`AddError`].
    pub async fn first_owner(&self) -> Result<Option<Link>, AddError> {
        let users = self.all().await?;
        match &users[..] {
            [] => {
                let name = UserName::stored(FIRST_OWNER.to_owned());
                self.add(name, Role::Owner, &Actor::Console).await.map(Some)
            }
            [only] if only.password.is_none() => {
                let secret = SecretText::random();
                let link = (secret.hash(), until());
                self.parts().store.invite_again(&only.id, link).await?;
                Ok(Some(Link {
                    name: only.name.clone(),
                    secret,
                }))
            }
            _ => Ok(None),
        }
    }
}

impl From<UserRow> for Member {
    fn from(row: UserRow) -> Self {
        Self {
            name: row.name,
            role: row.role,
            has_password: row.password.is_some(),
            has_second_factor: row.totp_secret.is_some(),
            created_at: row.created_at,
        }
    }
}

/// When a link that is made now ends.
fn until() -> Timestamp {
    let end = Timestamp::now().checked_add(LINK_LIFETIME);
    end.unwrap_or(Timestamp::MAX)
}
