//! A client asks the sandbox for an invoice over its socket, as it would ask lightningd, and a buyer pays it.
//!
//! `cargo run -p facture-sandbox --example pay_an_invoice`

use std::{
    error::Error,
    io::{self, Write},
};

use facture_sandbox::SandboxNode;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let directory = tempfile::tempdir()?;
    let node = SandboxNode::start(&directory.path().join("lightning-rpc")).await?;
    let mut client = UnixStream::connect(node.rpc_file()).await?;

    let terms = json!({ "amount_msat": 21_000, "label": "order-1", "description": "Tea" });
    let invoice = call(&mut client, "invoice", &terms).await?;
    let bolt11 = invoice["bolt11"].as_str().ok_or("no BOLT 11 string")?;
    node.pay(bolt11, None)?;

    let paid = call(&mut client, "waitinvoice", &json!({ "label": "order-1" })).await?;
    writeln!(io::stdout(), "{paid:#}")?;
    Ok(())
}

/// One JSON-RPC call. Answers of lightningd end with an empty line.
async fn call(
    client: &mut UnixStream,
    method: &str,
    params: &Value,
) -> Result<Value, Box<dyn Error>> {
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    client.write_all(request.to_string().as_bytes()).await?;
    let mut answer = Vec::new();
    while !answer.ends_with(b"\n\n") {
        if client.read_buf(&mut answer).await? == 0 {
            return Err("the node closed the connection".into());
        }
    }
    let mut answer: Value = serde_json::from_slice(&answer)?;
    match answer.get("error") {
        Some(error) => Err(error.to_string().into()),
        None => Ok(answer["result"].take()),
    }
}
