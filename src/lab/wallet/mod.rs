//! Alice's wallet page: an invoice is pasted and paid. It listens on this machine only, spends the lab's play money, and is
//! part of the lab, not of the checkout.

mod guard;
mod payments;

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use anyhow::Context;
use askama::Template;
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    http::{StatusCode, header},
    middleware,
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use facture_lab::Lab;
use tokio::{net::TcpListener, time};
use url::form_urlencoded;

use self::{
    guard::Host,
    payments::{Outcome, Payment, Payments},
};
use super::output::sat;
use crate::cli::lab::Bolt11Text;

/// The largest form, in bytes: no invoice is longer.
const MAX_FORM: usize = 16 * 1024;

/// How long a form waits for the payment before the page says that it is under way.
const AT_ONCE: Duration = Duration::from_secs(2);

/// How long Alice's node may take to say what she has.
const BALANCE: Duration = Duration::from_secs(2);

/// How often the page of a payment under way loads again, in seconds.
const REFRESH_SECONDS: &str = "1";

const STYLESHEET: &str = include_str!("../../../static/facture.css");
const ICON: &str = include_str!("../../../static/icon.svg");

#[derive(Clone)]
struct Wallet {
    lab: Arc<Lab>,
    payments: Payments,
}

/// The form.
#[derive(Template)]
#[template(path = "lab_wallet.html")]
struct FormPage {
    /// What Alice can spend; `None` while her node does not say.
    balance: Option<String>,
    typed: String,
    error: Option<String>,
}

/// A payment.
#[derive(Template)]
#[template(path = "lab_payment.html")]
struct PaymentPage {
    payment: Payment,
}

impl PaymentPage {
    fn amount(&self) -> String {
        let asked = self.payment.asked_msat;
        let msat = match &self.payment.outcome {
            Outcome::Paid(paid) => Some(paid.amount_msat),
            _ => asked,
        };
        msat.map_or(String::new(), sat)
    }

    fn sat(&self, msat: &u64) -> String {
        sat(*msat)
    }
}

/// Serves the page until the process ends.
pub(super) async fn serve(lab: Lab) -> anyhow::Result<()> {
    let ports = lab.checkout();
    let port = ports
        .context("this lab has no checkout: `facture lab up --checkout`")?
        .wallet;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = listener.with_context(|| format!("cannot listen on 127.0.0.1:{port}"))?;
    axum::serve(listener, router(lab, port)).await?;
    Ok(())
}

fn router(lab: Lab, port: u16) -> Router {
    let wallet = Wallet {
        lab: Arc::new(lab),
        payments: Payments::default(),
    };
    Router::new()
        .route("/", get(form))
        .route("/pay", post(pay))
        .route("/payments/{id}", get(payment))
        .route(
            "/facture.css",
            get(|| async { ([(header::CONTENT_TYPE, "text/css")], STYLESHEET) }),
        )
        .route(
            "/icon.svg",
            get(|| async { ([(header::CONTENT_TYPE, "image/svg+xml")], ICON) }),
        )
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .layer(middleware::from_fn_with_state(Host::at(port), guard::guard))
        .with_state(wallet)
}

async fn form(State(wallet): State<Wallet>) -> Response {
    wallet.form(String::new(), None).await
}

/// Pays what was pasted. The node refuses to pay an invoice twice, so a form that is sent twice does no harm.
async fn pay(State(wallet): State<Wallet>, body: Bytes) -> Response {
    let typed = form_urlencoded::parse(&body)
        .find(|(name, _)| name == "invoice")
        .map_or(String::new(), |(_, value)| value.into_owned());
    let bolt11: Bolt11Text = match typed.parse() {
        Ok(bolt11) => bolt11,
        Err(error) => {
            return wallet
                .form(typed, Some(format!("Not an invoice: {error}.")))
                .await;
        }
    };
    let decoded = match wallet.lab.alice.decode(bolt11.as_str()).await {
        Ok(decoded) => decoded,
        Err(error) => {
            return wallet
                .form(typed, Some(format!("Not an invoice: {error}.")))
                .await;
        }
    };
    let (id, done) = wallet.payments.start(&wallet.lab, bolt11, decoded);
    // Most payments take less; others are shown as under way.
    let _ = time::timeout(AT_ONCE, done).await;
    Redirect::to(&format!("/payments/{id}")).into_response()
}

async fn payment(State(wallet): State<Wallet>, Path(id): Path<u64>) -> Response {
    match wallet.payments.find(id) {
        Some(payment) => {
            let is_pending = matches!(payment.outcome, Outcome::Pending);
            let page = page(StatusCode::OK, &PaymentPage { payment });
            match is_pending {
                true => ([(header::REFRESH, REFRESH_SECONDS)], page).into_response(),
                false => page,
            }
        }
        None => Redirect::to("/").into_response(),
    }
}

impl Wallet {
    async fn form(&self, typed: String, error: Option<String>) -> Response {
        let peer = self.lab.alice.peer();
        let channel = time::timeout(BALANCE, peer.channel()).await;
        let balance = channel.ok().and_then(Result::ok);
        let balance = balance.map(|channel| sat(channel.map_or(0, |open| open.ours_msat)));
        let status = match error {
            None => StatusCode::OK,
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let form = FormPage {
            balance,
            typed,
            error,
        };
        page(status, &form)
    }
}

fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
