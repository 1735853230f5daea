//! The bridge: its parts, wired together.

use std::{io, sync::Arc, time::Duration};

use facture_runtime::{
    clock::Clock,
    secret_file::{home, secret},
};
use facture_sidecar::{ConfigError, Cursor, Server};
use krafka::{Kafka, KrafkaError};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use crate::{
    act::Actor,
    answer::Writer,
    commands::{self, Handler},
    config::{CommandsConfig, Config},
    error::BridgeError,
    events::{Cleanup, Relay},
    kafka::{self, Sink},
    metrics::{self, Metrics},
    signature::Secrets,
};

/// What connects Kafka with the API.
pub struct Bridge {
    kafka: Kafka,
    server: Arc<Server>,
    sink: Arc<Sink>,
    metrics: Arc<Metrics>,
    config: Config,
    secrets: Secrets,
    listener: Option<tokio::net::TcpListener>,
}

impl Bridge {
    /// Reads the secrets, connects, and checks the topics.
    ///
    /// # Errors
    /// [`BridgeError`].
    pub async fn open(config: Config) -> Result<Self, BridgeError> {
        let wrong = |key: &str, error: &dyn std::fmt::Display| ConfigError::wrong(key, error);
        let token = secret(&config.server.token_file);
        let token = token.map_err(|error| wrong("server.token_file", &error))?;
        let server = Server::new(&home(&config.server.socket), &token);
        let server = server.map_err(|error| wrong("server.token_file", &error))?;
        let files = config
            .commands
            .iter()
            .flat_map(|commands| &commands.secret_files);
        let secrets: io::Result<Vec<_>> = files.map(|file| secret(file)).collect();
        let secrets = secrets.map_err(|error| wrong("commands.secret_files", &error))?;
        let listener = match config.metrics.listen {
            None => None,
            Some(address) => {
                let bound = metrics::bind(address).await;
                Some(bound.map_err(|error| wrong("metrics.listen", &error))?)
            }
        };
        let kafka = kafka::connect(&config.kafka).await?;
        let longest = kafka::check(&kafka, &config).await?;
        // Connections of its own: on one, a broker would answer it after the consumer's look for commands, which may wait for
        // half a second.
        let producers = kafka::connect(&config.kafka).await?;
        let metrics = Metrics::new();
        let sink = Sink::open(&producers, longest, Arc::clone(&metrics)).await;
        let sink = sink.map_err(|source| about("the producer", source))?;
        Ok(Self {
            kafka,
            server: Arc::new(server),
            sink: Arc::new(sink),
            metrics,
            config,
            secrets: Secrets::new(secrets),
            listener,
        })
    }

    /// Where metrics are, if anywhere.
    pub fn metrics(&self) -> Option<std::net::SocketAddr> {
        self.listener
            .as_ref()
            .and_then(|listener| listener.local_addr().ok())
    }

    /// What tells events, if any are told.
    fn relay(&self) -> Result<Option<Relay>, BridgeError> {
        let Some(events) = &self.config.events else {
            return Ok(None);
        };
        Ok(Some(Relay {
            server: Arc::clone(&self.server),
            sink: Arc::clone(&self.sink),
            metrics: Arc::clone(&self.metrics),
            cursor: Cursor::open(&home(&events.cursor_file)).map_err(BridgeError::Cursor)?,
            topic: events.topic.clone(),
            source: self.config.server.source.clone(),
            mode: events.mode,
            invoices_topic: events.invoices().map(str::to_owned),
        }))
    }

    /// What cleans the topic of invoices up, if there is one.
    fn cleanup(&self) -> Option<Cleanup> {
        let events = self.config.events.as_ref()?;
        Some(Cleanup {
            kafka: self.kafka.clone(),
            server: Arc::clone(&self.server),
            sink: Arc::clone(&self.sink),
            metrics: Arc::clone(&self.metrics),
            topic: events.invoices()?.to_owned(),
            every: Duration::from_secs(events.cleanup_seconds.into()),
        })
    }

    /// Works until `stop` is done.
    ///
    /// # Errors
    /// [`BridgeError`].
    pub async fn run(self, stop: impl Future<Output = ()>) -> Result<(), BridgeError> {
        let stopping = CancellationToken::new();
        let sink = Arc::clone(&self.sink);
        let relay = self.relay()?;
        let _cleaned = self
            .cleanup()
            .map(|cleanup| AbortOnDropHandle::new(tokio::spawn(cleanup.run())));
        let _asked = self.listener.map(|listener| {
            let serving = metrics::serve(listener, Arc::clone(&self.metrics));
            AbortOnDropHandle::new(tokio::spawn(serving))
        });
        let commands = async {
            match self.config.commands {
                None => stopping.cancelled().await,
                Some(config) => {
                    let source = self.config.server.source.clone();
                    let actor = Actor::new(Arc::clone(&self.server));
                    let handler = Arc::new(Handler {
                        writer: writer(&config, source, &self.secrets),
                        config,
                        secrets: self.secrets,
                        actor,
                        sink: Arc::clone(&self.sink),
                        metrics: Arc::clone(&self.metrics),
                        clock: Clock::system(),
                    });
                    let ended = commands::run(&self.kafka, handler, stopping.clone()).await;
                    ended.map_err(|source| about("commands", source))?;
                }
            }
            Ok::<_, BridgeError>(())
        };
        let events = async {
            match relay {
                None => stopping.cancelled().await,
                Some(relay) => relay.run(&stopping).await.map_err(BridgeError::Cursor)?,
            }
            Ok::<_, BridgeError>(())
        };
        let work = async { tokio::try_join!(commands, events).map(drop) };
        tokio::pin!(work);
        let ended = tokio::select! {
            ended = &mut work => ended,
            () = stop => {
                stopping.cancel();
                work.await
            }
        };
        sink.close().await;
        ended
    }
}

fn writer(config: &CommandsConfig, source: String, secrets: &Secrets) -> Writer {
    Writer {
        shape: config.shape,
        task_prefix: config.task_prefix.clone(),
        source,
        signing: match config.signed_answers {
            true => Some(secrets.clone()),
            false => None,
        },
    }
}

fn about(about: &str, source: KrafkaError) -> BridgeError {
    BridgeError::Kafka {
        about: about.to_owned(),
        source,
    }
}
