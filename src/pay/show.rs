//! What is paid, for the one who is asked.

use std::fmt::Write;

use facture_domain::{
    Amount, Msat,
    payment_string::{PaymentMemo, PaymentRequest, PaymentString, Way},
    payout::default_fee_limit,
};

use crate::cli::payer::PayArgs;

/// The payment in some lines.
pub(super) fn payment(parsed: &PaymentString, args: &PayArgs) -> String {
    let mut lines = String::new();
    let mut line = |name: &str, value: String| {
        // Writing into a text cannot fail.
        let _ = writeln!(lines, "{name:<12} {value}");
    };
    let asked = args.amount.and_then(Msat::from_sat);
    let amount = match &parsed.way {
        Way::Bolt11(request) => {
            invoice(request, &mut line);
            match request.decoded.amount {
                Amount::Exact(amount) => Some(amount),
                Amount::Any => asked,
            }
        }
        way => {
            line("destination", destination(way));
            asked
        }
    };
    let in_currency = currency_amount(args);
    let shown = in_currency.or_else(|| amount.map(in_msat));
    line(
        "amount",
        shown.unwrap_or_else(|| "set by the destination".to_owned()),
    );
    if let Some(sale) = &args.refund {
        line("refund of", sale.clone());
    }
    let limit = args.max_fee.and_then(Msat::from_sat);
    let limit = limit.or_else(|| amount.map(default_fee_limit));
    line(
        "fee limit",
        limit.map_or_else(|| "1 percent, at least 5 sat".to_owned(), in_msat),
    );
    lines.trim_end().to_owned()
}

fn currency_amount(args: &PayArgs) -> Option<String> {
    let (amount, currency) = args.currency_amount.as_ref().zip(args.currency.as_ref())?;
    let rate = match args.rate.as_deref() {
        Some("today") => "today's rate",
        _ => "the sale's rate",
    };
    Some(format!("{amount} {currency} at {rate}"))
}

fn invoice(request: &PaymentRequest, line: &mut impl FnMut(&str, String)) {
    line("destination", request.payee.to_string());
    line("network", request.network.to_string());
    match &request.memo {
        // Written by whoever asks for the money: on one line, without control characters.
        PaymentMemo::Text(text) => line("description", text.escape_debug().to_string()),
        PaymentMemo::Hash(hash) => line("description", format!("(SHA-256 {hash})")),
    }
    line("expires", request.expires_at.to_string());
    line("payment hash", request.decoded.payment_hash.to_string());
}

fn destination(way: &Way) -> String {
    match way {
        Way::Bolt11(_) => "a BOLT 11 invoice".to_owned(),
        Way::Bolt12(_) => "a BOLT 12 offer".to_owned(),
        Way::Lnurl(_) => "an LNURL".to_owned(),
        Way::LightningAddress(address) => address.to_string(),
        Way::Onchain(_) => "an address on the chain".to_owned(),
    }
}

fn in_msat(amount: Msat) -> String {
    match amount.whole_sat() {
        Some(sat) => format!("{sat} sat"),
        None => format!("{} msat", amount.msat()),
    }
}
