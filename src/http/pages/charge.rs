//! The page of an invoice with the texts that a shop made for Lightning Charge gave it (`metadata.checkout`). It can be
//! shown in a frame of the configured sites, which its script tells how tall it is and that it is paid.

use std::fmt;

use askama::Template;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;

use super::{Money, Shell, html};
use crate::{
    http::{App, error::Problem, visitor::Visitor},
    invoice::{Amount, Invoice, Metadata, Msat, Price, Quote, Status},
};

/// Seconds after which an unpaid page is loaded again where no script runs.
const REFRESH: i64 = 10;

/// The texts, as far as the shop gave any.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Texts {
    title: Option<String>,
    desc: Option<String>,
    display_unit: Option<String>,
    thank_you: Option<String>,
    expired: Option<String>,
    button: Option<String>,
}

#[derive(Template)]
#[template(path = "charge.html")]
struct ChargePage {
    shell: Shell,
    script: String,
    heading: String,
    texts: Texts,
    id: String,
    description: String,
    price: Option<Quote>,
    amount: Option<InUnit>,
    view: View,
    /// Who may show it in a frame, as the script reads them.
    origins: String,
}

enum View {
    Unpaid {
        payreq: String,
        qr: String,
        expires_at: Timestamp,
        /// Where a browser without script goes on.
        without_script: Option<String>,
    },
    Paid,
    /// Paid, but the node does not have the payment.
    Proven,
    Expired,
}

/// An amount in the unit that the shop wants to see.
struct InUnit {
    amount: Msat,
    unit: Unit,
}

#[derive(Clone, Copy)]
struct Unit {
    /// Decimal places of a millisatoshi.
    places: u32,
    label: &'static str,
}

/// The page.
pub(in crate::http) fn page(
    app: &App,
    visitor: Visitor,
    invoice: &Invoice,
) -> Result<Response, Problem> {
    let texts = Texts::of(invoice.order.metadata.as_ref());
    let unit = Unit::named(texts.display_unit.as_deref().unwrap_or_default());
    let path = format!("/checkout/{}", invoice.label);
    let status = &invoice.status;
    let page = ChargePage {
        shell: Shell::new(app, visitor, &path),
        script: app.assets.link("charge.js"),
        heading: texts.title.clone().unwrap_or_else(|| {
            visitor
                .language
                .say(match status {
                    Status::Unpaid => "pay-title",
                    Status::Paid(_) => "paid-title",
                    Status::Expired if invoice.payment_proven_at.is_some() => "proven-title",
                    Status::Expired => "expired-title",
                })
                .into_owned()
        }),
        texts,
        id: invoice.label.to_string(),
        description: invoice.description.clone(),
        // A price in bitcoin says nothing that the amount does not say.
        price: invoice
            .order
            .quote
            .clone()
            .filter(|quote| !Price::is_bitcoin(&quote.currency)),
        amount: match invoice.amount {
            Amount::Exact(amount) => Some(InUnit { amount, unit }),
            Amount::Any => None,
        },
        view: match status {
            Status::Unpaid => View::Unpaid {
                qr: app
                    .kept
                    .code(invoice)?
                    .svg(&visitor.language.say("qr-code")),
                payreq: invoice.bolt11.as_str().to_owned(),
                expires_at: invoice.expires_at,
                without_script: visitor.without_script(&path),
            },
            Status::Paid(_) => View::Paid,
            Status::Expired if invoice.payment_proven_at.is_some() => View::Proven,
            Status::Expired => View::Expired,
        },
        origins: app.embed.origins.listed(),
    };
    let response = html(&page)?;
    Ok(match page.view {
        View::Unpaid { .. } => visitor.load_again(response, REFRESH),
        View::Paid | View::Proven | View::Expired => response,
    })
}

impl Texts {
    /// None of them when the metadata has no `checkout`, or one that makes no sense.
    fn of(metadata: Option<&Metadata>) -> Self {
        #[derive(Deserialize)]
        struct WithTexts {
            checkout: Texts,
        }
        metadata
            .and_then(|json| serde_json::from_str(json.as_str()).ok())
            .map_or_else(Self::default, |WithTexts { checkout }| checkout)
    }
}

impl Unit {
    /// Lightning Charge's names; satoshi when it is none of them.
    fn named(name: &str) -> Self {
        let (places, label) = match name {
            "msat" => (0, "msat"),
            "bit" => (5, "bits"),
            "milli" => (8, "mBTC"),
            "btc" => (11, "BTC"),
            _ => (3, "sat"),
        };
        Self { places, label }
    }
}

/// `0.00001234`: thousands are set apart as in amounts of satoshi.
impl fmt::Display for InUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = 10_u64.pow(self.unit.places);
        let (whole, fraction) = (self.amount.msat() / one, self.amount.msat() % one);
        let whole = whole.to_string();
        for (position, digit) in whole.chars().enumerate() {
            if position > 0 && (whole.len() - position).is_multiple_of(3) {
                f.write_str("\u{202f}")?;
            }
            write!(f, "{digit}")?;
        }
        if fraction > 0 {
            let width = usize::try_from(self.unit.places).unwrap_or_default();
            let digits = format!("{fraction:0width$}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_in_every_unit() {
        for (msat, unit, shown) in [
            (1_234_567, "msat", "1\u{202f}234\u{202f}567"),
            (1_234_567, "sat", "1\u{202f}234.567"),
            (1_234_000, "", "1\u{202f}234"),
            (1_234_567, "bit", "12.34567"),
            (1_234_567, "milli", "0.01234567"),
            (100_000_000_000, "btc", "1"),
            (1, "btc", "0.00000000001"),
        ] {
            let amount = Msat::from_msat(msat).unwrap();
            let unit = Unit::named(unit);
            assert_eq!(InUnit { amount, unit }.to_string(), shown);
        }
    }
}
