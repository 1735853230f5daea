//! An LND to try: it prints the curl command that creates an invoice, and pays each BOLT 11 string that is pasted.
//!
//! `cargo run -p facture-sandbox --features lnd --example lnd`

use std::{
    error::Error,
    io::{self, Write},
};

use facture_sandbox::SandboxLnd;
use tokio::io::{AsyncBufReadExt, BufReader};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let directory = tempfile::tempdir()?;
    let node = SandboxLnd::start(directory.path()).await?;
    let (url, certificate) = (node.url(), node.certificate_file());
    let macaroon: String = std::fs::read(node.admin_macaroon_file())?
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let mut out = io::stdout();
    writeln!(
        out,
        "curl --cacert {} -H 'Grpc-Metadata-macaroon: {macaroon}' {url}/v1/invoices \\\n    \
         -d '{{\"memo\":\"Tea\",\"value_msat\":\"21000\"}}'\n\n\
         Paste the payment_request of its answer to pay it.",
        certificate.display(),
    )?;
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Some(bolt11) = lines.next_line().await? {
        match node.pay(bolt11.trim(), None).await {
            Ok(paid) => writeln!(out, "paid, preimage {}", paid.payment_preimage)?,
            Err(error) => writeln!(out, "not paid: {error}")?,
        }
    }
    Ok(())
}
