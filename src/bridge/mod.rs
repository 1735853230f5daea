//! `facture bridge`: the command around the crate that connects Apache Kafka with the API.

use std::io::{self, Write};

use facture_bridge::{Bridge, config::Config};

use crate::{cli::bridge::BridgeArgs, telemetry};

/// Runs until it is stopped.
///
/// # Errors
/// What went wrong, for people.
pub async fn run(args: BridgeArgs, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    let config = Config::read(&args.config)?;
    telemetry::start(&telemetry::settings(&config.log, "info,krafka=warn")?)?;
    let mut text = format!("facture bridge: {}\n", config.kafka.bootstrap);
    if let Some(commands) = &config.commands {
        text += &format!("commands: {}\n", commands.topic);
    }
    if let Some(events) = &config.events {
        text += &format!("events: {}\n", events.topic);
    }
    let bridge = Bridge::open(config).await?;
    if let Some(address) = bridge.metrics() {
        text += &format!("metrics: http://{address}/metrics\n");
    }
    let mut out = io::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(bridge.run(stop).await?)
}
