//! Sessions at the desk.

use jiff::Timestamp;

use crate::{
    audit,
    columns::row,
    devices,
    error::Error,
    rows::timestamp,
    sql::{OptionalExtension, all},
    store::Store,
    users::UserRow,
};
use facture_domain::desk::{DeviceId, NewAudit, SecretHash, UserId};

/// A session, without what is in its cookie.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// A public name, to end it by.
    pub id: String,
    /// Whose it is.
    pub user: UserId,
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

row! {
    insert
    /// A session.
    Row of "sessions" {
        id: String,
        hash: Vec<u8>,
        user_id: String,
        created_at: i64,
        seen_at: i64,
        expires_at: i64,
        address: String,
        agent: String,
        device: Option<String>,
    }
}

impl Store {
    /// Begins a session of this user. Those that are over are forgotten. `false` when the user was removed, or has another
    /// password or role, since they were read, or the device does not know them any more.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn add_session(
        &self,
        session: SessionRow,
        hash: SecretHash,
        user: &UserRow,
        entry: NewAudit,
    ) -> Result<bool, Error> {
        let user = user.clone();
        self.write(move |unit| {
            let now = unit.now().as_second();
            let same = "SELECT EXISTS (SELECT 1 FROM users WHERE id = ?1 AND role = ?2 AND password IS NOT DISTINCT FROM ?3 \
                        AND totp_secret IS NOT DISTINCT FROM ?4 AND removed_at IS NULL)";
            let (id, role) = (user.id.as_str(), user.role.as_str());
            let same: bool = unit.prepare(same)?.query_row(
                (id, role, &user.password, &user.totp_secret),
                |row| row.get(0),
            )?;
            if !same {
                return Ok(false);
            }
            if let Some(device) = &session.device
                && !devices::opened(unit, device, &session.user)?
            {
                return Ok(false);
            }
            unit.execute("DELETE FROM sessions WHERE expires_at <= ?1", [now])?;
            let row = Row {
                id: session.id.clone(),
                hash: hash.as_bytes().to_vec(),
                user_id: session.user.as_str().to_owned(),
                created_at: session.created_at.as_second(),
                seen_at: session.seen_at.as_second(),
                expires_at: session.expires_at.as_second(),
                address: session.address.clone(),
                agent: session.agent.clone(),
                device: session.device.as_ref().map(|id| id.as_str().to_owned()),
            };
            unit.execute(Row::INSERT, row.to_insert().as_ref())?;
            audit::write(unit, &entry)?;
            Ok(true)
        })
        .await
    }

    /// The session of this cookie and its user, if it is not over.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn session(
        &self,
        hash: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<(SessionRow, UserRow)>, Error> {
        let sql = format!("{} WHERE hash = ?1 AND expires_at > ?2", Row::SELECT);
        let row = self.lookup(|connection| {
            let parameters = (hash.as_bytes(), now.as_second());
            let mut statement = connection.prepare_cached(&sql)?;
            let row = statement.query_row(parameters, Row::from_row);
            row.optional()?.map(Row::read).transpose()
        })?;
        let Some(session) = row else {
            return Ok(None);
        };
        let user = self.user(&session.user).await?;
        Ok(user.map(|user| (session, user)))
    }

    /// Notes that a session is in use.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn touch_session(&self, id: &str) -> Result<(), Error> {
        let id = id.to_owned();
        self.write(move |unit| {
            let sql = "UPDATE sessions SET seen_at = ?1 WHERE id = ?2";
            unit.execute(sql, (unit.now().as_second(), &id))?;
            Ok(())
        })
        .await
    }

    /// A user's sessions that are not over, the newest first.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn sessions_of(&self, user: &UserId) -> Result<Vec<SessionRow>, Error> {
        let user = user.as_str().to_owned();
        self.query(move |connection| {
            let sql = format!(
                "{} WHERE user_id = ?1 AND expires_at > ?2 ORDER BY created_at DESC, id",
                Row::SELECT
            );
            let parameters = (user, Timestamp::now().as_second());
            all(connection, &sql, parameters, Row::from_row, Row::read)
        })
        .await
    }

    /// Ends a user's session. `false` when they have none of this name.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn end_session(
        &self,
        user: &UserId,
        id: &str,
        entry: NewAudit,
    ) -> Result<bool, Error> {
        let (user, id) = (user.clone(), id.to_owned());
        self.write(move |unit| {
            let sql = "DELETE FROM sessions WHERE id = ?1 AND user_id = ?2";
            let ended = unit.execute(sql, (&id, user.as_str()))? > 0;
            if ended {
                audit::write(unit, &entry)?;
            }
            Ok(ended)
        })
        .await
    }
}

impl Row {
    fn read(self) -> Result<SessionRow, Error> {
        Ok(SessionRow {
            id: self.id,
            user: UserId::new(self.user_id),
            created_at: timestamp(self.created_at)?,
            seen_at: timestamp(self.seen_at)?,
            expires_at: timestamp(self.expires_at)?,
            address: self.address,
            agent: self.agent,
            device: self.device.map(DeviceId::new),
        })
    }
}
