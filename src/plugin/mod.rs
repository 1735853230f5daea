//! facture as a plugin of lightningd (`plugin=/path/to/facture`): two processes. The plugin has lightningd's socket and
//! listens to nobody but its own web server, which is this program as `serve`, and which has the gate instead of that
//! socket. So the process that faces the internet has no way to a method that spends but the file system's.
//!
//! | File | Owns |
//! | --- | --- |
//! | `settings.rs` | lightningd's options for facture |
//! | `web_server.rs` | the web server's process: started, started again, stopped |
//! | `gate.rs`, `call.rs` | the web server's way to lightningd, and which calls pass |
//! | `log_line.rs` | the web server's log as lightningd's |
//! | `commands.rs`, `params.rs`, `context.rs`, `error.rs` | `lightning-cli facture-…` |
//! | `getword.rs`, `shop.rs` | `facture-getword`: buying from another shop |
//!
//! What is wrong with the options or the configuration is found at the start: the plugin disables itself and says why, since
//! only a person can mend that, who then starts it again. Whatever else keeps the web server from running, such as a port
//! that is taken, may pass: the plugin stays, tries again with backoff, and its commands say why they cannot be carried out.
//! lightningd goes on in both cases.
//!
//! Standard output is lightningd's protocol; one other byte there, and lightningd ends the plugin.

mod call;
mod commands;
mod context;
mod error;
mod gate;
mod getword;
mod log_line;
mod params;
mod settings;
mod shop;
mod web_server;

use std::{env, fs::DirBuilder, os::unix::fs::DirBuilderExt};

use anyhow::Context as _;
use cln_plugin::{Builder, Plugin};
use tokio::{
    io::{AsyncRead, AsyncWrite, stdin, stdout},
    signal::unix::{SignalKind, signal},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::{
    context::Context,
    gate::{Admitted, Gate},
    settings::{CALLED_BY_LIGHTNINGD, Settings},
    web_server::WebServer,
};
use crate::telemetry;
use facture_runtime::watched_input::WatchedInput;

pub use self::settings::LoadConfig;

/// Whether lightningd started this process as its plugin: without arguments, but for `--developer` on a developer's node.
pub fn is_called_by_lightningd() -> bool {
    let mut arguments = env::args_os().skip(1);
    env::var_os(CALLED_BY_LIGHTNINGD).is_some()
        && arguments.all(|argument| argument == "--developer")
}

/// Runs the plugin until lightningd stops it, or is gone. Then a read of standard input may still be under way: exit.
///
/// # Errors
/// When lightningd cannot be understood.
pub async fn run(load: LoadConfig) -> anyhow::Result<()> {
    let stopping = CancellationToken::new();
    let input = WatchedInput::new(stdin(), stopping.clone());
    // None: lightningd was asked for its options only (`--help`).
    let Some(configured) = manifest(input, stdout()).configure().await? else {
        return Ok(());
    };
    telemetry::log_panics();
    let admitted = Admitted::default();
    let prepared = Settings::read(&configured, load)
        .and_then(|settings| Ok((prepare(&settings, &admitted)?, settings)));
    let (gate, settings) = match prepared {
        Ok(prepared) => prepared,
        Err(error) => {
            let reason = log_line::one_line(&format!("{error:#}"));
            return configured.disable(&reason).await;
        }
    };
    let data_dir = settings.data_dir.as_path().into();
    let network = configured.configuration().network.into();
    let allowed = settings.allowed;
    let web = WebServer::new(settings, admitted);
    let context = Context {
        data_dir,
        web: web.state(),
        network,
        allowed,
        stopping: stopping.clone(),
    };
    let _plugin = configured.start(context).await?;
    stop_at_signals(&stopping)?;
    // What the web server still finishes, it finishes with the node.
    let finished = CancellationToken::new();
    let tasks = TaskTracker::new();
    tasks.spawn(gate.run(finished.clone()));
    tasks.close();
    web.supervise(stopping).await;
    finished.cancel();
    tasks.wait().await;
    Ok(())
}

/// All that lightningd is told of the plugin.
fn manifest<I, O>(input: I, output: O) -> Builder<Context, I, O>
where
    I: AsyncRead + Send + Unpin + 'static,
    O: AsyncWrite + Send + Unpin + 'static,
{
    let builder = Builder::new(input, output)
        .dynamic()
        .option(settings::LISTEN)
        .option(settings::DATA_DIR)
        .option(settings::CONFIG)
        .subscribe("shutdown", |plugin: Plugin<Context>, _| async move {
            plugin.state().stopping.cancel();
            Ok(())
        });
    commands::register(builder)
}

/// Makes the data directory the working directory, and opens the gate there.
fn prepare(settings: &Settings, admitted: &Admitted) -> anyhow::Result<Gate> {
    let directory = &settings.data_dir;
    let prepared = || {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)?;
        env::set_current_dir(directory)?;
        // In the working directory: the data directory's path may be longer than a socket's.
        Gate::open(
            gate::NAME.into(),
            settings.rpc_file.clone(),
            admitted.clone(),
        )
    };
    prepared().with_context(|| format!("the data directory {} cannot be used", directory.display()))
}

/// A service manager sends its signals to lightningd and to its plugins at once.
fn stop_at_signals(stopping: &CancellationToken) -> anyhow::Result<()> {
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let mut signal = signal(kind)?;
        let stopping = stopping.clone();
        tokio::spawn(async move {
            signal.recv().await;
            stopping.cancel();
        });
    }
    Ok(())
}
