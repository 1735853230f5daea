//! Watches what holds for a while: the node is away, it can receive little, prices have no exchange rate. Each is told once when
//! it begins and once when it is over. Nothing is asked that no rule tells.

use std::{collections::BTreeSet, future::pending, sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::{error::Error, service::Notices};
use crate::{
    invoices::{Invoicing, Link},
    pricing::{Pricing, Quorum},
};
use facture_domain::{
    Currency, LinkUnit, Msat,
    notice::{Condition, NoticeEvent, NoticeRule, Turn},
};
use facture_runtime::clock::{Clock, after};

/// How often it looks.
const CHECK_INTERVAL: Duration = Duration::from_secs(60);

/// When something is worth telling.
#[derive(Clone, Debug)]
pub struct ConditionLimits {
    /// For how long the node must be away.
    pub node_away: Duration,
    /// Below which amount the node can receive little. It is over at a tenth more, so that nobody is told again and again.
    pub receivable_below: Msat,
    /// The currencies of the form, beside those of open payment links.
    pub currencies: Vec<Currency>,
    /// For how long there must be no rate: as long as an old one could be used.
    pub no_rate: Duration,
}

/// Watches the conditions.
pub struct ConditionWatch {
    notices: Notices,
    invoicing: Invoicing,
    pricing: Pricing,
    limits: ConditionLimits,
    clock: Clock,
}

/// Since when something holds.
#[derive(Debug, Default)]
struct Since {
    away: Option<Timestamp>,
    no_rate: Option<Timestamp>,
}

impl ConditionWatch {
    /// Tells what these say by those notices.
    pub fn new(
        notices: Notices,
        invoicing: Invoicing,
        pricing: Pricing,
        limits: ConditionLimits,
        clock: Clock,
    ) -> Self {
        Self {
            notices,
            invoicing,
            pricing,
            limits,
            clock,
        }
    }

    /// Watches until it is stopped.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let mut since = Since::default();
        let mut progress = self.invoicing.progress().clone();
        loop {
            let now = self.clock.now();
            let follows = progress.borrow_and_update().link == Link::Following;
            since.away = match follows {
                true => None,
                false => since.away.or(Some(now)),
            };
            if let Err(error) = self.look(&mut since, now).await {
                tracing::error!(%error, "what is to be told cannot be read or written");
            }
            let check = after(now, CHECK_INTERVAL);
            let away = since.away.map(|away| after(away, self.limits.node_away));
            let away = away.filter(|away| *away > now);
            let changed = async {
                // Invoices make progress, too: only the link is of interest.
                let other = progress
                    .wait_for(|progress| (progress.link == Link::Following) != follows)
                    .await
                    .is_err();
                if other {
                    pending::<()>().await;
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = changed => {}
                () = self.clock.sleep_until(away.map_or(check, |away| away.min(check))) => {}
            }
        }
    }

    async fn look(&self, since: &mut Since, now: Timestamp) -> Result<(), Error> {
        let rules = self.notices.rules().await?;
        let tells = |event| rules.iter().any(|rule: &NoticeRule| rule.event == event);
        match since.away {
            None => self.tell(&rules, Turn::Over, Condition::NodeAway).await?,
            Some(away) if after(away, self.limits.node_away) <= now => {
                self.tell(&rules, Turn::Began, Condition::NodeAway).await?;
            }
            Some(_) => {}
        }
        if since.away.is_none() && tells(NoticeEvent::LittleReceivable) {
            self.look_at_receivable(&rules).await?;
        }
        if tells(NoticeEvent::NoRate) {
            self.look_at_rates(&rules, since, now).await?;
        }
        Ok(())
    }

    async fn look_at_receivable(&self, rules: &[NoticeRule]) -> Result<(), Error> {
        // A node that does not say it, or does not answer, says nothing about it.
        let Ok(Some(amount)) = self.invoicing.receivable().await else {
            return Ok(());
        };
        let least = self.limits.receivable_below.msat();
        let turn = match amount.msat() {
            little if little < least => Turn::Began,
            enough if enough >= least.saturating_add(least / 10) => Turn::Over,
            _ => return Ok(()),
        };
        self.tell(rules, turn, Condition::LittleReceivable(amount))
            .await
    }

    async fn look_at_rates(
        &self,
        rules: &[NoticeRule],
        since: &mut Since,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut without = BTreeSet::new();
        let currencies = self.currencies().await?;
        for currency in &currencies {
            if self
                .pricing
                .rate(*currency, Quorum::Configured)
                .await
                .is_err()
            {
                without.insert(currency.code());
            }
        }
        let list = |codes: Vec<&str>| Condition::NoRate(codes.join(", "));
        if without.is_empty() {
            since.no_rate = None;
            let codes = currencies.iter().map(|currency| currency.code()).collect();
            return self.tell(rules, Turn::Over, list(codes)).await;
        }
        let began = *since.no_rate.get_or_insert(now);
        match after(began, self.limits.no_rate) <= now {
            true => {
                let codes = without.into_iter().collect();
                self.tell(rules, Turn::Began, list(codes)).await
            }
            false => Ok(()),
        }
    }

    /// The currencies that buyers see prices in.
    async fn currencies(&self) -> Result<Vec<Currency>, Error> {
        let mut currencies = self.limits.currencies.clone();
        for link in self.notices.store.links().await? {
            if let (LinkUnit::Currency(currency), None) =
                (link.terms.amount.unit(), link.stopped_at)
                && !currencies.contains(&currency)
            {
                currencies.push(currency);
            }
        }
        Ok(currencies)
    }

    /// Tells it if it is news for some rule.
    async fn tell(
        &self,
        rules: &[NoticeRule],
        turn: Turn,
        condition: Condition,
    ) -> Result<(), Error> {
        let is_news = |rule: &NoticeRule| {
            rule.event == condition.event() && rule.told_since.is_some() == (turn == Turn::Over)
        };
        if rules.iter().any(is_news) {
            self.notices.store.write_condition(turn, condition).await?;
        }
        Ok(())
    }
}
