//! `facture-getword`: buys a word, or a file, from another shop. The invoice is read before anything is ordered, and the payer
//! pays it within its limits; nothing here can pay.

use std::time::Duration;

use facture_domain::{
    Amount, Msat, Preimage,
    payment_string::{PaymentRequest, PaymentString, Way},
};
use facture_runtime::clock;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use url::Url;

use super::{
    context::Context,
    error::CommandError,
    params,
    shop::{self, Offered},
};
use crate::control::Client;

/// Between two questions how the payment stands.
const PAUSE: Duration = Duration::from_millis(100);

/// How long a payer may take to show up. One that waits for work is there at once; after a start it takes a moment.
const PAYER_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the payment is waited for.
const PAYMENT_TIMEOUT: Duration = Duration::from_secs(90);

/// Carries out the command; `reach` connects to the web server.
pub(super) async fn run(
    context: &Context,
    params: &Value,
    reach: impl AsyncFnOnce() -> Result<Client, CommandError>,
) -> Result<Value, CommandError> {
    let wanted = params::getword(params)?;
    let url = shop::address(&wanted.url, context.allowed)?;
    let mut client = reach().await?;
    let key = format!("getword-{:032x}", rand::random::<u128>());
    let offered = shop::buy(&url, &key, context.allowed).await?;
    let request = check(&offered, &context.network, wanted.max)?;
    let order = json!({
        "destination": offered.bolt11,
        "reason": "facture-getword",
        "expires_in": PAYMENT_TIMEOUT.as_secs(),
    });
    let payout = client.order_payout(&key, &order).await?;
    let paid = wait(&mut client, payout).await?;
    let preimage = paid["preimage"].as_str().map(Preimage::parse);
    let Some(Ok(preimage)) = preimage else {
        return Err(CommandError::failed("the payer reports no preimage"));
    };
    if preimage.payment_hash() != request.decoded.payment_hash {
        return Err(CommandError::failed("the payer reports another preimage"));
    }
    Ok(bought(&url, &offered, &preimage, &paid))
}

/// Whether the invoice is one to pay.
fn check(offered: &Offered, network: &str, max: Msat) -> Result<PaymentRequest, CommandError> {
    let wrong = |what: String| CommandError::failed(format!("nothing was paid: {what}"));
    let parsed = PaymentString::parse(&offered.bolt11);
    let Ok(PaymentString {
        way: Way::Bolt11(request),
        ..
    }) = parsed
    else {
        return Err(wrong("the shop's answer has no invoice".to_owned()));
    };
    if !request.network.is_called(network) {
        return Err(wrong(format!(
            "the invoice is on {}, this node on {network}",
            request.network.as_str()
        )));
    }
    match request.decoded.amount {
        Amount::Any => return Err(wrong("the invoice has no price".to_owned())),
        Amount::Exact(amount) if amount > max => {
            return Err(CommandError::param(
                "max_msat",
                &format!(
                    "the shop asks for {} msat, which is more than {} msat; nothing was paid",
                    amount.msat(),
                    max.msat()
                ),
            ));
        }
        Amount::Exact(_) => {}
    }
    if clock::is_sound() && request.expires_at <= Timestamp::now() {
        return Err(wrong("the invoice has expired".to_owned()));
    }
    Ok(*request)
}

/// Waits until the payout is paid. What no payer began is taken back, so that nothing is paid later without anybody waiting.
async fn wait(client: &mut Client, mut payout: Value) -> Result<Value, CommandError> {
    let began = Instant::now();
    let id = payout["id"].as_str().unwrap_or_default().to_owned();
    loop {
        let (state, waits_for) = (&payout["state"], &payout["waiting_for"]);
        let waited = began.elapsed();
        let give_up = match (state.as_str(), waits_for.as_str()) {
            (Some("paid"), _) => return Ok(payout),
            (Some("failed" | "cancelled" | "expired"), _) => {
                let why = payout["failure"]["message"].as_str().unwrap_or_default();
                let state = state.as_str().unwrap_or_default();
                return Err(CommandError::failed(format!("not paid: {state}: {why}")));
            }
            (_, Some("approval")) => {
                Some("the payer wants an approval above this amount (facture payer approve)")
            }
            (_, Some("payer")) if waited >= PAYER_TIMEOUT => {
                Some("no payer is running: start `facture payer`")
            }
            _ if waited >= PAYMENT_TIMEOUT => Some("it takes too long"),
            _ => None,
        };
        if let Some(why) = give_up {
            return match client.cancel_payout(&id).await {
                Ok(_) => Err(CommandError::failed(format!("nothing was paid: {why}"))),
                Err(_) if waited >= PAYMENT_TIMEOUT => Err(CommandError::failed(format!(
                    "it is not known yet whether it is paid: see payout {id}"
                ))),
                // A payer has begun it in this moment.
                Err(_) => {
                    sleep(PAUSE).await;
                    payout = client.payout(&id).await?;
                    continue;
                }
            };
        }
        sleep(PAUSE).await;
        payout = client.payout(&id).await?;
    }
}

/// What was bought: the word, or where the file is.
fn bought(url: &Url, offered: &Offered, preimage: &Preimage, paid: &Value) -> Value {
    let mut answer = json!({
        "payout": paid["id"],
        "amount_msat": paid["amount_msat"],
        "fee_msat": paid["fee_msat"],
        "preimage": preimage.to_hex(),
    });
    let is_word = offered.item.as_ref().is_none_or(|item| item.kind == "word");
    match preimage.word().filter(|_| is_word) {
        Some(word) => answer["word"] = word.expose().into(),
        None => {
            // Only where it was bought.
            let page = offered.status_url.as_deref().map(Url::parse);
            if let Some(Ok(page)) = page
                && page.origin() == url.origin()
            {
                let page = page.as_str().trim_end_matches('/');
                answer["download"] = format!("{page}/content").into();
                answer["sealed"] = format!("{page}/sealed").into();
                answer["open"] = format!("facture reveal open FILE {}", preimage.to_hex()).into();
            }
        }
    }
    answer
}
