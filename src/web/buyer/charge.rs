//! The page of an invoice with the texts that a shop made for Lightning Charge gave it (`metadata.checkout`). It can be
//! shown in a frame of the configured sites, which its script tells how tall it is and that it is paid.

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

/// The texts, as far as the shop gave any.
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
    /// What tells the page around it, and what follows the invoice, in this order.
    scripts: [String; 2],
    heading: String,
    texts: CheckoutTexts,
    id: String,
    description: Description,
    /// In another currency.
    price: Option<DisplayedAmount>,
    amount: Option<DisplayedAmount>,
    view: View,
    /// Who may show it in a frame, as the script reads them.
    origins: String,
}

enum View {
    Unpaid {
        pay: Box<Payable>,
    },
    Paid,
    /// Paid, but the node does not have the payment.
    Proven,
    Expired,
    Cancelled,
}

/// An amount as the language writes it, and its unit.
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
    let view = View::of(cache, visitor, invoice, &path, texts.button.as_deref())?;
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
            // A price in bitcoin says nothing that the amount does not say.
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
                let mut pay = Payable::of(cache, invoice, visitor, path, left)?;
                if let Some(button) = button {
                    pay.button = button.to_owned();
                }
                Self::Unpaid { pay: Box::new(pay) }
            }
            Status::Paid(_) => Self::Paid,
            Status::Expired if invoice.payment_proven_at.is_some() => Self::Proven,
            Status::Expired if invoice.cancelled_at.is_some() => Self::Cancelled,
            Status::Expired => Self::Expired,
        })
    }

    fn title(&self, language: Language) -> String {
        let title = match self {
            Self::Unpaid { .. } => language.say("pay-title"),
            Self::Paid => language.say("paid-title"),
            Self::Proven => language.say("proven-title"),
            Self::Expired => language.say("expired-title"),
            Self::Cancelled => language.say("cancelled-title"),
        };
        title.into_owned()
    }
}

impl CheckoutTexts {
    /// None of them when the metadata has no `checkout`, or one that makes no sense.
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
