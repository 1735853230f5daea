//! The checkout on Bob and Alice's wallet page: `facture serve` with a configuration of its own, and `facture lab wallet`.

use std::{
    env,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::Context;
use facture_lab::{CheckoutPorts, Lab, Lnd, Name, Node, Progress, TIMEOUT, until};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use toml::{Table, Value};

/// How long one answer may take.
const ANSWER: Duration = Duration::from_secs(2);

/// The beginning of an answer that is 200.
const OK: &[u8] = b"HTTP/1.1 200";

/// Starts what of the two is not running; returns whether there was something to start.
pub(super) async fn start(lab: &mut Lab, progress: &dyn Progress) -> anyhow::Result<bool> {
    let ports = lab.with_checkout()?;
    let mut started = false;
    for name in [Name::Facture, Name::Wallet] {
        if lab.is_running(name)? {
            continue;
        }
        started = true;
        let (step, command, port, path) = match name {
            Name::Facture => (
                "Starting facture on Bob",
                serve(lab, ports).await?,
                ports.facture,
                "/readyz",
            ),
            _ => (
                "Starting Alice's wallet page",
                wallet(lab)?,
                ports.wallet,
                "/",
            ),
        };
        progress.step(step);
        let mut daemon = lab.start(name, command)?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let answers = until(step, TIMEOUT, async || {
            daemon.check_running()?;
            Ok(is_ready(address, path).await.then_some(()))
        });
        let answers = answers.await;
        answers.with_context(|| lab.log_tail(name, 15))?;
    }
    Ok(started)
}

/// `facture serve`, which reads nothing but the lab's configuration.
async fn serve(lab: &Lab, ports: CheckoutPorts) -> anyhow::Result<Command> {
    let file = lab.dir().join("facture.toml");
    let config = configuration(lab, ports).await?;
    std::fs::write(&file, config).with_context(|| file.display().to_string())?;
    let mut command = this()?;
    command.arg("serve").arg("--config").arg(file);
    Ok(command)
}

fn wallet(lab: &Lab) -> anyhow::Result<Command> {
    let mut command = this()?;
    command.args(["lab", "wallet", "--dir"]).arg(lab.dir());
    Ok(command)
}

/// This program, without the settings that its user has for another facture.
fn this() -> anyhow::Result<Command> {
    let mut command = Command::new(env::current_exe().context("this program's own file")?);
    command.stdin(Stdio::null());
    for (key, _) in env::vars_os() {
        if key.as_encoded_bytes().starts_with(b"FACTURE_") {
            command.env_remove(key);
        }
    }
    Ok(command)
}

async fn configuration(lab: &Lab, ports: CheckoutPorts) -> anyhow::Result<String> {
    let listen = format!("127.0.0.1:{}", ports.facture);
    let data_dir = text(&lab.dir().join("facture"))?;
    let node = match &lab.bob {
        Node::Cln(bob) => table([("rpc_file", text(bob.socket())?)]),
        Node::Lnd(bob) => table([
            ("kind", "lnd".to_owned()),
            ("lnd_url", bob.rest_url()),
            ("tls_cert_file", text(&bob.certificate_file())?),
            ("macaroon_file", text(&macaroon(bob).await?)?),
        ]),
    };
    let config = Table::from_iter([
        section("server", table([("listen", listen)])),
        section("node", node),
        section("store", table([("data_dir", data_dir)])),
        section(
            "site",
            table([
                ("name", "Bob's shop".to_owned()),
                ("footer", "A lab on regtest: no real money.".to_owned()),
            ]),
        ),
    ]);
    let head = "# Written by `facture lab up`, each time that it starts facture.\n";
    Ok(format!("{head}{}", toml::to_string(&config)?))
}

/// A macaroon that allows what a checkout needs, and no payment.
async fn macaroon(bob: &Lnd) -> anyhow::Result<PathBuf> {
    let file = bob.macaroon_file("checkout");
    if !file.exists() {
        bob.bake(&facture_node::lnd::bakemacaroon(), &file).await?;
    }
    Ok(file)
}

fn section(name: &str, table: Table) -> (String, Value) {
    (name.to_owned(), Value::Table(table))
}

fn table<const N: usize>(entries: [(&str, String); N]) -> Table {
    let entries = entries.map(|(key, value)| (key.to_owned(), Value::String(value)));
    Table::from_iter(entries)
}

fn text(path: &Path) -> anyhow::Result<String> {
    let text = path.to_str();
    Ok(text.context("a directory whose name is text")?.to_owned())
}

/// Whether a server answers a path with 200.
async fn is_ready(address: SocketAddr, path: &str) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut head = [0; OK.len()];
        stream.read_exact(&mut head).await?;
        std::io::Result::Ok(head == OK)
    };
    matches!(tokio::time::timeout(ANSWER, ask).await, Ok(Ok(true)))
}
