//! The rates: asking all sources at the same time, once for all requests that come in the meantime.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use facture_domain::{Currency, FixedPrice, Msat, Precision, Price, Rate, RateSource};
use facture_node::{CurrencyError, Node};
use facture_runtime::{
    fetch::{FetchOptions, Fetcher},
    tls::TlsError,
};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tokio::{sync::Mutex as AsyncMutex, time::timeout};

use super::{
    error::NoRate,
    quorum::{self, OF_NODE, Quorum, Rules, Sample},
    web,
};

/// How long a rate is shared by further requests. What is old after that is a question of [`Options::max_age`].
const SHARED: Duration = Duration::from_secs(30);

/// How rates are come by.
#[derive(Clone, Debug)]
pub struct Options {
    /// Who is asked.
    pub sources: Vec<RateSource>,
    /// How many must say a price that can be used.
    pub minimum_sources: usize,
    /// How old a price may be. Of what the node's plugin says, nobody knows: up to an hour.
    pub max_age: Duration,
    /// How far the highest may be above the lowest, in percent.
    pub max_spread_percent: u32,
    /// To what a price is rounded up.
    pub round_up_to: Precision,
    /// How servers are asked, and for how long the node is waited for.
    pub fetch: FetchOptions,
}

/// The rates. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Pricing(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    node: Node,
    options: Options,
    fetcher: Fetcher,
    /// As many as there are currencies at most.
    currencies: Mutex<HashMap<Currency, Arc<AsyncMutex<Option<Answer>>>>>,
}

/// What the sources said last.
#[derive(Debug)]
struct Answer {
    asked_at: Instant,
    samples: Vec<Sample>,
    /// Why the others said nothing.
    failures: Vec<Failure>,
}

/// Why a source says nothing.
#[derive(Debug)]
enum Failure {
    Web(String),
    Node(Arc<CurrencyError>),
    NodeTooSlow,
}

impl Pricing {
    /// By these sources; this node is one of them if they say so.
    ///
    /// # Errors
    /// [`TlsError`] when no connection could ever be secured.
    pub fn new(node: Node, options: Options) -> Result<Self, TlsError> {
        Ok(Self(Arc::new(Parts {
            node,
            fetcher: Fetcher::new(options.fetch.clone())?,
            options,
            currencies: Mutex::default(),
        })))
    }

    /// What a price is in bitcoin now: one in another currency by the rate of now, rounded up as configured; one in bitcoin or
    /// satoshi by none, rounded up to the next millisatoshi.
    ///
    /// # Errors
    /// [`NoRate`].
    pub async fn price(
        &self,
        price: &Price,
        quorum: Quorum,
    ) -> Result<(Msat, Option<Rate>), NoRate> {
        if let Ok(amount) = price.in_bitcoin() {
            let amount = amount.filter(|amount| *amount <= Msat::PAYABLE);
            return Ok((amount.ok_or(NoRate::TooHigh)?, None));
        }
        let FixedPrice { amount, rate } = self.price_by_rate(price, quorum).await?;
        Ok((amount, Some(rate)))
    }

    /// What a price in another currency is in bitcoin by the rate of now, rounded up as configured.
    ///
    /// # Errors
    /// [`NoRate`].
    pub async fn price_by_rate(&self, price: &Price, quorum: Quorum) -> Result<FixedPrice, NoRate> {
        let rate = self.rate_of(price, quorum).await?;
        self.price_at(price, rate)
    }

    /// What a price is in bitcoin now, rounded up to the next millisatoshi.
    ///
    /// # Errors
    /// [`NoRate`].
    pub async fn worth(&self, price: &Price, quorum: Quorum) -> Result<Msat, NoRate> {
        let amount = match price.in_bitcoin() {
            Ok(amount) => amount,
            Err(price) => self.rate_of(price, quorum).await?.msat_of(price),
        };
        amount.ok_or(NoRate::TooHigh)
    }

    async fn rate_of(&self, price: &Price, quorum: Quorum) -> Result<Rate, NoRate> {
        let currency = Currency::parse(price.currency());
        let currency = currency.map_err(|_| NoRate::Unknown(price.currency().to_owned()))?;
        self.rate(currency, quorum).await
    }

    /// What a price in another currency is in bitcoin at a rate of that currency.
    ///
    /// # Errors
    /// [`NoRate::TooHigh`].
    pub fn price_at(&self, price: &Price, rate: Rate) -> Result<FixedPrice, NoRate> {
        let amount = rate.msat_of(price);
        let amount = amount.and_then(|amount| amount.rounded_up(self.0.options.round_up_to));
        match amount.filter(|amount| *amount <= Msat::PAYABLE) {
            Some(amount) => Ok(FixedPrice { amount, rate }),
            None => Err(NoRate::TooHigh),
        }
    }

    /// What a bitcoin costs now.
    ///
    /// # Errors
    /// [`NoRate`].
    pub async fn rate(&self, currency: Currency, quorum: Quorum) -> Result<Rate, NoRate> {
        let came_at = Instant::now();
        let known = {
            let mut currencies = self
                .0
                .currencies
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            Arc::clone(currencies.entry(currency).or_default())
        };
        // The others wait here for the one that asks.
        let mut known = known.lock().await;
        let shared = SHARED.min(self.0.options.max_age);
        let usable = known.as_ref().is_some_and(|answer| {
            let succeeded = self.decide(currency, answer, quorum).is_ok();
            answer.asked_at >= came_at || succeeded && answer.asked_at.elapsed() < shared
        });
        if !usable {
            *known = Some(self.ask(currency).await);
        }
        let Some(answer) = known.as_ref() else {
            return Err(NoRate::TooHigh);
        };
        let decided = self.decide(currency, answer, quorum);
        if let Ok(rate) = &decided
            && quorum == Quorum::One
            && answer.samples.len() < self.0.options.minimum_sources
        {
            tracing::warn!(%currency, source = rate.source, "the rate has fewer sources than pricing.minimum_sources");
        }
        decided
    }

    fn decide(&self, currency: Currency, answer: &Answer, quorum: Quorum) -> Result<Rate, NoRate> {
        let options = &self.0.options;
        if answer.samples.is_empty()
            && let [failure] = &*answer.failures
            && let Some(error) = of_node_alone(failure)
        {
            return Err(error);
        }
        quorum::decide(
            currency,
            answer.samples.clone(),
            answer.failures.iter().map(Failure::reason).collect(),
            Rules {
                minimum_sources: match quorum {
                    Quorum::Configured => options.minimum_sources,
                    Quorum::One => 1,
                },
                max_spread: u64::from(options.max_spread_percent) * 100,
            },
        )
    }

    /// Asks all sources. What is too late is left out, so it takes no longer than the deadline.
    async fn ask(&self, currency: Currency) -> Answer {
        let asked_at = Instant::now();
        let sources = self.0.options.sources.iter();
        let said = join_all(sources.map(|source| self.ask_one(source, currency))).await;
        let (mut samples, mut failures) = (Vec::new(), Vec::new());
        for said in said {
            match said {
                Ok(said) => samples.extend(said),
                Err(failure) => {
                    tracing::debug!(%currency, reason = failure.reason(), "a source has no rate");
                    failures.push(failure);
                }
            }
        }
        Answer {
            asked_at,
            samples,
            failures,
        }
    }

    async fn ask_one(
        &self,
        source: &RateSource,
        currency: Currency,
    ) -> Result<Vec<Sample>, Failure> {
        let Parts {
            node,
            options,
            fetcher,
            ..
        } = &*self.0;
        match source {
            RateSource::Web(source) => {
                let max_age = SignedDuration::try_from(options.max_age);
                let max_age = max_age.unwrap_or(SignedDuration::MAX);
                let said = web::ask(fetcher, source, currency, max_age).await;
                let said = said.map_err(|reason| format!("{}: {reason}", source.name()));
                Ok(vec![said.map_err(Failure::Web)?])
            }
            RateSource::Node => {
                let at = Timestamp::now();
                let said = timeout(options.fetch.deadline, node.currency_rates(currency)).await;
                let said = said.map_err(|_| Failure::NodeTooSlow)?;
                let said = said.map_err(|error| Failure::Node(Arc::new(error)))?;
                let of_node = said.into_iter().map(|rate| Sample {
                    source: format!("{OF_NODE}{}", rate.source),
                    price: rate.price,
                    at,
                });
                Ok(of_node.collect())
            }
        }
    }
}

impl Failure {
    fn reason(&self) -> String {
        match self {
            Self::Web(reason) => reason.clone(),
            Self::Node(error) => error.to_string(),
            Self::NodeTooSlow => "the node takes too long".to_owned(),
        }
    }
}

/// When the node is the only source, what is wrong with it says more than that there are too few.
fn of_node_alone(failure: &Failure) -> Option<NoRate> {
    let Failure::Node(error) = failure else {
        return None;
    };
    match &**error {
        CurrencyError::NoRates => Some(NoRate::Unsupported(Arc::clone(error))),
        CurrencyError::Node(error) => Some(NoRate::Node(Arc::clone(error))),
        CurrencyError::Outage(_) | CurrencyError::Failed(_) => None,
    }
}
