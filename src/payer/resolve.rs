//! `facture payer resolve`: payouts that were begun by a payer whose journal is gone. The node is asked, and what it knows is
//! told; nothing is paid.

use std::io::{self, BufRead, Write};

use anyhow::{Context, bail};
use facture_domain::payout::PayoutId;
use facture_payer::{Lost, Resolver, Truth, config::Config};

/// Prints the payouts that are in no journal here, and what the node knows of them.
pub(super) async fn list(config: Config) -> anyhow::Result<()> {
    let resolver = Resolver::open(config)?;
    let lost = resolver.lost().await?;
    let mut out = io::stdout();
    if lost.is_empty() {
        writeln!(
            out,
            "every payout that was begun is in this payer's journal"
        )?;
    }
    for lost in lost {
        let truth = resolver.truth(&lost).await?;
        writeln!(out, "{}\n", show(&lost, &truth))?;
    }
    Ok(())
}

/// What else may end a payout than what the node knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Nothing.
    Node,
    /// Its owner's word that it was not paid.
    Owner,
}

/// Tells the server what became of one, after it was shown.
pub(super) async fn resolve(config: Config, id: &str, word: Word, yes: bool) -> anyhow::Result<()> {
    let id = PayoutId::parse(id).with_context(|| format!("{id} is not the id of a payout"))?;
    let mut resolver = Resolver::open(config)?;
    let lost = resolver.find(&id).await?;
    let truth = resolver.truth(&lost).await?;
    let mut out = io::stdout();
    writeln!(out, "{}", show(&lost, &truth))?;
    match (&truth, word) {
        (Truth::UnderWay, _) => bail!("it may still be paid: ask again later"),
        (Truth::Nothing, Word::Node) => bail!(
            "the node may have paid and forgotten it. If you know that it was not paid, and that the payer that began it runs \
             nowhere, say so with --not-paid"
        ),
        (Truth::Paid(_) | Truth::Failed(..), Word::Owner) => {
            bail!("--not-paid is for payouts of which the node knows nothing");
        }
        _ => {}
    }
    if !yes && !confirmed(&mut out)? {
        bail!("nothing was told");
    }
    match word {
        Word::Node => resolver.tell(&lost, &truth).await?,
        Word::Owner => resolver.give_up(&lost).await?,
    }
    writeln!(out, "told")?;
    Ok(())
}

fn confirmed(out: &mut impl Write) -> io::Result<bool> {
    write!(out, "Tell the server? [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn show(lost: &Lost, truth: &Truth) -> String {
    let known = match truth {
        Truth::Paid(settled) => {
            let fee = settled.fee.msat();
            format!(
                "paid, fee {fee} msat, preimage {}",
                settled.preimage.to_hex()
            )
        }
        Truth::Failed(code, message) => format!("failed: {message} ({})", code.as_str()),
        Truth::UnderWay => "under way".to_owned(),
        Truth::Nothing => "nothing".to_owned(),
    };
    format!(
        "payout       {}\nbegun by     {}\ndestination  {}\npayment hash {}\nthe node     {known}",
        lost.id, lost.payer, lost.destination, lost.payment_hash,
    )
}
