//! The page of one invoice, which is its status page too: what to pay and how, that it is paid, that its time is over, or
//! that the shop cancelled it.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{MatchedPath, RawQuery, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use jiff::{SignedDuration, Timestamp};

use super::{
    Money, Shell,
    description::{Description, Length},
    payable::{Left, Payable},
    png,
    qr::Matrix,
    verdict::{Proof, Verdict},
};
use crate::{
    invoices::{Found, Freshness, Succession},
    web::{
        error::Problem,
        extract::{
            Current, Headers, OurLabel,
            format::Wants,
            visitor::{Visitor, has_just_created},
        },
        fast_path::{
            countdown::{SECONDS, Ticking, WORDS},
            render_cache::{Answer, Form, Written},
            replay::Lasting,
        },
        invoice_json::InvoiceJson,
        origin::Origin,
        paths::status_path,
        state::App,
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

#[derive(PartialEq)]
enum OnwardBy {
    Click,
    /// After some seconds, where script runs.
    Itself,
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

/// `GET /check_invoice/{label}`
pub(crate) async fn show(
    State(app): State<App>,
    wants: Wants,
    visitor: Visitor,
    route: MatchedPath,
    RawQuery(query): RawQuery,
    Current(found): Current,
    Headers(headers): Headers,
) -> Result<Response, Problem> {
    let created = has_just_created(&query.unwrap_or_default()) && is_new(&found.invoice);
    let answer = match wants {
        Wants::Json => InvoiceJson::answer(&app, &found, Origin::of(&app, &headers))?,
        Wants::Page if created => CheckoutPage::created(&app, visitor, &found)?,
        Wants::Page => CheckoutPage::answer(&app, visitor, &found).await?,
    };
    let response = answer.respond(&headers);
    Ok(match (wants, &found.invoice.status) {
        // What comes after it is no part of it.
        (Wants::Page, Status::Expired) => response,
        (Wants::Page, _) if created => response,
        _ if found.freshness != Freshness::Current => response,
        _ => (Extension(Lasting { answer, route }), response).into_response(),
    })
}

/// Whether it can still be that the merchant looks at what they created.
fn is_new(invoice: &Invoice) -> bool {
    let age = Timestamp::now().duration_since(invoice.created_at);
    invoice.status == Status::Unpaid && age < JUST_CREATED
}

/// `GET /check_invoice/{label}/qr.svg`: the QR code alone, as long as it can be paid.
pub(crate) async fn svg(
    State(app): State<App>,
    visitor: Visitor,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    let svg = HeaderValue::from_static("image/svg+xml");
    let code = code(&app, &label).await?;
    let drawn = code.svg(&visitor.language.say("qr-code"));
    Ok(([(header::CONTENT_TYPE, svg)], drawn).into_response())
}

/// `GET /check_invoice/{label}/qr.png`: the same for who sees no SVG.
pub(crate) async fn png(
    State(app): State<App>,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    png::answer(&*code(&app, &label).await?)
}

async fn code(app: &App, label: &Label) -> Result<Arc<Matrix>, Problem> {
    let Found { invoice, .. } = app.find(label).await?;
    match invoice.status {
        Status::Unpaid => app.kept.code(&invoice),
        Status::Paid(_) | Status::Expired => Err(Problem::NotPayable),
    }
}

impl CheckoutPage {
    async fn answer(app: &App, visitor: Visitor, found: &Found) -> Result<Arc<Answer>, Problem> {
        let succession = app.invoicing.succession(&found.invoice).await?;
        let form = Form::Page(visitor, succession.clone());
        app.kept.answer(found, form, || {
            Self::new(app, visitor, found, succession, None)?.written()
        })
    }

    /// For who has just created it.
    fn created(app: &App, visitor: Visitor, found: &Found) -> Result<Arc<Answer>, Problem> {
        app.kept.answer(found, Form::Created(visitor), || {
            let mut page = Self::new(app, visitor, found, Succession::Over, None)?;
            let warnings = found.invoice.order.warnings.iter();
            page.warnings = warnings.map(|warning| warning.message.clone()).collect();
            page.written()
        })
    }

    pub(crate) fn new(
        app: &App,
        visitor: Visitor,
        Found { invoice, freshness }: &Found,
        succession: Succession,
        proof: Option<Proof>,
    ) -> Result<Self, Problem> {
        let path = status_path(&invoice.label);
        let view = match &invoice.status {
            Status::Unpaid => View::unpaid(app, invoice, visitor, &path)?,
            Status::Paid(settlement) => View::paid(app, invoice, settlement, proof),
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
            script: app.assets.link("checkout.js"),
            origins: app.embed.origins.listed(),
            shell: Shell::new(app, visitor, &path),
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

    fn written(&self) -> Result<Written, Problem> {
        let page = self.render()?;
        let language = self.shell.language();
        Ok(match &self.view {
            View::Unpaid { pay } => Written::Ticking(Ticking::new(&page, pay.expires_at, language)),
            View::Paid { .. } | View::Proven | View::Expired { .. } | View::Cancelled { .. } => {
                Written::Whole(page.into())
            }
        })
    }
}

impl View {
    fn unpaid(app: &App, invoice: &Invoice, visitor: Visitor, path: &str) -> Result<Self, Problem> {
        // Filled in when it is read.
        let left = Left {
            seconds: SECONDS.to_owned(),
            words: WORDS.to_owned(),
        };
        let pay = Payable::of(app, invoice, visitor, path, left)?;
        Ok(Self::Unpaid { pay })
    }

    fn paid(app: &App, invoice: &Invoice, settlement: &Settlement, proof: Option<Proof>) -> Self {
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
                by: match app.site.redirect_automatically {
                    true => OnwardBy::Itself,
                    false => OnwardBy::Click,
                },
            }),
            proof,
        }
    }
}
