//! The program: reads the command line and the configuration, runs one mode, and turns errors into an exit code.

mod desk;
mod executable;
mod stopping;
mod tokens;

use std::{
    collections::HashMap,
    env,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{self, ExitCode},
};

use anyhow::{Context, bail};
use clap::Parser;
use facture::{
    app,
    app::{AnsweredBy, Checkout, Tokens},
    backup,
    cli::{Cli, Command, ConfigSource, SandboxKind, ServerFlags, TokenAction, user::UserAction},
    config::{Config, ConfiguredDatabase, ConfiguredToken},
    devtools, dns_record, doctor, pay, payer, plugin, reveal, setup, telemetry, web,
    web::Mode,
};
use facture_domain::token::Token;
use facture_node::cln;
#[cfg(feature = "lnd")]
use facture_node::lnd;
use facture_runtime::clock;
#[cfg(feature = "lnd")]
use facture_sandbox::SandboxLnd;
use facture_sandbox::{Sandbox, SandboxNode};
use tokio::net::TcpListener;

use stopping::{end_of_input, first_of, stop_signal};

/// glibc's keeps what a flood of connections took; this one gives it back to the system within seconds
/// (docs/performance.md).
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    if !executable::is_hold_plugin() && plugin::is_called_by_lightningd() {
        run_plugin();
    }
    run_program()
}

/// As lightningd's plugin, which does little itself: its web server is a process of its own. So one thread is enough, and
/// spares lightningd's machine the memory of others.
#[tokio::main(flavor = "current_thread")]
async fn run_plugin() -> ! {
    // Not by returning: that would wait for a read of standard input, which lightningd ends later.
    process::exit(exit_code(plugin::run(load).await).into())
}

#[tokio::main]
async fn run_program() -> ExitCode {
    if executable::is_hold_plugin() {
        executable::run_hold_plugin().await;
    }
    exit_code(run(Cli::parse().command).await).into()
}

/// Says what went wrong. 0: nothing.
fn exit_code(ended: anyhow::Result<()>) -> u8 {
    match ended {
        Ok(()) => 0,
        Err(error) => {
            // Where standard error is closed, the exit code still tells.
            let _ = writeln!(io::stderr(), "facture: {error:#}");
            1
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
        Command::Rune(args) => {
            let command = match (args.payer, args.hold) {
                (true, _) => payer::createrune(&args),
                (false, true) => cln::createrune(cln::RuneScope::CheckoutWithHolds),
                (false, false) => cln::createrune(cln::RuneScope::Checkout),
            };
            Ok(writeln!(io::stdout(), "{command}")?)
        }
        #[cfg(feature = "lnd")]
        Command::LndMacaroon { payer } => {
            let command = match payer {
                true => payer::bakemacaroon(),
                false => lnd::bakemacaroon(),
            };
            writeln!(io::stdout(), "{command}")?;
            Ok(())
        }
        Command::Backup { source, args } => {
            let config = load(&source)?;
            if !args.verify {
                app::need_file(&config.store)?;
            }
            backup::backup(args, data_dir(&config)?).await
        }
        Command::Restore { source, args } => {
            let config = load(&source)?;
            app::need_file(&config.store)?;
            backup::restore(args, data_dir(&config)?).await
        }
        Command::Payer(args) => payer::run(args, stop_signal()?).await,
        Command::Pay(args) => pay::run(args).await,
        #[cfg(feature = "kafka")]
        Command::Bridge(args) => facture::bridge::run(args, stop_signal()?).await,
        #[cfg(feature = "nwc")]
        Command::Nwc(args) => facture::nwc::run(args, stop_signal()?).await,
        Command::Listen(args) => devtools::listen(args, stop_signal()?).await,
        Command::Replay(args) => devtools::replay(args).await,
        Command::Trigger(args) => devtools::trigger(args).await,
        Command::Reveal { action } => reveal::run(action),
        Command::DnsRecord { source, args } => {
            let data_dir = data_dir(&load(&source)?)?;
            dns_record::run(&args, &data_dir).await
        }
        Command::Setup { source, args } => setup::run(&source, &args).await,
        Command::Doctor { source, args } => {
            let payer = args.payer_config.as_deref().map(payer::summary);
            doctor::run(&args, load(&source), payer).await
        }
        Command::Serve {
            flags,
            rpc_file,
            stop_at_end_of_input,
        } => {
            let config = with_socket(with_flags(&flags)?, rpc_file);
            let data_dir = data_dir(&config)?;
            let stop = first_of(stop_signal()?, end_of_input(stop_at_end_of_input)?);
            serve(&config, &data_dir, Mode::Live, None, stop).await
        }
        Command::Sandbox {
            flags,
            node,
            rpc_file,
        } => sandbox(&flags, node, rpc_file).await,
        Command::Token { source, action } => token(&source, action).await,
        Command::User { source, action } => user(&source, action).await,
        Command::ImportCharge {
            source,
            rpc_file,
            file,
        } => import_charge(&with_socket(load(&source)?, rpc_file), &file).await,
        #[cfg(feature = "lab")]
        Command::Lab(args) => facture::lab::run(args).await,
        Command::Reconcile { source, rpc_file } => {
            reconcile(&with_socket(load(&source)?, rpc_file)).await
        }
    }
}

/// Runs the checkout with a node of its own, the sandbox.
async fn sandbox(
    flags: &ServerFlags,
    kind: SandboxKind,
    rpc_file: Option<PathBuf>,
) -> anyhow::Result<()> {
    let mut config = with_flags(flags)?;
    desk::enable_in_sandbox(&mut config);
    // Nothing real can be reached with it, so it is printed for everybody who tries the sandbox.
    let told = config.api.token.get().is_none().then(|| Token::random().1);
    if let Some(token) = &told {
        config.api.token = ConfiguredToken::new(token.clone());
    }
    // Before there is anything to clean up.
    let stop = stop_signal()?;
    // Kept until the end: dropping it removes the directory.
    let private = tempfile::Builder::new().prefix("facture-").tempdir()?;
    // With a data directory it goes on there the next time, with the same node.
    let kept = config.store.named();
    if kept.is_none() {
        // A node that is new each time needs records that are.
        config.store.url = ConfiguredDatabase::default();
    }
    let data_dir = kept.clone().unwrap_or_else(|| private.path().to_owned());
    let sandbox = match kind {
        SandboxKind::Cln => {
            let rpc_file = rpc_file.unwrap_or_else(|| private.path().join("lightning-rpc"));
            let started = match kept {
                Some(data_dir) => SandboxNode::start_in(&rpc_file, &data_dir.join("sandbox")).await,
                None => SandboxNode::start(&rpc_file).await,
            };
            let place = rpc_file.display();
            let node =
                started.with_context(|| format!("cannot start the sandbox's node on {place}"))?;
            node.start_plugin();
            Sandbox::Cln(node)
        }
        #[cfg(feature = "lnd")]
        SandboxKind::Lnd => {
            if rpc_file.is_some() {
                bail!("--rpc-file is for --node cln: LND has no such socket");
            }
            let started = match kept {
                Some(data_dir) => SandboxLnd::start_in(&data_dir.join("sandbox-lnd")).await,
                None => SandboxLnd::start(private.path()).await,
            };
            Sandbox::Lnd(started.context("cannot start the sandbox's node")?)
        }
    };
    serve(
        &config,
        &data_dir,
        Mode::Sandbox(sandbox),
        told.as_ref(),
        stop,
    )
    .await
}

/// Carries out a command about API tokens.
async fn token(source: &ConfigSource, action: TokenAction) -> anyhow::Result<()> {
    let config = load(source)?;
    let data_dir = data_dir(&config)?;
    let records = Records::at(&config, &data_dir);
    if let (Records::New, TokenAction::List | TokenAction::Revoke { .. }) = (records, &action) {
        bail!(
            "there are no records in {}: use --data-dir or --config to name the server's",
            data_dir.display()
        );
    }
    let mut tokens = Tokens::open_configured(&config.store, &data_dir).await?;
    tokens::manage(&mut tokens, &data_dir, action).await?;
    print_records(&config, &data_dir, records, tokens.answered_by())
}

/// Carries out a command about users of the desk.
async fn user(source: &ConfigSource, action: UserAction) -> anyhow::Result<()> {
    let config = load(source)?;
    let data_dir = data_dir(&config)?;
    let records = Records::at(&config, &data_dir);
    if let (Records::New, UserAction::List | UserAction::Reset { .. }) = (records, &action) {
        bail!(
            "there are no records in {}: use --data-dir or --config to name the server's",
            data_dir.display()
        );
    }
    let by = desk::manage(&config, &data_dir, action).await?;
    print_records(&config, &data_dir, records, by)
}

/// Takes over the invoices of a database of Lightning Charge.
async fn import_charge(config: &Config, file: &Path) -> anyhow::Result<()> {
    telemetry::start(&config.log)?;
    let data_dir = data_dir(config)?;
    let records = Records::at(config, &data_dir);
    let imported = app::import_charge(config, &data_dir, file).await?;
    writeln!(io::stdout(), "{imported}")?;
    print_records(config, &data_dir, records, AnsweredBy::ThisProcess)
}

/// Goes through all invoices of the node once.
async fn reconcile(config: &Config) -> anyhow::Result<()> {
    telemetry::start(&config.log)?;
    let data_dir = data_dir(config)?;
    let records = Records::at(config, &data_dir);
    let (report, by) = app::reconcile(config, &data_dir).await?;
    writeln!(io::stdout(), "{report}")?;
    print_records(config, &data_dir, records, by)
}

/// The records that a command goes by.
#[derive(Clone, Copy)]
enum Records {
    /// They were there.
    Old,
    /// The command makes them.
    New,
}

impl Records {
    fn at(config: &Config, data_dir: &Path) -> Self {
        match app::has_records(&config.store, data_dir) {
            true => Self::Old,
            false => Self::New,
        }
    }
}

/// A command on the wrong records would succeed without a word, and to no effect. Standard output is left to what a script
/// may read, such as a token.
fn print_records(
    config: &Config,
    data_dir: &Path,
    records: Records,
    by: AnsweredBy,
) -> anyhow::Result<()> {
    let how = match (by, records) {
        (AnsweredBy::RunningServer, _) => " (answered by the running server)",
        (AnsweredBy::ThisProcess, Records::Old) => "",
        (AnsweredBy::ThisProcess, Records::New) => " (new)",
    };
    let place = app::place_of_records(&config.store, data_dir)?;
    Ok(writeln!(io::stderr(), "records: {place}{how}")?)
}

fn data_dir(config: &Config) -> anyhow::Result<PathBuf> {
    config
        .store
        .directory()
        .context("there is no home directory: set a data directory with --data-dir")
}

async fn serve(
    config: &Config,
    data_dir: &Path,
    mode: Mode,
    told: Option<&Token>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    telemetry::start(&config.log)?;
    // Each open page holds a connection; the usual soft limit of 1,024 is a leftover of select(2).
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
    if !clock::is_sound() {
        bail!("this machine's clock is before 1970 or after the year 9999: set it first");
    }
    let listener = web::listen(config.server.listen)
        .with_context(|| format!("cannot listen on {}", config.server.listen))?;
    let (kind, node) = match &mode {
        Mode::Live => ("", config.node.place()),
        Mode::Sandbox(sandbox) => (" (sandbox)", sandbox.place()),
    };
    let is_sandbox = matches!(mode, Mode::Sandbox(_));
    let checkout = Checkout::open(config, data_dir, mode).await?;
    let (mut checkout, of_desk) =
        desk::open(config, data_dir, checkout, &listener, is_sandbox).await?;
    let mut more = told.map_or(String::new(), |token| {
        format!("API token: {}\n", token.expose())
    });
    if let Some(address) = config.metrics.listen {
        let metrics = web::listen(address)
            .with_context(|| format!("cannot listen on {address} (metrics.listen)"))?;
        more += &format!("metrics: http://{}/metrics\n", metrics.local_addr()?);
        checkout = checkout.with_metrics(metrics);
    }
    let place = app::place_of_records(&config.store, data_dir)?;
    more += &format!("records: {place}\n");
    more += &of_desk;
    announce(kind, &listener, &node, &more)?;
    checkout.run(listener, stop).await;
    Ok(())
}

/// The address goes to standard output, where a script can read it, port 0 included.
fn announce(kind: &str, listener: &TcpListener, node: &str, more: &str) -> anyhow::Result<()> {
    let address = listener.local_addr()?;
    let text = format!("facture{kind}: http://{address}/\nnode: {node}\n{more}");
    // In one piece: a script may read the address and close the pipe.
    let mut out = io::stdout();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// The same with this socket of lightningd, if one is named.
fn with_socket(mut config: Config, rpc_file: Option<PathBuf>) -> Config {
    if let Some(rpc_file) = rpc_file {
        config.node.use_socket(rpc_file);
    }
    config
}

fn with_flags(flags: &ServerFlags) -> anyhow::Result<Config> {
    let mut config = load(&flags.source)?;
    if let Some(listen) = flags.listen {
        config.server.listen = listen;
        config.check_desk()?;
    }
    Ok(config)
}

fn load(source: &ConfigSource) -> anyhow::Result<Config> {
    let mut environment = HashMap::new();
    for (key, value) in env::vars_os() {
        match (key.into_string(), value.into_string()) {
            (Ok(key), Ok(value)) => drop(environment.insert(key, value)),
            (Ok(key), Err(_)) if key.starts_with("FACTURE_") => bail!("{key} is not UTF-8 text"),
            // Not ours.
            _ => {}
        }
    }
    let mut config = Config::load(source.config.as_deref(), environment)?;
    if let Some(data_dir) = &source.data_dir {
        config.store.data_dir.clone_from(data_dir);
    }
    Ok(config)
}
