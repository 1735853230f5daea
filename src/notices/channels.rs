//! The ways to send, as far as they are configured.

use std::{path::PathBuf, time::Duration};

use super::{mail, ntfy, reply::NotSent, telegram, texts::Message};
use crate::{
    config::{BotApiUrl, SmtpServer},
    webhooks::{self, Client},
};
use facture_domain::notice::{NoticeChannel, NoticeFailure, NoticeTarget};
use facture_runtime::{
    guard::{self, AllowedAddresses},
    tls::TlsError,
};

/// How messages are sent.
#[derive(Clone, Debug)]
pub struct ChannelOptions {
    /// The SMTP server; `None`: there is no mail.
    pub smtp: Option<SmtpServer>,
    /// The file with the token of a Telegram bot, and the address of the Bot API; `None`: there is no Telegram.
    pub telegram: Option<(PathBuf, BotApiUrl)>,
    /// How addresses that people at the desk name are reached: as those of webhooks.
    pub http: webhooks::Options,
}

/// The ways to send.
#[derive(Debug)]
pub(super) struct Channels {
    smtp: Option<SmtpServer>,
    telegram: Option<(PathBuf, BotApiUrl)>,
    deadline: Duration,
    /// For addresses that people at the desk name.
    named: Client,
    /// For addresses of the configuration, which may be on a private network.
    configured: Client,
}

impl Channels {
    pub(super) fn new(options: ChannelOptions) -> Result<Self, TlsError> {
        let ChannelOptions {
            smtp,
            telegram,
            http,
        } = options;
        let trusted = webhooks::Options {
            allowed: AllowedAddresses::Any,
            ..http.clone()
        };
        Ok(Self {
            smtp,
            telegram,
            deadline: http.deadline,
            named: Client::new(&http, guard::system())?,
            configured: Client::new(&trusted, guard::system())?,
        })
    }

    pub(super) fn has(&self, channel: NoticeChannel) -> bool {
        match channel {
            NoticeChannel::Mail => self.smtp.is_some(),
            NoticeChannel::Ntfy => true,
            NoticeChannel::Telegram => self.telegram.is_some(),
        }
    }

    /// Sends a message of the shop of this name: what the server answered.
    pub(super) async fn send(
        &self,
        shop: &str,
        target: &NoticeTarget,
        message: &Message,
    ) -> Result<String, NotSent> {
        let missing = |key: &str| NotSent::new(NoticeFailure::NotConfigured, key);
        match target {
            NoticeTarget::Mail(to) => {
                let smtp = self.smtp.as_ref();
                let smtp = smtp.ok_or_else(|| missing("notices.smtp_host"))?;
                mail::send(smtp, shop, to, message, self.deadline).await
            }
            NoticeTarget::Ntfy(topic) => ntfy::send(&self.named, topic, message).await,
            NoticeTarget::Telegram(chat) => {
                let telegram = self.telegram.as_ref();
                let (file, api) = telegram.ok_or_else(|| missing("notices.telegram_token_file"))?;
                telegram::send(&self.configured, (file, api), chat, message).await
            }
        }
    }
}
