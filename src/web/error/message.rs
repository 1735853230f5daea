//! What a visitor is told about a problem, in their language.

use std::borrow::Cow;

use super::problem::Problem;
use crate::locale::Language;
use facture_domain::token::Scope;

impl Problem {
    /// What happened, as a heading.
    pub(crate) fn title(&self, language: Language) -> Cow<'static, str> {
        language.say(&format!("{}.title", self.text()))
    }

    /// What it means and what to do next. A field's fault is said in the language in which the field was read.
    pub(crate) fn message(&self, language: Language) -> String {
        match self {
            Self::Invalid(invalid) => invalid.message.clone(),
            Self::HeaderRepeated(name) => {
                format!("The header {name} must be sent once, and was sent more often.")
            }
            _ => match self.for_programs() {
                Some(message) => message.to_owned(),
                None => language.say(&self.text()).into_owned(),
            },
        }
    }

    /// What only a program can do wrong, told in the language of the interface; no page ever says it.
    fn for_programs(&self) -> Option<&'static str> {
        Some(match self {
            Self::NotJson => "Send the fields as application/json.",
            Self::MalformedJson => "The body is not well-formed JSON.",
            Self::Unauthorized => "Send a valid API token: Authorization: Bearer <token>.",
            Self::Forbidden(scope) => match scope {
                Scope::InvoicesRead => "The token lacks the scope invoices:read.",
                Scope::InvoicesCreate => "The token lacks the scope invoices:create.",
                Scope::Webhooks => "The token lacks the scope webhooks.",
                Scope::Admin => "The token lacks the scope admin.",
            },
            Self::KeyReused => {
                "Another request was sent with this idempotency key before. Use a new key for a new request."
            }
            Self::InvoicePaid => "The buyer has paid it: it cannot be cancelled.",
            Self::InvoiceExpired => "It has expired: nobody can pay it any more.",
            Self::TooManyWebhooks => {
                "There are as many webhooks as there may be. Delete one that is not needed."
            }
            Self::TooManyDeliveries => {
                "Too many deliveries to webhooks of single invoices wait: their receivers do not answer. Until they do, \
                 make invoices without one."
            }
            Self::WebhookNotFound => "There is no such webhook.",
            Self::DeliveryNotFound => "There is no such delivery.",
            Self::WebhookDisabled => "The webhook is disabled: nothing is sent to it.",
            Self::NodeSyncing => {
                "The Lightning node is still syncing: until it knows the chain, payments may fail."
            }
            _ => return None,
        })
    }

    /// The name of its words in `locales/`.
    fn text(&self) -> String {
        match self {
            Self::Invalid(_) => "trouble-invalid".to_owned(),
            Self::HeaderRepeated(_) => "trouble-bad-request".to_owned(),
            _ if self.for_programs().is_some() => "trouble-bad-request".to_owned(),
            _ => format!("trouble-{}", self.code().replace('_', "-")),
        }
    }
}
