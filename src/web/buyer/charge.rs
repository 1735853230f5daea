//! The invoice page with the texts from a shop that uses Lightning Charge (`metadata.checkout`). Configured sites can
//! show it in a frame; its script reports its height and the payment to them.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;

use super::{
    description::{Description, Length},
    pages::{Money, Pages},
    payable::{Payable, TimeLeft},
    shell::{Shell, html},
};
use crate::{
    locale::Language,
    web::{
        error::Problem, extract::visitor::Visitor, fast_path::RenderCache, time_left::seconds_until,
    },
};
use facture_domain::{Amount, Invoice, Metadata, Price, Status};

/// The texts given by the shop.
#[derive(Default, Deserialize)]
#[serde(default)]
struct CheckoutTexts {
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
    /// The scripts that notify the embedding page and follow the invoice, in this order.
    scripts: [String; 2],
    heading: String,
    texts: CheckoutTexts,
    id: String,
    description: Description,
    /// The price in another currency.
    price: Option<DisplayedAmount>,
    amount: Option<DisplayedAmount>,
    view: View,
    /// The sites that may show the page in a frame, in the form that the script reads.
    origins: String,
}

enum View {
    Unpaid {
        pay: Box<Payable>,
    },
    /// The payment is held.
    Accepted,
    Paid,
    /// Paid, but the node does not have the payment.
    Proven,
    Expired,
    Cancelled,
}

/// An amount formatted for the language, and its unit.
struct DisplayedAmount {
    amount: String,
    unit: String,
}

#[derive(Clone, Copy)]
struct Unit {
    /// Decimal places of a millisatoshi.
    places: i16,
    label: &'static str,
}

/// The page of an invoice.
pub(crate) fn page(
    pages: &Pages,
    cache: &RenderCache,
    visitor: Visitor,
    invoice: &Invoice,
) -> Result<Response, Problem> {
    let texts = CheckoutTexts::of(invoice.order.metadata.as_ref());
    let unit = Unit::named(texts.display_unit.as_deref().unwrap_or_default());
    let path = format!("/checkout/{}", invoice.label);
    let view = View::of(
        pages,
        cache,
        visitor,
        invoice,
        &path,
        texts.button.as_deref(),
    )?;
    let language = visitor.language;
    let description = texts.desc.as_deref().unwrap_or(&invoice.description);
    html(&ChargePage {
        shell: Shell::new(pages, visitor, &path),
        scripts: [pages.charge_script(), pages.checkout_script()].map(str::to_owned),
        heading: match &texts.title {
            Some(title) => title.clone(),
            None => view.title(language),
        },
        id: invoice.label.to_string(),
        description: Description::of(description),
        texts,
        price: invoice
            .order
            .quote
            .as_ref()
            // A price in bitcoin adds nothing to the amount.
            .filter(|quote| !Price::is_bitcoin(&quote.currency))
            .map(|quote| DisplayedAmount {
                amount: language.decimal(&quote.amount),
                unit: quote.currency.clone(),
            }),
        amount: match invoice.amount {
            Amount::Exact(amount) => Some(DisplayedAmount {
                amount: language.amount(amount, unit.places),
                unit: unit.label.to_owned(),
            }),
            Amount::Any => None,
        },
        view,
        origins: pages.origins(),
    })
}

impl View {
    fn of(
        pages: &Pages,
        cache: &RenderCache,
        visitor: Visitor,
        invoice: &Invoice,
        path: &str,
        button: Option<&str>,
    ) -> Result<Self, Problem> {
        Ok(match invoice.status {
            Status::Unpaid => {
                let seconds = seconds_until(invoice.expires_at);
                let left = TimeLeft {
                    seconds: seconds.to_string(),
                    words: visitor.language.time_left(seconds),
                };
                let mut pay = Payable::of(pages, cache, invoice, visitor, path, left)?;
                if let Some(button) = button {
                    pay.button = button.to_owned();
                }
                Self::Unpaid { pay: Box::new(pay) }
            }
            Status::Accepted(_) => Self::Accepted,
            Status::Paid(_) => Self::Paid,
            Status::Expired if invoice.payment_proven_at.is_some() => Self::Proven,
            Status::Expired if invoice.cancelled_at.is_some() => Self::Cancelled,
            Status::Expired => Self::Expired,
        })
    }

    fn title(&self, language: Language) -> String {
        let title = match self {
            Self::Unpaid { .. } => language.say("pay-title"),
            Self::Accepted => language.say("accepted-title"),
            Self::Paid => language.say("paid-title"),
            Self::Proven => language.say("proven-title"),
            Self::Expired => language.say("expired-title"),
            Self::Cancelled => language.say("cancelled-title"),
        };
        title.into_owned()
    }
}

impl CheckoutTexts {
    /// All empty if the metadata has no valid `checkout`.
    fn of(metadata: Option<&Metadata>) -> Self {
        #[derive(Deserialize)]
        struct WithTexts {
            checkout: CheckoutTexts,
        }
        metadata
            .and_then(|json| serde_json::from_str(json.as_str()).ok())
            .map_or_else(Self::default, |WithTexts { checkout }| checkout)
    }
}

impl Unit {
    /// Parses Lightning Charge's names; defaults to satoshi.
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
