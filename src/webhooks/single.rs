//! Sending to one address without records: the same request, the same signature, the same id as a webhook of that address
//! gets.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    client::{Answer, Client},
    service::Options,
    sign::{self, Occasion},
};
use facture_domain::{
    Hook, HookFormat, HookUrl,
    hook::{DeliveryId, Failure, HookSecret, Outcome, Secrets},
};
use facture_runtime::{
    guard::{self, AllowedAddresses},
    tls::TlsError,
};

/// How long a receiver may take until it answers.
const DEADLINE: Duration = Duration::from_secs(20);

/// An address that is sent events, whoever's it is: who runs the command chose it.
#[derive(Debug)]
pub struct SingleReceiver {
    client: Client,
    hook: Hook,
    secrets: Secrets,
}

/// What it answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiverAnswer {
    /// The status, or why there is none.
    pub outcome: Outcome,
    /// The beginning of the body.
    pub excerpt: String,
}

impl SingleReceiver {
    /// At this address, with this secret.
    ///
    /// # Errors
    /// When no connection could ever be secured.
    pub fn new(url: HookUrl, secret: HookSecret) -> Result<Self, TlsError> {
        let options = Options {
            allowed: AllowedAddresses::Any,
            deadline: DEADLINE,
            onion_proxy: None,
            waiting_per_token: 0,
        };
        Ok(Self {
            client: Client::new(&options, guard::system())?,
            hook: Hook {
                url,
                format: HookFormat::Standard,
                token: None,
            },
            secrets: Secrets {
                current: secret,
                previous: None,
            },
        })
    }

    /// Sends the body of an event of this type about this subject, once.
    pub async fn send(
        &self,
        kind: &str,
        subject: &str,
        body: Vec<u8>,
        occasion: Occasion,
    ) -> ReceiverAnswer {
        let id = DeliveryId::of_named_event(&self.hook, kind, subject);
        let headers = sign::headers(&self.secrets, &id, Timestamp::now(), &body, occasion);
        let Answer {
            outcome, excerpt, ..
        } = match headers {
            Some(headers) => self.client.post(&self.hook.url, &headers, body).await,
            None => Answer::failed(Failure::Internal),
        };
        ReceiverAnswer { outcome, excerpt }
    }
}
