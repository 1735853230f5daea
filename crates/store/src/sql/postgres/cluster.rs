//! Servers and databases for tests. `$FACTURE_POSTGRES` is the address of a server on which databases may be made; without it a
//! server is started from Debian's programs, on a Unix socket in a directory of its own, and ends with the tests.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use crate::{
    sql::postgres::{server::Server, session::Session, url::PostgresUrl},
    store::Store,
};

/// A server of our own.
pub(crate) struct Cluster {
    programs: PathBuf,
    directory: PathBuf,
    /// Ends the server and removes its directory once this process has ended, in whatever way.
    watcher: Child,
}

/// A database of a test. It is removed when this is dropped.
pub(crate) struct Database {
    /// The address of the server, with another database.
    server: String,
    name: String,
}

impl Cluster {
    /// Starts one.
    pub(crate) fn start() -> Self {
        let programs = programs().expect(
            "there is no PostgreSQL: `apt-get install postgresql`, or name a server in $FACTURE_POSTGRES",
        );
        let directory = tempfile::tempdir().unwrap().keep();
        let data = directory.join("data");
        if is_root() {
            // The server refuses to be root.
            run(Command::new("chown").arg("postgres").arg(&directory));
        }
        run(as_owner(programs.join("initdb"))
            .args([
                "--username=postgres",
                "--auth=trust",
                "--no-sync",
                "--encoding=UTF8",
                "-D",
            ])
            .arg(&data));
        let script = "cat > /dev/null; \"$@\"; rm -rf \"$0\"";
        let mut stop = as_owner(programs.join("pg_ctl"));
        stop.args(["stop", "-m", "immediate", "-D"]).arg(&data);
        let watcher = Command::new("sh")
            .args(["-c", script])
            .arg(&directory)
            .arg(stop.get_program())
            .args(stop.get_args())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let cluster = Self {
            programs,
            directory,
            watcher,
        };
        cluster.resume();
        cluster
    }

    /// Starts it again after [`Cluster::stop`].
    pub(crate) fn resume(&self) {
        let socket = self.directory.display();
        let options =
            format!("-c listen_addresses= -c fsync=off -c max_connections=500 -k {socket}");
        run(as_owner(self.programs.join("pg_ctl"))
            .args(["start", "-w", "-o", &options, "-D"])
            .arg(self.directory.join("data"))
            .arg("-l")
            .arg(self.directory.join("log")));
    }

    /// Stops it, as if its power were cut.
    pub(crate) fn stop(&self) {
        run(as_owner(self.programs.join("pg_ctl"))
            .args(["stop", "-m", "immediate", "-D"])
            .arg(self.directory.join("data")));
    }

    /// The directory of its socket.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    fn address(&self) -> String {
        let socket = self.directory.display();
        format!("postgres:///postgres?user=postgres&host={socket}")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.watcher.stdin.take());
        let _ = self.watcher.wait();
    }
}

impl Database {
    /// An empty one on the server that all tests share.
    pub(crate) fn new() -> Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        let address = std::env::var("FACTURE_POSTGRES")
            .unwrap_or_else(|_| SHARED.get_or_init(Cluster::start).address());
        Self::make(address, "template0")
    }

    /// An empty one on this server.
    pub(crate) fn on(cluster: &Cluster) -> Self {
        Self::make(cluster.address(), "template0")
    }

    /// A copy. No store may have this one open.
    pub(crate) fn copy(&self) -> Self {
        Self::make(self.server.clone(), &self.name)
    }

    fn make(server: String, template: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("facture_test_{}_{number}", std::process::id());
        sql(
            &server,
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        );
        Self { server, name }
    }

    /// Its address.
    pub(crate) fn url(&self) -> PostgresUrl {
        named(&self.server, &self.name)
    }

    /// Its address, with another directory of the socket.
    pub(crate) fn url_by(&self, socket: &Path) -> PostgresUrl {
        let (name, socket) = (&self.name, socket.display());
        format!("postgres:///{name}?user=postgres&host={socket}")
            .parse()
            .unwrap()
    }

    pub(crate) async fn open(&self) -> Store {
        Store::open_postgres(self.url(), None).await.unwrap()
    }

    /// The first column of the last row that these statements find.
    pub(crate) fn ask(&self, statements: &str) -> Option<String> {
        text(&self.url(), statements)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let server = named(&self.server, "postgres");
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        // A server that was stopped removes it with its directory.
        if let Ok(server) = Server::new(server)
            && let Ok(session) = Session::connect(&server)
        {
            let _ = session.text(&drop);
        }
    }
}

fn named(server: &str, database: &str) -> PostgresUrl {
    let mut url = url::Url::parse(server).unwrap();
    url.set_path(database);
    url.as_str().parse().unwrap()
}

fn sql(server: &str, statements: &str) {
    text(&named(server, "postgres"), statements);
}

fn text(url: &PostgresUrl, statements: &str) -> Option<String> {
    let server = Server::new(url.clone()).unwrap();
    let session = Session::connect(&server).unwrap();
    session.text(statements).unwrap()
}

/// Debian's programs of the newest version.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let newest = versions
        .filter_map(|version| version.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .max()?;
    Some(PathBuf::from(format!("/usr/lib/postgresql/{newest}/bin")))
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn as_owner(program: PathBuf) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

fn run(command: &mut Command) {
    // A server that goes on must not hold this process's output.
    let log = tempfile::NamedTempFile::new().unwrap();
    let (out, err) = (log.reopen().unwrap(), log.reopen().unwrap());
    let status = command
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(err)
        .status()
        .unwrap();
    let log = fs::read_to_string(log.path()).unwrap();
    assert!(status.success(), "{command:?}: {log}");
}
