//! What is paid, for the one who is asked.

use std::fmt::Write;

use facture_domain::{
    Amount, Msat,
    payment_string::{PaymentMemo, PaymentRequest, PaymentString, Way},
    payout::default_fee_limit,
};

/// The payment in some lines. `amount` and `max_fee` are what was asked for, in satoshis.
pub(super) fn payment(parsed: &PaymentString, amount: Option<u64>, max_fee: Option<u64>) -> String {
    let mut lines = String::new();
    let mut line = |name: &str, value: String| {
        // Writing into a text cannot fail.
        let _ = writeln!(lines, "{name:<12} {value}");
    };
    let asked = amount.and_then(Msat::from_sat);
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
    line(
        "amount",
        amount.map_or_else(|| "set by the destination".to_owned(), in_msat),
    );
    let limit = max_fee.and_then(Msat::from_sat);
    let limit = limit.or_else(|| amount.map(default_fee_limit));
    line(
        "fee limit",
        limit.map_or_else(|| "1 percent, at least 5 sat".to_owned(), in_msat),
    );
    lines.trim_end().to_owned()
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
