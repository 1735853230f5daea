//! The texts of problems, in the visitor's language.

use std::borrow::Cow;

use super::problem::Problem;
use crate::locale::Language;

impl Problem {
    /// What happened, as a heading.
    pub(crate) fn title(&self, language: Language) -> Cow<'static, str> {
        language.say(&format!("{}.title", self.text()))
    }

    /// What it means and what to do next, for a page in the visitor's language.
    pub(crate) fn message(&self, language: Language) -> String {
        if self.is_only_for_programs() {
            return self.explanation().into_owned();
        }
        match self {
            Self::Invalid(invalid) => invalid.message.clone(),
            _ => language.say(&self.text()).into_owned(),
        }
    }

    /// Whether it is never shown on a page.
    fn is_only_for_programs(&self) -> bool {
        matches!(
            self,
            Self::HeaderRepeated(_)
                | Self::NotJson
                | Self::MalformedJson
                | Self::Unauthorized
                | Self::Forbidden(_)
                | Self::KeyReused
                | Self::InvoicePaid
                | Self::InvoiceExpired
                | Self::InvoiceCancelled
                | Self::InvoiceNotHeld
                | Self::InvoiceSettling
                | Self::HoldUnavailable
                | Self::TooManyHolds
                | Self::TooManyWebhooks
                | Self::TooManyDeliveries
                | Self::WebhookNotFound
                | Self::DeliveryNotFound
                | Self::WebhookDisabled
                | Self::PayoutNotFound
                | Self::TooManyPayouts
                | Self::AlreadyOrdered(_)
                | Self::PayoutState(_)
                | Self::BegunByAnother
                | Self::VoucherNotFound
                | Self::VoucherState(_)
                | Self::InvoiceNotPaid
                | Self::RefundTooLarge(_)
                | Self::WordUnavailable
                | Self::ItemOfConfiguration
                | Self::TooManyItems
                | Self::TooManyLinks
                | Self::OffersUnavailable
                | Self::OfferTaken
                | Self::OfferDisabled
                | Self::TooManyOffers
                | Self::NodeSyncing
        )
    }

    /// The name of its texts in `locales/`.
    fn text(&self) -> String {
        match self {
            Self::Invalid(_) => "trouble-invalid".to_owned(),
            Self::RatesUnavailable => "trouble-no-rate".to_owned(),
            Self::LinkNotFound => "trouble-not-found".to_owned(),
            _ if self.is_only_for_programs() => "trouble-bad-request".to_owned(),
            _ => format!("trouble-{}", self.code().replace('_', "-")),
        }
    }
}
