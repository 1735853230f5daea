//! What facture takes as a plugin of a real lightningd while nothing happens: the plugin, and the web server beside it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    net::TcpListener,
    path::Path,
    thread,
    time::Duration,
};

use anyhow::{Context, bail};
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{
    Args, http,
    http::Connection,
    machine::DISK,
    node::Caller,
    process::{Facture, memory_kib},
    table::{Goal, Row, Spread, Table},
};

const PLUGIN: &str = "plugin, idle RSS";
const BOTH: &str = "plugin with its web server, idle PSS";

const IDLE: Duration = Duration::from_secs(2);

pub(super) fn names() -> Vec<String> {
    [PLUGIN, BOTH].map(str::to_owned).into()
}

pub(super) fn run(args: &Args, table: &mut Table) -> anyhow::Result<()> {
    let Some(rpc_file) = &args.rpc_file else {
        for name in names().into_iter().filter(|name| args.wants(name)) {
            table.skipped(&name, "needs a real lightningd: --regtest")?;
        }
        return Ok(());
    };
    let runtime = Runtime::new()?;
    let (mut alone, mut both) = (Vec::new(), Vec::new());
    let mut web_servers = Vec::new();
    for _ in 0..args.rounds {
        let running = runtime.block_on(Running::start(rpc_file))?;
        thread::sleep(IDLE);
        let of = |process, field| anyhow::Ok(f64::from(memory_kib(process, field)?) / 1024.0);
        alone.push(of(running.plugin, "Rss")?);
        web_servers.push(of(running.web_server, "Rss")?);
        both.push(of(running.plugin, "Pss")? + of(running.web_server, "Pss")?);
        runtime.block_on(running.stop(rpc_file))?;
    }
    if args.wants(PLUGIN) {
        let result = (Spread::of(&alone)?, "MiB");
        let web_server = Spread::of(&web_servers)?.median;
        let note = format!("its web server: {web_server:.1} MiB");
        table.add(Row::alone(PLUGIN, result, Goal::AtMost(25.0), note))?;
    }
    if args.wants(BOTH) {
        let result = (Spread::of(&both)?, "MiB");
        let note = "what both share counts once".to_owned();
        table.add(Row::alone(BOTH, result, Goal::AtMost(25.0), note))?;
    }
    Ok(())
}

/// facture as a plugin: its two processes.
struct Running {
    plugin: u32,
    web_server: u32,
    _records: TempDir,
}

impl Running {
    /// By `plugin start`; when its first page was there.
    async fn start(rpc_file: &Path) -> anyhow::Result<Self> {
        let records = TempDir::new_in(DISK)?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let before: BTreeSet<_> = processes()?.into_keys().collect();
        let mut node = Caller::open(rpc_file).await?;
        let params = json!({
            "subcommand": "start",
            "plugin": Facture::program(),
            "facture-listen": address.to_string(),
            "facture-data-dir": records.path().join("data"),
        });
        node.call("plugin", params).await?;
        let mut connection = loop {
            match Connection::open(address).await {
                Ok(connection) => break connection,
                // It listens a moment after the plugin has started.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        };
        let request = http::get("/", &[("accept", "text/html")]);
        connection.exchange(&request).await?.expect(200)?;
        let mut new = processes()?;
        new.retain(|process, _| !before.contains(process));
        let web_server = new.iter().find(|(_, parent)| new.contains_key(parent));
        let Some((&web_server, &plugin)) = web_server else {
            bail!("the plugin's two processes are not there: {new:?}");
        };
        Ok(Self {
            plugin,
            web_server,
            _records: records,
        })
    }

    async fn stop(self, rpc_file: &Path) -> anyhow::Result<()> {
        let params = json!({ "subcommand": "stop", "plugin": Facture::program() });
        let mut node = Caller::open(rpc_file).await?;
        node.call("plugin", params).await.map(drop)
    }
}

/// The processes of this build's program, and their parents.
fn processes() -> anyhow::Result<BTreeMap<u32, u32>> {
    let program = fs::canonicalize(Facture::program())?;
    let mut found = BTreeMap::new();
    for entry in fs::read_dir("/proc")? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(Ok(process)) = name.map(str::parse) else {
            continue;
        };
        // One that has ended meanwhile, or is somebody else's.
        let Ok(exe) = fs::read_link(path.join("exe")) else {
            continue;
        };
        if exe == program {
            let status = fs::read_to_string(path.join("status"))?;
            let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"));
            found.insert(process, parent.context("no parent")?.trim().parse()?);
        }
    }
    Ok(found)
}
