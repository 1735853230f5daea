//! Users of the desk, their one-time links and recovery codes. Whatever makes a session's user somebody else (another role,
//! another password, removed) ends the user's sessions in the same unit of work, and every
//! device forgets them.

use jiff::Timestamp;

use crate::{
    audit,
    columns::row,
    error::Error,
    rows::timestamp,
    sql::{Params, Statements, all},
    store::Store,
    unit::UnitOfWork,
};
use facture_domain::desk::{NewAudit, Role, SecretHash, UserId, UserName};

/// A user.
#[derive(Clone, Debug)]
pub struct UserRow {
    /// Who.
    pub id: UserId,
    /// The name to sign in with.
    pub name: UserName,
    /// What they may do.
    pub role: Role,
    /// Argon2id, as a PHC string; `None` until the one-time link was used.
    pub password: Option<String>,
    /// The secret of the authenticator app, in base32, if they use one.
    pub totp_secret: Option<String>,
    /// The half minute of the last code that was used.
    pub totp_step: Option<i64>,
    /// When they were added.
    pub created_at: Timestamp,
}

row! {
    insert
    /// A user.
    Row of "users" {
        id: String,
        name: String,
        role: String,
        password: Option<String>,
        totp_secret: Option<String>,
        totp_step: Option<i64>,
        created_at: i64,
    }
}

/// Who is still there.
const PRESENT: &str = "removed_at IS NULL";

impl Store {
    /// Adds a user, who gets a one-time link. `false` when the name is taken.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn add_user(
        &self,
        user: (UserId, UserName, Role),
        link: (SecretHash, Timestamp),
        entry: NewAudit,
    ) -> Result<bool, Error> {
        self.write(move |unit| {
            let (id, name, role) = &user;
            let taken =
                format!("SELECT EXISTS (SELECT 1 FROM users WHERE name = ?1 AND {PRESENT})");
            if unit
                .prepare(&taken)?
                .query_row([name.as_str()], |row| row.get(0))?
            {
                return Ok(false);
            }
            let row = Row {
                id: id.as_str().to_owned(),
                name: name.as_str().to_owned(),
                role: role.as_str().to_owned(),
                password: None,
                totp_secret: None,
                totp_step: None,
                created_at: unit.now().as_second(),
            };
            unit.execute(Row::INSERT, row.to_insert().as_ref())?;
            invite(unit, id, &link)?;
            audit::write(unit, &entry)?;
            Ok(true)
        })
        .await
    }

    /// Takes password and second factor from a user, ends their sessions, and gives them a one-time link.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn reset_user(
        &self,
        id: &UserId,
        link: (SecretHash, Timestamp),
        entry: NewAudit,
    ) -> Result<(), Error> {
        let id = id.clone();
        self.write(move |unit| {
            let sql = "UPDATE users SET password = NULL, totp_secret = NULL, totp_step = NULL WHERE id = ?1";
            unit.execute(sql, [id.as_str()])?;
            unit.execute("DELETE FROM recovery_codes WHERE user_id = ?1", [id.as_str()])?;
            end_sessions(unit, &id)?;
            invite(unit, &id, &link)?;
            audit::write(unit, &entry)
        })
        .await
    }

    /// Replaces a user's one-time link.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn invite_again(
        &self,
        id: &UserId,
        link: (SecretHash, Timestamp),
    ) -> Result<(), Error> {
        let id = id.clone();
        self.write(move |unit| invite(unit, &id, &link)).await
    }

    /// The user of a one-time link that is still good.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn invited(&self, link: &SecretHash) -> Result<Option<UserRow>, Error> {
        self.lookup(|connection| {
            let ids = "SELECT user_id FROM invitations WHERE hash = ?1 AND expires_at > ?2";
            let parameters = (link.as_bytes(), Timestamp::now().as_second());
            Ok(users_among(connection, ids, parameters)?.pop())
        })
    }

    /// Sets a password: by a one-time link, which is used up by it, or by the user, who knows the one before. All their
    /// sessions end. `false` when the link was used meanwhile.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn set_password(
        &self,
        id: &UserId,
        password: String,
        link: Option<SecretHash>,
        entry: NewAudit,
    ) -> Result<bool, Error> {
        let id = id.clone();
        self.write(move |unit| {
            if let Some(link) = &link {
                let used = unit.execute(
                    "DELETE FROM invitations WHERE hash = ?1 AND expires_at > ?2",
                    (link.as_bytes(), unit.now().as_second()),
                )?;
                if used == 0 {
                    return Ok(false);
                }
            }
            let sql = "UPDATE users SET password = ?1 WHERE id = ?2";
            unit.execute(sql, (&password, id.as_str()))?;
            end_sessions(unit, &id)?;
            audit::write(unit, &entry)?;
            Ok(true)
        })
        .await
    }

    /// Turns the second factor on, with these recovery codes in place of any before, or off.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn set_totp(
        &self,
        id: &UserId,
        secret: Option<(String, i64)>,
        codes: Vec<SecretHash>,
        entry: NewAudit,
    ) -> Result<(), Error> {
        let id = id.clone();
        self.write(move |unit| {
            let (secret, step) = secret.clone().unzip();
            let sql = "UPDATE users SET totp_secret = ?1, totp_step = ?2 WHERE id = ?3";
            unit.execute(sql, (secret, step, id.as_str()))?;
            unit.execute(
                "DELETE FROM recovery_codes WHERE user_id = ?1",
                [id.as_str()],
            )?;
            for code in &codes {
                let sql = "INSERT INTO recovery_codes (hash, user_id) VALUES (?1, ?2)";
                unit.execute(sql, (code.as_bytes(), id.as_str()))?;
            }
            audit::write(unit, &entry)
        })
        .await
    }

    /// Uses a code of the authenticator app. `false` when it, or a later one, was used before.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn use_totp(&self, id: &UserId, step: i64) -> Result<bool, Error> {
        let id = id.clone();
        self.write(move |unit| {
            let sql =
                "UPDATE users SET totp_step = ?1 WHERE id = ?2 AND coalesce(totp_step, 0) < ?1";
            Ok(unit.execute(sql, (step, id.as_str()))? > 0)
        })
        .await
    }

    /// Uses a recovery code up. `false` when the user has no such code.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn use_recovery_code(
        &self,
        id: &UserId,
        code: &SecretHash,
        entry: NewAudit,
    ) -> Result<bool, Error> {
        let (id, code) = (id.clone(), code.clone());
        self.write(move |unit| {
            let sql = "DELETE FROM recovery_codes WHERE hash = ?1 AND user_id = ?2";
            let used = unit.execute(sql, (code.as_bytes(), id.as_str()))? > 0;
            if used {
                audit::write(unit, &entry)?;
            }
            Ok(used)
        })
        .await
    }

    /// How many recovery codes a user has left.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn recovery_codes_left(&self, id: &UserId) -> Result<u32, Error> {
        self.lookup(|connection| {
            let sql = "SELECT count(*) FROM recovery_codes WHERE user_id = ?1";
            Ok(connection
                .prepare_cached(sql)?
                .query_row([id.as_str()], |row| row.get(0))?)
        })
    }

    /// Gives a user another role, and ends their sessions. `false` when they are the last owner.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn change_role(
        &self,
        id: &UserId,
        role: Role,
        entry: NewAudit,
    ) -> Result<bool, Error> {
        let id = id.clone();
        self.write(move |unit| {
            if role != Role::Owner && is_last_owner(unit, &id)? {
                return Ok(false);
            }
            let sql = "UPDATE users SET role = ?1 WHERE id = ?2";
            unit.execute(sql, (role.as_str(), id.as_str()))?;
            end_sessions(unit, &id)?;
            audit::write(unit, &entry)?;
            Ok(true)
        })
        .await
    }

    /// Removes a user, and ends their sessions. `false` when they are the last owner.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn remove_user(&self, id: &UserId, entry: NewAudit) -> Result<bool, Error> {
        let id = id.clone();
        self.write(move |unit| {
            if is_last_owner(unit, &id)? {
                return Ok(false);
            }
            let sql = "UPDATE users SET removed_at = ?1, password = NULL, totp_secret = NULL WHERE id = ?2";
            unit.execute(sql, (unit.now().as_second(), id.as_str()))?;
            for table in ["recovery_codes", "invitations"] {
                unit.execute(&format!("DELETE FROM {table} WHERE user_id = ?1"), [id.as_str()])?;
            }
            end_sessions(unit, &id)?;
            audit::write(unit, &entry)?;
            Ok(true)
        })
        .await
    }

    /// The user with this id.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn user(&self, id: &UserId) -> Result<Option<UserRow>, Error> {
        self.user_by("id", id.as_str())
    }

    /// The user with this name.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn user_named(&self, name: &UserName) -> Result<Option<UserRow>, Error> {
        self.user_by("name", name.as_str())
    }

    /// All users, in the order of their names.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn users(&self) -> Result<Vec<UserRow>, Error> {
        self.query(|connection| {
            let sql = format!("{} WHERE {PRESENT} ORDER BY name", Row::SELECT);
            all(connection, &sql, [], Row::from_row, Row::read)
        })
        .await
    }

    fn user_by(&self, column: &str, value: &str) -> Result<Option<UserRow>, Error> {
        let ids = format!("SELECT id FROM users WHERE {column} = ?1");
        self.lookup(|connection| Ok(users_among(connection, &ids, [value])?.pop()))
    }
}

fn invite(
    unit: &UnitOfWork<'_>,
    id: &UserId,
    (link, until): &(SecretHash, Timestamp),
) -> Result<(), Error> {
    unit.execute("DELETE FROM invitations WHERE user_id = ?1", [id.as_str()])?;
    unit.execute(
        "INSERT INTO invitations (hash, user_id, expires_at) VALUES (?1, ?2, ?3)",
        (link.as_bytes(), id.as_str(), until.as_second()),
    )?;
    Ok(())
}

/// Also those at devices, which forget the user.
fn end_sessions(unit: &UnitOfWork<'_>, id: &UserId) -> Result<(), Error> {
    for table in ["sessions", "devices", "device_links"] {
        unit.execute(
            &format!("DELETE FROM {table} WHERE user_id = ?1"),
            [id.as_str()],
        )?;
    }
    Ok(())
}

/// Those users whose ids this query finds, if they were not removed, in the order of their names.
pub(super) fn users_among(
    database: &impl Statements,
    ids: &str,
    parameters: impl Params,
) -> Result<Vec<UserRow>, Error> {
    let sql = format!(
        "{} WHERE {PRESENT} AND id IN ({ids}) ORDER BY name",
        Row::SELECT
    );
    all(database, &sql, parameters, Row::from_row, Row::read)
}

/// Whether they are an owner, and nobody else is one who can sign in.
fn is_last_owner(unit: &UnitOfWork<'_>, id: &UserId) -> Result<bool, Error> {
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM users WHERE id = ?1 AND role = 'owner' AND {PRESENT}) AND NOT EXISTS \
         (SELECT 1 FROM users WHERE id <> ?1 AND role = 'owner' AND password IS NOT NULL AND {PRESENT})"
    );
    Ok(unit
        .prepare(&sql)?
        .query_row([id.as_str()], |row| row.get(0))?)
}

impl Row {
    fn read(self) -> Result<UserRow, Error> {
        Ok(UserRow {
            id: UserId::new(self.id),
            name: UserName::stored(self.name),
            role: self.role.parse().map_err(|_| Error::Corrupt("role"))?,
            password: self.password,
            totp_secret: self.totp_secret,
            totp_step: self.totp_step,
            created_at: timestamp(self.created_at)?,
        })
    }
}
