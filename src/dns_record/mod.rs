//! `facture dns-record`: the record that lets wallets pay an offer by a name, ₿shop@example.com (BIP 353), and what DNS has of
//! it.

mod answer;
mod lookup;
mod name;
mod record;

use std::{
    io::{self, Write},
    net::SocketAddr,
    path::Path,
};

use anyhow::{Context, bail};
use facture_domain::payment_string::{Bolt12, Bolt12Kind, PaymentString, Way};
use serde_json::Value;

use self::{name::PaymentName, record::DnsRecord};
use crate::{cli::dns_record::DnsRecordArgs, control};

/// Carries out the command. `data_dir`: that of the server.
///
/// # Errors
/// What went wrong, for people; that wallets would not pay, too.
pub async fn run(args: &DnsRecordArgs, data_dir: &Path) -> anyhow::Result<()> {
    let name: PaymentName = args
        .name
        .parse()
        .with_context(|| format!("{:?} is no name to pay to", args.name))?;
    let offer = match args.offer.as_deref() {
        None => of_server(data_dir, None).await?,
        Some(text) => match parsed(text) {
            Some(offer) => offer,
            None => of_server(data_dir, Some(text)).await?,
        },
    };
    let record = DnsRecord {
        name: &name,
        offer: &offer,
    };
    let mut out = io::stdout();
    writeln!(out, "{record}")?;
    match args.resolver {
        Some(resolver) => check(resolver, &name, &offer, &mut out).await,
        None => Ok(()),
    }
}

/// Says what a resolver answers.
async fn check(
    resolver: SocketAddr,
    name: &PaymentName,
    offer: &Bolt12,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let answer = lookup::texts(resolver, &name.in_dns()).await;
    let answer = answer.with_context(|| format!("the resolver at {resolver}"))?;
    let faults = answer.faults(offer);
    for fault in &faults {
        writeln!(out, "; {fault}")?;
    }
    if !faults.is_empty() {
        bail!("wallets would not pay ₿{name}");
    }
    writeln!(
        out,
        "; the resolver at {resolver} has this record, once, and has checked its signatures"
    )?;
    Ok(())
}

/// An offer's string; `None` when it is none.
fn parsed(text: &str) -> Option<Bolt12> {
    match PaymentString::parse(text).ok()?.way {
        Way::Bolt12(offer) if offer.kind == Bolt12Kind::Offer => Some(offer),
        _ => None,
    }
}

/// The active offer of this id, or the only one, of a running server.
async fn of_server(data_dir: &Path, id: Option<&str>) -> anyhow::Result<Bolt12> {
    let mut server = control::connect(data_dir).await.with_context(|| {
        format!(
            "no server is running on {}: start it, or name the offer by --offer lno1…",
            data_dir.display()
        )
    })?;
    let listed = server.offers().await.context("the server's offers")?;
    let listed = listed["offers"].as_array().into_iter().flatten();
    let active: Vec<&Value> = listed
        .filter(|offer| offer["status"] == "active")
        .filter(|offer| id.is_none_or(|id| offer["offer_id"] == id))
        .collect();
    match (&active[..], id) {
        ([offer], _) => offer["bolt12"]
            .as_str()
            .and_then(parsed)
            .context("the server's offer cannot be read"),
        ([], Some(id)) => bail!("the server has no active offer {id:?}"),
        ([], None) => bail!("the server has no active offer: POST /api/v1/offers makes one"),
        (several, _) => {
            let listed = several.iter().map(|offer| {
                let [id, text] = ["offer_id", "description"].map(|name| offer[name].as_str());
                format!(
                    "\n  {}  {}",
                    id.unwrap_or_default(),
                    text.unwrap_or_default()
                )
            });
            let listed: String = listed.collect();
            bail!("the server has several active offers: choose one by --offer{listed}")
        }
    }
}
