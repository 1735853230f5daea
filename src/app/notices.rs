//! Notices, as configured.

use std::sync::Arc;

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::options::webhook_options;
use crate::{
    config::{Config, PublicUrl},
    invoices::Invoicing,
    notices::{ChannelOptions, ConditionLimits, ConditionWatch, Notices, Notifier, Texts},
    pricing::Pricing,
    web::Mode,
    webhooks::Webhooks,
};
use facture_domain::Msat;
use facture_runtime::{clock::Clock, supervisor, tls::TlsError};
use facture_store::Store;

/// The notices of a shop.
pub(super) fn notices(
    config: &Config,
    mode: &Mode,
    store: Store,
    webhooks: Webhooks,
) -> Result<Notices, TlsError> {
    let channels = ChannelOptions {
        smtp: config.notices.smtp(),
        telegram: config.notices.telegram(),
        http: webhook_options(config, mode),
    };
    let texts = Texts::new(
        config.site.language,
        config.site.name.as_str(),
        desk(config),
    );
    Notices::new(store, webhooks, channels, texts)
}

/// What writes and sends notices.
pub(super) struct Notifying {
    notifier: Arc<Notifier>,
    watch: Arc<ConditionWatch>,
}

impl Notifying {
    /// The notices of this shop.
    pub(super) fn new(
        config: &Config,
        notices: &Notices,
        invoicing: Invoicing,
        pricing: Pricing,
        clock: Clock,
    ) -> Self {
        let least = config.notices.receivable_below_sat.value();
        let limits = ConditionLimits {
            node_away: config.notices.node_away(),
            receivable_below: Msat::from_sat(least.into()).unwrap_or(Msat::MAX),
            currencies: config.form.currencies.clone(),
            no_rate: config.pricing.max_age(),
        };
        let notifier = Notifier::new(notices.clone(), clock.clone());
        let watch = ConditionWatch::new(notices.clone(), invoicing, pricing, limits, clock);
        Self {
            notifier: Arc::new(notifier),
            watch: Arc::new(watch),
        }
    }

    /// Runs until it is stopped.
    pub(super) fn spawn(self, tasks: &TaskTracker, stopping: &CancellationToken) {
        let Self { notifier, watch } = self;
        let stop = stopping.clone();
        tasks.spawn(supervisor::supervise("notifier", move || {
            Arc::clone(&notifier).run(stop.clone())
        }));
        let stop = stopping.clone();
        tasks.spawn(supervisor::supervise("conditions", move || {
            Arc::clone(&watch).run(stop.clone())
        }));
    }
}

/// The origin of the desk, for links; `None`: only those who visit it know it.
fn desk(config: &Config) -> Option<String> {
    let url = config.desk.url(&config.server);
    let is_known = config.desk.enabled && matches!(url, PublicUrl::Fixed(_));
    is_known.then(|| url.to_string())
}
