//! The program: reads the command line and the configuration, runs one mode, and turns errors into an exit code.

use std::{
    env,
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use anyhow::Context;
use clap::Parser;
use facture::{
    app,
    cli::{Cli, Command, ConfigSource, ServerFlags},
    config::Config,
    http::Mode,
    sandbox::SandboxNode,
    telemetry,
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where standard error is closed, the exit code still tells.
            let _ = writeln!(io::stderr(), "facture: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Config { source } => {
            let text = load(&source)?.to_toml()?;
            io::stdout().write_all(text.as_bytes())?;
            Ok(())
        }
        Command::Serve { flags, rpc_file } => {
            let mut config = with_flags(&flags)?;
            if let Some(rpc_file) = rpc_file {
                config.node.rpc_file = rpc_file;
            }
            serve(&config, Mode::Live).await
        }
        Command::Sandbox { flags, rpc_file } => {
            let config = with_flags(&flags)?;
            // Kept until the end: dropping it removes the directory.
            let private = tempfile::Builder::new().prefix("facture-").tempdir()?;
            let rpc_file = rpc_file.unwrap_or_else(|| private.path().join("lightning-rpc"));
            let node = SandboxNode::start(&rpc_file).await.with_context(|| {
                format!("cannot make the sandbox's socket {}", rpc_file.display())
            })?;
            serve(&config, Mode::Sandbox(node)).await
        }
    }
}

async fn serve(config: &Config, mode: Mode) -> anyhow::Result<()> {
    telemetry::start(&config.log)?;
    let listener = TcpListener::bind(config.server.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.server.listen))?;
    let (kind, rpc_file) = match &mode {
        Mode::Live => ("", config.node.rpc_path()),
        Mode::Sandbox(node) => (" (sandbox)", node.rpc_file().to_owned()),
    };
    announce(kind, &listener, &rpc_file)?;
    app::run(config, mode, listener, stop_signal()?).await
}

/// The address goes to standard output, where a script can read it, port 0 included.
fn announce(kind: &str, listener: &TcpListener, rpc_file: &Path) -> anyhow::Result<()> {
    let address = listener.local_addr()?;
    let mut out = io::stdout();
    writeln!(out, "facture{kind}: http://{address}/")?;
    writeln!(out, "node: {}", rpc_file.display())?;
    Ok(out.flush()?)
}

fn with_flags(flags: &ServerFlags) -> anyhow::Result<Config> {
    let mut config = load(&flags.source)?;
    if let Some(listen) = flags.listen {
        config.server.listen = listen;
    }
    Ok(config)
}

fn load(source: &ConfigSource) -> anyhow::Result<Config> {
    // A variable that is not UTF-8 cannot be one of ours.
    let environment = env::vars_os()
        .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)));
    Ok(Config::load(
        source.config.as_deref(),
        environment.collect(),
    )?)
}

/// Done at the first SIGINT or SIGTERM.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
    })
}
