//! The users of the desk: their sessions, and what they do with their own account.

use std::{sync::Arc, time::Duration};

use facture_domain::desk::{
    Actor, AuditAction, AuditEntry, DeviceId, Right, Role, SecretText, UserId, UserName,
};
use facture_store::{SessionRow, Store, UserRow};
use jiff::Timestamp;

use super::{
    error::Error,
    password::{Hasher, NewPassword},
    second_factor::SecondFactor,
};

/// How many recovery codes somebody gets.
const RECOVERY_CODES: usize = 8;

/// A session counts as used again after so long.
const TOUCH_AFTER_SECONDS: i64 = 60;

/// The users of the desk. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Users(Arc<Parts>);

#[derive(Debug)]
pub(super) struct Parts {
    pub(super) store: Store,
    pub(super) hasher: Hasher,
    pub(super) session_length: Duration,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Staff {
    /// Who.
    pub id: UserId,
    /// The name to sign in with.
    pub name: UserName,
    /// What they may do.
    pub role: Role,
    /// Whether they use a second factor.
    pub has_second_factor: bool,
    /// The session.
    pub session: Session,
}

/// A session, without what is in its cookie.
#[derive(Clone, Debug)]
pub struct Session {
    /// A public name, to end it by.
    pub id: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The address that it began from.
    pub address: String,
    /// The browser that it began in, as that says.
    pub agent: String,
    /// The device at which it began by a PIN; `None`: it began by a password.
    pub device: Option<DeviceId>,
}

impl Users {
    /// In these records. A session ends so long after it began.
    pub fn new(store: Store, session_length: Duration) -> Self {
        Self(Arc::new(Parts {
            store,
            hasher: Hasher::new(),
            session_length,
        }))
    }

    pub(super) fn parts(&self) -> &Parts {
        &self.0
    }

    /// Who is signed in by this cookie; `None`: nobody, any more.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn signed_in(&self, cookie: &SecretText) -> Result<Option<Staff>, Error> {
        let now = Timestamp::now();
        let Some((session, user)) = self.0.store.session(&cookie.hash(), now).await? else {
            return Ok(None);
        };
        if session.seen_at.as_second() + TOUCH_AFTER_SECONDS <= now.as_second() {
            self.0.store.touch_session(&session.id).await?;
        }
        Ok(Some(Staff::new(user, session)))
    }

    /// Somebody's own sessions, the newest first.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn sessions(&self, staff: &Staff) -> Result<Vec<Session>, Error> {
        let rows = self.0.store.sessions_of(&staff.id).await?;
        Ok(rows.into_iter().map(Session::from).collect())
    }

    /// Ends one of somebody's own sessions. `false` when they have none of this name.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn end_session(&self, staff: &Staff, id: &str, actor: &Actor) -> Result<bool, Error> {
        let entry = actor.did(AuditAction::SessionEnded, id);
        Ok(self.0.store.end_session(&staff.id, id, entry).await?)
    }

    /// Sets one's own password. All sessions end, this one too. `false`: the present one is wrong.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn change_password(
        &self,
        staff: &Staff,
        present: String,
        new: NewPassword,
        actor: &Actor,
    ) -> Result<bool, Error> {
        if !self.knows_password(staff, present).await? {
            return Ok(false);
        }
        let hash = self.0.hasher.hash(new).await?;
        let entry = actor.did(AuditAction::PasswordSet, staff.name.as_str());
        let set = self.0.store.set_password(&staff.id, hash, None, entry);
        Ok(set.await?)
    }

    /// Whether it is their password.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn knows_password(&self, staff: &Staff, password: String) -> Result<bool, Error> {
        let user = self.0.store.user(&staff.id).await?;
        let hash = user.and_then(|user| user.password);
        self.0.hasher.verify(password, hash).await
    }

    /// Turns one's second factor on once a code of it is right, and gives the recovery codes, which cannot be read again.
    /// `None`: the code is wrong.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn turn_on(
        &self,
        staff: &Staff,
        factor: &SecondFactor,
        code: &str,
        actor: &Actor,
    ) -> Result<Option<Vec<SecretText>>, Error> {
        let Some(step) = factor.step(code, Timestamp::now()) else {
            return Ok(None);
        };
        let codes: Vec<_> = (0..RECOVERY_CODES)
            .map(|_| SecretText::random_code())
            .collect();
        let hashes = codes.iter().map(SecretText::hash).collect();
        let secret = Some((factor.secret().to_owned(), step));
        let entry = actor.did(AuditAction::TotpOn, staff.name.as_str());
        let set = self.0.store.set_totp(&staff.id, secret, hashes, entry);
        set.await?;
        Ok(Some(codes))
    }

    /// Turns one's second factor off. `false`: the password is wrong.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn turn_off(
        &self,
        staff: &Staff,
        password: String,
        actor: &Actor,
    ) -> Result<bool, Error> {
        if !self.knows_password(staff, password).await? {
            return Ok(false);
        }
        let entry = actor.did(AuditAction::TotpOff, staff.name.as_str());
        let set = self.0.store.set_totp(&staff.id, None, Vec::new(), entry);
        set.await?;
        Ok(true)
    }

    /// How many recovery codes somebody has left.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn recovery_codes_left(&self, staff: &Staff) -> Result<u32, Error> {
        Ok(self.0.store.recovery_codes_left(&staff.id).await?)
    }

    /// The audit log, the newest first: those before the number `before`, if it is given.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn audit(&self, before: Option<u64>, limit: u32) -> Result<Vec<AuditEntry>, Error> {
        Ok(self.0.store.audit(before, limit).await?)
    }
}

impl Staff {
    pub(super) fn new(user: UserRow, session: SessionRow) -> Self {
        Self {
            id: user.id,
            name: user.name,
            role: user.role,
            has_second_factor: user.totp_secret.is_some(),
            session: session.into(),
        }
    }

    /// Whether they may do this, in this session.
    pub fn may(&self, right: Right) -> bool {
        self.role.has(right) && (self.session.device.is_none() || right.is_for_pin())
    }

    /// Them in the audit log, at this address.
    pub fn actor(&self, address: String) -> Actor {
        Actor::User {
            id: self.id.clone(),
            name: self.name.clone(),
            address,
        }
    }
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        Self {
            id: row.id,
            created_at: row.created_at,
            seen_at: row.seen_at,
            expires_at: row.expires_at,
            address: row.address,
            agent: row.agent,
            device: row.device,
        }
    }
}
