//! Commands that use the records once: a server that has them open is asked, and only where none runs they are opened here.

use std::path::Path;

use anyhow::{Context, bail};

use super::{backend::Backend, parts::Parts, records};
use crate::{
    auth::Access,
    config::{Config, NodeKind, StoreConfig},
    control::{self, DeskUser, IssuedToken, Records},
    sync,
    sync::{Imported, Report},
    users::Users,
};
use facture_domain::{
    ShopId,
    desk::{Actor, Role, SecretText, UserName},
    token::{Scopes, Token, TokenId},
};
use facture_node::NodeErrorKind;

/// Who carried out a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnsweredBy {
    /// The server that has the records open.
    RunningServer,
    /// This process, which opened the records itself.
    ThisProcess,
}

/// Goes through all invoices of the node once: a server that has the records does it, and only where none runs they are
/// opened here.
///
/// # Errors
/// When the database or the node cannot be used.
pub async fn reconcile(config: &Config, data_dir: &Path) -> anyhow::Result<(Report, AnsweredBy)> {
    let lock = match control::reach(data_dir).await? {
        Records::Served(mut server) => {
            return Ok((server.reconcile().await?, AnsweredBy::RunningServer));
        }
        Records::Free(lock) => lock,
    };
    let parts = Parts::new(config, lock, &Backend::configured(config)?).await?;
    let report = parts.follower.reconcile().await;
    parts.store.close().await;
    let report = report.map_err(|error| name_the_node(config, error))?;
    Ok((report, AnsweredBy::ThisProcess))
}

/// Takes over the invoices in a database of Lightning Charge. No server may run on the records meanwhile: it would not
/// know them.
///
/// # Errors
/// When the databases or the node cannot be used.
pub async fn import_charge(
    config: &Config,
    data_dir: &Path,
    file: &Path,
) -> anyhow::Result<Imported> {
    if config.node.kind == NodeKind::Lnd {
        bail!("Lightning Charge runs on Core Lightning only, and node.kind is \"lnd\"");
    }
    let lock = match control::reach(data_dir).await? {
        Records::Served(_) => bail!(
            "a server is using {}: stop it, run the import, and start it again",
            data_dir.display()
        ),
        Records::Free(lock) => lock,
    };
    let parts = Parts::new(config, lock, &Backend::configured(config)?).await?;
    let imported = parts.follower.import_charge(file).await;
    parts.store.close().await;
    imported
        .map_err(|error| name_the_node(config, error))
        .with_context(|| format!("cannot import {}", file.display()))
}

/// An error of a command that names the node once.
fn name_the_node(config: &Config, error: sync::Error) -> anyhow::Error {
    match error {
        // It does already.
        sync::Error::Node(ref cause) if cause.kind() == NodeErrorKind::Unreachable => error.into(),
        sync::Error::Node(_) => {
            anyhow::Error::from(error).context(format!("the node at {}", config.node.place()))
        }
        _ => error.into(),
    }
}

/// The API tokens in a data directory, by the server that has its records or directly.
#[derive(Debug)]
pub struct Tokens(TokenSource);

#[derive(Debug)]
enum TokenSource {
    Server(control::Client),
    Store(Access),
}

impl Tokens {
    /// Those in the records in `data_dir`: by the server that has them, or, where none runs, in the records themselves.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn open(data_dir: &Path) -> anyhow::Result<Self> {
        Self::open_configured(&StoreConfig::default(), data_dir).await
    }

    /// The same of records that may be elsewhere.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn open_configured(config: &StoreConfig, data_dir: &Path) -> anyhow::Result<Self> {
        Ok(Self(match control::reach(data_dir).await? {
            Records::Served(server) => TokenSource::Server(server),
            Records::Free(lock) => {
                TokenSource::Store(Access::new(records::open(config, lock).await?, None))
            }
        }))
    }

    /// Who answers for the records.
    pub fn answered_by(&self) -> AnsweredBy {
        match self.0 {
            TokenSource::Server(_) => AnsweredBy::RunningServer,
            TokenSource::Store(_) => AnsweredBy::ThisProcess,
        }
    }

    /// Makes a token; this is the only time that it can be read.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn issue(&mut self, name: String, scopes: Scopes) -> anyhow::Result<Token> {
        self.issue_for(name, scopes, None).await
    }

    /// The same for one shop.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn issue_for(
        &mut self,
        name: String,
        scopes: Scopes,
        shop: Option<ShopId>,
    ) -> anyhow::Result<Token> {
        Ok(match &mut self.0 {
            TokenSource::Server(server) => server.issue(name, &scopes, shop.as_ref()).await?,
            TokenSource::Store(access) => access.issue_for(name, scopes, shop).await?,
        })
    }

    /// All of them, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list(&mut self) -> anyhow::Result<Vec<IssuedToken>> {
        Ok(match &mut self.0 {
            TokenSource::Server(server) => server.tokens().await?,
            TokenSource::Store(access) => {
                let rows = access.list().await?;
                rows.into_iter().map(IssuedToken::from).collect()
            }
        })
    }

    /// Makes a token invalid. `false` when there is none of that id.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn revoke(&mut self, id: &TokenId) -> anyhow::Result<bool> {
        Ok(match &mut self.0 {
            TokenSource::Server(server) => server.revoke(id).await?,
            TokenSource::Store(access) => access.revoke(id).await?,
        })
    }
}

/// The users of the desk in a data directory, by the server that has its records or directly.
#[derive(Debug)]
pub struct DeskUsers(UserSource);

#[derive(Debug)]
enum UserSource {
    Server(control::Client),
    Store(Users),
}

impl DeskUsers {
    /// Those in the records in `data_dir`, as [`Tokens::open`] does.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn open(config: &Config, data_dir: &Path) -> anyhow::Result<Self> {
        Ok(Self(match control::reach(data_dir).await? {
            Records::Served(server) => UserSource::Server(server),
            Records::Free(lock) => {
                let store = records::open(&config.store, lock).await?;
                UserSource::Store(Users::new(store, config.desk.session_length()))
            }
        }))
    }

    /// Who answers for the records.
    pub fn answered_by(&self) -> AnsweredBy {
        match self.0 {
            UserSource::Server(_) => AnsweredBy::RunningServer,
            UserSource::Store(_) => AnsweredBy::ThisProcess,
        }
    }

    /// Adds a user; the end of the one-time link is only given here.
    ///
    /// # Errors
    /// When the name is taken, or the database cannot be written.
    pub async fn add(&mut self, name: UserName, role: Role) -> anyhow::Result<SecretText> {
        Ok(match &mut self.0 {
            UserSource::Server(server) => server.add_user(&name, role).await?,
            UserSource::Store(users) => users.add(name, role, &Actor::Console).await?.secret,
        })
    }

    /// Takes the password and the second factor of a user, ends their sessions, and gives a new link.
    ///
    /// # Errors
    /// When there is no such user, or the database cannot be written.
    pub async fn reset(&mut self, name: &UserName) -> anyhow::Result<SecretText> {
        Ok(match &mut self.0 {
            UserSource::Server(server) => server.reset_user(name).await?,
            UserSource::Store(users) => users.reset(name, &Actor::Console).await?.secret,
        })
    }

    /// All of them, in the order of their names.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list(&mut self) -> anyhow::Result<Vec<DeskUser>> {
        Ok(match &mut self.0 {
            UserSource::Server(server) => server.users().await?,
            UserSource::Store(users) => {
                let members = users.members().await?;
                members.into_iter().map(DeskUser::from).collect()
            }
        })
    }
}
