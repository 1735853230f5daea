//! `facture payer journal`: the journal for people, and whether it is whole. The payer may be running.

use std::io::{self, Write};

use facture_domain::payout::PayoutId;
use facture_payer::{
    config::Config,
    journal::{self, Entry, Line},
};

use crate::cli::payer::JournalAction;

pub(super) fn run(config: &Config, action: &JournalAction) -> anyhow::Result<()> {
    match action {
        JournalAction::Verify => verify(config),
        JournalAction::List => list(config),
    }
}

fn verify(config: &Config) -> anyhow::Result<()> {
    let (ledger, tip) = journal::read(&config.data_dir, |_| ())?;
    let open = ledger.open().count();
    let mut out = io::stdout();
    writeln!(
        out,
        "lines: {}\nlast: {}\nopen payouts: {open}",
        tip.lines, tip.hash
    )?;
    Ok(())
}

/// What was read before a line that is broken is printed too.
fn list(config: &Config) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    let mut printed = Ok(());
    let read = journal::read(&config.data_dir, |line| {
        if printed.is_ok() {
            printed = writeln!(out, "{}", show(line));
        }
    });
    read?;
    Ok(printed?)
}

fn show(line: &Line) -> String {
    let details = match &line.entry {
        Entry::Opened { payer } => payer.to_string(),
        Entry::Begun(begun) => format!(
            "{} msat, fee limit {} msat, to {}, for {}",
            begun.amount.msat(),
            begun.max_fee.msat(),
            begun.destination,
            begun.asked_by
        ),
        Entry::Sending { .. } | Entry::CodeRefused { .. } => String::new(),
        Entry::NotSent { message, .. }
        | Entry::Unknown { message, .. }
        | Entry::Abandoned { message, .. }
        | Entry::Resolved { message, .. } => message.clone(),
        Entry::Paid { amount, fee, .. } => {
            format!("{} msat, fee {} msat", amount.msat(), fee.msat())
        }
        Entry::Failed { code, message, .. } | Entry::Refused { code, message, .. } => {
            format!("{}: {message}", code.as_str())
        }
        Entry::ApprovalRequired(approval)
        | Entry::Approved(approval)
        | Entry::ApprovedByCode { approval, .. } => {
            format!(
                "{} msat, to {}",
                approval.amount.msat(),
                approval.destination
            )
        }
    };
    let payout = line.entry.payout().map_or("-", PayoutId::as_str);
    let text = format!(
        "{}\t{}\t{}\t{payout}\t{details}",
        line.n,
        line.at,
        line.entry.name()
    );
    text.trim_end().to_owned()
}
