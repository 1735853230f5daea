//! Which calls lightningd refuses us. Each is made once, in a way that changes nothing: with a parameter that no call has.
//! clnrest looks at the rune first, and lightningd then refuses the parameter.

use serde::de::IgnoredAny;
use serde_json::json;

use super::client::Client;
use crate::{
    cln::{
        error::Error,
        method::{Method, Need},
    },
    rights::{CallNeed, RefusalReason, RefusedCall},
};

impl Client {
    /// The calls of a checkout that are not carried out for us, those that the rune of `facture rune` leaves out aside.
    ///
    /// # Errors
    /// [`Error`] when no answer comes.
    pub async fn refused_calls(&self) -> Result<Vec<RefusedCall>, Error> {
        let mut refused = Vec::new();
        for method in Method::in_rune() {
            let unknown_parameter = json!({ "facture_asks_for_the_right": true });
            let asked = self.call::<_, IgnoredAny>(method, &unknown_parameter);
            let reason = match asked.await {
                Ok(_) | Err(Error::Rejected { .. }) => continue,
                Err(Error::Forbidden { .. }) => RefusalReason::Forbidden,
                Err(Error::TooOld { .. } | Error::NoPlugin { .. }) => RefusalReason::Unknown,
                Err(error) => return Err(error),
            };
            refused.push(RefusedCall {
                call: method.name(),
                need: need(method),
                reason,
            });
        }
        Ok(refused)
    }

    /// The rights in the rune that facture does not need, as the rune writes them; none on the socket, which allows
    /// everything to everybody.
    pub fn excess_rights(&self) -> Vec<String> {
        self.pool.excess_rights()
    }
}

fn need(method: Method) -> CallNeed {
    match (method, method.need()) {
        // Without it there are no prices in other currencies.
        (Method::Listcurrencyrates, _) | (_, Need::Quicker | Need::Spared) => CallNeed::Optional,
        (_, Need::Essential) => CallNeed::Essential,
    }
}
