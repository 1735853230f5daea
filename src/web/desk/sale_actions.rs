//! What can be done with a sale. Whatever came of it, the sale's page shows it; nothing here pays anybody.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    frame::Frames,
    payment_query::PATH,
    permit::{ManageSales, OrderRefunds, Permit},
    posted::Posted,
    refund_form::{RefundError, RefundForm},
    sale::{Refused, SaleState, find, page},
};
use crate::web::error::Problem;
use facture_domain::{
    Label,
    desk::{AuditAction, NewAudit, NoteText},
    hook::DeliveryId,
};

/// `POST /desk/payments/{label}/note`
pub(crate) async fn write_note(
    State(state): State<SaleState>,
    frames: Frames,
    Path(label): Path<String>,
    posted: Posted<ManageSales>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let found = find(&permit, &state.invoicing, &label).await?;
    let typed = fields.text("note");
    let Ok(text) = NoteText::parse(typed) else {
        let refused = Refused {
            note: Some(typed.to_owned()),
            ..Refused::default()
        };
        return page(&permit, &state, &frames, found, refused).await;
    };
    let label = &found.invoice.label;
    let written = state
        .bookkeeping
        .write_note(label, text, &permit.actor())
        .await?;
    match written {
        true => Ok(back(&frames, label)),
        false => Err(Problem::InvoiceNotFound),
    }
}

/// `POST /desk/payments/{label}/cancel`: nobody can pay it any more; a held payment is sent back.
pub(crate) async fn cancel(
    State(state): State<SaleState>,
    frames: Frames,
    Path(label): Path<String>,
    posted: Posted<ManageSales>,
) -> Result<Response, Problem> {
    let permit = posted.permit;
    let label = find(&permit, &state.invoicing, &label).await?;
    let label = &label.invoice.label;
    let cancelled = state.invoicing.cancel_by(label, &permit.actor()).await?;
    cancelled.ok_or(Problem::InvoiceNotFound)?;
    Ok(back(&frames, label))
}

/// `POST /desk/payments/{label}/capture`: takes the payment that is held.
pub(crate) async fn capture(
    State(state): State<SaleState>,
    frames: Frames,
    Path(label): Path<String>,
    posted: Posted<ManageSales>,
) -> Result<Response, Problem> {
    let permit = posted.permit;
    let label = find(&permit, &state.invoicing, &label).await?;
    let label = &label.invoice.label;
    let settled = state.invoicing.settle_by(label, &permit.actor()).await?;
    settled.ok_or(Problem::InvoiceNotFound)?;
    Ok(back(&frames, label))
}

/// `POST /desk/payments/{label}/redeliver`: sends a delivery of this sale once more.
pub(crate) async fn redeliver(
    State(state): State<SaleState>,
    frames: Frames,
    Path(label): Path<String>,
    posted: Posted<ManageSales>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let found = find(&permit, &state.invoicing, &label).await?;
    let label = &found.invoice.label;
    let id = DeliveryId::parse(fields.text("delivery")).ok_or(Problem::DeliveryNotFound)?;
    let own = state.bookkeeping.deliveries(label).await?;
    if !own.iter().any(|delivery| delivery.id == id) {
        return Err(Problem::DeliveryNotFound);
    }
    let entry = entry(&permit, AuditAction::DeliveryRepeated, label, id.as_str());
    state.webhooks.redeliver_by(&id, entry).await?;
    Ok(back(&frames, label))
}

/// `POST /desk/payments/{label}/refund`: writes the order down. The payer pays it, within its own limits, or does not.
pub(crate) async fn order_refund(
    State(state): State<SaleState>,
    frames: Frames,
    Path(label): Path<String>,
    posted: Posted<OrderRefunds>,
) -> Result<Response, Problem> {
    let Posted { permit, fields } = posted;
    let found = find(&permit, &state.invoicing, &label).await?;
    let label = found.invoice.label.clone();
    let mut form = RefundForm::sent(&fields);
    if form.key.is_empty() {
        return Err(Problem::BadRequest);
    }
    let ordered = match form.order(&label, &permit.staff) {
        Ok(request) => {
            let detail = format!("{} sat", form.amount);
            let entry = entry(&permit, AuditAction::RefundOrdered, &label, &detail);
            match state.payouts.order_by(request, entry).await {
                Ok(ordered) => Ok(ordered),
                Err(error) => Err(RefundError::of(error)?),
            }
        }
        Err(error) => Err(error),
    };
    match ordered {
        Ok(_) => Ok(back(&frames, &label)),
        Err(error) => {
            form.error = Some(error);
            let refused = Refused {
                refund: Some(form),
                ..Refused::default()
            };
            page(&permit, &state, &frames, found, refused).await
        }
    }
}

/// What they do to a sale, for the audit log.
fn entry<R>(permit: &Permit<R>, action: AuditAction, label: &Label, detail: &str) -> NewAudit {
    permit.actor().did(action, label.as_str()).with(detail)
}

fn back(frames: &Frames, label: &Label) -> Response {
    Redirect::to(&frames.link(&format!("{PATH}/{label}"))).into_response()
}
