//! Refunds. A pull payment is a voucher of ours for a sale: a link by which the buyer claims what is paid back, once.

use axum::{
    Json,
    extract::{FromRef, State},
    response::{IntoResponse, Response},
};
use serde_json::json;
use std::sync::Arc;

use super::{
    access::{CreatePullPayments, InvoiceOfStore, Key, StoreKey},
    method,
    new_invoice::Sent,
    refund_request::{MAX_NAME, RefundRequest},
    refusal::Refusal,
};
use crate::{
    invoices::Invoicing,
    payouts::{Error as PayoutError, Payouts, RequestedAmount, VoucherRequest},
    web::{json_fields::JsonFields, origin::Origin, paths::voucher_path},
};
use facture_domain::{
    Invoice, Msat, OrderId, RefundRate, RefundRefused, StatusName, Voucher, listing::Filter,
    payout::Reason,
};

/// How many paid invoices of an order are looked at.
const MAX_SALES: u32 = 20;

/// How many words before the reason may be the order's number.
const MAX_WORDS: usize = 4;

const MSAT_PER_SAT: u64 = 1000;

/// Dependencies of the routes.
#[derive(Clone)]
pub(crate) struct RefundState {
    invoicing: Arc<Invoicing>,
    payouts: Payouts,
}

impl<S> FromRef<S> for RefundState
where
    Arc<Invoicing>: FromRef<S>,
    Payouts: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            invoicing: FromRef::from_ref(state),
            payouts: FromRef::from_ref(state),
        }
    }
}

/// `POST …/pull-payments`: 200. The plug-ins name the order in `name`; what is not for a paid order is refused.
pub(crate) async fn create(
    StoreKey { key, .. }: StoreKey<CreatePullPayments>,
    State(state): State<RefundState>,
    origin: Origin,
    Sent(sent): Sent,
) -> Result<Response, Refusal> {
    state.check_payer()?;
    check_methods(&sent, "payoutMethods")?;
    let name = name(&sent)?;
    let refund = RefundRequest::of_pull_payment(&sent)?;
    let sales = state.sales(&key, &name).await?;
    let mut last = Refusal::invalid(
        "name",
        "must have the number of an order of this store that is paid, as in: Refund of order 123; too late",
    );
    for sale in &sales {
        match state.issue(&key, sale, &refund, &name).await {
            Ok(voucher) => return Ok(state.pull_payment(&voucher, &refund, &name, &origin)),
            // Another invoice of the same order may have been paid, too.
            Err(PayoutError::Refund(refused)) => last = explain(refused),
            Err(error) => return Err(error.into()),
        }
    }
    Err(last)
}

/// `POST …/invoices/{invoice}/refund`: 200 with the pull payment.
pub(crate) async fn refund(
    InvoiceOfStore { key, found, .. }: InvoiceOfStore<CreatePullPayments>,
    State(state): State<RefundState>,
    origin: Origin,
    Sent(sent): Sent,
) -> Result<Response, Refusal> {
    state.check_payer()?;
    let invoice = &found.invoice;
    check_methods(&sent, "payoutMethodId")?;
    check_methods(&sent, "paymentMethod")?;
    let name = name(&sent)?;
    let refund = RefundRequest::of_invoice(&sent, invoice)?;
    match state.issue(&key, invoice, &refund, &name).await {
        Ok(voucher) => Ok(state.pull_payment(&voucher, &refund, &name, &origin)),
        Err(PayoutError::Refund(refused)) => Err(explain(refused)),
        Err(error) => Err(error.into()),
    }
}

impl RefundState {
    /// Without a payer nobody would ever be paid.
    fn check_payer(&self) -> Result<(), Refusal> {
        match self.payouts.has_payer() {
            true => Ok(()),
            false => Err(Refusal::NoPayer),
        }
    }

    /// The paid invoices of the order that is named, the newest first. The name is made of words of the shop's language,
    /// the order's number, a semicolon and a reason.
    async fn sales(&self, key: &Key, name: &str) -> Result<Vec<Invoice>, Refusal> {
        let before = name.split_once(';').map_or(name, |(before, _)| before);
        let words: Vec<_> = before.split_whitespace().collect();
        for count in 1..=words.len().min(MAX_WORDS) {
            let number = words[words.len() - count..].join(" ");
            let Ok(order_id) = OrderId::parse(number.trim_start_matches('#').to_owned()) else {
                continue;
            };
            let filter = Filter {
                order_id: Some(order_id),
                status: Some(StatusName::Paid),
                ..key.invoices()
            };
            let listed = self.invoicing.list(&filter, None, MAX_SALES).await?;
            if !listed.page.invoices.is_empty() {
                return Ok(listed.page.invoices);
            }
        }
        Ok(Vec::new())
    }

    /// Issues the voucher. Many wallets claim whole satoshis only, so a part of a price at the sale's rate is rounded up to one,
    /// unless there is not so much left.
    async fn issue(
        &self,
        key: &Key,
        sale: &Invoice,
        refund: &RefundRequest,
        name: &str,
    ) -> Result<Voucher, PayoutError> {
        let label = &sale.label;
        let request = |amount| VoucherRequest {
            scope: key.id.clone(),
            key: format!("{:032x}", rand::random::<u128>()),
            fingerprint: Vec::new(),
            asked_by: key.label.clone(),
            count: 1,
            amount,
            max_fee: None,
            reason: Reason::parse(name.to_owned()).ok(),
            invoice: Some(label.clone()),
            expires_in: refund.expires_in,
        };
        let whole = match &refund.amount {
            RequestedAmount::InCurrency(part) if part.rate == RefundRate::Sale => {
                let exact = self.payouts.refund_amount(label, part).await?;
                Msat::from_msat(exact.msat().next_multiple_of(MSAT_PER_SAT))
            }
            RequestedAmount::InCurrency(_) | RequestedAmount::Msat(_) => None,
        };
        let whole = match whole {
            Some(whole) => {
                let whole = request(RequestedAmount::Msat(whole));
                match self.payouts.issue_vouchers(whole).await {
                    Err(PayoutError::Refund(RefundRefused::TooMuch { .. })) => None,
                    issued => Some(issued?),
                }
            }
            None => None,
        };
        let issued = match whole {
            Some(issued) => issued,
            None => {
                let exact = request(refund.amount.clone());
                self.payouts.issue_vouchers(exact).await?
            }
        };
        let voucher = issued.into_iter().next();
        voucher.ok_or(PayoutError::VoucherNotFound)
    }

    fn pull_payment(
        &self,
        voucher: &Voucher,
        refund: &RefundRequest,
        name: &str,
        origin: &Origin,
    ) -> Response {
        let secret = self.payouts.voucher_secret(&voucher.id);
        Json(json!({
            "id": voucher.id.as_str(),
            "name": name,
            "description": "",
            "amount": refund.shown.amount,
            "currency": refund.shown.currency,
            "period": null,
            "BOLT11Expiration": "30",
            "autoApproveClaims": false,
            "archived": false,
            "startsAt": voucher.created_at.as_second(),
            "expiresAt": voucher.terms.expires_at.as_second(),
            "viewLink": origin.url(&voucher_path(&secret)),
        }))
        .into_response()
    }
}

fn explain(refused: RefundRefused) -> Refusal {
    let path = match refused {
        RefundRefused::NoPrice => "currency",
        RefundRefused::UnknownSale | RefundRefused::NotPaid => "invoice",
        RefundRefused::AmountMissing | RefundRefused::TooMuch { .. } => "amount",
    };
    Refusal::invalid(path, refused)
}

/// BTCPay shows it to whoever claims, and so do wallets.
fn name(sent: &JsonFields) -> Result<String, Refusal> {
    let name = sent.text("name")?.unwrap_or_default();
    match name.len() <= MAX_NAME {
        true => Ok(name),
        false => Err(Refusal::invalid(
            "name",
            format_args!("must be at most {MAX_NAME} bytes"),
        )),
    }
}

/// Whether what is asked for, a name or a list of names, can be done over Lightning.
fn check_methods(sent: &JsonFields, field: &str) -> Result<(), Refusal> {
    let names = match sent.texts(field) {
        Ok(names) => names.unwrap_or_default(),
        Err(_) => sent.text(field)?.into_iter().collect(),
    };
    method::check_available(&names, field)
}
