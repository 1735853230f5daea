//! `bitcoin:` URIs (BIP 321, before it BIP 21), of which we take the Lightning ways.

use percent_encoding::percent_decode_str;

use super::{error::PaymentStringError, onchain::OnchainAddress, way::Way};
use crate::amount::{Amount, Msat};

/// What a `bitcoin:` URI says, besides the [`Way`] that was taken from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UriTerms {
    /// The address on the chain.
    pub address: Option<OnchainAddress>,
    /// The amount, for every way that does not name its own.
    pub amount: Option<Msat>,
    /// Who is paid.
    pub label: Option<String>,
    /// What for.
    pub message: Option<String>,
    /// The other ways that it offers.
    pub others: Vec<Way>,
}

/// The decimals of a bitcoin that a millisatoshi has.
const DECIMALS: usize = 11;
const MSAT_PER_BTC: u128 = 100_000_000_000;

/// An invoice may round: the amounts are the same up to a satoshi.
const TOLERANCE_MSAT: u64 = 1000;

/// Reads what follows `bitcoin:`.
pub(super) fn parse(rest: &str) -> Result<(Way, UriTerms), PaymentStringError> {
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut terms = UriTerms::default();
    if !address.is_empty() {
        let address = OnchainAddress::parse(address);
        terms.address = Some(address.ok_or_else(|| wrong("its address is not one, or mistyped"))?);
    }
    let mut lightning = Vec::new();
    let mut offers = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let key = decode(key)?.to_ascii_lowercase();
        match key.as_str() {
            "amount" => once(&mut terms.amount, &key, amount(&decode(value)?)?)?,
            "label" => once(&mut terms.label, &key, decode(value)?)?,
            "message" => once(&mut terms.message, &key, decode(value)?)?,
            // The value may be a whole text of any kind: some wallets put an LNURL there.
            "lightning" if !value.is_empty() => lightning.push(inner(&key, &decode(value)?)?),
            "lno" if !value.is_empty() => offers.push(inner(&key, &decode(value)?)?),
            key if key.starts_with("req-") => {
                return Err(PaymentStringError::Uri(format!(
                    "it requires {}, which is not supported",
                    shortened(key)
                )));
            }
            _ => {}
        }
    }
    lightning.extend(offers);
    if lightning.is_empty() {
        let address = terms.address.take();
        let address = address.ok_or_else(|| wrong("it has neither an address nor `lightning=`"))?;
        return Ok((Way::Onchain(address), terms));
    }
    let way = lightning.remove(0);
    terms.others = lightning;
    if let Some(amount) = terms.amount {
        for way in std::iter::once(&way).chain(&terms.others) {
            agree(way, amount)?;
        }
    }
    Ok((way, terms))
}

/// The way that a parameter holds.
fn inner(key: &str, value: &str) -> Result<Way, PaymentStringError> {
    match Way::parse(value.trim()) {
        Ok(Way::Bolt12(offer)) => Ok(Way::Bolt12(offer)),
        Ok(way @ (Way::Bolt11(_) | Way::Lnurl(_) | Way::LightningAddress(_)))
            if key == "lightning" =>
        {
            Ok(way)
        }
        Ok(_) => Err(PaymentStringError::Uri(format!(
            "`{key}` holds something else"
        ))),
        Err(error) => Err(PaymentStringError::Uri(format!("`{key}` {error}"))),
    }
}

/// Somebody who reads the one amount must not pay the other.
fn agree(way: &Way, amount: Msat) -> Result<(), PaymentStringError> {
    let Way::Bolt11(request) = way else {
        return Ok(());
    };
    match request.decoded.amount {
        Amount::Exact(own) if own.msat().abs_diff(amount.msat()) >= TOLERANCE_MSAT => {
            Err(wrong("its amount and that of its invoice differ"))
        }
        _ => Ok(()),
    }
}

/// An amount of bitcoin, in decimal digits with a point, exactly.
fn amount(text: &str) -> Result<Msat, PaymentStringError> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || whole.len() + fraction.len() == 0 {
        return Err(wrong("its amount must be a decimal number such as 0.001"));
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > DECIMALS {
        return Err(wrong("its amount has parts of a millisatoshi"));
    }
    let whole = whole.trim_start_matches('0');
    let too_large = || wrong("its amount is more than 21 million bitcoin");
    if whole.len() > 8 {
        return Err(too_large());
    }
    let number = |text: &str| text.parse::<u128>().unwrap_or_default();
    let msat = number(whole) * MSAT_PER_BTC + number(&format!("{fraction:0<DECIMALS$}"));
    let msat = u64::try_from(msat).ok().and_then(Msat::from_msat);
    msat.ok_or_else(too_large)
}

/// Keeps what may be said only once.
fn once<T>(place: &mut Option<T>, key: &str, value: T) -> Result<(), PaymentStringError> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(PaymentStringError::Uri(format!("it has `{key}` twice"))),
    }
}

fn decode(text: &str) -> Result<String, PaymentStringError> {
    let decoded = percent_decode_str(text).decode_utf8();
    let decoded = decoded.map_err(|_| wrong("its percent-encoding is not UTF-8"))?;
    Ok(decoded.into_owned())
}

fn shortened(key: &str) -> String {
    key.chars().take(40).collect()
}

fn wrong(reason: &str) -> PaymentStringError {
    PaymentStringError::Uri(reason.to_owned())
}
