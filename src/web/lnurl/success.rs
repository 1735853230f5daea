//! What a wallet shows once it has paid (LUD-09, LUD-10).

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;

use crate::{
    config::{LightningAddressConfig, SuccessMessage},
    reveal::SealedText,
    web::origin::Origin,
};
use facture_domain::{Item, Label, LinkText, PaymentLink};

/// What the receipt is called that a wallet links to.
const RECEIPT: &str = "Receipt";

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
    /// A text that the preimage opens.
    Aes {
        /// At most 144 characters.
        description: String,
        /// In Base64, at most 4096 characters.
        ciphertext: String,
        /// In Base64.
        iv: String,
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
                description: message.unwrap_or(RECEIPT).to_owned(),
                url: origin.status_url(label),
            }),
            (false, Some(message)) => Some(Self::Message {
                message: message.to_owned(),
            }),
            (false, None) => None,
        }
    }

    /// Of an item: what is sold, or else the page of the invoice, which has it.
    pub(super) fn of_item(
        item: &Item,
        sealed: Option<SealedText>,
        origin: &Origin,
        label: &Label,
    ) -> Self {
        let title = Some(item.title.as_str()).filter(fits);
        let description = title.unwrap_or(RECEIPT).to_owned();
        match sealed {
            Some(SealedText { ciphertext, iv }) => Self::Aes {
                description,
                ciphertext: STANDARD.encode(ciphertext),
                iv: STANDARD.encode(iv),
            },
            None => Self::Url {
                description,
                url: origin.status_url(label),
            },
        }
    }

    /// Of an order by a payment link: its receipt, which has the whole thank-you text. Wallets refuse to pay when the words are
    /// longer than they may be.
    pub(super) fn of_link(link: &PaymentLink, origin: &Origin, label: &Label) -> Self {
        let thanks = link.terms.thanks.as_ref().map(LinkText::as_str);
        let words = thanks.filter(fits).or(Some(link.terms.title.as_str()));
        Self::Url {
            description: words.filter(fits).unwrap_or(RECEIPT).to_owned(),
            url: origin.status_url(label),
        }
    }
}

/// Whether wallets take these words.
fn fits(text: &&str) -> bool {
    text.chars().count() <= SuccessMessage::MAX_CHARACTERS && !text.contains('\n')
}
