//! Payments, one after the other, and when a bare `waitanyinvoice` on a connection of its own heard of each: what
//! everything that facture tells is compared with.

use std::{path::Path, time::Instant};

use anyhow::Context;
use serde_json::{Value, json};

use crate::{
    node::{Caller, text},
    world::{Made, World},
};

/// A wallet that pays, and somebody who listens at the node.
pub(crate) struct Payments {
    wallet: Caller,
    listener: Caller,
    /// The last payment that the listener knows.
    last: u64,
}

impl Payments {
    /// `None` when nobody pays here.
    pub(crate) async fn on(world: &World) -> anyhow::Result<Option<Self>> {
        let Some(payer) = world.payer() else {
            return Ok(None);
        };
        Ok(Some(Self {
            wallet: Caller::open(&payer).await?,
            listener: Caller::open(&world.rpc_file).await?,
            last: last_payment(&world.rpc_file).await?,
        }))
    }

    /// Pays; when the bare listener heard of it.
    pub(crate) async fn pay(&mut self, invoice: &Made) -> anyhow::Result<Instant> {
        let paid = self.wallet.pay(&invoice.bolt11);
        let heard = async {
            loop {
                let params = json!({ "lastpay_index": self.last });
                let payment = self.listener.call("waitanyinvoice", params).await?;
                let at = Instant::now();
                let index = payment.get("pay_index").and_then(Value::as_u64);
                self.last = index.context("no pay_index")?;
                if text(&payment, "label")? == invoice.label {
                    return anyhow::Ok(at);
                }
            }
        };
        let ((), at) = tokio::try_join!(paid, heard)?;
        Ok(at)
    }
}

async fn last_payment(rpc_file: &Path) -> anyhow::Result<u64> {
    let listed = Caller::open(rpc_file)
        .await?
        .call("listinvoices", json!({}))
        .await?;
    let invoices = listed.get("invoices").and_then(Value::as_array);
    let indexes = invoices.into_iter().flatten();
    let last = indexes
        .filter_map(|invoice| invoice.get("pay_index")?.as_u64())
        .max();
    Ok(last.unwrap_or(0))
}

/// By how much one is later than the other, in milliseconds; it may be earlier.
pub(crate) fn later_ms(one: Instant, other: Instant) -> f64 {
    let (late, early) = (
        one.saturating_duration_since(other),
        other.saturating_duration_since(one),
    );
    (late.as_secs_f64() - early.as_secs_f64()) * 1e3
}
