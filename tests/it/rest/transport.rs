//! The sandbox behind clnrest's transport, with the rune that `facture rune` is for; and a client by either transport.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use facture::{
    config::{Config, NodeTransport},
    web::Mode,
};
use facture_node::cln::{Client, Method, Options, Rest, Transport};
use facture_sandbox::{Rune, SandboxNode};

use super::tls::{Good, Tls};
use crate::{
    contract::{Channels, World},
    harness::{Server, config},
    world::Sandbox,
};

pub(crate) const RUNE: &str = "fWy7KhSrLtBxon9BLV22E605PFdIu_fW-jd0lx9EWeE9MA==";

/// A sandbox with both transports.
pub(crate) struct ClnrestSandbox {
    pub(crate) sandbox: Sandbox,
    pub(crate) tls: Tls,
    answering: Arc<Mutex<SandboxNode>>,
}

/// The rune that `facture rune` is for.
pub(crate) fn rune() -> Rune {
    Rune {
        text: RUNE.to_owned(),
        methods: Method::in_rune()
            .map(|method| method.name().to_owned())
            .collect(),
    }
}

impl ClnrestSandbox {
    pub(crate) async fn start() -> Self {
        Self::of(Sandbox::start().await, Good::Always, rune()).await
    }

    /// With a rune that does not allow this.
    pub(crate) async fn without(method: &str) -> Self {
        let mut rune = rune();
        rune.methods.retain(|allowed| allowed != method);
        Self::of(Sandbox::start().await, Good::Always, rune).await
    }

    pub(crate) async fn of(sandbox: Sandbox, good: Good, rune: Rune) -> Self {
        let answering = Arc::new(Mutex::new(sandbox.node.clone()));
        let tls = Tls::start(good, {
            let answering = Arc::clone(&answering);
            move |stream| {
                answering
                    .lock()
                    .expect("no panic")
                    .serve_rest(stream, &rune)
            }
        })
        .await;
        Self {
            sandbox,
            tls,
            answering,
        }
    }

    /// From now on another node answers new connections.
    pub(crate) fn swap(&self, node: &SandboxNode) {
        *self.answering.lock().expect("no panic") = node.clone();
    }

    /// A configuration that goes this way.
    pub(crate) fn config(&self, settings: &[(&str, &str)]) -> Config {
        let ca_file = self.tls.ca_file();
        let mut all = vec![
            ("NODE__RUNE", RUNE.to_owned()),
            ("NODE__REST_URL", self.tls.url()),
            ("NODE__CA_FILE", ca_file.display().to_string()),
        ];
        all.extend(
            settings
                .iter()
                .map(|(key, value)| (*key, (*value).to_owned())),
        );
        let all: Vec<_> = all
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
            .collect();
        config(&all)
    }

    pub(crate) fn transport(&self) -> Transport {
        transport(&self.config(&[]))
    }
}

/// A sandbox and one of the transports to it.
pub(crate) struct ConnectedSandbox {
    pub(crate) sandbox: Sandbox,
    pub(crate) transport: Transport,
    _tls: Option<Tls>,
}

/// One by its socket, one by clnrest.
pub(crate) async fn by_both_transports() -> [ConnectedSandbox; 2] {
    let beside = Sandbox::start().await;
    let behind = ClnrestSandbox::start().await;
    [
        ConnectedSandbox {
            transport: Transport::Socket(beside.node.rpc_file().to_owned()),
            sandbox: beside,
            _tls: None,
        },
        ConnectedSandbox {
            transport: behind.transport(),
            sandbox: behind.sandbox,
            _tls: Some(behind.tls),
        },
    ]
}

/// The transport that is configured.
pub(crate) fn transport(config: &Config) -> Transport {
    match config.node.transport().expect("a transport") {
        NodeTransport::Socket(rpc_file) => Transport::Socket(rpc_file),
        NodeTransport::Rest { url, rune, ca } => {
            Transport::Rest(Rest::new(&url, rune, ca.as_deref()).expect("it can be used"))
        }
        NodeTransport::Lnd { .. } => panic!("it is lightningd"),
    }
}

/// A client with one connection.
pub(crate) fn client(transport: Transport) -> Client {
    Client::new(Options {
        transport,
        deadline: Duration::from_secs(5),
        connections: 1,
        queue: 10,
        node: None,
    })
}

impl World for ClnrestSandbox {
    async fn server(&self, settings: &[(&str, &str)]) -> Server {
        Server::start(self.config(settings), Mode::Live).await
    }

    async fn pay(&self, bolt11: &str, amount_msat: Option<u64>) {
        self.sandbox.pay(bolt11, amount_msat).await;
    }

    async fn foreign_invoice(&self, label: &str) {
        self.sandbox.foreign_invoice(label).await;
    }

    async fn delete(&self, invoice: &serde_json::Value, status: &str) {
        self.sandbox.delete(invoice, status).await;
    }

    async fn invoices(&self) -> usize {
        self.sandbox.invoices().await
    }

    async fn let_a_second_pass(&self) {
        self.sandbox.let_a_second_pass().await;
    }

    fn channels(&self) -> Channels {
        Channels::Hidden
    }
}
