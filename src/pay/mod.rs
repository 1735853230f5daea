//! `facture pay`: orders a payment from a server, after it was shown, and waits for its end. It cannot spend: the server's
//! payer does.

mod api;
mod show;

use std::{
    io::{self, Write},
    time::Duration,
};

use anyhow::{Context, bail};
use facture_domain::payment_string::PaymentString;
use serde_json::{Value, json};
use tokio::time::sleep;

use self::api::Api;
use crate::cli::{confirm::confirm, payer::PayArgs};

/// Between two questions how it stands.
const PAUSE: Duration = Duration::from_millis(500);

/// Carries out the command.
///
/// # Errors
/// What went wrong, for people; that it was not paid, too.
pub async fn run(args: PayArgs) -> anyhow::Result<()> {
    let parsed = PaymentString::parse(&args.destination)
        .with_context(|| format!("cannot pay {:?}", shortened(&args.destination)))?;
    let api = Api::new(&args)?;
    let mut out = io::stdout();
    writeln!(out, "{}", show::payment(&parsed, &args))?;
    if !args.yes && !confirm("Pay it?")? {
        bail!("not ordered");
    }
    let key = args.idempotency_key.clone();
    let key = key.unwrap_or_else(|| format!("pay-{:032x}", rand::random::<u128>()));
    let payout = api.order(&key, &body(&args)).await?;
    let id = text(&payout, "id").context("the server's answer has no id")?;
    writeln!(out, "ordered: {id}")?;
    end(&api, &id, &mut out).await
}

fn body(args: &PayArgs) -> Value {
    let mut body = json!({ "destination": args.destination });
    let mut set = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            body[key] = value;
        }
    };
    let msat = |sat: u64| Value::from(sat.saturating_mul(1000));
    set("amount_msat", args.amount.map(msat));
    set("max_fee_msat", args.max_fee.map(msat));
    let text = |text: &Option<String>| text.clone().map(Value::from);
    set("reason", text(&args.reason));
    set("invoice", text(&args.refund));
    set("amount", text(&args.currency_amount));
    set("currency", text(&args.currency));
    set("rate", text(&args.rate));
    body
}

/// Waits until the payout has ended, and says what it waits for.
async fn end(api: &Api, id: &str, out: &mut impl Write) -> anyhow::Result<()> {
    let mut said = String::new();
    loop {
        let payout = api.find(id).await?;
        let state = text(&payout, "state").unwrap_or_default();
        match state.as_str() {
            "paid" => {
                let fee = payout["fee_msat"].as_u64().unwrap_or_default();
                let preimage = text(&payout, "preimage").unwrap_or_default();
                writeln!(out, "paid: fee {fee} msat, preimage {preimage}")?;
                return Ok(());
            }
            "failed" | "cancelled" | "expired" => {
                let why = text(&payout["failure"], "message").unwrap_or_default();
                bail!("{state}: {why}");
            }
            _ => {}
        }
        let now = match text(&payout, "waiting_for").as_deref() {
            Some("payer") => format!("{state}: no payer is running; it waits for one"),
            Some("approval") => format!("{state}: it waits for an approval"),
            _ => state,
        };
        if now != said {
            writeln!(out, "{now}")?;
            said = now;
        }
        sleep(PAUSE).await;
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value[key].as_str().map(str::to_owned)
}

fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}
