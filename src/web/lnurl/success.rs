//! What a wallet shows once it has paid (LUD-09).

use serde::Serialize;

use crate::{config::LightningAddressConfig, web::origin::Origin};
use facture_domain::Label;

/// What a wallet shows once it has paid.
#[derive(Debug, Serialize)]
#[serde(tag = "tag", rename_all = "camelCase")]
pub(super) enum SuccessAction {
    /// A text.
    Message {
        /// At most 144 characters.
        message: String,
    },
    /// A link, which must be on the same host as the callback.
    Url {
        /// At most 144 characters.
        description: String,
        /// The address.
        url: String,
    },
}

impl SuccessAction {
    /// What is configured, for this invoice.
    pub(super) fn of(
        config: &LightningAddressConfig,
        origin: &Origin,
        label: &Label,
    ) -> Option<Self> {
        let message = config.success_message.get();
        match (config.success_receipt, message) {
            (true, message) => Some(Self::Url {
                description: message.unwrap_or("Receipt").to_owned(),
                url: origin.status_url(label),
            }),
            (false, Some(message)) => Some(Self::Message {
                message: message.to_owned(),
            }),
            (false, None) => None,
        }
    }
}
