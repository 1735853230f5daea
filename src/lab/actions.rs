//! What the lab's commands do.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use anyhow::bail;
use facture_lab::{InvoiceState, Lab, Name, Stopped, become_daemon};

use super::{
    output::{grouped, rows, sat},
    places::Place,
    steps::Steps,
    up, wallet, watch,
};
use crate::cli::lab::{InvoiceName, LabAction, LabAmount, LabArgs, LoggedProgram, Payable};

/// How many lines of a log are printed.
const LOG_LINES: usize = 40;

/// Runs one command.
///
/// # Errors
/// What went wrong, in words for the person who typed it.
pub async fn run(args: LabArgs) -> anyhow::Result<()> {
    let place = Place::of(args.dir)?;
    let open = || Lab::open(&place.dir);
    match args.action {
        LabAction::Up { node, checkout } => up::up(&place, node, checkout).await,
        LabAction::Balances => print(&up::balances(&open()?).await?),
        LabAction::Invoice {
            amount,
            description,
        } => {
            let sat = match amount {
                LabAmount::Any => None,
                LabAmount::Sat(sat) => Some(sat),
            };
            let invoice = open()?.bob.invoice(sat, &description).await?;
            print_invoice(&invoice)
        }
        LabAction::Decode { bolt11 } => decode(&open()?, bolt11.as_str()).await,
        LabAction::Pay { what, sat } => pay(&open()?, what, sat).await,
        LabAction::Lookup { invoice } => lookup(&open()?, &invoice).await,
        LabAction::Watch => watch::watch(&open()?).await,
        LabAction::Hold {
            amount,
            description,
        } => {
            let lab = open()?;
            let hold = lab.holds().add(&lab.bob, amount, &description).await?;
            print_invoice(&hold)
        }
        LabAction::Settle { invoice } => {
            let lab = open()?;
            let hash = payment_hash(&lab, &invoice).await?;
            lab.holds().settle(&lab.bob, &hash).await?;
            print(&format!("settled {hash}\n"))
        }
        LabAction::Cancel { invoice } => {
            let lab = open()?;
            let hash = payment_hash(&lab, &invoice).await?;
            lab.holds().cancel(&lab.bob, &hash).await?;
            print(&format!("cancelled {hash}\n"))
        }
        LabAction::Mine { blocks } => {
            let height = open()?.mine(blocks).await?;
            print(&format!("The newest block is {}.\n", grouped(height)))
        }
        LabAction::Close => {
            let lab = open()?;
            lab.close().await?;
            print(&format!(
                "The channel is closed.\n\n{}",
                up::balances(&lab).await?
            ))
        }
        LabAction::Logs { program } => logs(&open_logs(&place)?, program),
        LabAction::Down { keep } => down(&place, keep).await,
        LabAction::Wallet => wallet::serve(open()?).await,
        LabAction::Launch {
            record,
            program,
            args,
        } => match become_daemon(record, &program, &args)? {},
    }
}

fn print(text: &str) -> anyhow::Result<()> {
    Ok(io::stdout().write_all(text.as_bytes())?)
}

fn print_invoice(invoice: &facture_lab::Invoice) -> anyhow::Result<()> {
    Ok(rows(&[
        ("invoice", invoice.bolt11.clone()),
        ("payment hash", invoice.payment_hash.clone()),
    ])?)
}

async fn decode(lab: &Lab, bolt11: &str) -> anyhow::Result<()> {
    let decoded = lab.alice.decode(bolt11).await?;
    let payee = match decoded.payee == lab.bob.peer().id().await? {
        true => format!("{} (Bob)", decoded.payee),
        false => decoded.payee,
    };
    Ok(rows(&[
        ("amount", amount(decoded.amount_msat)),
        ("description", decoded.description),
        ("payee", payee),
        ("payment hash", decoded.payment_hash),
        (
            "expiry",
            format!("{} s after it was created", grouped(decoded.expiry_seconds)),
        ),
    ])?)
}

async fn pay(lab: &Lab, what: Payable, chosen: Option<u64>) -> anyhow::Result<()> {
    let bolt11 = match (what, chosen) {
        (Payable::Bolt11(text), _) => text.to_string(),
        (Payable::Sat(amount), None) => lab.bob.invoice(Some(amount), "Lab").await?.bolt11,
        (Payable::Sat(_), Some(_)) => bail!("give an amount, or an invoice and its amount"),
    };
    let paid = lab.alice.pay(&bolt11, chosen).await?;
    Ok(rows(&[
        ("paid", sat(paid.amount_msat)),
        ("fee", sat(paid.fee_msat)),
        ("preimage", paid.preimage),
    ])?)
}

async fn lookup(lab: &Lab, invoice: &InvoiceName) -> anyhow::Result<()> {
    let hash = payment_hash(lab, invoice).await?;
    let found = lab.bob.lookup(&hash).await?;
    let mut all = vec![
        ("status", found.state.name().to_owned()),
        ("amount", amount(found.amount_msat)),
        ("description", found.description),
        ("payment hash", hash),
    ];
    match (found.state, found.received_msat) {
        (InvoiceState::Accepted, Some(held)) => all.push(("held", sat(held))),
        (InvoiceState::Paid, Some(received)) => all.push(("received", sat(received))),
        // What was held and then sent back is nobody's here.
        _ => {}
    }
    if let Some(preimage) = found.preimage {
        all.push(("preimage", preimage));
    }
    Ok(rows(&all)?)
}

fn amount(msat: Option<u64>) -> String {
    msat.map_or("any".to_owned(), sat)
}

async fn payment_hash(lab: &Lab, invoice: &InvoiceName) -> anyhow::Result<String> {
    match invoice {
        InvoiceName::Hash(hash) => Ok(hash.to_string()),
        InvoiceName::Bolt11(text) => Ok(lab.bob.decode(text.as_str()).await?.payment_hash),
    }
}

/// Logs are most interesting where something is not running.
fn open_logs(place: &Place) -> anyhow::Result<Lab> {
    match Lab::at(&place.dir)? {
        Some(lab) => Ok(lab),
        None => bail!("there is no lab in {}", place.dir.display()),
    }
}

fn logs(lab: &Lab, program: Option<LoggedProgram>) -> anyhow::Result<()> {
    let all = [
        Name::Bitcoind,
        Name::Alice,
        Name::Bob,
        Name::Facture,
        Name::Wallet,
    ];
    let chosen = program.map(|program| match program {
        LoggedProgram::Alice => Name::Alice,
        LoggedProgram::Bob => Name::Bob,
        LoggedProgram::Bitcoind => Name::Bitcoind,
        LoggedProgram::Facture => Name::Facture,
        LoggedProgram::Wallet => Name::Wallet,
    });
    let mut text = String::new();
    for name in all {
        let file = lab.log_file(name);
        if chosen.is_some_and(|chosen| chosen != name) || chosen.is_none() && !file.exists() {
            continue;
        }
        let tail = lab.log_tail(name, LOG_LINES);
        writeln!(text, "{}\n{tail}\n", file.display())?;
    }
    print(&text)
}

async fn down(place: &Place, keep: bool) -> anyhow::Result<()> {
    let steps = Steps::new();
    let stopped = Lab::down(&place.dir, keep, &steps).await?;
    steps.done();
    let dir = place.dir.display();
    match stopped {
        Stopped::NoLab => print(&format!("There is no lab in {dir}.\n")),
        Stopped::Programs(names) => {
            let names: Vec<_> = names.into_iter().map(Name::name).collect();
            let stopped = match names.is_empty() {
                true => "Nothing was running".to_owned(),
                false => format!("Stopped {}", names.join(", ")),
            };
            let files = match keep {
                true => "its files are kept",
                false => "its files are removed",
            };
            print(&format!("{stopped}; {files} ({dir}).\n"))
        }
    }
}
