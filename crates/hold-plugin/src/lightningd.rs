//! The calls that the plugin makes of lightningd: these and no others. None of them spends.

use std::{path::PathBuf, time::Duration};

use cln_rpc::ClnRpc;
use serde_json::{Value, json};

use crate::{
    bytes::Bytes32,
    error::{CallError, UNKNOWN_INVOICE},
    params::Create,
};

/// lightningd's code for an invoice that is in another state.
const OTHER_STATUS: i32 = 906;

/// lightningd, by its socket.
#[derive(Clone, Debug)]
pub(crate) struct Lightningd {
    socket: PathBuf,
}

/// Why a call brought nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// lightningd refused it.
    #[error("{0}")]
    Refused(CallError),
    /// There was no answer, or none that makes sense: it may have been carried out.
    #[error("no answer from lightningd: {0}")]
    Lost(String),
}

/// What `invoice` made.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) bolt11: String,
    pub(crate) payment_hash: Bytes32,
    pub(crate) payment_secret: Bytes32,
    pub(crate) expires_at: u64,
    /// The members that begin with `warning_`.
    pub(crate) warnings: Vec<(String, Value)>,
}

/// How an invoice stands that lightningd lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listed {
    Unpaid,
    Paid,
    Expired,
    /// It has another payment hash: it is somebody else's.
    Other,
}

/// What is known of the chain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Info {
    pub(crate) height: u32,
}

impl Lightningd {
    /// By its socket.
    pub(crate) fn new(socket: PathBuf) -> Self {
        Self { socket }
    }

    /// Makes an invoice. `fallbacks`: none, as nothing can hold a payment on the chain.
    pub(crate) async fn invoice(&self, label: &str, new: &Create) -> Result<Made, Error> {
        let amount = match new.amount_msat {
            Some(amount) => amount.into(),
            None => Value::from("any"),
        };
        let mut params = json!({
            "label": label,
            "amount_msat": amount,
            "description": new.description,
            "expiry": new.expiry,
            "cltv": new.cltv,
            "fallbacks": [],
            "preimage": new.preimage.to_hex(),
        });
        if let Some(channels) = &new.exposeprivatechannels {
            params["exposeprivatechannels"] = channels.clone();
        }
        let answer = self.call("invoice", params).await?;
        Made::read(&answer)
            .ok_or_else(|| Error::Lost("invoice: its result lacks members".to_owned()))
    }

    /// Deletes an unpaid invoice. It need not exist. False when it is in another state.
    pub(crate) async fn delete_unpaid(&self, label: &str) -> Result<bool, Error> {
        self.delete(label, "unpaid").await
    }

    /// Deletes an expired invoice. It need not exist. False when it is in another state.
    pub(crate) async fn delete_expired(&self, label: &str) -> Result<bool, Error> {
        self.delete(label, "expired").await
    }

    async fn delete(&self, label: &str, status: &str) -> Result<bool, Error> {
        let params = json!({ "label": label, "status": status });
        match self.call("delinvoice", params).await {
            Ok(_) => Ok(true),
            Err(Error::Refused(error)) if error.code == UNKNOWN_INVOICE => Ok(true),
            Err(Error::Refused(error)) if error.code == OTHER_STATUS => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Gives lightningd the invoice and the preimage, under a label. It takes as long as it takes: the answer is lost only
    /// with lightningd itself.
    pub(crate) async fn createinvoice(
        &self,
        bolt11: &str,
        label: &str,
        preimage: &str,
    ) -> Result<(), Error> {
        let params = json!({ "invstring": bolt11, "label": label, "preimage": preimage });
        self.call("createinvoice", params).await.map(drop)
    }

    /// How the invoice with that label stands, if there is one.
    pub(crate) async fn find(&self, label: &str, hash: &Bytes32) -> Result<Option<Listed>, Error> {
        let listed = self.call("listinvoices", json!({ "label": label })).await?;
        let Some(row) = listed["invoices"].get(0) else {
            return Ok(None);
        };
        if row["payment_hash"] != hash.to_string() {
            return Ok(Some(Listed::Other));
        }
        Ok(Some(match row["status"].as_str() {
            Some("paid") => Listed::Paid,
            Some("expired") => Listed::Expired,
            _ => Listed::Unpaid,
        }))
    }

    /// Waits until the invoice is paid or expired, for a while.
    pub(crate) async fn wait_for_end(&self, label: &str, patience: Duration) {
        let ended = self.call("waitinvoice", json!({ "label": label }));
        // Whatever comes, the invoice is looked up.
        let _ = tokio::time::timeout(patience, ended).await;
    }

    /// The height of the chain, as far as lightningd has seen it.
    pub(crate) async fn info(&self) -> Result<Info, Error> {
        let info = self.call("getinfo", json!({})).await?;
        let height = info["blockheight"].as_u64();
        let height = height.and_then(|height| u32::try_from(height).ok());
        Ok(Info {
            height: height.unwrap_or_default(),
        })
    }

    /// With fewer blocks left, lightningd refuses a payment (its option `cltv-final`).
    pub(crate) async fn cltv_final(&self) -> Result<Option<u32>, Error> {
        let params = json!({ "config": "cltv-final" });
        let configs = self.call("listconfigs", params).await?;
        let value = configs["configs"]["cltv-final"]["value_int"].as_u64();
        Ok(value.and_then(|blocks| u32::try_from(blocks).ok()))
    }

    async fn call(&self, method: &str, params: Value) -> Result<Value, Error> {
        let lost = |reason: String| Error::Lost(format!("{method}: {reason}"));
        let mut connection = ClnRpc::new(&self.socket)
            .await
            .map_err(|error| lost(error.to_string()))?;
        let answer = connection.call_raw::<Value, Value>(method, &params).await;
        answer.map_err(|error| match error.code {
            Some(code) => Error::Refused(CallError {
                code,
                message: error.message,
                data: error.data,
            }),
            None => lost(error.message),
        })
    }
}

impl Made {
    fn read(answer: &Value) -> Option<Self> {
        let text = |name: &str| answer[name].as_str();
        let all = answer.as_object()?.iter();
        // We asked for no address on the chain.
        let is_warning =
            |name: &str| name.starts_with("warning_") && name != "warning_custom_fallbacks";
        let warnings = all.filter(|(name, _)| is_warning(name));
        Some(Self {
            bolt11: text("bolt11")?.to_owned(),
            payment_hash: text("payment_hash")?.parse().ok()?,
            payment_secret: text("payment_secret")?.parse().ok()?,
            expires_at: answer["expires_at"].as_u64()?,
            warnings: warnings
                .map(|(name, warning)| (name.clone(), warning.clone()))
                .collect(),
        })
    }
}

impl From<Error> for CallError {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(error) => error,
            Error::Lost(_) => Self::failed(error.to_string()),
        }
    }
}
