//! What the node's channels can receive.

use serde::Deserialize;
use serde_json::json;

use super::client::Client;
use crate::cln::{error::Error, method::Method};
use facture_domain::Msat;

#[derive(Deserialize)]
struct Channels {
    channels: Vec<Channel>,
}

#[derive(Deserialize)]
struct Channel {
    state: String,
    peer_connected: bool,
    receivable_msat: Option<u64>,
}

impl Client {
    /// How much all channels together can receive now, in millisatoshi (`listpeerchannels`); what one payment can bring
    /// is less. Only channels in normal operation to connected peers count. `None` when the node refuses the call.
    ///
    /// # Errors
    /// [`Error`] when no answer comes, or none that makes sense.
    pub async fn receivable(&self) -> Result<Option<Msat>, Error> {
        let Channels { channels } = match self.call(Method::Listpeerchannels, &json!({})).await {
            Ok(channels) => channels,
            Err(Error::Rejected { .. } | Error::TooOld { .. } | Error::Forbidden { .. }) => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let receivable = channels
            .iter()
            .filter(|channel| channel.peer_connected && channel.is_normal())
            .filter_map(|channel| channel.receivable_msat)
            .fold(0, u64::saturating_add);
        Ok(Some(Msat::from_msat(receivable).unwrap_or(Msat::MAX)))
    }
}

impl Channel {
    /// Whether it carries payments (`enum channel_state` in lightningd).
    fn is_normal(&self) -> bool {
        matches!(
            self.state.as_str(),
            "CHANNELD_NORMAL" | "CHANNELD_AWAITING_SPLICE"
        )
    }
}
