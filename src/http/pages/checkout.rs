//! The page of one invoice, which is its status page too: what to pay and how, that it is paid, or that its time is
//! over.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{MatchedPath, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;

use super::{
    Money, Shell,
    proof::{Proof, Verdict},
    wallets::{WALLETS, Wallet},
};
use crate::{
    http::{
        App,
        again::Lasting,
        error::Problem,
        extract::{Current, Headers, OurLabel},
        invoice_json::InvoiceJson,
        kept::{Answer, Form, Written},
        origin::Origin,
        state::status_path,
        ticking::{CLOCK, SECONDS, Ticking, seconds_until},
        visitor::{Loads, Visitor},
        wants::Wants,
    },
    invoice::{Amount, Bolt11, Invoice, Label, Msat, Settlement, Status},
    invoicing::{Found, Freshness, Succession},
    locale::Language,
};

#[derive(Template)]
#[template(path = "checkout.html")]
pub(super) struct CheckoutPage {
    shell: Shell,
    label: Label,
    /// Where the forms lead: the sandbox's button, the proof of payment, the fresh invoice.
    pay_action: String,
    proof_action: String,
    renew_action: String,
    amount: Amount,
    description: Description,
    order_id: Option<String>,
    payment_hash: String,
    view: View,
    /// The node could not be asked: this is how it was then.
    stale_since: Option<Timestamp>,
    script: String,
    /// Where a browser without script goes on: there the page is loaded again and again.
    without_script: Option<String>,
    /// Who may be told of the payment when this is in a frame.
    origins: String,
}

/// What the page shows in each state.
enum View {
    Unpaid {
        bolt11: Bolt11,
        qr: String,
        wallets: &'static [Wallet],
        /// The time that is left, which is filled in later: in seconds, and as a clock shows it.
        seconds: &'static str,
        clock: &'static str,
        /// From the beginning to the end, in seconds.
        lasts: i64,
        expires_at: Timestamp,
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
    /// Nothing: the shop has taken it back.
    Cancelled,
    /// Ask the shop.
    Closed,
}

/// A description, folded when it is so long that it would push the code off a phone's screen.
struct Description {
    start: String,
    rest: Option<String>,
}

/// `GET /check_invoice/{label}`
pub(in crate::http) async fn show(
    State(app): State<App>,
    wants: Wants,
    visitor: Visitor,
    route: MatchedPath,
    Current(found): Current,
    Headers(headers): Headers,
) -> Result<Response, Problem> {
    let answer = match wants {
        Wants::Json => InvoiceJson::answer(&app, &found, Origin::of(&app, &headers))?,
        Wants::Page => CheckoutPage::answer(&app, visitor, &found).await?,
    };
    let response = answer.respond(&headers);
    Ok(match (wants, &found.invoice.status, visitor.loads) {
        // The pause grows.
        (Wants::Page, Status::Unpaid, Loads::Again) => {
            visitor.load_again(response, pause(&found.invoice))
        }
        // What comes after it is no part of it.
        (Wants::Page, Status::Expired, _) => response,
        _ if found.freshness != Freshness::Current => response,
        _ => (Extension(Lasting { answer, route }), response).into_response(),
    })
}

/// Seconds until a page without script asks again. A wallet takes seconds; whoever has waited for minutes can wait a little
/// longer. At the end it is expired.
fn pause(invoice: &Invoice) -> i64 {
    let age = Timestamp::now()
        .duration_since(invoice.created_at)
        .as_secs();
    let pause = (age / 6).clamp(5, 60);
    match seconds_until(invoice.expires_at) {
        // By our clock it is over. By the node's it is not, or the node cannot be asked.
        0 => pause,
        left => pause.min(left + 1),
    }
}

/// `GET /check_invoice/{label}/qr.svg`: the QR code alone, as long as it can be paid.
pub(in crate::http) async fn qr(
    State(app): State<App>,
    visitor: Visitor,
    OurLabel(label): OurLabel,
) -> Result<Response, Problem> {
    let Found { invoice, .. } = app.find(&label).await?;
    if invoice.status != Status::Unpaid {
        return Err(Problem::NotPayable);
    }
    let svg = HeaderValue::from_static("image/svg+xml");
    Ok((
        [(header::CONTENT_TYPE, svg)],
        app.kept
            .code(&invoice)?
            .svg(&visitor.language.say("qr-code")),
    )
        .into_response())
}

impl CheckoutPage {
    async fn answer(app: &App, visitor: Visitor, found: &Found) -> Result<Arc<Answer>, Problem> {
        let succession = app.invoicing.succession(&found.invoice).await?;
        let form = Form::Page(visitor, succession.clone());
        app.kept.answer(found, form, || {
            Self::new(app, visitor, found, succession, None)?.written()
        })
    }

    pub(super) fn new(
        app: &App,
        visitor: Visitor,
        Found { invoice, freshness }: &Found,
        succession: Succession,
        proof: Option<Proof>,
    ) -> Result<Self, Problem> {
        let path = status_path(&invoice.label);
        let view = match &invoice.status {
            Status::Unpaid => View::unpaid(app, invoice, visitor.language)?,
            Status::Paid(settlement) => View::paid(app, invoice, settlement, proof),
            Status::Expired if invoice.payment_proven_at.is_some() => View::Proven,
            Status::Expired => View::Expired {
                proof,
                next: match succession {
                    Succession::Open => Next::Renewable,
                    Succession::Renewed(label) => Next::Renewed(visitor.link(&status_path(&label))),
                    Succession::Over if invoice.cancelled_at.is_some() => Next::Cancelled,
                    Succession::Over => Next::Closed,
                },
            },
        };
        Ok(Self {
            stale_since: match freshness {
                Freshness::Current => None,
                Freshness::AsOf(since) => Some(*since),
            },
            without_script: match view {
                View::Unpaid { .. } => visitor.without_script(&path),
                View::Paid { .. } | View::Proven | View::Expired { .. } => None,
            },
            script: app.assets.link("checkout.js"),
            origins: app.embed.origins.listed(),
            shell: Shell::new(app, visitor, &path),
            pay_action: visitor.link(&format!("/sandbox/{}/pay", invoice.label)),
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
        Ok(match self.view {
            View::Unpaid { expires_at, .. } => Written::Ticking(Ticking::new(&page, expires_at)),
            View::Paid { .. } | View::Proven | View::Expired { .. } => Written::Whole(page.into()),
        })
    }

    fn minutes_left(&self, minutes: usize) -> String {
        let language = self.shell.language();
        language.say_with("minutes-left", &[("minutes", minutes.into())])
    }
}

impl View {
    fn unpaid(app: &App, invoice: &Invoice, language: Language) -> Result<Self, Problem> {
        Ok(Self::Unpaid {
            qr: app.kept.code(invoice)?.svg(&language.say("qr-code")),
            bolt11: invoice.bolt11.clone(),
            wallets: &WALLETS,
            seconds: SECONDS,
            clock: CLOCK,
            lasts: invoice
                .expires_at
                .duration_since(invoice.created_at)
                .as_secs(),
            expires_at: invoice.expires_at,
        })
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

impl Description {
    /// Some three lines on a phone.
    const SHORT: usize = 80;

    fn of(text: &str) -> Self {
        let cut = text.char_indices().nth(Self::SHORT).map(|(index, _)| index);
        let (start, rest) = text.split_at(cut.unwrap_or(text.len()));
        Self {
            start: start.to_owned(),
            rest: (!rest.is_empty()).then(|| rest.to_owned()),
        }
    }
}
