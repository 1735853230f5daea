//! LNURL-pay (LUD-06) by Lightning Addresses (LUD-16): a wallet reads what it can pay, and asks for an invoice. Reading makes
//! nothing: links are opened by those who show a preview of them.

use std::sync::Arc;

use axum::{
    extract::{FromRef, Path, RawQuery, State},
    response::Response,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json, value::to_raw_value};

use super::{
    address::User,
    parameters::{optional, required},
    reply::{LnurlError, reply},
    session::Session,
    success::SuccessAction,
};
use crate::{
    config::{FormConfig, InvoiceConfig, LightningAddressConfig},
    invoices::Invoicing,
    web::{
        error::Problem, extract::client::Client, limits::creation::CreationLimit, origin::Origin,
    },
};
use facture_domain::{
    Amount, Channel, Invoice, Metadata, Msat, NewInvoice, Order, PayerData, PayerField, Status,
    idempotency::{IdempotentRequest, KeyRetention},
};

/// What a wallet can pay. It asks `callback` for an invoice.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PayRequest {
    tag: &'static str,
    callback: String,
    /// Millisatoshis.
    min_sendable: u64,
    /// Millisatoshis.
    max_sendable: u64,
    metadata: String,
    /// LUD-12: in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    comment_allowed: Option<usize>,
    /// LUD-18: what the wallet may tell about the payer.
    #[serde(skip_serializing_if = "Option::is_none")]
    payer_data: Option<Value>,
}

/// The invoice for a wallet.
#[derive(Serialize)]
struct PayResponse {
    pr: String,
    routes: [(); 0],
    /// LUD-11: the address can be paid again. In this answer only: PyPI's lnurl 2.0.2 refuses it in the first one.
    disposable: bool,
    /// LUD-21: where to read whether it was paid.
    verify: String,
    /// LUD-09: what the wallet shows afterwards.
    #[serde(rename = "successAction", skip_serializing_if = "Option::is_none")]
    success_action: Option<SuccessAction>,
}

/// Dependencies of the routes.
#[derive(Clone)]
pub(super) struct PayState {
    invoicing: Arc<Invoicing>,
    creation: Arc<CreationLimit>,
    config: Arc<LightningAddressConfig>,
    form: Arc<FormConfig>,
    limits: Arc<InvoiceConfig>,
}

/// A wallet that asks again within a minute gets the same invoice, unless it was paid: so many times.
const MAX_PAID_PER_MINUTE: u32 = 20;

impl<S> FromRef<S> for PayState
where
    Arc<Invoicing>: FromRef<S>,
    Arc<CreationLimit>: FromRef<S>,
    Arc<LightningAddressConfig>: FromRef<S>,
    Arc<FormConfig>: FromRef<S>,
    Arc<InvoiceConfig>: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            invoicing: FromRef::from_ref(state),
            creation: FromRef::from_ref(state),
            config: FromRef::from_ref(state),
            form: FromRef::from_ref(state),
            limits: FromRef::from_ref(state),
        }
    }
}

/// `GET /.well-known/lnurlp/{user}`.
pub(super) async fn show(
    State(state): State<PayState>,
    origin: Origin,
    Path(user): Path<String>,
) -> Result<Response, LnurlError> {
    let user = state.user(&user)?;
    let comment = state.config.comment_characters.size();
    let metadata = user.metadata(&origin, &state.config);
    Ok(reply(&PayRequest {
        tag: "payRequest",
        callback: format!(
            "{}/lnurl/pay/{}/{}",
            origin.as_str(),
            user.as_str(),
            Session::new(&metadata).as_str()
        ),
        min_sendable: state.limits.minimum_sat.amount().msat(),
        max_sendable: state.limits.maximum_sat.amount().msat(),
        metadata: metadata.as_str().to_owned(),
        comment_allowed: (comment > 0).then_some(comment),
        payer_data: asked_of_payers(&state.config.payer_data),
    }))
}

/// `GET /lnurl/pay/{user}/{request}?amount=…`: the one route where a GET makes something, as wallets ask (LUD-06).
pub(super) async fn invoice(
    State(state): State<PayState>,
    origin: Origin,
    client: Client,
    Path((user, session)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, LnurlError> {
    let user = state.user(&user)?;
    let session = Session::parse(&session).ok_or_else(no_such_address)?;
    session.check(&user.metadata(&origin, &state.config))?;
    let query = query.unwrap_or_default();
    let amount = state.amount(&required(&query, "amount")?)?;
    let comment = state.comment(optional(&query, "comment")?)?;
    let payer = state.payer_data(optional(&query, "payerdata")?)?;
    let new = state.new_invoice(&user, &origin, amount, comment.as_deref(), payer.as_ref())?;
    state.creation.admit(&client, &state.invoicing).await?;
    let key = format!(
        "{} {} {} {} {}",
        user.as_str(),
        session.as_str(),
        amount.msat(),
        payer.as_ref().map(PayerData::as_json).unwrap_or_default(),
        comment.unwrap_or_default()
    );
    let invoice = state.payable(&key, new).await?;
    let bolt11 = invoice.bolt11().ok_or(Problem::Internal)?;
    Ok(reply(&PayResponse {
        pr: bolt11.as_str().to_owned(),
        routes: [],
        disposable: false,
        verify: origin.url(&format!("/lnurl/verify/{}", invoice.label)),
        success_action: SuccessAction::of(&state.config, &origin, &invoice.label),
    }))
}

impl PayState {
    fn user(&self, text: &str) -> Result<User, LnurlError> {
        User::parse(text, &self.config, &self.form).ok_or_else(no_such_address)
    }

    fn amount(&self, text: &str) -> Result<Msat, LnurlError> {
        let [minimum, maximum] =
            [self.limits.minimum_sat, self.limits.maximum_sat].map(|limit| limit.amount());
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let amount = digits.then(|| text.parse().ok().and_then(Msat::from_msat));
        match amount.flatten() {
            Some(amount) if (minimum..=maximum).contains(&amount) => Ok(amount),
            _ => Err(LnurlError(format!(
                "The parameter amount must be from {} to {} millisatoshis.",
                minimum.msat(),
                maximum.msat()
            ))),
        }
    }

    fn comment(&self, comment: Option<String>) -> Result<Option<String>, LnurlError> {
        let Some(comment) = comment.filter(|comment| !comment.is_empty()) else {
            return Ok(None);
        };
        let most = self.config.comment_characters.size();
        if comment.contains(char::REPLACEMENT_CHARACTER) {
            return Err(LnurlError::new("The parameter comment must be UTF-8."));
        }
        if comment.chars().count() > most {
            return Err(LnurlError(format!(
                "The parameter comment must have at most {most} characters."
            )));
        }
        Ok(Some(comment))
    }

    fn payer_data(&self, payer_data: Option<String>) -> Result<Option<PayerData>, LnurlError> {
        let Some(json) = payer_data.filter(|json| !json.is_empty()) else {
            return Ok(None);
        };
        if json.contains(char::REPLACEMENT_CHARACTER) {
            return Err(LnurlError::new("The parameter payerdata must be UTF-8."));
        }
        let read = PayerData::parse(json, &self.config.payer_data);
        let read = read.map_err(|error| LnurlError(format!("The parameter payerdata {error}.")))?;
        Ok(Some(read))
    }

    fn new_invoice(
        &self,
        user: &User,
        origin: &Origin,
        amount: Msat,
        comment: Option<&str>,
        payer: Option<&PayerData>,
    ) -> Result<NewInvoice, LnurlError> {
        let mut lnurl_metadata = user.metadata(origin, &self.config);
        let mut metadata = json!({ "lightning_address": user.at(origin) });
        if let Some(comment) = comment {
            metadata["comment"] = comment.into();
        }
        if let Some(payer) = payer {
            lnurl_metadata = lnurl_metadata.with_payer_data(payer);
            for (field, text) in payer.told() {
                metadata["payer"][field.as_str()] = text.as_str().into();
            }
        }
        let metadata = to_raw_value(&metadata).map_err(|_| Problem::Internal)?;
        let metadata = Metadata::new(&metadata)
            .map_err(|error| LnurlError(format!("The parameter comment {error}.")))?;
        Ok(NewInvoice {
            amount: Amount::Exact(amount),
            description: lnurl_metadata.text().clone(),
            lnurl_metadata: Some(lnurl_metadata),
            expiry: self.limits.expiry(),
            order: Order {
                metadata: Some(metadata),
                channel: Some(Channel::Lnurl),
                ..Order::default()
            },
            webhooks: Vec::new(),
            hold: None,
        })
    }

    /// The invoice of this minute for a request, or another one when it can no longer be paid.
    async fn payable(&self, key: &str, new: NewInvoice) -> Result<Arc<Invoice>, LnurlError> {
        let minute = Timestamp::now().as_second() / 60;
        for number in 0..MAX_PAID_PER_MINUTE {
            let request = IdempotentRequest {
                scope: "lnurl".to_owned(),
                key: format!("{minute} {number} {key}"),
                fingerprint: Vec::new(),
                retention: KeyRetention::Short,
            };
            let made = self.invoicing.create_once(request, new.clone()).await;
            let made = made.map_err(Problem::from)?;
            let found = self.invoicing.find(&made.label).await;
            match found.map_err(Problem::from)? {
                Some(found) if found.invoice.status != Status::Unpaid => {}
                _ => return Ok(made),
            }
        }
        Err(Problem::TooManyUnpaid.into())
    }
}

/// LUD-18: the fields, none of which a payer must tell. `None`: nothing is asked.
fn asked_of_payers(fields: &[PayerField]) -> Option<Value> {
    let optional = |field: &PayerField| (field.as_str(), json!({ "mandatory": false }));
    (!fields.is_empty()).then(|| fields.iter().map(optional).collect())
}

fn no_such_address() -> LnurlError {
    LnurlError::new("There is no such Lightning Address here.")
}
