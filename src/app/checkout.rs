//! A checkout: all parts joined, run, and stopped in order.

use std::{
    future::Future,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use tokio::{net::TcpListener, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    backend::{Backend, is_open_socket},
    notices::{self, Notifying},
    options::{counter_rules, pricing_options, resource, webhook_options},
    parts::Parts,
    sample_sales::{self, SampleSales},
    server_status::{self, StatusSources},
};
use crate::{
    auth::Access,
    bookkeeping::Bookkeeping,
    config::{Config, RevealConfig},
    control,
    control::{PrivateSocket, SocketName},
    counter::Counter,
    invoices::Invoicing,
    links::{LinkRules, Links},
    offers::Offers,
    payouts::Payouts,
    paywall::Paywall,
    pricing::Pricing,
    reveal::{Reveals, SaleRules},
    sync::Follower,
    users::Users,
    web,
    web::{App, Mode, UseCases},
    webhooks::{Dispatcher, Webhooks},
};
use facture_domain::LabelPrefix;
use facture_node::cln::Transport;
use facture_runtime::{clock::Clock, supervisor};
use facture_store::Store;

/// How long what nobody waits for may take once all answers are given: 10 seconds in all.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

/// A checkout that is ready to run: its records are open, and no other server has them.
pub struct Checkout {
    store: Store,
    invoicing: Invoicing,
    payouts: Payouts,
    reveals: Reveals,
    links: Links,
    counter: Counter,
    users: Users,
    follower: Follower,
    access: Access,
    webhooks: Webhooks,
    dispatcher: Dispatcher,
    notifying: Notifying,
    app: App,
    web: web::Web,
    metrics: Option<TcpListener>,
    desk: Option<TcpListener>,
    stopping: CancellationToken,
    limits: web::ConnectionLimits,
    data_dir: PathBuf,
    label_prefix: LabelPrefix,
}

impl Checkout {
    /// Opens the records in the locked directory and joins the parts. The node need not be there yet.
    ///
    /// # Errors
    /// When the records cannot be used.
    pub async fn open(config: &Config, data_dir: &Path, mode: Mode) -> anyhow::Result<Self> {
        Self::open_at(config, data_dir, mode, Clock::system()).await
    }

    /// The same with another clock, by which webhooks are tried again.
    ///
    /// # Errors
    /// When the records cannot be used.
    pub async fn open_at(
        config: &Config,
        data_dir: &Path,
        mode: Mode,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        let backend = match &mode {
            Mode::Live => Backend::configured(config)?,
            Mode::Sandbox(sandbox) => Backend::sandbox(sandbox)?,
        };
        if let Backend::Cln(Transport::Socket(rpc_file)) = &backend {
            warn_of_open_socket(rpc_file);
        }
        let lock = control::take(data_dir).await?;
        let Parts {
            store,
            visitors,
            reads,
            follower,
            labels,
            label_key,
        } = Parts::new(config, lock, &backend).await?;
        let pricing = Pricing::new(reads.clone(), pricing_options(config, &mode))?;
        let label_prefix = labels.prefix().clone();
        let (offer_node, offer_labels) = (visitors.clone(), labels.clone());
        let invoicing = Invoicing::new(
            visitors,
            reads,
            pricing.clone(),
            store.clone(),
            follower.barrier(),
            labels.clone(),
            config.invoice.renewable(),
        );
        let rules = SaleRules {
            expiry: config.invoice.expiry(),
            hold: config.hold.new_hold(None),
            max_held: config.hold.max_open.value(),
        };
        let links = Links::new(
            store.clone(),
            invoicing.clone(),
            labels.clone(),
            LinkRules {
                expiry: config.invoice.expiry(),
                price_expiry: config.pricing.expiry(),
                least: config.invoice.minimum_sat.amount(),
                most: config.invoice.maximum_sat.amount(),
            },
        );
        let counter = Counter::new(store.clone(), invoicing.clone(), counter_rules(config));
        let reveals = Reveals::new(store.clone(), invoicing.clone(), labels, rules);
        let items: Result<_, _> = config.reveal.iter().map(RevealConfig::item).collect();
        reveals.offer_configured(items?).await?;
        let paywall = Paywall::new(
            store.clone(),
            invoicing.clone(),
            label_key.clone(),
            config.paywall.iter().map(resource),
            config.invoice.expiry(),
        );
        let offers = Offers::new(offer_node, store.clone(), offer_labels);
        let payouts = Payouts::new(store.clone(), invoicing.clone(), label_key);
        let users = Users::new(store.clone(), config.desk.session_length());
        let options = webhook_options(config, &mode);
        let webhooks = Webhooks::new(store.clone(), clock.clone(), options);
        let told = notices::notices(config, &mode, store.clone(), webhooks.clone())?;
        let notifying = Notifying::new(config, &told, invoicing.clone(), pricing, clock);
        let stopping = CancellationToken::new();
        let access = Access::new(store.clone(), config.api.token.get());
        let app = App::new(
            config,
            UseCases {
                invoicing: invoicing.clone(),
                payouts: payouts.clone(),
                paywall,
                reveals: reveals.clone(),
                users: users.clone(),
                bookkeeping: Bookkeeping::new(store.clone()),
                offers,
                links: links.clone(),
                notices: told,
                counter: counter.clone(),
            },
            access.clone(),
            webhooks.clone(),
            mode,
            stopping.clone(),
        )?;
        let render = web::delivery_body(&app);
        let dispatcher = Dispatcher::new(&webhooks, render)?;
        Ok(Self {
            store,
            invoicing,
            payouts,
            reveals,
            links,
            counter,
            users,
            follower,
            access,
            webhooks,
            dispatcher,
            notifying,
            web: web::web(app.clone()),
            app,
            metrics: None,
            desk: None,
            stopping,
            limits: web::ConnectionLimits::new(config),
            data_dir: data_dir.to_owned(),
            label_prefix,
        })
    }

    /// The webhook endpoints.
    pub fn webhooks(&self) -> &Webhooks {
        &self.webhooks
    }

    /// Shows on this listener what is counted, and nothing else.
    pub fn with_metrics(self, listener: TcpListener) -> Self {
        Self {
            metrics: Some(listener),
            ..self
        }
    }

    /// Serves the merchant's desk on this listener, and nothing else there.
    pub fn with_desk(self, listener: TcpListener) -> Self {
        Self {
            desk: Some(listener),
            ..self
        }
    }

    /// The payment links.
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// The counter.
    pub fn counter(&self) -> &Counter {
        &self.counter
    }

    /// Puts sales that never were into the records of a sandbox's desk, unless they have invoices. Whether there are such sales. Where
    /// the node is a real one nothing is done.
    ///
    /// # Errors
    /// When the records cannot be written.
    pub async fn add_sample_sales(&self) -> anyhow::Result<bool> {
        let Some(zone) = self.app.zone_of_demo() else {
            return Ok(false);
        };
        let now = Timestamp::now().to_zoned(zone);
        let SampleSales { sales, refunds } = sample_sales::up_to(&now, &self.label_prefix)?;
        let has_samples = self.store.add_samples(sales, refunds).await?;
        if has_samples {
            self.app.has_sample_sales();
        }
        Ok(has_samples)
    }

    /// The users of the merchant's desk.
    pub fn users(&self) -> &Users {
        &self.users
    }

    /// Serves on `listener` until `shutdown` is done, then finishes what is in progress: streams end, invoices are made
    /// to their end, the follower stops: what it had not finished is not begun.
    /// Webhooks that were not answered yet are sent again after the next start.
    pub async fn run(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) {
        if let Ok(address) = listener.local_addr() {
            self.app.listens_at(address);
        }
        let stopping = self.stopping;
        let tasks = TaskTracker::new();
        let reconciler = self.follower.reconciler();
        let status = server_status::routes(StatusSources {
            invoicing: self.invoicing.clone(),
            bookkeeping: Bookkeeping::new(self.store.clone()),
            webhooks: self.webhooks.clone(),
            payouts: self.payouts.clone(),
        });
        let owners_api = web::owners_api(&self.app).merge(status);
        match control::Server::open(
            &self.data_dir,
            self.access,
            self.users,
            reconciler,
            owners_api,
        ) {
            Ok(control) => drop(tasks.spawn(control.run(stopping.clone()))),
            // Buyers can pay without it.
            Err(error) => tracing::error!(
                %error,
                "there is no control socket: `facture token`, `facture user` and `facture reconcile` only work while this server is stopped"
            ),
        }
        match PrivateSocket::open(&self.data_dir, SocketName::Api) {
            Ok(socket) => {
                let served = socket.serve(web::private_api(&self.app), stopping.clone());
                drop(tasks.spawn(served));
            }
            Err(error) => tracing::error!(
                %error,
                "there is no API socket: a payer cannot reach this server"
            ),
        }
        tasks.spawn({
            let (follower, stopping) = (Arc::new(self.follower), stopping.clone());
            supervisor::supervise("follower", move || {
                Arc::clone(&follower).run(stopping.clone())
            })
        });
        tasks.spawn({
            let (dispatcher, stopping) = (Arc::new(self.dispatcher), stopping.clone());
            supervisor::supervise("dispatcher", move || {
                Arc::clone(&dispatcher).run(stopping.clone())
            })
        });
        self.notifying.spawn(&tasks, &stopping);
        tasks.spawn({
            let (reveals, stopping) = (self.reveals, stopping.clone());
            supervisor::supervise("reveals", move || {
                let (reveals, stopping) = (reveals.clone(), stopping.clone());
                async move { reveals.run_holds(stopping).await }
            })
        });
        tasks.spawn({
            let (payouts, stopping) = (self.payouts, stopping.clone());
            supervisor::supervise("payouts", move || {
                let (payouts, stopping) = (payouts.clone(), stopping.clone());
                async move { payouts.run_expiry(stopping).await }
            })
        });
        tasks.spawn({
            let (invoicing, stopping) = (self.invoicing.clone(), stopping.clone());
            supervisor::supervise("valuation", move || {
                let (invoicing, stopping) = (invoicing.clone(), stopping.clone());
                async move { invoicing.run_valuation(stopping).await }
            })
        });
        tasks.spawn({
            let stopping = stopping.clone();
            async move {
                shutdown.await;
                stopping.cancel();
            }
        });
        if let Some(listener) = self.metrics {
            let served = axum::serve(listener, web::metrics(&self.app))
                .with_graceful_shutdown(stopping.clone().cancelled_owned());
            // It never fails.
            tasks.spawn(async move { drop(served.await) });
        }
        if let Some(listener) = self.desk {
            let desk = web::desk(self.app.clone());
            tasks.spawn(web::serve(
                listener,
                desk,
                self.limits.clone(),
                stopping.clone(),
            ));
        }
        tasks.close();
        web::serve(listener, self.web, self.limits, stopping).await;
        let finished = async {
            self.invoicing.finish().await;
            tasks.wait().await;
            self.store.close().await;
        };
        if timeout(SHUTDOWN_TIMEOUT, finished).await.is_err() {
            tracing::warn!("some work was still in progress at shutdown");
        }
    }
}

/// Warns when every user of the machine may write to lightningd's socket: they may spend its money.
fn warn_of_open_socket(rpc_file: &Path) {
    if is_open_socket(rpc_file) {
        let socket = rpc_file.display();
        tracing::warn!(%socket, "every user of this machine can use the node: set lightningd's rpc-file-mode");
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Mutex, PoisonError},
    };

    use axum::{Router, http::StatusCode, routing::get};
    use serde_json::Value;

    use super::*;
    use crate::telemetry;
    use facture_runtime::metrics;

    /// What was logged.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            log.extend(line);
            Ok(line.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_panic_in_a_handler_costs_one_request_and_says_which() {
        // Other tests still say why they fail.
        let usual = std::panic::take_hook();
        telemetry::log_panics();
        let logging = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            logging(panic);
            usual(panic);
        }));
        // As long as there is one only, tracing asks whichever thread first comes by a line whether it is wanted, and
        // another test's thread wants none.
        let _another =
            tracing::Dispatch::new(tracing_subscriber::fmt().with_writer(io::sink).finish());
        let log = Log::default();
        let _logged = tracing::subscriber::set_default(
            tracing_subscriber::fmt()
                .json()
                .with_writer({
                    let log = log.clone();
                    move || log.clone()
                })
                .finish(),
        );
        let directory = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        // Nobody listens.
        config
            .node
            .use_socket(directory.path().join("lightning-rpc"));
        let records = directory.path().join("records");
        let mut checkout = Checkout::open(&config, &records, Mode::Live).await.unwrap();
        let bug = async || -> StatusCode { panic!("what nobody thought of") };
        let routes = Router::new()
            .route("/bug", get(bug))
            .route("/fine", get(async || "fine"));
        let app = checkout.app.clone();
        let routes = web::wrap(routes, &app);
        checkout.web = web::serving(routes, app);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let running = tokio::spawn(checkout.run(listener, stop.clone().cancelled_owned()));

        let visitor = reqwest::Client::builder().no_proxy().build().unwrap();
        let visit = async |path: &str, accept| {
            let request = visitor
                .get(format!("{origin}{path}"))
                .header("accept", accept);
            let answer = request.send().await.unwrap();
            let id = answer.headers()["x-request-id"]
                .to_str()
                .unwrap()
                .to_owned();
            (answer.status(), id, answer.text().await.unwrap())
        };
        // At the same time, and one after the other on the same connection.
        let (json, fine, page) = tokio::join!(
            visit("/bug", "application/json"),
            visit("/fine", "text/html"),
            visit("/bug", "text/html"),
        );
        assert_eq!((fine.0, fine.2.as_str()), (StatusCode::OK, "fine"));
        assert_eq!(visit("/fine", "text/html").await.0, StatusCode::OK);
        assert_eq!(json.0, StatusCode::INTERNAL_SERVER_ERROR);
        let told: Value = serde_json::from_str(&json.2).unwrap();
        assert_eq!(told["error"]["code"], "internal");
        assert_eq!(told["error"]["request_id"], *json.1);
        assert_eq!(page.0, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(page.2.contains(&page.1), "{}", page.2);
        for answer in [&json.2, &page.2] {
            assert!(!answer.contains("nobody thought"), "{answer}");
        }
        stop.cancel();
        running.await.unwrap();

        let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        for id in [json.1, page.1] {
            let lines = log.lines().map(|line| serde_json::from_str(line).unwrap());
            let line = lines
                .filter(|line: &Value| line["level"] == "ERROR")
                .find(|line| line["span"]["id"] == *id)
                .unwrap_or_else(|| panic!("{id} is not in {log}"));
            assert_eq!(line["fields"]["what"], "what nobody thought of");
            let location = line["fields"]["location"].as_str().unwrap();
            assert!(location.starts_with("src/app/checkout.rs:"), "{location}");
        }
        let counted = metrics::exposition(metrics::Sampled::default()).unwrap();
        for line in [
            "facture_panics_total{task=\"handler\"} 2\n",
            "facture_http_requests_total{method=\"GET\",route=\"/bug\",status=\"5xx\"} 2\n",
            "facture_http_requests_total{method=\"GET\",route=\"/fine\",status=\"2xx\"} 2\n",
        ] {
            assert!(counted.contains(line), "{line}{counted}");
        }
    }
}
