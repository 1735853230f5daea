//! facture's plugin that holds payments on Core Lightning, which has no hold invoices of its own
//! (`docs/decisions/2026-11-28-hold-calls.md`). lightningd starts it, and it serves as long as lightningd runs.
//!
//! A payment that is held could be taken only with its preimage, which lightningd does not have: it made the invoice with it
//! and has forgotten both (`service.rs`). If the plugin ends, in whatever way, held payments fail and are returned; none is
//! taken that nobody decided to take.
//!
//! `plugin.rs` is what lightningd sees, `htlc.rs` the hook's questions and answers, `machine/` the state machine without any
//! I/O, `journal.rs` what outlives a restart, `engine.rs` both together, `holds.rs` one step after the other. `lightningd.rs`
//! lists the calls that we make: none of them spends.

mod bytes;
mod engine;
mod error;
mod faults;
mod hold;
mod holds;
mod htlc;
mod journal;
mod lightningd;
mod machine;
mod params;
mod plugin;
mod service;
mod upkeep;

use std::{io::IsTerminal, sync::Arc};

use anyhow::bail;
use facture_runtime::watched_input::WatchedInput;
use tokio_util::sync::CancellationToken;

/// Runs the plugin on standard input and output, until lightningd ends it.
///
/// # Errors
/// That it was not started by lightningd, or that lightningd does not speak its protocol.
pub async fn run() -> anyhow::Result<()> {
    if std::io::stdin().is_terminal() {
        bail!(
            "this is a plugin: lightningd starts it, with a line plugin=/path/to/facture-hold in its configuration"
        );
    }
    std::panic::set_hook(Box::new(|panic| {
        // In one line, and not on standard output, which belongs to lightningd.
        let text = panic.to_string().replace('\n', " ");
        tracing::error!("{text}");
    }));
    let ended = CancellationToken::new();
    let input = WatchedInput::new(tokio::io::stdin(), ended.clone());
    let builder = plugin::builder(input, tokio::io::stdout());
    let Some(configured) = builder.configure().await? else {
        // It was only asked for its options.
        return Ok(());
    };
    let (context, temporary) = plugin::context(&configured);
    let stop = Arc::clone(&context.stop);
    let service = context.service();
    let plugin = configured.start(context).await?;
    if let Some(service) = service {
        tokio::spawn(upkeep::run(service, temporary));
    }
    tokio::select! {
        _ = plugin.join() => {}
        () = ended.cancelled() => {}
        () = stop.notified() => {}
    }
    Ok(())
}
