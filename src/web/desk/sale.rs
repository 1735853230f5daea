//! One sale: its facts, what happened to it, what was sent about it, and what can be done with it.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use jiff::Timestamp;

use super::{
    frame::{Frame, Frames},
    payment_query::PATH,
    payments::earliest,
    permit::{Permit, ReadSales},
    refund_form::{RefundError, RefundForm},
    sale_refunds::SaleRefunds,
    sale_words,
};
use crate::{
    bookkeeping::Bookkeeping,
    invoices::{Found, Freshness, Invoicing},
    payouts::Payouts,
    web::{
        buyer::{pages::Money, shell::html},
        error::Problem,
        paths::status_path,
    },
    webhooks::Webhooks,
};
use facture_domain::{
    Amount, HoldSecret, Invoice, Label, Msat, Status, StatusName,
    desk::{Note, NoteText, Right},
    hook::{DeliveryState, EndpointState},
    payout::Waiting,
};

#[derive(Template)]
#[template(path = "desk/sale.html")]
struct SalePage {
    frame: Frame,
    /// Its own path; forms go below it.
    path: String,
    label: Label,
    state: String,
    state_class: &'static str,
    facts: Facts,
    stale_since: Option<Timestamp>,
    timeline: Vec<(Timestamp, String)>,
    deliveries: Vec<SentDelivery>,
    note: Option<Note>,
    note_typed: String,
    note_error: bool,
    refunds: Option<SaleRefunds>,
    refund: RefundForm,
    offers: Offered,
    buyer_page: String,
}

/// What is known of a sale, amounts exact.
struct Facts {
    asked: Option<Msat>,
    received: Option<Msat>,
    over: Option<Msat>,
    held: Option<Msat>,
    paid_at: Option<Timestamp>,
    created_at: Timestamp,
    expires_at: Timestamp,
    cancelled_at: Option<Timestamp>,
    price: Option<String>,
    /// What it was worth when it was paid, and by which rate.
    worth: Option<Worth>,
    description: String,
    order: Option<String>,
    channel: Option<String>,
    cashier: Option<String>,
    payer_note: Option<String>,
    metadata: Option<String>,
    payment_hash: String,
    bolt11: Option<String>,
    renewed_by: Option<(String, String)>,
    renewal_of: Option<(String, String)>,
}

/// What a payment was worth in another currency.
struct Worth {
    value: String,
    rate: String,
    at: Timestamp,
    /// When it was filled in by a rate of another time.
    filled_in_at: Option<Timestamp>,
}

/// Something that was or is to be sent to a webhook.
struct SentDelivery {
    id: String,
    to: String,
    state: String,
    state_class: &'static str,
    attempts: usize,
    failure: String,
    next_at: Option<Timestamp>,
    is_repeatable: bool,
}

/// What can be done with it, by somebody with this role, as it stands.
struct Offered {
    notes: bool,
    cancel: bool,
    capture: bool,
    /// The payment is held, and the shop has the preimage.
    capture_by_api: bool,
    send_back: bool,
    refund: bool,
}

/// What a page is made of.
#[derive(Clone)]
pub(super) struct SaleState {
    pub(super) invoicing: Arc<Invoicing>,
    pub(super) bookkeeping: Bookkeeping,
    pub(super) payouts: Payouts,
    pub(super) webhooks: Webhooks,
}

impl<S> axum::extract::FromRef<S> for SaleState
where
    Arc<Invoicing>: axum::extract::FromRef<S>,
    Bookkeeping: axum::extract::FromRef<S>,
    Payouts: axum::extract::FromRef<S>,
    Webhooks: axum::extract::FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            invoicing: axum::extract::FromRef::from_ref(state),
            bookkeeping: axum::extract::FromRef::from_ref(state),
            payouts: axum::extract::FromRef::from_ref(state),
            webhooks: axum::extract::FromRef::from_ref(state),
        }
    }
}

/// What a form of this page had that cannot be taken: it is shown again.
#[derive(Default)]
pub(super) struct Refused {
    pub(super) note: Option<String>,
    pub(super) refund: Option<RefundForm>,
}

/// `GET /desk/payments/{label}`
pub(crate) async fn show(
    permit: Permit<ReadSales>,
    State(state): State<SaleState>,
    frames: Frames,
    Path(label): Path<String>,
) -> Result<Response, Problem> {
    let found = find(&permit, &state.invoicing, &label).await?;
    page(&permit, &state, &frames, found, Refused::default()).await
}

/// The sale with this label, if it is one of ours that they may see.
pub(super) async fn find<R>(
    permit: &Permit<R>,
    invoicing: &Invoicing,
    label: &str,
) -> Result<Found, Problem> {
    let label = invoicing.parse_label(label);
    let label = label.ok_or(Problem::InvoiceNotFound)?;
    let found = invoicing.find(&label).await?;
    let found = found.ok_or(Problem::InvoiceNotFound)?;
    match earliest(permit).is_some_and(|earliest| found.invoice.created_at < earliest) {
        true => Err(Problem::RightMissing),
        false => Ok(found),
    }
}

/// The page; with what was refused, as 422.
pub(super) async fn page<R>(
    permit: &Permit<R>,
    state: &SaleState,
    frames: &Frames,
    found: Found,
    refused: Refused,
) -> Result<Response, Problem> {
    let Found { invoice, freshness } = found;
    let label = &invoice.label;
    let path = format!("{PATH}/{label}");
    let frame = frames.of(permit).at(&path);
    let is_wrong = refused.note.is_some() || refused.refund.is_some();
    let note = state.bookkeeping.note(label).await?;
    let refunds = SaleRefunds::read(&state.payouts, &invoice, &frame).await?;
    let note_text = |note: &Note| note.text.as_str().to_owned();
    let mut response = html(&SalePage {
        timeline: timeline(&state.invoicing, label, &frame).await?,
        deliveries: deliveries(state, label, &frame).await?,
        state: sale_words::state(invoice.state(), &frame),
        state_class: invoice.state().as_str(),
        facts: Facts::of(&invoice, &frame),
        stale_since: match freshness {
            Freshness::Current => None,
            Freshness::AsOf(since) => Some(since),
        },
        note_error: refused.note.is_some(),
        note_typed: refused
            .note
            .or(note.as_ref().map(note_text))
            .unwrap_or_default(),
        note,
        offers: Offered::of(&invoice, permit, refunds.as_ref()),
        refund: refused
            .refund
            .unwrap_or_else(|| RefundForm::new(refunds.as_ref())),
        refunds,
        buyer_page: frames.shop().url(&frames.link(&status_path(label))),
        label: label.clone(),
        path,
        frame,
    })?;
    if is_wrong {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

async fn timeline(
    invoicing: &Invoicing,
    label: &Label,
    frame: &Frame,
) -> Result<Vec<(Timestamp, String)>, Problem> {
    let events = invoicing.events(label, 0).await?;
    Ok(events
        .iter()
        .map(|event| (event.recorded_at, sale_words::event(event.kind, frame)))
        .collect())
}

async fn deliveries(
    state: &SaleState,
    label: &Label,
    frame: &Frame,
) -> Result<Vec<SentDelivery>, Problem> {
    let mut shown = Vec::new();
    for delivery in state.bookkeeping.deliveries(label).await? {
        let Some(endpoint) = state.webhooks.find(&delivery.endpoint).await? else {
            continue;
        };
        let enabled = endpoint.state == EndpointState::Enabled;
        shown.push(SentDelivery {
            id: delivery.id.to_string(),
            to: endpoint.hook.url.receiver(),
            state: sale_words::delivery(delivery.state, frame),
            state_class: delivery.state.as_str(),
            attempts: usize::try_from(delivery.attempts).unwrap_or(usize::MAX),
            failure: delivery.failure.unwrap_or_default(),
            next_at: match delivery.state {
                DeliveryState::Pending(at) if delivery.attempts > 0 => Some(at),
                _ => None,
            },
            is_repeatable: enabled && !matches!(delivery.state, DeliveryState::Pending(_)),
        });
    }
    Ok(shown)
}

impl Facts {
    fn of(invoice: &Invoice, frame: &Frame) -> Self {
        let asked = match invoice.amount {
            Amount::Exact(amount) => Some(amount),
            Amount::Any => None,
        };
        let paid = match &invoice.status {
            Status::Paid(paid) => Some(paid),
            _ => None,
        };
        let received = paid.map(|paid| paid.amount_received);
        let order = &invoice.order;
        let other = |label: &Label| {
            let link = frame.link(&format!("{PATH}/{label}"));
            (link, label.to_string())
        };
        Self {
            asked,
            received,
            over: received.zip(asked).and_then(|(received, asked)| {
                let over = received.msat().checked_sub(asked.msat())?;
                Msat::from_msat(over).filter(|over| over.msat() > 0)
            }),
            held: match &invoice.status {
                Status::Accepted(held) => Some(held.amount),
                _ => None,
            },
            paid_at: paid.map(|paid| paid.paid_at),
            created_at: invoice.created_at,
            expires_at: invoice.expires_at,
            cancelled_at: invoice.cancelled_at,
            price: order.quote.as_ref().map(|quote| {
                let amount = frame.language().decimal(&quote.amount);
                format!("{amount} {}", quote.currency)
            }),
            worth: invoice.valuation.as_ref().map(|worth| {
                let language = frame.language();
                let (value, price) = (worth.value(), worth.rate.price.to_string());
                Worth {
                    value: format!(
                        "{} {}",
                        language.decimal(&value),
                        worth.rate.currency.code()
                    ),
                    rate: format!("{} ({})", language.decimal(&price), worth.rate.source),
                    at: worth.rate.at,
                    filled_in_at: worth.filled_in_at,
                }
            }),
            description: invoice.description.clone(),
            order: order.order_id.as_ref().map(|id| id.as_str().to_owned()),
            channel: order
                .channel
                .map(|channel| sale_words::channel(channel, frame)),
            cashier: order.cashier.clone(),
            payer_note: invoice.offer().and_then(|offer| offer.payer_note.clone()),
            metadata: order.metadata.as_ref().map(|json| json.as_str().to_owned()),
            payment_hash: invoice.payment_hash.to_string(),
            bolt11: invoice.bolt11().map(|bolt11| bolt11.as_str().to_owned()),
            renewed_by: invoice.renewed_by.as_ref().map(other),
            renewal_of: order.renewal_of.as_ref().map(other),
        }
    }
}

impl Offered {
    fn of<R>(invoice: &Invoice, permit: &Permit<R>, refunds: Option<&SaleRefunds>) -> Self {
        let manages = permit.staff.may(Right::ManageSales);
        let is_held = invoice.state() == StatusName::Accepted;
        let is_ours = |secret| matches!(secret, HoldSecret::Ours(_));
        let ours = invoice.hold.is_some_and(|hold| is_ours(hold.secret));
        let is_left = refunds.is_some_and(|refunds| refunds.left.msat() > 0);
        Self {
            notes: manages,
            cancel: manages && invoice.state() == StatusName::Unpaid,
            capture: manages && is_held && ours,
            capture_by_api: manages && is_held && !ours,
            send_back: manages && is_held,
            refund: permit.staff.may(Right::OrderRefunds) && is_left,
        }
    }
}

/// For the template.
impl SalePage {
    fn attempts(&self, count: &usize) -> String {
        let gaps = [("count", (*count).into())];
        self.frame.language().say_with("desk-attempts", &gaps)
    }

    /// An amount to the last digit, in both units.
    fn exact(&self, amount: &Msat) -> String {
        let sat = self.frame.sat(amount);
        let unit = self.frame.say("sat");
        format!("{sat} {unit} ({} msat)", amount.msat())
    }

    fn refund_error(&self, error: &RefundError) -> String {
        let frame = &self.frame;
        match error {
            RefundError::Destination => frame.say("desk-refund-destination").into_owned(),
            RefundError::Amount => frame.say("amount-not-digits").into_owned(),
            RefundError::TooMuch(left) => {
                let gaps = [("maximum", frame.sat(left))];
                frame.say_with("amount-too-large", &gaps)
            }
            RefundError::Reason => frame.say("desk-refund-reason-long").into_owned(),
            RefundError::Ordered => frame.say("desk-refund-ordered").into_owned(),
            RefundError::TooMany => frame.say("desk-refund-too-many").into_owned(),
        }
    }

    fn action(&self, form: &str) -> String {
        self.frame.link(&format!("{}{form}", self.path))
    }

    fn note_limit(&self) -> usize {
        NoteText::MAX_BYTES
    }
}
