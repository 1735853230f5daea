//! A service, its relays, and the shop behind it.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use facture_nwc::{Connection, Directory, NwcError, Reach, Service, config::Config};
use nostr::types::RelayUrl;
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle, time::timeout};

use crate::{
    client::{App, TIMEOUT, app},
    relay::TestRelay,
    shop::Shop,
};

/// All of it.
pub(crate) struct World {
    pub(crate) shop: Shop,
    relays: Vec<String>,
    directory: TempDir,
    running: Option<Running>,
}

/// A service that runs.
struct Running {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), NwcError>>,
}

impl World {
    /// With these relays; the service is not started yet.
    pub(crate) fn new(relays: &[&TestRelay]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let token = directory.path().join("token");
        fs::write(&token, "a-token").unwrap();
        fs::set_permissions(&token, fs::Permissions::from_mode(0o600)).unwrap();
        Self {
            shop: Shop::open(directory.path()),
            relays: relays.iter().map(|relay| relay.url()).collect(),
            directory,
            running: None,
        }
    }

    /// A running service with one connection, and its app.
    pub(crate) fn started(relays: &[&TestRelay]) -> (Self, App) {
        let mut world = Self::new(relays);
        let app = world.connect("till-2", Reach::Own);
        world.start("");
        (world, app)
    }

    /// A running service with two connections that see what they made and one that sees all, and their apps.
    pub(crate) fn of_three(relays: &[&TestRelay]) -> (Self, [App; 3]) {
        let mut world = Self::new(relays);
        let connections = [
            ("one", Reach::Own),
            ("two", Reach::Own),
            ("all", Reach::All),
        ];
        let apps = connections.map(|(name, reach)| world.connect(name, reach));
        world.start("");
        (world, apps)
    }

    /// Makes a connection, as `facture nwc connect` does.
    pub(crate) fn connect(&self, name: &str, reach: Reach) -> App {
        let relays = self.relays.iter().map(|url| RelayUrl::parse(url).unwrap());
        let name = name.parse().unwrap();
        let (connection, uri) = Connection::generate(name, reach, relays.collect(), None);
        self.connections().add(&connection).unwrap();
        app(&uri, &connection)
    }

    pub(crate) fn connections(&self) -> Directory {
        Directory::open(&self.state()).unwrap()
    }

    /// The service's own directory.
    pub(crate) fn state(&self) -> PathBuf {
        self.directory.path().join("state")
    }

    pub(crate) fn config(&self, limits: &str) -> Config {
        let text = format!(
            "state_dir = {:?}\n[server]\nsocket = {:?}\ntoken_file = {:?}\n[relays]\nurls = {:?}\n[limits]\n{limits}",
            self.state(),
            self.shop.socket,
            self.directory.path().join("token"),
            self.relays,
        );
        Config::parse(&text).unwrap()
    }

    /// Starts the service.
    pub(crate) fn start(&mut self, limits: &str) {
        let service = Service::open(self.config(limits)).unwrap();
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(service.run(async {
            let _ = stopped.await;
        }));
        self.running = Some(Running { stop, task });
    }

    /// Stops the service as a signal does.
    pub(crate) async fn stop(&mut self) {
        let Running { stop, task } = self.running.take().unwrap();
        stop.send(()).unwrap();
        let ended = timeout(TIMEOUT, task).await.expect("it stops in time");
        ended.unwrap().unwrap();
    }
}
