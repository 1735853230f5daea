//! LNURL-pay (LUD-06) by Lightning Addresses (LUD-16): a wallet reads what it can pay, and asks for an invoice. Reading makes
//! nothing: links are opened by those who show a preview of them.

use std::sync::Arc;

use axum::{
    extract::{FromRef, Path, RawQuery, State},
    response::Response,
};
use serde_json::{json, value::to_raw_value};

use super::{
    address::User,
    again::{RecentRequests, is_payable},
    parameters::{amount, comment, payer_data},
    pay_answers::{PAY_REQUEST, PayRequest, asked_of_payers, pay_response},
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
    Amount, Ask, Channel, Invoice, Metadata, Msat, NewInvoice, Order, PayerData,
    idempotency::{IdempotentRequest, KeyRetention},
};

/// Dependencies of the routes.
#[derive(Clone)]
pub(super) struct PayState {
    invoicing: Arc<Invoicing>,
    creation: Arc<CreationLimit>,
    recent: Arc<RecentRequests>,
    config: Arc<LightningAddressConfig>,
    form: Arc<FormConfig>,
    limits: Arc<InvoiceConfig>,
}

impl<S> FromRef<S> for PayState
where
    Arc<Invoicing>: FromRef<S>,
    Arc<CreationLimit>: FromRef<S>,
    Arc<RecentRequests>: FromRef<S>,
    Arc<LightningAddressConfig>: FromRef<S>,
    Arc<FormConfig>: FromRef<S>,
    Arc<InvoiceConfig>: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            invoicing: FromRef::from_ref(state),
            creation: FromRef::from_ref(state),
            recent: FromRef::from_ref(state),
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
    let asked = state.config.payer_data.iter();
    let asked: Vec<_> = asked.map(|field| (*field, Ask::Optional)).collect();
    Ok(reply(&PayRequest {
        tag: PAY_REQUEST,
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
        payer_data: asked_of_payers(&asked),
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
    let [minimum, maximum] =
        [state.limits.minimum_sat, state.limits.maximum_sat].map(|limit| limit.amount());
    let amount = amount(&query, minimum, maximum)?;
    let comment = comment(&query, state.config.comment_characters.size())?;
    let payer = payer_data(&query, &state.config.payer_data)?;
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
    let action = SuccessAction::of(&state.config, &origin, &invoice.label);
    pay_response(&invoice, &origin, action)
}

impl PayState {
    fn user(&self, text: &str) -> Result<User, LnurlError> {
        User::parse(text, &self.config, &self.form).ok_or_else(no_such_address)
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

    /// The invoice of the last minute for a request, or another one when it can no longer be paid.
    async fn payable(&self, key: &str, new: NewInvoice) -> Result<Arc<Invoice>, LnurlError> {
        for key in self.recent.keys(key) {
            let request = IdempotentRequest {
                scope: "lnurl".to_owned(),
                key,
                fingerprint: Vec::new(),
                retention: KeyRetention::Short,
            };
            let made = self.invoicing.create_once(request, new.clone()).await;
            let made = made.map_err(Problem::from)?;
            if is_payable(&self.invoicing, &made).await? {
                return Ok(made);
            }
        }
        Err(Problem::TooManyUnpaid.into())
    }
}

fn no_such_address() -> LnurlError {
    LnurlError::new("There is no such Lightning Address here.")
}
