//! LNURL-pay (LUD-06) and Lightning Addresses (LUD-16): the server is asked for an invoice of the amount that was ordered,
//! and the invoice is checked before anything else happens with it.

use facture_domain::{
    Amount, Msat,
    payment_string::{LnurlKind, PaymentMemo, PaymentRequest, PaymentString, Way},
    payout::FailureCode,
};
use facture_runtime::fetch::{FetchError, Fetcher};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    invoice,
    refusal::{NoInvoice, Refusal},
};

/// What the server wants (LUD-06).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PayRequest {
    tag: String,
    callback: String,
    min_sendable: u64,
    max_sendable: u64,
    metadata: String,
}

#[derive(Deserialize)]
struct PayResponse {
    pr: String,
}

/// An error of the server.
#[derive(Deserialize)]
struct ErrorResponse {
    status: String,
    #[serde(default)]
    reason: String,
}

/// The amount that is paid: what was ordered.
///
/// # Errors
/// [`FailureCode::AmountMissing`].
pub(crate) fn amount(ordered: Option<Msat>) -> Result<Msat, Refusal> {
    ordered.ok_or_else(|| Refusal::of(FailureCode::AmountMissing))
}

/// Asks for an invoice of this amount.
pub(crate) async fn invoice(
    fetcher: &Fetcher,
    destination: &str,
    amount: Msat,
) -> Result<PaymentRequest, NoInvoice> {
    let url = url(destination)?;
    let asked: PayRequest = read(&fetch(fetcher, &url).await?)?;
    if asked.tag != "payRequest" {
        return Err(invalid("Its server does not ask for payments."));
    }
    let msat = amount.msat();
    if msat == 0 || msat < asked.min_sendable || msat > asked.max_sendable {
        let (min, max) = (asked.min_sendable, asked.max_sendable);
        let message = format!("It takes {min} to {max} msat.");
        return Err(Refusal::new(FailureCode::AmountNotAllowed, message).into());
    }
    let callback = callback(&asked.callback, msat)?;
    let answer: PayResponse = read(&fetch(fetcher, &callback).await?)?;
    let request = invoice::parse(&answer.pr).map_err(NoInvoice::Refused)?;
    check(&request, msat, &asked.metadata)?;
    Ok(request)
}

fn url(destination: &str) -> Result<Url, NoInvoice> {
    match PaymentString::parse(destination).map(|parsed| parsed.way) {
        Ok(Way::LightningAddress(address)) => Ok(address.url().clone()),
        Ok(Way::Lnurl(lnurl)) if matches!(lnurl.kind, LnurlKind::Pay | LnurlKind::Unknown) => {
            Ok(lnurl.url)
        }
        _ => Err(invalid(
            "It is neither an LNURL to pay nor a Lightning Address.",
        )),
    }
}

/// The callback may be on another host, which is guarded as the first one is.
fn callback(callback: &str, msat: u64) -> Result<Url, NoInvoice> {
    let callback =
        Url::parse(callback).map_err(|_| invalid("Its server names a callback that is no URL."))?;
    let local = matches!(
        callback.host_str(),
        Some("localhost" | "127.0.0.1" | "[::1]")
    );
    if callback.scheme() != "https" && !(callback.scheme() == "http" && local) {
        return Err(invalid("Its server names a callback that is not https."));
    }
    let mut url = callback;
    url.query_pairs_mut()
        .append_pair("amount", &msat.to_string());
    Ok(url)
}

/// That the invoice is for the amount and for what the server said before (LUD-06).
fn check(request: &PaymentRequest, msat: u64, metadata: &str) -> Result<(), NoInvoice> {
    match request.decoded.amount {
        Amount::Exact(amount) if amount.msat() == msat => {}
        _ => return Err(invalid("Its server gave an invoice of another amount.")),
    }
    let hash = hex::encode(Sha256::digest(metadata));
    match &request.memo {
        PaymentMemo::Hash(described) if *described == hash => Ok(()),
        _ => Err(invalid("Its server gave an invoice for something else.")),
    }
}

async fn fetch(fetcher: &Fetcher, url: &Url) -> Result<Vec<u8>, NoInvoice> {
    match fetcher.get(url).await {
        // An error of LNURL may have any status.
        Ok(answer) => Ok(answer.body.to_vec()),
        Err(error @ FetchError::NotAllowed) => {
            Err(invalid(&format!("It cannot be asked: {error}.")))
        }
        Err(FetchError::Unavailable(reason)) => Err(NoInvoice::NoAnswer(reason)),
    }
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, NoInvoice> {
    if let Ok(error) = serde_json::from_slice::<ErrorResponse>(body)
        && error.status.eq_ignore_ascii_case("error")
    {
        let reason: String = error
            .reason
            .chars()
            .filter(|char| !char.is_control())
            .take(200)
            .collect();
        let message = format!("Its server refuses: {reason}");
        return Err(Refusal::new(FailureCode::DestinationRefused, message).into());
    }
    serde_json::from_slice(body).map_err(|_| invalid("Its server does not speak LNURL-pay."))
}

fn invalid(message: &str) -> NoInvoice {
    Refusal::new(FailureCode::DestinationInvalid, message).into()
}
