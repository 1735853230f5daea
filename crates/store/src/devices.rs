//! Devices at which a cashier signs in by a PIN, and the one-time links by which they become that. What ends all sessions of a user
//! (`users.rs`) makes every device forget the user, too.

use jiff::Timestamp;

use crate::{
    audit,
    error::Error,
    rows::timestamp,
    sql::{OptionalExtension, Row, all},
    store::Store,
    unit::UnitOfWork,
    users::{UserRow, users_among},
};
use facture_domain::desk::{Device, DeviceId, NewAudit, SecretHash, UserId, UserName};

/// A new device.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// Its name.
    pub id: DeviceId,
    /// What is kept of the secret in its cookie.
    pub hash: SecretHash,
    /// The same of the cookie that the browser had before. Other users of this device move on to the new one.
    pub before: Option<SecretHash>,
    /// Who signs in at it.
    pub user: UserId,
    /// The PIN: Argon2id, as a PHC string.
    pub pin: String,
    /// The address that it is paired from.
    pub address: String,
    /// The browser, as it says.
    pub agent: String,
}

/// A try to sign in at a device. It is counted before the PIN is looked at: so many at the same moment are as many tries.
#[derive(Clone, Debug)]
pub struct DeviceTry {
    /// The device.
    pub device: DeviceId,
    /// Who tries, as they say.
    pub user: UserRow,
    /// The hash of their PIN.
    pub pin: String,
}

impl Store {
    /// Gives a user a one-time link for a device, in place of any before.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn invite_device(
        &self,
        user: &UserId,
        link: (SecretHash, Timestamp),
        entry: NewAudit,
    ) -> Result<(), Error> {
        let user = user.clone();
        self.write(move |unit| {
            let (hash, until) = &link;
            unit.execute(
                "DELETE FROM device_links WHERE user_id = ?1",
                [user.as_str()],
            )?;
            unit.execute(
                "INSERT INTO device_links (user_id, hash, expires_at) VALUES (?1, ?2, ?3)",
                (user.as_str(), hash.as_bytes(), until.as_second()),
            )?;
            audit::write(unit, &entry)
        })
        .await
    }

    /// The user of a device's one-time link that is still good.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn device_link(&self, link: &SecretHash) -> Result<Option<UserRow>, Error> {
        self.lookup(|connection| {
            let ids = "SELECT user_id FROM device_links WHERE hash = ?1 AND expires_at > ?2";
            let parameters = (link.as_bytes(), Timestamp::now().as_second());
            Ok(users_among(connection, ids, parameters)?.pop())
        })
    }

    /// Remembers a device by a one-time link, which is used up. `false`: the link is no longer good.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn add_device(
        &self,
        link: &SecretHash,
        device: NewDevice,
        entry: NewAudit,
    ) -> Result<bool, Error> {
        let link = link.clone();
        self.write(move |unit| {
            let used = unit.execute(
                "DELETE FROM device_links WHERE hash = ?1 AND user_id = ?2 AND expires_at > ?3",
                (
                    link.as_bytes(),
                    device.user.as_str(),
                    unit.now().as_second(),
                ),
            )?;
            if used == 0 {
                return Ok(false);
            }
            if let Some(before) = &device.before {
                move_on(unit, before, &device)?;
            }
            insert(unit, &device)?;
            audit::write(unit, &entry)?;
            Ok(true)
        })
        .await
    }

    /// Who may sign in at a device, in the order of their names.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn device_users(&self, device: &SecretHash) -> Result<Vec<UserRow>, Error> {
        self.lookup(|connection| {
            let ids = "SELECT user_id FROM devices WHERE hash = ?1";
            users_among(connection, ids, [device.as_bytes()])
        })
    }

    /// All devices, in the order of their users' names, and of those the oldest first.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn devices(&self) -> Result<Vec<Device>, Error> {
        self.query(|connection| {
            let sql = "SELECT d.id, u.name, d.created_at, d.used_at, d.address, d.agent FROM devices d \
                       JOIN users u ON u.id = d.user_id ORDER BY u.name, d.created_at, d.id";
            let row = |row: &Row<'_>| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
            };
            all(connection, sql, [], row, |(id, user, paired, used, address, agent)| {
                Ok(Device {
                    id: DeviceId::new(id),
                    user: UserName::stored(user),
                    paired_at: timestamp(paired)?,
                    used_at: timestamp(used)?,
                    address,
                    agent,
                })
            })
        })
        .await
    }

    /// Counts one more try of a user to sign in at a device. `None`: the device does not know them, or there were `most` tries
    /// already, none of which was right.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn try_device(
        &self,
        device: &SecretHash,
        user: &UserName,
        most: u32,
    ) -> Result<Option<DeviceTry>, Error> {
        let (device, user) = (device.clone(), user.clone());
        self.write(move |unit| {
            let ids = "SELECT id FROM users WHERE name = ?1";
            let Some(user) = users_among(unit, ids, [user.as_str()])?.pop() else {
                return Ok(None);
            };
            let sql = "UPDATE devices SET failures = failures + 1 WHERE hash = ?1 AND user_id = ?2 AND failures < ?3 \
                       RETURNING id, pin";
            let parameters = (device.as_bytes(), user.id.as_str(), most);
            let known: Option<(String, String)> = unit
                .prepare(sql)?
                .query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            Ok(known.map(|(id, pin)| DeviceTry {
                device: DeviceId::new(id),
                user,
                pin,
            }))
        })
        .await
    }

    /// A try does not count: nobody could look at its PIN.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn give_try_back(&self, device: &DeviceId) -> Result<(), Error> {
        let device = device.clone();
        self.write(move |unit| {
            let sql = "UPDATE devices SET failures = failures - 1 WHERE id = ?1 AND failures > 0";
            unit.execute(sql, [device.as_str()])?;
            Ok(())
        })
        .await
    }

    /// A PIN was wrong. With the last of `most` tries the device is forgotten, which `forgotten` is written about: `true`.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn refuse_device(
        &self,
        device: &DeviceId,
        most: u32,
        refused: NewAudit,
        forgotten: NewAudit,
    ) -> Result<bool, Error> {
        let device = device.clone();
        self.write(move |unit| {
            audit::write(unit, &refused)?;
            let sql = "SELECT 1 FROM devices WHERE id = ?1 AND failures >= ?2";
            let is_last = unit.prepare(sql)?.exists((device.as_str(), most))?;
            if is_last {
                forget(unit, &device)?;
                audit::write(unit, &forgotten)?;
            }
            Ok(is_last)
        })
        .await
    }

    /// Forgets a device and ends the sessions that began at it. `false`: there is none of this name.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn revoke_device(&self, device: &DeviceId, entry: NewAudit) -> Result<bool, Error> {
        let device = device.clone();
        self.write(move |unit| {
            let was_there = forget(unit, &device)?;
            if was_there {
                audit::write(unit, &entry)?;
            }
            Ok(was_there)
        })
        .await
    }
}

/// A right PIN: tries are counted from the beginning again. `false`: the device is not this user's, any more.
pub(super) fn opened(
    unit: &UnitOfWork<'_>,
    device: &DeviceId,
    user: &UserId,
) -> Result<bool, Error> {
    let sql = "UPDATE devices SET failures = 0, used_at = ?1 WHERE id = ?2 AND user_id = ?3";
    let now = unit.now().as_second();
    Ok(unit.execute(sql, (now, device.as_str(), user.as_str()))? > 0)
}

/// Gives all who sign in at a browser its new secret, but for the one for whom it is paired anew.
fn move_on(unit: &UnitOfWork<'_>, before: &SecretHash, device: &NewDevice) -> Result<(), Error> {
    let known: Option<String> = unit
        .prepare("SELECT id FROM devices WHERE hash = ?1 AND user_id = ?2")?
        .query_row((before.as_bytes(), device.user.as_str()), |row| row.get(0))
        .optional()?;
    if let Some(known) = known {
        forget(unit, &DeviceId::new(known))?;
    }
    let sql = "UPDATE devices SET hash = ?1 WHERE hash = ?2";
    unit.execute(sql, (device.hash.as_bytes(), before.as_bytes()))?;
    Ok(())
}

fn insert(unit: &UnitOfWork<'_>, device: &NewDevice) -> Result<(), Error> {
    unit.execute(
        "INSERT INTO devices (id, hash, user_id, pin, failures, created_at, used_at, address, agent) \
         VALUES (?1, ?2, ?3, ?4, 0, ?5, ?5, ?6, ?7)",
        (
            device.id.as_str(),
            device.hash.as_bytes(),
            device.user.as_str(),
            &device.pin,
            unit.now().as_second(),
            &device.address,
            &device.agent,
        ),
    )?;
    Ok(())
}

/// Whether it was there.
fn forget(unit: &UnitOfWork<'_>, device: &DeviceId) -> Result<bool, Error> {
    unit.execute("DELETE FROM sessions WHERE device = ?1", [device.as_str()])?;
    Ok(unit.execute("DELETE FROM devices WHERE id = ?1", [device.as_str()])? > 0)
}
