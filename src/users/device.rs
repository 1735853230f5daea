//! Devices at the counter: a cashier scans a code on the owner's screen once, chooses a PIN, and signs in by that PIN on this device
//! from then on. A PIN is short, so it is good at its device only, for the counter only, and for few wrong tries.

use std::time::Duration;

use facture_domain::desk::{Actor, AuditAction, Device, DeviceId, Role, SecretText, UserName};
use facture_store::{DeviceTry, NewDevice};
use jiff::Timestamp;

use super::{
    error::Error,
    people::{AddError, Link},
    pin::NewPin,
    service::Users,
    sign_in::{MAX_AGENT_CHARS, SignedIn},
};

/// How long the code on the owner's screen is good.
const LINK_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// So many wrong PINs one after the other, and the device is forgotten.
const MOST_FAILURES: u32 = 5;

/// Where somebody signs in from.
#[derive(Clone, Debug)]
pub struct Browser {
    /// What is in its cookie for devices, if it has one.
    pub device: Option<SecretText>,
    /// Its address.
    pub address: String,
    /// What it says that it is.
    pub agent: String,
}

/// A device that was paired, and its cashier's session.
#[derive(Debug)]
pub struct Paired {
    /// What goes into the device's cookie.
    pub device: SecretText,
    /// The session.
    pub signed_in: SignedIn,
}

/// What became of somebody who typed a PIN.
#[derive(Debug)]
pub enum PinOutcome {
    /// They are signed in.
    SignedIn(Box<SignedIn>),
    /// It is another one.
    Wrong,
    /// The device does not know them, any more.
    Forgotten,
}

impl Users {
    /// The link behind the code that a cashier scans: a new one, in place of any before.
    ///
    /// # Errors
    /// [`AddError::NotFound`], [`AddError::NoCashier`], [`AddError::Failed`].
    pub async fn invite_device(&self, name: &UserName, actor: &Actor) -> Result<Link, AddError> {
        let store = &self.parts().store;
        let user = store.user_named(name).await?.ok_or(AddError::NotFound)?;
        if user.role != Role::Cashier {
            return Err(AddError::NoCashier);
        }
        let secret = SecretText::random();
        let until = Timestamp::now().checked_add(LINK_LIFETIME);
        let link = (secret.hash(), until.unwrap_or(Timestamp::MAX));
        let entry = actor.did(AuditAction::DeviceInvited, name.as_str());
        store.invite_device(&user.id, link, entry).await?;
        Ok(Link {
            name: user.name,
            secret,
        })
    }

    /// Whose link it is, if it is still good.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn device_link(&self, link: &SecretText) -> Result<Option<UserName>, Error> {
        let user = self.parts().store.device_link(&link.hash()).await?;
        Ok(user.map(|user| user.name))
    }

    /// Uses a link up: remembers the device, which gets a new secret, and signs in. `None` when the link is no longer good.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn pair_device(
        &self,
        link: &SecretText,
        pin: NewPin,
        browser: Browser,
    ) -> Result<Option<Paired>, Error> {
        let parts = self.parts();
        let Some(user) = parts.store.device_link(&link.hash()).await? else {
            return Ok(None);
        };
        let (id, device) = (DeviceId::random(), SecretText::random());
        let Browser {
            device: before,
            address,
            agent,
        } = browser;
        let new = NewDevice {
            id: id.clone(),
            hash: device.hash(),
            before: before.as_ref().map(SecretText::hash),
            user: user.id.clone(),
            pin: parts.hasher.hash_pin(pin).await?,
            address: address.clone(),
            agent: agent.chars().take(MAX_AGENT_CHARS).collect(),
        };
        let actor = Actor::User {
            id: user.id.clone(),
            name: user.name.clone(),
            address: address.clone(),
        };
        let entry = actor.did(AuditAction::DevicePaired, id.as_str());
        if !parts.store.add_device(&link.hash(), new, entry).await? {
            return Ok(None);
        }
        let signed_in = self.begin(user, Some(id), address, agent).await?;
        Ok(signed_in.map(|signed_in| Paired { device, signed_in }))
    }

    /// Who may sign in at this device by a PIN, in the order of their names.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn device_users(&self, device: &SecretText) -> Result<Vec<UserName>, Error> {
        let users = self.parts().store.device_users(&device.hash()).await?;
        Ok(users.into_iter().map(|user| user.name).collect())
    }

    /// Signs somebody in at a device.
    ///
    /// # Errors
    /// [`Error`]. Such a try does not count.
    pub async fn sign_in_by_pin(
        &self,
        name: &UserName,
        pin: String,
        browser: Browser,
    ) -> Result<PinOutcome, Error> {
        let Browser {
            device,
            address,
            agent,
        } = browser;
        let Some(device) = device else {
            return Ok(PinOutcome::Forgotten);
        };
        let store = &self.parts().store;
        let hash = device.hash();
        let known = store.try_device(&hash, name, MOST_FAILURES).await?;
        let Some(known) = known else {
            return Ok(PinOutcome::Forgotten);
        };
        let DeviceTry {
            device,
            user,
            pin: hash,
        } = known;
        match self.parts().hasher.verify(pin, Some(hash)).await {
            Ok(true) => {}
            Ok(false) => return self.refuse(&device, &user.name, address).await,
            Err(error) => {
                store.give_try_back(&device).await?;
                return Err(error);
            }
        }
        Ok(
            match self.begin(user, Some(device), address, agent).await? {
                Some(signed_in) => PinOutcome::SignedIn(Box::new(signed_in)),
                None => PinOutcome::Forgotten,
            },
        )
    }

    async fn refuse(
        &self,
        device: &DeviceId,
        name: &UserName,
        address: String,
    ) -> Result<PinOutcome, Error> {
        let stranger = Actor::Stranger(address);
        let refused = stranger.did(AuditAction::SignInRefused, name.as_str());
        let refused = refused.with(format!("PIN at {}", device.as_str()));
        let forgotten = stranger.did(AuditAction::DeviceForgotten, device.as_str());
        let forgotten = forgotten.with(name.as_str());
        let store = &self.parts().store;
        let is_last = store.refuse_device(device, MOST_FAILURES, refused, forgotten);
        Ok(match is_last.await? {
            true => PinOutcome::Forgotten,
            false => PinOutcome::Wrong,
        })
    }

    /// All devices, in the order of their users' names.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn devices(&self) -> Result<Vec<Device>, Error> {
        Ok(self.parts().store.devices().await?)
    }

    /// Forgets a device and ends the sessions that began at it. `false`: there is none of this name.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn revoke_device(&self, device: &DeviceId, actor: &Actor) -> Result<bool, Error> {
        let entry = actor.did(AuditAction::DeviceRevoked, device.as_str());
        Ok(self.parts().store.revoke_device(device, entry).await?)
    }
}
