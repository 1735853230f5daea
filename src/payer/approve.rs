//! `facture payer approve`: the owner's approval, given on the payer's own machine.

use std::io::{self, Write};

use anyhow::{Context, bail};
use facture_domain::payout::PayoutId;
use facture_payer::{config::Config, journal::Approval};

use crate::cli::confirm::confirm;

/// Prints what waits for an approval.
pub(super) fn list(config: &Config) -> anyhow::Result<()> {
    let waiting = facture_payer::waiting(config)?;
    let mut out = io::stdout();
    if waiting.is_empty() {
        writeln!(out, "nothing waits for an approval")?;
    }
    for approval in waiting {
        writeln!(out, "{}\n", show(&approval))?;
    }
    Ok(())
}

/// Approves a payout, after it was shown.
pub(super) fn approve(config: &Config, id: &str, yes: bool) -> anyhow::Result<()> {
    let id = PayoutId::parse(id).with_context(|| format!("{id} is not the id of a payout"))?;
    let pending = facture_payer::pending(config, &id)?;
    let mut out = io::stdout();
    writeln!(out, "{}", show(&pending))?;
    if !yes && !confirm("Pay it?")? {
        bail!("not approved");
    }
    facture_payer::approve(config, &pending)?;
    writeln!(out, "approved")?;
    Ok(())
}

fn show(approval: &Approval) -> String {
    format!(
        "payout       {}\ndestination  {}\namount       {} msat\nfee limit    {} msat\nasked by     {}",
        approval.payout,
        approval.destination,
        approval.amount.msat(),
        approval.max_fee.msat(),
        approval.asked_by,
    )
}
