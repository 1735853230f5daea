//! Which calls LND refuses us. Each is made once, in a way that changes nothing: LND looks at the macaroon first, then
//! refuses the amount, or knows no such invoice.

use std::time::Duration;

use facture_domain::PaymentHash;
use futures_util::future::join_all;
use jiff::Timestamp;
use serde::de::IgnoredAny;
use serde_json::json;
use tokio::time::timeout;

use super::{
    client::Client,
    error::Error,
    method::{Method, Need},
    request::Request,
    subscription::Cursor,
    wire::base64,
};
use crate::rights::{CallNeed, RefusalReason, RefusedCall};

/// A payment hash, and a preimage, of no invoice.
const NOTHING: [u8; 32] = [0; 32];

/// LND refuses a stream at once. One that is allowed says nothing until something happens.
const STREAM_REFUSAL: Duration = Duration::from_secs(2);

impl Client {
    /// The calls of a checkout that are not carried out for us.
    ///
    /// # Errors
    /// [`Error`] when no answer comes.
    pub async fn refused_calls(&self) -> Result<Vec<RefusedCall>, Error> {
        let asked = join_all(Method::in_macaroon().map(|method| self.refusal(method))).await;
        let answered = asked.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(answered.into_iter().flatten().collect())
    }

    /// The node's time.
    ///
    /// # Errors
    /// [`Error`] when there is no answer.
    pub async fn time(&self) -> Result<Option<Timestamp>, Error> {
        let request = Request::plain(Method::GetInfo);
        let (_, at) = self.call_at::<IgnoredAny>(&request).await?;
        Ok(at)
    }

    async fn refusal(&self, method: Method) -> Result<Option<RefusedCall>, Error> {
        let reason = match self.try_out(method).await {
            Ok(()) | Err(Error::Rejected { .. }) => return Ok(None),
            Err(Error::Forbidden { .. }) => RefusalReason::Forbidden,
            Err(Error::TooOld { .. }) => RefusalReason::Unknown,
            Err(error) => return Err(error),
        };
        Ok(Some(RefusedCall {
            call: method.name(),
            need: match method.need() {
                Need::Essential => CallNeed::Essential,
                Need::Holds => CallNeed::Holds,
                Need::Spared => CallNeed::Optional,
            },
            reason,
        }))
    }

    async fn try_out(&self, method: Method) -> Result<(), Error> {
        let request = match method {
            Method::SubscribeInvoices => return self.try_stream().await,
            Method::GetInfo | Method::ChannelBalance => Request::plain(method),
            Method::LookupInvoice => Request::lookup(PaymentHash::from_bytes(NOTHING)),
            Method::ListInvoices => {
                Request::with_query(method, &[("num_max_invoices", "1".to_owned())])
            }
            Method::AddInvoice => Request::with_body(method, &json!({ "value_msat": "-1" })),
            Method::AddHoldInvoice => {
                let body = json!({ "hash": base64(&NOTHING), "value_msat": "-1" });
                Request::with_body(method, &body)
            }
            Method::CancelInvoice => {
                Request::with_body(method, &json!({ "payment_hash": base64(&NOTHING) }))
            }
            Method::SettleInvoice => {
                Request::with_body(method, &json!({ "preimage": base64(&NOTHING) }))
            }
        };
        self.call::<IgnoredAny>(&request).await.map(drop)
    }

    async fn try_stream(&self) -> Result<(), Error> {
        let mut stream = self.subscribe(Cursor::default()).await?;
        match timeout(STREAM_REFUSAL, stream.next()).await {
            Ok(Err(error)) => Err(error),
            Ok(Ok(_)) | Err(_) => Ok(()),
        }
    }
}
