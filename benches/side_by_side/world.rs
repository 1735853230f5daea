//! What most rows need: a node, a facture on it, a wallet that pays, and some invoices.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::{
    Args, http,
    http::Connection,
    node::{Caller, text},
    process::{Facture, Node, TOKEN},
};

/// A facture on a node.
pub(crate) struct World {
    pub(crate) facture: Facture,
    pub(crate) rpc_file: PathBuf,
    /// Where payments come from, if there are any.
    payer: Option<PathBuf>,
    sandbox: Option<Node>,
    runtime: Runtime,
}

/// An invoice of facture.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) label: String,
    pub(crate) bolt11: String,
}

/// How many are made at the same time.
const MAKERS: usize = 8;

impl World {
    /// A facture without records, on the sandbox's node or on the one that was named.
    pub(crate) fn start(args: &Args) -> anyhow::Result<Self> {
        Self::start_program(args, Facture::program())
    }

    /// The same with this facture.
    pub(crate) fn start_program(args: &Args, program: &Path) -> anyhow::Result<Self> {
        let runtime = Runtime::new()?;
        let (rpc_file, payer, sandbox) = match &args.rpc_file {
            Some(rpc_file) => {
                runtime.block_on(only_regtest(rpc_file))?;
                (rpc_file.clone(), args.payer_rpc_file.clone(), None)
            }
            None => {
                let node = Node::start()?;
                (
                    node.rpc_file.clone(),
                    Some(node.rpc_file.clone()),
                    Some(node),
                )
            }
        };
        // Of its own: what others left on a node that is kept is not its business.
        let prefix = format!("bench{:08x}_", rand::random::<u32>());
        Ok(Self {
            facture: Facture::start(program, &rpc_file, &prefix)?,
            rpc_file,
            payer,
            sandbox,
            runtime,
        })
    }

    /// Whether the node is the sandbox's.
    pub(crate) fn is_sandbox(&self) -> bool {
        self.sandbox.is_some()
    }

    /// Where payments come from.
    pub(crate) fn payer(&self) -> Option<PathBuf> {
        self.payer.clone()
    }

    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// How many calls that reading may cause the node has had; `None` on a real one.
    pub(crate) fn calls(&mut self) -> anyhow::Result<Option<u32>> {
        self.sandbox.as_mut().map(Node::calls).transpose()
    }

    /// Makes so many invoices by the API.
    pub(crate) fn make(&self, count: usize) -> anyhow::Result<Vec<Made>> {
        self.block_on(self.make_some(count))
    }

    /// The same, for who is on a runtime already.
    pub(crate) async fn make_some(&self, count: usize) -> anyhow::Result<Vec<Made>> {
        let share = |maker| count / MAKERS + usize::from(maker < count % MAKERS);
        let making = (0..MAKERS).map(async |maker| {
            let mut connection = Connection::open(self.facture.address).await?;
            let mut made = Vec::new();
            for _ in 0..share(maker) {
                made.push(make(&mut connection).await?);
            }
            anyhow::Ok(made)
        });
        let made: Vec<Vec<Made>> = futures_util::future::try_join_all(making).await?;
        Ok(made.into_iter().flatten().collect())
    }

    /// Makes so many invoices, pays them, and waits until facture knows. `None` when nobody pays here.
    pub(crate) fn make_paid(&self, count: usize) -> anyhow::Result<Option<Vec<Made>>> {
        let Some(payer) = self.payer() else {
            return Ok(None);
        };
        let made = self.make(count)?;
        self.block_on(async {
            let mut wallet = Caller::open(&payer).await?;
            let mut connection = Connection::open(self.facture.address).await?;
            for invoice in &made {
                wallet.pay(&invoice.bolt11).await?;
                // A read after the payment shows it.
                let path = format!("/check_invoice/{}", invoice.label);
                let request = http::get(&path, &[("accept", "application/json")]);
                let answer = connection.exchange(&request).await?;
                let read: Value = serde_json::from_slice(answer.expect(200)?)?;
                if text(&read, "status")? != "paid" {
                    bail!("{} was paid and is shown as {}", invoice.label, read);
                }
            }
            Ok(Some(made))
        })
    }
}

async fn make(connection: &mut Connection) -> anyhow::Result<Made> {
    let answer = connection.exchange(&creation(&[])).await?;
    let made: Value = serde_json::from_slice(answer.expect(201)?)?;
    Ok(Made {
        label: text(&made, "label")?,
        bolt11: text(&made, "bolt11")?,
    })
}

/// The request that makes an invoice by the API, with more headers.
pub(crate) fn creation(headers: &[(&str, &str)]) -> Vec<u8> {
    let authorization = format!("Bearer {TOKEN}");
    let mut all = vec![("authorization", authorization.as_str())];
    all.extend(headers);
    let body = r#"{"amount_msat":1000000,"description":"Two bags of tea"}"#;
    http::post("/api/v1/invoices", &all, "application/json", body)
}

async fn only_regtest(rpc_file: &Path) -> anyhow::Result<()> {
    let info = Caller::open(rpc_file)
        .await?
        .call("getinfo", json!({}))
        .await?;
    let network = text(&info, "network").context("getinfo")?;
    if network != "regtest" {
        bail!("this makes many invoices, and the node is on {network}: only regtest is for that");
    }
    Ok(())
}
