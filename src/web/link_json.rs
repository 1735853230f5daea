//! A payment link, as JSON.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::{ToSchema, openapi::schema::Object};

use super::{
    lnurl::link::{lnurl, of_payment_link},
    money_text::plain,
    origin::Origin,
    paths::link_path,
    schema::one_of,
};
use crate::links::LinkRules;
use facture_domain::{Ask, LinkAmount, LinkState, LinkText, PaymentLink};

/// A payment link as its buyers see it.
#[derive(Serialize, ToSchema)]
#[schema(as = PublicLink)]
pub(crate) struct LinkJson {
    /// Its name, which is the end of its address: `/l/<link>`.
    #[schema(pattern = "^[a-z0-9_-]{1,64}$", example = "coffee")]
    link: String,
    /// Its page, for buyers.
    #[schema(format = "uri", example = "https://shop.example/l/coffee")]
    url: String,
    /// What a wallet reads to order one piece without the page: an LNURL. `null`: it takes the page.
    #[schema(required = true, example = "LNURL1…")]
    lnurl: Option<String>,
    /// Whether something can be ordered.
    #[schema(schema_with = state_schema)]
    status: &'static str,
    /// What is sold, on the page and in the buyer's wallet.
    #[schema(example = "Coffee")]
    title: String,
    /// More about it. `null`: there is no more.
    #[schema(required = true)]
    text: Option<String>,
    /// In what the amounts are: `SAT`, or the code of a currency (ISO 4217).
    #[schema(example = "EUR")]
    currency: &'static str,
    /// What one piece costs, as a decimal number. `null`: the buyer chooses the amount.
    #[schema(required = true, example = "2.50")]
    amount: Option<String>,
    /// The least that a buyer can choose. `null`: the amount is fixed, or chosen within the shop's limits.
    #[schema(required = true)]
    min_amount: Option<String>,
    /// The most.
    #[schema(required = true)]
    max_amount: Option<String>,
    /// How many pieces can be ordered at once, at most.
    #[schema(example = 1)]
    max_pieces: u32,
    /// Whether buyers are asked for their name.
    #[schema(schema_with = ask_schema)]
    ask_name: &'static str,
    /// Whether buyers are asked for their mail address.
    #[schema(schema_with = ask_schema)]
    ask_mail: &'static str,
    /// Whether buyers are asked for a note.
    #[schema(schema_with = ask_schema)]
    ask_note: &'static str,
    /// How many pieces can be ordered now. `null`: any number.
    #[schema(required = true)]
    available: Option<u32>,
    /// From when on nothing can be ordered any more, in seconds since 1970. `null`: never.
    #[schema(required = true)]
    ends_at: Option<i64>,
}

/// A payment link as its shop sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = Link)]
pub(crate) struct ShopLinkJson {
    #[serde(flatten)]
    link: LinkJson,
    /// How many pieces are sold in all. `null`: any number.
    #[schema(required = true)]
    limit: Option<u32>,
    /// How many pieces were paid.
    sold: u32,
    /// How many pieces are reserved by invoices that can still be paid.
    reserved: u32,
    /// What the page of a paid invoice says. `null`: nothing more.
    #[schema(required = true)]
    thanks: Option<String>,
    /// Since when the shop has stopped it, in seconds since 1970. `null`: it has not.
    #[schema(required = true)]
    stopped_at: Option<i64>,
}

impl LinkJson {
    pub(crate) fn new(link: &PaymentLink, rules: LinkRules, origin: &Origin) -> Self {
        let terms = &link.terms;
        let [amount, min_amount, max_amount] = match &terms.amount {
            LinkAmount::Fixed(price) => [Some(price), None, None],
            LinkAmount::Between(least, most) => [None, Some(least), Some(most)],
            LinkAmount::Free(_) => [None; 3],
        }
        .map(|price| price.map(plain));
        let lnurl = match rules.is_for_wallets(link) {
            true => lnurl(&of_payment_link(origin, &link.slug)),
            false => None,
        };
        Self {
            link: link.slug.to_string(),
            url: origin.url(&link_path(&link.slug)),
            lnurl,
            status: link.state(1, Timestamp::now()).as_str(),
            title: terms.title.as_str().to_owned(),
            text: text(terms.text.as_ref()),
            currency: terms.amount.unit().code(),
            amount,
            min_amount,
            max_amount,
            max_pieces: terms.most_pieces,
            ask_name: terms.name.as_str(),
            ask_mail: terms.mail.as_str(),
            ask_note: terms.note.as_str(),
            available: link.left(),
            ends_at: terms.ends_at.map(Timestamp::as_second),
        }
    }
}

impl ShopLinkJson {
    pub(crate) fn new(link: &PaymentLink, rules: LinkRules, origin: &Origin) -> Self {
        Self {
            link: LinkJson::new(link, rules, origin),
            limit: link.terms.limit,
            sold: link.sold,
            reserved: link.reserved,
            thanks: text(link.terms.thanks.as_ref()),
            stopped_at: link.stopped_at.map(Timestamp::as_second),
        }
    }
}

fn text(text: Option<&LinkText>) -> Option<String> {
    text.map(|text| text.as_str().to_owned())
}

fn state_schema() -> Object {
    one_of(LinkState::ALL.map(LinkState::as_str))
}

pub(crate) fn ask_schema() -> Object {
    one_of(Ask::ALL.map(Ask::as_str))
}
