//! Words for rules: what is told, by which way, and why it does not arrive.

use std::borrow::Cow;

use super::frame::Frame;
use facture_domain::notice::{NoticeChannel, NoticeEvent, NoticeFailure, NoticeTarget};

/// For the templates.
impl Frame {
    pub(crate) fn notice_event(&self, event: &NoticeEvent) -> Cow<'static, str> {
        match event {
            NoticeEvent::SalePaid => self.say("desk-notice-sale-paid"),
            NoticeEvent::EndpointGone => self.say("desk-notice-endpoint-gone"),
            NoticeEvent::NodeAway => self.say("desk-notice-node-away"),
            NoticeEvent::LittleReceivable => self.say("desk-notice-little-receivable"),
            NoticeEvent::NoRate => self.say("desk-notice-no-rate"),
        }
    }

    pub(crate) fn notice_channel(&self, channel: &NoticeChannel) -> Cow<'static, str> {
        match channel {
            NoticeChannel::Mail => self.say("desk-notice-mail"),
            // Names.
            NoticeChannel::Ntfy => Cow::Borrowed("ntfy"),
            NoticeChannel::Telegram => Cow::Borrowed("Telegram"),
        }
    }

    /// By which way something goes there.
    pub(crate) fn notice_way(&self, target: &NoticeTarget) -> Cow<'static, str> {
        self.notice_channel(&target.channel())
    }

    /// Which key of the configuration switches a channel on.
    pub(crate) fn notice_missing(&self, channel: &NoticeChannel, key: &str) -> String {
        let gaps = [
            ("channel", self.notice_channel(channel).as_ref().into()),
            ("key", key.into()),
        ];
        self.language().say_with("desk-notice-missing", &gaps)
    }

    pub(crate) fn notice_failure(&self, failure: &NoticeFailure) -> Cow<'static, str> {
        match failure {
            NoticeFailure::Unreachable => self.say("desk-notice-unreachable"),
            NoticeFailure::Credentials => self.say("desk-notice-credentials"),
            NoticeFailure::Refused => self.say("desk-notice-refused"),
            NoticeFailure::NotTaken => self.say("desk-notice-not-taken"),
            NoticeFailure::NotAllowed => self.say("desk-notice-not-allowed"),
            NoticeFailure::NotConfigured => self.say("desk-notice-not-configured"),
            NoticeFailure::Internal => self.say("desk-notice-internal"),
        }
    }
}
