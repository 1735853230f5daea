//! The rules, for the desk, and the test of one.

use std::sync::Arc;

use tokio::sync::Notify;

use super::{
    channels::{ChannelOptions, Channels},
    error::Error,
    reply::NotSent,
    texts::Texts,
};
use crate::webhooks::Webhooks;
use facture_domain::{
    HookUrl,
    desk::{Actor, AuditAction},
    notice::{NewNoticeRule, NoticeChannel, NoticeRule, NoticeTarget, UndeliveredNotice},
};
use facture_runtime::tls::TlsError;
use facture_store::{NoticeRuleAdded, Store};

/// Notices. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Notices {
    pub(super) store: Store,
    pub(super) shared: Arc<Shared>,
    webhooks: Webhooks,
}

/// What the rules, the queue and the watch share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) channels: Channels,
    pub(super) texts: Texts,
    /// What failed is worth another try now.
    pub(super) retry: Notify,
}

impl Notices {
    /// On this store. Which addresses are allowed, the webhooks know.
    ///
    /// # Errors
    /// [`TlsError`] when no connection could ever be secured.
    pub fn new(
        store: Store,
        webhooks: Webhooks,
        channels: ChannelOptions,
        texts: Texts,
    ) -> Result<Self, TlsError> {
        Ok(Self {
            store,
            shared: Arc::new(Shared {
                channels: Channels::new(channels)?,
                texts,
                retry: Notify::new(),
            }),
            webhooks,
        })
    }

    /// Whether this channel is configured.
    pub fn has(&self, channel: NoticeChannel) -> bool {
        self.shared.channels.has(channel)
    }

    /// Makes a rule. It tells what happens from now on.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn add(&self, new: NewNoticeRule, actor: &Actor) -> Result<(), Error> {
        if let NoticeTarget::Ntfy(topic) = &new.target
            && let Ok(server) = HookUrl::parse(topic.server())
        {
            self.webhooks.check(&server)?;
        }
        let entry = actor
            .did(AuditAction::NoticeRuleMade, new.event.as_str())
            .with(new.target.channel().as_str());
        match self.store.add_notice_rule(new, Some(entry)).await? {
            NoticeRuleAdded::Done => Ok(()),
            NoticeRuleAdded::TooMany => Err(Error::TooMany),
        }
    }

    /// Removes a rule, if it is there; what waits is not sent.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn remove(&self, number: u64, actor: &Actor) -> Result<(), Error> {
        let entry = actor.did(AuditAction::NoticeRuleRemoved, number.to_string());
        self.store.remove_notice_rule(number, Some(entry)).await?;
        Ok(())
    }

    /// All rules, the oldest first.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn rules(&self) -> Result<Vec<NoticeRule>, Error> {
        Ok(self.store.notice_rules().await?)
    }

    /// Notices that were given up, the newest first, at most `limit`.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn undelivered(&self, limit: u32) -> Result<Vec<UndeliveredNotice>, Error> {
        Ok(self.store.undelivered_notices(limit).await?)
    }

    /// How many notices wait.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn waiting(&self) -> Result<u64, Error> {
        Ok(self.store.notices_waiting().await?)
    }

    /// Sends a test to the target of a rule at once: what the server answered; `None`: there is no such rule. What waits is
    /// tried again when it arrives.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn test(&self, number: u64) -> Result<Option<Result<String, NotSent>>, Error> {
        let Some(rule) = self.store.notice_rule(number).await? else {
            return Ok(None);
        };
        let Shared {
            channels, texts, ..
        } = &*self.shared;
        let message = texts.test();
        let sent = channels.send(texts.shop(), &rule.target, &message).await;
        if sent.is_ok() {
            self.shared.retry.notify_one();
        }
        Ok(Some(sent))
    }
}
