//! `facture payer`: the commands around the crate that pays. Nothing else of the program uses it.

mod approve;
mod credentials;
mod journal;
mod resolve;
mod summary;
mod totp;

use std::io::{self, Write};

use facture_payer::{Payer, config::Config};

use crate::{
    cli::payer::{PayerAction, PayerArgs},
    telemetry,
};

#[cfg(feature = "lnd")]
pub use self::credentials::bakemacaroon;
pub use self::{credentials::createrune, summary::summary};

/// Carries out one command.
///
/// # Errors
/// What went wrong, for people.
pub async fn run(args: PayerArgs, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    let config = Config::read(&args.config)?;
    match args.action {
        None => pay(config, stop).await,
        Some(PayerAction::Approve { id: None, .. }) => approve::list(&config),
        Some(PayerAction::Approve { id: Some(id), yes }) => approve::approve(&config, &id, yes),
        Some(PayerAction::Totp { account }) => totp::create(&config, &account),
        Some(PayerAction::Resolve { id: None, .. }) => resolve::list(config).await,
        Some(PayerAction::Resolve {
            id: Some(id),
            not_paid,
            yes,
        }) => {
            let source = match not_paid {
                true => resolve::OutcomeSource::Owner,
                false => resolve::OutcomeSource::Node,
            };
            resolve::resolve(config, &id, source, yes).await
        }
        Some(PayerAction::Journal { action }) => journal::run(&config, &action),
    }
}

/// Pays until it is stopped.
async fn pay(config: Config, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    telemetry::start(&telemetry::settings(&config.log, "info")?)?;
    let journal = config.data_dir.display().to_string();
    let payer = Payer::open(config)?;
    let text = format!(
        "facture payer: {}\norders: {}\njournal: {journal}\n",
        payer.id(),
        payer.place()
    );
    let mut out = io::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(payer.run(stop).await?)
}
