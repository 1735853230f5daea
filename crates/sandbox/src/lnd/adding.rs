//! The calls that make invoices, and their limits.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bitcoin::hashes::{Hash, sha256};
use bitcoin::hex::DisplayHex;
use lightning_invoice::{Bolt11InvoiceDescription, Sha256};
use serde_json::json;

use super::{body::Body, calls::Answer, hints, refusal::Refusal};
use crate::{
    bolt11::{self, Features, Terms},
    ledger::invoice::{Draft, Invoice, Overpayment, Takes},
    node::Node,
};

/// Limits of LND: bytes of a memo, bytes of BOLT 11's description, seconds, blocks, satoshis.
const MAX_MEMO: usize = 1024;
const MAX_DESCRIPTION: usize = 639;
const MAX_EXPIRY: i64 = 365 * 24 * 3600;
const DEFAULT_EXPIRY: i64 = 24 * 3600;
const DEFAULT_EXPIRY_OF_AMP: i64 = 30 * 24 * 3600;
const MIN_CLTV: u64 = 24;
const MAX_CLTV: u64 = 65_535;
const DEFAULT_CLTV: u64 = 80;
const MAX_SAT: u64 = 100_000 * 100_000_000;

/// The members of an invoice that is to be made, as far as they mean something.
const OF_INVOICE: &[&str] = &[
    "memo",
    "r_preimage",
    "value",
    "value_msat",
    "description_hash",
    "expiry",
    "fallback_addr",
    "cltv_expiry",
    "route_hints",
    "private",
    "is_amp",
    "is_blinded",
];

/// The same of a hold invoice.
const OF_HOLD_INVOICE: &[&str] = &[
    "memo",
    "hash",
    "value",
    "value_msat",
    "description_hash",
    "expiry",
    "fallback_addr",
    "cltv_expiry",
    "route_hints",
    "private",
];

/// What is known of the secret when an invoice is made.
struct Secret {
    payment_hash: [u8; 32],
    preimage: Option<[u8; 32]>,
    takes: Takes,
}

pub(super) fn add_invoice(node: &Node, body: &[u8]) -> Answer {
    let body = Body::read(body, OF_INVOICE)?;
    let preimage = body.bytes32("r_preimage", "preimage")?;
    let amp = body.switch("is_amp")?;
    if body.switch("is_blinded")? {
        return Err(Refusal::unknown(if amp {
            "AMP invoices with blinded paths are not yet supported"
        } else if body.switch("private")? {
            "can't set both hop hints and add blinded payment paths"
        } else {
            "could not find any routes to self to use for blinded route construction"
        }));
    }
    let secret = if amp {
        if preimage.is_some() {
            return Err(Refusal::unknown("preimage set on AMP invoice"));
        }
        Secret {
            payment_hash: rand::random(),
            // What payers get; with LND each gets another.
            preimage: Some(rand::random()),
            takes: Takes::Repeated,
        }
    } else {
        let preimage = preimage.unwrap_or_else(rand::random);
        Secret {
            payment_hash: bolt11::payment_hash(&preimage),
            preimage: Some(preimage),
            takes: Takes::One,
        }
    };
    let mut answer = add(node, &body, &secret)?;
    answer["r_hash"] = STANDARD.encode(secret.payment_hash).into();
    Ok(answer)
}

pub(super) fn add_hold_invoice(node: &Node, body: &[u8]) -> Answer {
    let body = Body::read(body, OF_HOLD_INVOICE)?;
    let secret = Secret {
        payment_hash: body.exactly_32("hash", "hash")?,
        preimage: None,
        takes: Takes::One,
    };
    add(node, &body, &secret)
}

fn add(node: &Node, body: &Body<'_>, secret: &Secret) -> Answer {
    let amount_msat = amount(body.integer("value")?, body.integer("value_msat")?)?;
    let memo = body.text("memo")?;
    if memo.len() > MAX_MEMO {
        let bytes = memo.len();
        let text = format!("memo too large: {bytes} bytes (maxsize={MAX_MEMO})");
        return Err(Refusal::unknown(text));
    }
    let description = description(&memo, &body.bytes("description_hash")?)?;
    check_amount(amount_msat)?;
    // Nothing uses them, so nothing was recorded but how a wrong one is refused.
    if body.has("route_hints") {
        return Err(Refusal::unknown("no hints but its own in the sandbox"));
    }
    if !body.text("fallback_addr")?.is_empty() {
        return Err(Refusal::unknown(
            "invalid fallback address: checksum mismatch",
        ));
    }
    let amp = secret.takes == Takes::Repeated;
    let expiry = expiry(body.integer("expiry")?, amp)?;
    let cltv = cltv(body.unsigned("cltv_expiry")?)?;
    let payment_hash = secret.payment_hash;
    let payment_secret: [u8; 32] = rand::random();
    let created_at = node.clock.now().as_secs();
    let hints = if body.switch("private")? {
        vec![hints::own()]
    } else {
        Vec::new()
    };
    let terms = Terms {
        amount_msat,
        payment_hash,
        payment_secret,
        description,
        created_at,
        expiry,
        min_final_cltv_expiry: cltv,
        fallbacks: Vec::new(),
        hints,
        features: if amp {
            Features::Repeatedly
        } else {
            Features::PartsAndBlindedPaths
        },
    };
    let signed = node.key.sign(terms);
    let payment_request = signed.map_err(|error| Refusal::unknown(error.to_string()))?;
    let draft = Draft {
        // The ledger has labels, LND has none.
        label: payment_hash.to_lower_hex_string(),
        bolt11: payment_request.clone(),
        payment_hash,
        preimage: secret.preimage,
        amount_msat,
        description: memo,
        expires_at: created_at.saturating_add(expiry),
        overpayment: Overpayment::Unlimited,
        takes: secret.takes,
        offer_id: None,
        payer_note: None,
    };
    let made = node.books()?.create(draft)?.map(Invoice::created_index);
    node.expiry_moved();
    let add_index =
        made.map_err(|_| Refusal::unknown("invoice with payment hash already exists"))?;
    Ok(json!({
        "payment_request": payment_request,
        "add_index": add_index.to_string(),
        "payment_addr": STANDARD.encode(payment_secret),
    }))
}

fn description(memo: &str, hash: &[u8]) -> Result<Bolt11InvoiceDescription, Refusal> {
    if hash.is_empty() {
        if memo.len() > MAX_DESCRIPTION {
            // In groups of five bits.
            let groups = (memo.len() * 8).div_ceil(5);
            let text = format!("data length too big to fit within 10 bits: {groups}");
            return Err(Refusal::unknown(text));
        }
        return bolt11::described(memo.to_owned())
            .map_err(|error| Refusal::unknown(error.to_string()));
    }
    let bytes: [u8; 32] = hash.try_into().map_err(|_| {
        let bytes = hash.len();
        Refusal::unknown(format!("description hash is {bytes} bytes, must be 32"))
    })?;
    let hash = sha256::Hash::from_byte_array(bytes);
    Ok(Bolt11InvoiceDescription::Hash(Sha256(hash)))
}

/// In millisatoshi; `None` leaves it to the payer.
fn amount(value: i64, value_msat: i64) -> Result<Option<u64>, Refusal> {
    if value != 0 && value_msat != 0 {
        let text = "sat and msat arguments are mutually exclusive";
        return Err(Refusal::unknown(text));
    }
    if value < 0 || value_msat < 0 {
        return Err(Refusal::unknown("amount cannot be negative"));
    }
    let msat = value.saturating_mul(1000).saturating_add(value_msat);
    Ok((msat > 0).then_some(msat.unsigned_abs()))
}

fn check_amount(amount_msat: Option<u64>) -> Result<(), Refusal> {
    let sat = amount_msat.unwrap_or_default() / 1000;
    if sat <= MAX_SAT {
        return Ok(());
    }
    let btc = in_btc(sat);
    let text = format!("invoice amount {btc} BTC is too large, max is 100000 BTC");
    Err(Refusal::unknown(text))
}

/// As LND writes it, by way of a float.
fn in_btc(sat: u64) -> f64 {
    sat as f64 / 1e8
}

/// In seconds.
fn expiry(asked: i64, amp: bool) -> Result<u64, Refusal> {
    let expiry = match asked {
        ..=0 if amp => DEFAULT_EXPIRY_OF_AMP,
        ..=0 => DEFAULT_EXPIRY,
        long if long > MAX_EXPIRY => {
            let text = format!(
                "expiry of {} seconds greater than max expiry of 3.1536e+07 seconds",
                scientific(long)
            );
            return Err(Refusal::unknown(text));
        }
        expiry => expiry,
    };
    Ok(expiry.unsigned_abs())
}

/// In blocks.
fn cltv(asked: u64) -> Result<u32, Refusal> {
    let cltv = match asked {
        0 => DEFAULT_CLTV,
        1..MIN_CLTV => {
            let text = format!("CLTV delta of {asked} must be greater than minimum of {MIN_CLTV}");
            return Err(Refusal::unknown(text));
        }
        MIN_CLTV..=MAX_CLTV => asked,
        _ => {
            let text = format!("CLTV delta of {asked} is too large, max accepted is: {MAX_CLTV}");
            return Err(Refusal::unknown(text));
        }
    };
    Ok(u32::try_from(cltv).unwrap_or(u32::MAX))
}

/// As Go writes a large number: `3.1536001e+07`.
fn scientific(number: i64) -> String {
    let digits = number.to_string();
    let (first, rest) = digits.split_at(1);
    let (rest, exponent) = (rest.trim_end_matches('0'), rest.len());
    let point = if rest.is_empty() { "" } else { "." };
    format!("{first}{point}{rest}e+{exponent:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_go_does() {
        assert_eq!(scientific(31_536_001), "3.1536001e+07");
        assert_eq!(scientific(31_536_000), "3.1536e+07");
        assert_eq!(scientific(100_000_000), "1e+08");
    }
}
