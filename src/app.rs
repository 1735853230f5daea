//! The composition root: builds the parts, joins them and runs them until it is told to stop.

use std::{future::Future, time::Duration};

use tokio::{net::TcpListener, time::timeout};

use crate::{
    config::Config,
    http::{self, App, Mode},
    invoicing::Invoicing,
    lightning,
};

/// How long answers in progress may take once we are to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Serves the checkout on `listener` until `shutdown` is done, then finishes what is in progress.
///
/// # Errors
/// When the listener fails.
pub async fn run(
    config: &Config,
    mode: Mode,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let node = lightning::Client::new(lightning::Options {
        rpc_file: match &mode {
            Mode::Live => config.node.rpc_path(),
            Mode::Sandbox(node) => node.rpc_file().to_owned(),
        },
        deadline: config.node.deadline(),
        connections: config.node.connections.size(),
        queue: config.node.queue.size(),
    });
    let invoicing = Invoicing::new(node, config.invoice.label_prefix.clone());
    let router = http::router(App::new(config, invoicing.clone(), mode));

    let (stopping, stop) = tokio::sync::oneshot::channel::<()>();
    let graceful = async {
        shutdown.await;
        drop(stopping);
    };
    let serving = axum::serve(listener, router).with_graceful_shutdown(graceful);
    let drained = async {
        // An error is the news: the sender was dropped.
        let _ = stop.await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        served = serving => served?,
        () = drained => tracing::warn!("some connections stayed open and are cut"),
    }
    if timeout(DRAIN, invoicing.finish()).await.is_err() {
        tracing::warn!("an invoice was still being made");
    }
    Ok(())
}
