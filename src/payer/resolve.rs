//! `facture payer resolve`: payouts whose end is not known, because their payer's journal is gone or the node knows nothing. The
//! node is asked, and what it or the owner knows is reported; nothing is paid.

use std::io::{self, Write};

use anyhow::{Context, bail};
use facture_domain::payout::PayoutId;
use facture_payer::{Resolution, Resolver, UnresolvedPayout, config::Config};

use crate::cli::confirm::confirm;

/// Prints the payouts whose end is not known, and what the node knows of them.
pub(super) async fn list(config: Config) -> anyhow::Result<()> {
    let resolver = Resolver::open(config)?;
    let unresolved = resolver.unresolved().await?;
    let mut out = io::stdout();
    if unresolved.is_empty() {
        writeln!(
            out,
            "every payout that was begun is in this payer's journal"
        )?;
    }
    for payout in unresolved {
        let resolution = resolver.resolution(&payout).await?;
        writeln!(out, "{}\n", show(&payout, &resolution))?;
    }
    Ok(())
}

/// Who says how a payout ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OutcomeSource {
    /// The node.
    Node,
    /// The payer's owner, who knows that it was not paid.
    Owner,
}

/// Reports to the server what became of one, after it was shown.
pub(super) async fn resolve(
    config: Config,
    id: &str,
    source: OutcomeSource,
    yes: bool,
) -> anyhow::Result<()> {
    let id = PayoutId::parse(id).with_context(|| format!("{id} is not the id of a payout"))?;
    let mut resolver = Resolver::open(config)?;
    let payout = resolver.find(&id).await?;
    let resolution = resolver.resolution(&payout).await?;
    let mut out = io::stdout();
    writeln!(out, "{}", show(&payout, &resolution))?;
    match (&resolution, source) {
        (Resolution::UnderWay, _) => bail!("it may still be paid: ask again later"),
        (Resolution::Nothing, OutcomeSource::Node) => bail!(
            "the node may have paid and forgotten it. If you know that it was not paid, and that the payer that began it runs \
             nowhere, say so with --not-paid"
        ),
        (Resolution::Paid(_) | Resolution::Failed(..), OutcomeSource::Owner) => {
            bail!("--not-paid is for payouts of which the node knows nothing");
        }
        _ => {}
    }
    if !yes && !confirm("Tell the server?")? {
        bail!("nothing was told");
    }
    match source {
        OutcomeSource::Node => resolver.report(&payout, &resolution).await?,
        OutcomeSource::Owner => resolver.report_not_paid(&payout).await?,
    }
    writeln!(out, "told")?;
    Ok(())
}

fn show(payout: &UnresolvedPayout, resolution: &Resolution) -> String {
    let known = match resolution {
        Resolution::Paid(settled) => {
            let fee = settled.fee.msat();
            format!(
                "paid, fee {fee} msat, preimage {}",
                settled.preimage.to_hex()
            )
        }
        Resolution::Failed(code, message) => format!("failed: {message} ({})", code.as_str()),
        Resolution::UnderWay => "under way".to_owned(),
        Resolution::Nothing => "nothing".to_owned(),
    };
    format!(
        "payout       {}\nbegun by     {}\ndestination  {}\npayment hash {}\nthe node     {known}",
        payout.id, payout.payer, payout.destination, payout.payment_hash,
    )
}
