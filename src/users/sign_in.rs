//! From a name, a password and a code to a session. A session always has a new secret: one that a client brings is never
//! taken over.

use facture_domain::desk::{Actor, AuditAction, DeviceId, SecretText, UserName};
use facture_store::{SessionRow, UserRow};
use jiff::Timestamp;

use super::{
    error::Error,
    second_factor::{SecondFactor, plain},
    service::{Staff, Users},
};

/// The longest text of a browser about itself that is kept, in characters.
pub(super) const MAX_AGENT_CHARS: usize = 200;

/// What somebody who wants in has typed, and where from.
pub struct Attempt {
    /// The name.
    pub name: String,
    /// The password.
    pub password: String,
    /// The code of an authenticator app, or a recovery code; empty without one.
    pub code: String,
    /// The address.
    pub address: String,
    /// The browser, as it says.
    pub agent: String,
}

/// A new session, and what goes into its cookie.
#[derive(Debug)]
pub struct SignedIn {
    /// Who, with the session.
    pub staff: Staff,
    /// What goes into the cookie.
    pub cookie: SecretText,
}

impl Users {
    /// Signs somebody in; `None` when name, password and code do not belong together: which of them is not said.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn sign_in(&self, attempt: Attempt) -> Result<Option<SignedIn>, Error> {
        let user = match UserName::parse(&attempt.name) {
            Ok(name) => self.parts().store.user_named(&name).await?,
            Err(_) => None,
        };
        let hash = user.as_ref().and_then(|user| user.password.clone());
        let right = self
            .parts()
            .hasher
            .verify(attempt.password.clone(), hash)
            .await?;
        let Some(user) = user else {
            return Ok(None);
        };
        if !right || !self.passes_second_factor(&user, &attempt).await? {
            let entry = Actor::Stranger(attempt.address)
                .did(AuditAction::SignInRefused, user.name.as_str());
            self.parts().store.add_audit(entry).await?;
            return Ok(None);
        }
        self.begin(user, None, attempt.address, attempt.agent).await
    }

    /// Begins a session of this user, who has proved to be it: by a PIN at `device`, or by a password. `None` when they are
    /// somebody else meanwhile, or the device does not know them any more.
    pub(super) async fn begin(
        &self,
        user: UserRow,
        device: Option<DeviceId>,
        address: String,
        agent: String,
    ) -> Result<Option<SignedIn>, Error> {
        let cookie = SecretText::random();
        let now = Timestamp::now();
        let id: u64 = rand::random();
        let length = self.parts().session_length;
        let session = SessionRow {
            id: format!("{id:016x}"),
            user: user.id.clone(),
            created_at: now,
            seen_at: now,
            expires_at: now.checked_add(length).unwrap_or(Timestamp::MAX),
            address: address.clone(),
            agent: agent.chars().take(MAX_AGENT_CHARS).collect(),
            device,
        };
        let staff = Staff::new(user.clone(), session.clone());
        let entry = staff
            .actor(address)
            .did(AuditAction::SignedIn, session.id.as_str());
        let entry = match &session.device {
            Some(device) => entry.with(format!("PIN at {}", device.as_str())),
            None => entry,
        };
        let store = &self.parts().store;
        let added = store.add_session(session, cookie.hash(), &user, entry);
        Ok(added.await?.then_some(SignedIn { staff, cookie }))
    }

    /// Each code is good once.
    async fn passes_second_factor(&self, user: &UserRow, attempt: &Attempt) -> Result<bool, Error> {
        let Some(secret) = &user.totp_secret else {
            return Ok(true);
        };
        let store = &self.parts().store;
        let factor = SecondFactor::of(secret, &user.name);
        let step = factor.and_then(|factor| factor.step(&attempt.code, Timestamp::now()));
        if let Some(step) = step {
            return Ok(store.use_totp(&user.id, step).await?);
        }
        let code = SecretText::new(plain(&attempt.code).to_lowercase());
        let actor = Actor::User {
            id: user.id.clone(),
            name: user.name.clone(),
            address: attempt.address.clone(),
        };
        let entry = actor.did(AuditAction::RecoveryCodeUsed, user.name.as_str());
        Ok(store
            .use_recovery_code(&user.id, &code.hash(), entry)
            .await?)
    }
}
