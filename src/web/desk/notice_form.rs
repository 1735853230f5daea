//! The form of a rule for notices: what somebody types, and the rule that it makes.

use std::borrow::Cow;

use super::{frame::Frame, posted::Fields};
use facture_domain::notice::{
    NewNoticeRule, NoticeChannel, NoticeEvent, NoticeTarget, TargetError,
};

/// What is typed, to be shown again if it is invalid. A token is not shown again.
#[derive(Clone, Debug)]
pub(super) struct NoticeForm {
    pub(super) event: NoticeEvent,
    pub(super) channel: NoticeChannel,
    pub(super) address: String,
    /// The fields that cannot be taken, and why.
    pub(super) errors: Vec<(&'static str, NoticeFormError)>,
}

/// Why a field cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoticeFormError {
    /// There is no such event.
    Event,
    /// There is no such channel, or it is not configured.
    Channel,
    /// It is no address of this channel.
    Address,
    /// Nothing is sent to addresses such as this one.
    NotAllowed,
    /// It is no access token.
    Token,
    /// There are as many rules as may be.
    TooMany,
}

/// The longest text that is shown again, in characters.
const MAX_TYPED: usize = 300;

impl NoticeFormError {
    /// In words.
    pub(super) fn words(self, frame: &Frame) -> Cow<'static, str> {
        match self {
            Self::Event => frame.say("desk-notice-event-wrong"),
            Self::Channel => frame.say("desk-notice-channel-wrong"),
            Self::Address => frame.say("desk-notice-address-wrong"),
            Self::NotAllowed => frame.say("desk-notice-not-allowed"),
            Self::Token => frame.say("desk-notice-token-wrong"),
            Self::TooMany => frame.say("desk-notice-too-many"),
        }
    }
}

impl NoticeForm {
    /// For a new rule.
    pub(super) fn new() -> Self {
        Self {
            event: NoticeEvent::SalePaid,
            channel: NoticeChannel::Mail,
            address: String::new(),
            errors: Vec::new(),
        }
    }

    /// As it was sent, and the rule that it makes, if all fields can be taken.
    pub(super) fn read(
        fields: &Fields,
        has: impl Fn(NoticeChannel) -> bool,
    ) -> (Self, Option<NewNoticeRule>) {
        let (event, channel) = (
            NoticeEvent::parse(fields.text("event")),
            NoticeChannel::parse(fields.text("channel")).filter(|channel| has(*channel)),
        );
        let address = fields.text("address").trim();
        let new = Self::new();
        let mut form = Self {
            event: event.unwrap_or(new.event),
            channel: channel.unwrap_or(new.channel),
            address: address.chars().take(MAX_TYPED).collect(),
            errors: Vec::new(),
        };
        let target = channel
            .map(|channel| NoticeTarget::parse(channel, address, fields.text("token").trim()));
        match target {
            None => form.errors.push(("channel", NoticeFormError::Channel)),
            Some(Err(TargetError::Address)) => {
                form.errors.push(("address", NoticeFormError::Address));
            }
            Some(Err(TargetError::Token)) => form.errors.push(("token", NoticeFormError::Token)),
            Some(Ok(_)) => {}
        }
        let Some(event) = event else {
            form.errors.push(("event", NoticeFormError::Event));
            return (form, None);
        };
        let rule = target.and_then(Result::ok);
        (form, rule.map(|target| NewNoticeRule { event, target }))
    }

    /// What is wrong with a field.
    pub(super) fn error(&self, field: &str) -> Option<NoticeFormError> {
        let found = self.errors.iter().find(|(name, _)| *name == field);
        found.map(|(_, error)| *error)
    }
}
