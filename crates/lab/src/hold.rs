//! Hold invoices of an LND: the payment is held until it is settled with a preimage that the node does not have before, or
//! cancelled.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use rand::Rng;
use sha2::{Digest, Sha256};

use crate::{link::text, node::Node, payment::Invoice, state::replace};

/// The preimages, a file for each in a directory, by payment hash.
#[derive(Clone, Debug)]
pub struct Holds(PathBuf);

impl Holds {
    pub(crate) fn in_lab(dir: &Path) -> Self {
        Self(dir.join("holds"))
    }

    /// Makes a hold invoice on an LND.
    ///
    /// # Errors
    /// That the node has no such thing, or the node's own.
    pub async fn add(&self, node: &Node, sat: u64, description: &str) -> anyhow::Result<Invoice> {
        let lnd = lnd(node)?;
        let mut preimage = [0; 32];
        rand::rng().fill_bytes(&mut preimage);
        let hash = hex::encode(Sha256::digest(preimage));
        fs::create_dir_all(&self.0)?;
        replace(&self.0.join(&hash), hex::encode(preimage).as_bytes())?;
        let amount = format!("--amt={sat}");
        let memo = format!("--memo={description}");
        let made = lnd.ask(&["addholdinvoice", &amount, &memo, &hash]).await?;
        Ok(Invoice {
            bolt11: text(&made, "payment_request")?,
            payment_hash: hash,
        })
    }

    /// Takes the payment that is held.
    ///
    /// # Errors
    /// That none is.
    pub async fn settle(&self, node: &Node, payment_hash: &str) -> anyhow::Result<()> {
        let preimage = match fs::read_to_string(self.0.join(payment_hash)) {
            Ok(preimage) => preimage,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                bail!("no hold invoice of this lab has this payment hash")
            }
            Err(error) => return Err(error).context("its preimage"),
        };
        let settled = lnd(node)?.ask(&["settleinvoice", &preimage]).await;
        settled.map(drop)
    }

    /// Sends the payment back, or refuses it from now on.
    ///
    /// # Errors
    /// The node's.
    pub async fn cancel(&self, node: &Node, payment_hash: &str) -> anyhow::Result<()> {
        let cancelled = lnd(node)?.ask(&["cancelinvoice", payment_hash]).await;
        cancelled.map(drop)
    }
}

fn lnd(node: &Node) -> anyhow::Result<&crate::lnd::Lnd> {
    match node {
        Node::Lnd(lnd) => Ok(lnd),
        Node::Cln(_) => bail!(
            "Bob is a Core Lightning, which has no hold invoices of its own: `facture lab down`, then \
             `facture lab up --node mixed` (Bob is an LND)"
        ),
    }
}
