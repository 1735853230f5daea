//! The page of one invoice, which is its status page too: what to pay and how, that it is paid, that its time is over, or
//! that the shop cancelled it.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{FromRef, MatchedPath, RawQuery, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use jiff::{SignedDuration, Timestamp};

use super::{
    description::{Description, Length},
    pages::{Money, OnwardBy, Pages},
    payable::{Left, Payable},
    png,
    qr::Matrix,
    shell::Shell,
    verdict::{Proof, Verdict},
};
use crate::{
    invoices::{Found, Freshness, Invoicing, Succession},
    web::{
        error::Problem,
        extract::{
            format::ResponseFormat,
            headers::Headers,
            invoice::{CurrentInvoice, OurLabel, find},
            visitor::{Visitor, has_just_created},
        },
        fast_path::{
            CachedAnswer, CountdownPage, RenderCache, Rendered, Replayable, SECONDS, Variant, WORDS,
        },
        invoice_json::InvoiceJson,
        origin::{Origin, OwnAddress},
        paths::status_path,
    },
};
use facture_domain::{Amount, Invoice, Label, Msat, Settlement, Status};

#[derive(Template)]
#[template(path = "checkout.html")]
pub(crate) struct CheckoutPage {
    shell: Shell,
    label: Label,
    /// Where the forms lead: the proof of payment, the fresh invoice.
    proof_action: String,
    renew_action: String,
    amount: Amount,
    description: Description,
    order_id: Option<String>,
    payment_hash: String,
    view: View,
    /// The node could not be asked: this is how it was then.
    stale_since: Option<Timestamp>,
    /// What the node warned of, in its words, for who has just created the invoice.
    warnings: Vec<String>,
    script: String,
    /// Who may be told of the payment when this is in a frame.
    origins: String,
}

/// What the page shows in each state.
enum View {
    Unpaid {
        pay: Payable,
    },
    Paid {
        received: Msat,
        asked: Option<Msat>,
        paid_at: Timestamp,
        onward: Option<Onward>,
        proof: Option<Proof>,
    },
    /// Paid, but the node does not have the payment.
    Proven,
    Expired {
        next: Next,
        proof: Option<Proof>,
    },
    /// The shop took it back.
    Cancelled {
        proof: Option<Proof>,
    },
}

/// The way back to the shop.
struct Onward {
    url: String,
    by: OnwardBy,
}

/// What a buyer can do once it is expired.
enum Next {
    Renewable,
    /// Go to the fresh one, which is here.
    Renewed(String),
    /// Ask the shop.
    Closed,
}

/// For how long the page tells who created the invoice what the node warned of: after that the link may be the buyer's.
const JUST_CREATED: SignedDuration = SignedDuration::from_mins(2);

/// What the pages of an invoice need.
#[derive(Clone)]
pub(crate) struct CheckoutState {
    pub(crate) invoicing: Arc<Invoicing>,
    pub(crate) pages: Pages,
    pub(crate) cache: Arc<RenderCache>,
    address: OwnAddress,
}

impl<S> FromRef<S> for CheckoutState
where
    Arc<Invoicing>: FromRef<S>,
    Pages: FromRef<S>,
    Arc<RenderCache>: FromRef<S>,
    OwnAddress: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            invoicing: FromRef::from_ref(state),
            pages: FromRef::from_ref(state),
            cache: FromRef::from_ref(state),
            address: FromRef::from_ref(state),
        }
    }
}

/// `GET /check_invoice/{label}`
pub(crate) async fn show(
    State(state): State<CheckoutState>,
    format: ResponseFormat,
    visitor: Visitor,
    route: MatchedPath,
    RawQuery(query): RawQuery,
    CurrentInvoice(found): CurrentInvoice,
    Headers(headers): Headers,
) -> Result<Response, Problem> {
    let created = has_just_created(&query.unwrap_or_default()) && is_new(&found.invoice);
    let answer = match format {
        ResponseFormat::Json => {
            InvoiceJson::answer(&state.cache, &found, Origin::of(&state.address, &headers))?
        }
        ResponseFormat::Html if created => CheckoutPage::created(&state, visitor, &found)?,
        ResponseFormat::Html => CheckoutPage::answer(&state, visitor, &found).await?,
    };
    let response = answer.respond(&headers);
    Ok(match (format, &found.invoice.status) {
        // What comes after it is no part of it.
        (ResponseFormat::Html, Status::Expired) => response,
        (ResponseFormat::Html, _) if created => response,
        _ if found.freshness != Freshness::Current => response,
        _ => (Extension(Replayable { answer, route }), response).into_response(),
    })
}

/// Whether it can still be that the merchant looks at what they created.
fn is_new(invoice: &Invoice) -> bool {
    let age = Timestamp::now().duration_since(invoice.created_at);
    invoice.status == Status::Unpaid && age < JUST_CREATED
}

/// `GET /check_invoice/{label}/qr.svg`: the QR code alone, as long as it can be paid.
pub(crate) async fn svg(
    State(state): State<CheckoutState>,
    visitor: Visitor,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    let svg = HeaderValue::from_static("image/svg+xml");
    let code = code(&state, &label).await?;
    let drawn = code.svg(&visitor.language.say("qr-code"));
    Ok(([(header::CONTENT_TYPE, svg)], drawn).into_response())
}

/// `GET /check_invoice/{label}/qr.png`: the same for who sees no SVG.
pub(crate) async fn png(
    State(state): State<CheckoutState>,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    png::answer(&*code(&state, &label).await?)
}

async fn code(state: &CheckoutState, label: &Label) -> Result<Arc<Matrix>, Problem> {
    let Found { invoice, .. } = find(&state.invoicing, label).await?;
    match invoice.status {
        Status::Unpaid => state.cache.code(&invoice),
        Status::Paid(_) | Status::Expired => Err(Problem::NotPayable),
    }
}

impl CheckoutPage {
    async fn answer(
        state: &CheckoutState,
        visitor: Visitor,
        found: &Found,
    ) -> Result<Arc<CachedAnswer>, Problem> {
        let succession = state.invoicing.succession(&found.invoice).await?;
        let variant = Variant::Page(visitor, succession.clone());
        state.cache.answer(found, variant, || {
            Self::new(state, visitor, found, succession, None)?.rendered()
        })
    }

    /// For who has just created it.
    fn created(
        state: &CheckoutState,
        visitor: Visitor,
        found: &Found,
    ) -> Result<Arc<CachedAnswer>, Problem> {
        state.cache.answer(found, Variant::Created(visitor), || {
            let mut page = Self::new(state, visitor, found, Succession::Over, None)?;
            let warnings = found.invoice.order.warnings.iter();
            page.warnings = warnings.map(|warning| warning.message.clone()).collect();
            page.rendered()
        })
    }

    pub(crate) fn new(
        state: &CheckoutState,
        visitor: Visitor,
        Found { invoice, freshness }: &Found,
        succession: Succession,
        proof: Option<Proof>,
    ) -> Result<Self, Problem> {
        let path = status_path(&invoice.label);
        let view = match &invoice.status {
            Status::Unpaid => View::unpaid(&state.cache, invoice, visitor, &path)?,
            Status::Paid(settlement) => {
                View::paid(state.pages.onward(), invoice, settlement, proof)
            }
            Status::Expired if invoice.payment_proven_at.is_some() => View::Proven,
            Status::Expired if invoice.cancelled_at.is_some() => View::Cancelled { proof },
            Status::Expired => View::Expired {
                proof,
                next: match succession {
                    Succession::Open => Next::Renewable,
                    Succession::Renewed(label) => Next::Renewed(visitor.link(&status_path(&label))),
                    Succession::Over => Next::Closed,
                },
            },
        };
        Ok(Self {
            stale_since: match freshness {
                Freshness::Current => None,
                Freshness::AsOf(since) => Some(*since),
            },
            warnings: Vec::new(),
            script: state.pages.checkout_script().to_owned(),
            origins: state.pages.origins(),
            shell: Shell::new(&state.pages, visitor, &path),
            proof_action: visitor.link(&format!("{path}/proof")),
            renew_action: visitor.link(&format!("{path}/renew")),
            payment_hash: invoice.payment_hash.to_string(),
            amount: invoice.amount,
            label: invoice.label.clone(),
            order_id: invoice
                .order
                .order_id
                .as_ref()
                .map(|id| id.as_str().to_owned()),
            description: Description::of(&invoice.description),
            view,
        })
    }

    fn rendered(&self) -> Result<Rendered, Problem> {
        let page = self.render()?;
        let language = self.shell.language();
        Ok(match &self.view {
            View::Unpaid { pay } => {
                Rendered::Countdown(CountdownPage::new(&page, pay.expires_at, language))
            }
            View::Paid { .. } | View::Proven | View::Expired { .. } | View::Cancelled { .. } => {
                Rendered::Whole(page.into())
            }
        })
    }
}

impl View {
    fn unpaid(
        cache: &RenderCache,
        invoice: &Invoice,
        visitor: Visitor,
        path: &str,
    ) -> Result<Self, Problem> {
        // Filled in when it is read.
        let left = Left {
            seconds: SECONDS.to_owned(),
            words: WORDS.to_owned(),
        };
        let pay = Payable::of(cache, invoice, visitor, path, left)?;
        Ok(Self::Unpaid { pay })
    }

    fn paid(
        by: OnwardBy,
        invoice: &Invoice,
        settlement: &Settlement,
        proof: Option<Proof>,
    ) -> Self {
        let received = settlement.amount_received;
        Self::Paid {
            received,
            asked: match invoice.amount {
                Amount::Exact(asked) if asked != received => Some(asked),
                _ => None,
            },
            paid_at: settlement.paid_at,
            onward: invoice.order.redirect_url.as_ref().map(|url| Onward {
                url: url.as_str().to_owned(),
                by,
            }),
            proof,
        }
    }
}
