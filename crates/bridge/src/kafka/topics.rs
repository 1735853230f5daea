//! The topics, which are the operator's to make: what is missing is said at the start.

use std::collections::{HashMap, HashSet};

use krafka::{
    Kafka, KrafkaError,
    admin::{
        AdminClient, ConfigEntry, ConfigResource, DescribeConfigsOptions, DescribeTopicsOptions,
    },
    error::ErrorCode,
};

use crate::{config::Config, error::BridgeError};

/// What a topic's configuration must say.
struct Required<'a> {
    topic: &'a str,
    key: &'static str,
    value: &'static str,
}

/// What the configuration of these topics must say: when a command arrived is the broker's to tell; states are compacted, as
/// nothing else is.
fn required(config: &Config) -> Vec<Required<'_>> {
    let of = |topic, key, value| Required { topic, key, value };
    let mut all = Vec::new();
    if let Some(commands) = &config.commands {
        let value = "LogAppendTime";
        all.push(of(&*commands.topic, "message.timestamp.type", value));
    }
    if let Some(events) = &config.events {
        all.push(of(&events.topic, POLICY, "delete"));
        all.extend(events.invoices().map(|topic| of(topic, POLICY, "compact")));
    }
    all
}

const POLICY: &str = "cleanup.policy";

/// What the brokers say of how topics are configured, by the topic's name.
type Configured = HashMap<String, Result<Vec<ConfigEntry>, KrafkaError>>;

/// Checks that all topics of the configuration are there, and are configured as they must be. The longest batch that each takes
/// to which the bridge writes, in bytes; `None`: the brokers do not say.
pub(crate) async fn check(kafka: &Kafka, config: &Config) -> Result<Option<usize>, BridgeError> {
    let written = written(config);
    let commands = config.commands.as_ref().map(|commands| &*commands.topic);
    let names: Vec<&str> = written.iter().copied().chain(commands).collect();
    let admin = kafka.admin();
    let failed = |source| BridgeError::Kafka {
        about: "its topics".to_owned(),
        source,
    };
    let described = admin
        .describe_topics(&names, DescribeTopicsOptions::default())
        .await;
    let mut wrong: Vec<String> = described
        .map_err(failed)?
        .into_iter()
        .filter_map(|(name, described)| {
            let error = described.err()?;
            Some(match &error {
                KrafkaError::Broker {
                    code: ErrorCode::UnknownTopicOrPartition,
                    ..
                } => format!("topic {name} is missing"),
                error => format!("topic {name}: {error}"),
            })
        })
        .collect();
    let mut longest = None;
    if wrong.is_empty() {
        let configured = configured(&admin, &names).await.map_err(failed)?;
        let required = required(config);
        wrong.extend(
            required
                .iter()
                .filter_map(|required| mismatch(&configured, required)),
        );
        longest = written
            .iter()
            .filter_map(|topic| max_batch(&configured, topic))
            .min();
    }
    wrong.sort();
    match wrong.is_empty() {
        true => Ok(longest),
        false => Err(BridgeError::Topics(wrong.join("; "))),
    }
}

/// The topics to which the bridge writes.
fn written(config: &Config) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    if let Some(commands) = &config.commands {
        names.extend([&*commands.answers, &commands.dead_letters]);
        names.extend(commands.reply_topics.iter().map(String::as_str));
    }
    if let Some(events) = &config.events {
        names.push(&events.topic);
        names.extend(events.invoices());
    }
    names
}

async fn configured(admin: &AdminClient, names: &[&str]) -> Result<Configured, KrafkaError> {
    let resources: HashSet<_> = names.iter().copied().map(ConfigResource::topic).collect();
    let described = admin
        .describe_configs(resources, DescribeConfigsOptions::default())
        .await?;
    let named = described.into_iter();
    Ok(named
        .map(|(resource, entries)| (resource.name, entries))
        .collect())
}

/// What is wrong with a topic's configuration.
fn mismatch(configured: &Configured, required: &Required<'_>) -> Option<String> {
    let Required { topic, key, value } = *required;
    match configured.get(topic)? {
        Ok(entries) if entry(entries, key) == Some(value) => None,
        Ok(_) => Some(format!("topic {topic}: {key} is not {value}")),
        // Without the right to ask: of commands, the records tell.
        Err(error) => {
            tracing::warn!(%error, topic, "cannot read how the topic is configured");
            None
        }
    }
}

/// The longest batch that a topic takes, in bytes.
fn max_batch(configured: &Configured, topic: &str) -> Option<usize> {
    let entries = configured.get(topic)?.as_ref().ok()?;
    entry(entries, "max.message.bytes")?.parse().ok()
}

fn entry<'a>(entries: &'a [ConfigEntry], key: &str) -> Option<&'a str> {
    let entry = entries.iter().find(|entry| entry.name == key)?;
    entry.value.as_deref()
}
