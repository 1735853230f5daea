//! The node without facture: calls by `cln-rpc`, as fast as it answers, and a buyer's wallet.

use std::path::{Path, PathBuf};

use anyhow::Context;
use cln_rpc::ClnRpc;
use serde_json::{Value, json};

use crate::load::Worker;

/// A connection to the node.
pub(crate) struct Caller(ClnRpc);

/// One that makes invoices, one after the other, which are none of facture's.
pub(crate) struct Maker {
    caller: Caller,
    prefix: String,
}

impl Caller {
    pub(crate) async fn open(rpc_file: &Path) -> anyhow::Result<Self> {
        let rpc = ClnRpc::new(rpc_file)
            .await
            .with_context(|| format!("no node on {}", rpc_file.display()))?;
        Ok(Self(rpc))
    }

    /// One call.
    pub(crate) async fn call(&mut self, method: &str, params: Value) -> anyhow::Result<Value> {
        let answer = self.0.call_raw(method, &params).await;
        answer.with_context(|| method.to_owned())
    }

    /// Makes an invoice; its BOLT 11 text.
    pub(crate) async fn invoice(&mut self, label: &str) -> anyhow::Result<String> {
        let made = self
            .call(
                "invoice",
                json!({ "amount_msat": 1_000_000, "label": label, "description": "Two bags of tea", "expiry": 3600 }),
            )
            .await?;
        text(&made, "bolt11")
    }

    /// Pays as a buyer does.
    pub(crate) async fn pay(&mut self, bolt11: &str) -> anyhow::Result<()> {
        self.call("xpay", json!({ "invstring": bolt11 }))
            .await
            .map(drop)
    }
}

impl Maker {
    pub(crate) async fn open(rpc_file: PathBuf) -> anyhow::Result<Self> {
        Ok(Self {
            caller: Caller::open(&rpc_file).await?,
            prefix: format!("side-by-side-{:016x}", rand::random::<u64>()),
        })
    }
}

impl Worker for Maker {
    async fn once(&mut self, number: u32) -> anyhow::Result<()> {
        let label = format!("{}-{number}", self.prefix);
        self.caller.invoice(&label).await.map(drop)
    }
}

/// A text in an answer.
pub(crate) fn text(answer: &Value, name: &str) -> anyhow::Result<String> {
    let found = answer.get(name).and_then(Value::as_str);
    found
        .map(str::to_owned)
        .with_context(|| format!("no {name} in {answer}"))
}
