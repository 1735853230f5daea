//! What a payer's configuration comes to, for `facture doctor`. Nothing is opened and nobody is asked.

use std::path::Path;

use anyhow::Context;
use facture_domain::Msat;
use facture_payer::config::Config;
use facture_runtime::secret_file::{home, secret};

/// Reads the payer's configuration, and the files that it names.
///
/// # Errors
/// What cannot be used.
pub fn summary(file: &Path) -> anyhow::Result<String> {
    let config = Config::read(file)?;
    secret(&config.server.token_file).context("server.token_file")?;
    let orders = match &config.server.url {
        Some(url) => url.to_string(),
        None => {
            let socket = home(&config.server.socket);
            let found = socket.metadata();
            found.with_context(|| {
                format!("server.socket: {}: no server runs there", socket.display())
            })?;
            socket.display().to_string()
        }
    };
    let limits = &config.limits;
    let sat = |amount: Msat| amount.msat() / 1000;
    Ok(format!(
        "the payer's configuration can be used: orders from {orders}, at most {} sat for each, {} sat an hour, {} sat a day.",
        sat(limits.per_payout),
        sat(limits.per_hour),
        sat(limits.per_day),
    ))
}
