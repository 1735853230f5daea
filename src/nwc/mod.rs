//! `facture nwc`: the commands around the crate for Nostr Wallet Connect.

use std::io::{self, Write};

use facture_nwc::{Connection, Directory, Reach, Service, config::Config};

use crate::{
    cli::nwc::{NwcAction, NwcArgs},
    telemetry,
};

/// Carries out one command.
///
/// # Errors
/// What went wrong, for people.
pub async fn run(args: NwcArgs, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    let config = Config::read(&args.config)?;
    match args.action {
        None => serve(config, stop).await,
        Some(NwcAction::Connect { name, all }) => {
            let reach = match all {
                true => Reach::All,
                false => Reach::Own,
            };
            connect(&config, &name, reach)
        }
        Some(NwcAction::List) => list(&config),
        Some(NwcAction::Revoke { name }) => revoke(&config, &name),
    }
}

/// Serves until it is stopped.
async fn serve(config: Config, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    telemetry::start(&telemetry::settings(&config.log, "info")?)?;
    let socket = config.server.socket.display().to_string();
    let service = Service::open(config)?;
    let count = service.connections().len();
    let text = format!("facture nwc: {socket}\nconnections: {count}\n");
    let mut out = io::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(service.run(stop).await?)
}

/// Prints the URI, and nothing else: it may go straight into a program that makes a QR code.
fn connect(config: &Config, name: &str, reach: Reach) -> anyhow::Result<()> {
    let relays = config.relays.urls.clone();
    let lud16 = config.relays.lud16.clone();
    let (connection, uri) = Connection::generate(name.parse()?, reach, relays, lud16);
    Directory::open(&config.state_dir)?.add(&connection)?;
    writeln!(io::stdout(), "{uri}")?;
    Ok(())
}

fn list(config: &Config) -> anyhow::Result<()> {
    let mut out = io::stdout();
    for connection in Directory::open(&config.state_dir)?.list()? {
        let sees = match connection.reach {
            Reach::Own => "own invoices",
            Reach::All => "all invoices",
        };
        let relays: Vec<_> = connection.relays.iter().map(ToString::to_string).collect();
        let (name, made) = (&connection.name, connection.created_at);
        writeln!(out, "{name}\t{made:.0}\t{sees}\t{}", relays.join(" "))?;
    }
    Ok(())
}

fn revoke(config: &Config, name: &str) -> anyhow::Result<()> {
    let name = name.parse()?;
    Directory::open(&config.state_dir)?.revoke(&name)?;
    writeln!(io::stdout(), "{name} is revoked")?;
    Ok(())
}
