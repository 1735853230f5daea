//! The topics, which are the operator's to make: what is missing is said at the start.

use krafka::{
    Kafka, KrafkaError,
    admin::{AdminClient, ConfigResource, DescribeConfigsOptions, DescribeTopicsOptions},
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

/// Checks that all topics of the configuration are there, and are configured as they must be.
pub(crate) async fn check(kafka: &Kafka, config: &Config) -> Result<(), BridgeError> {
    let mut names: Vec<&str> = Vec::new();
    if let Some(commands) = &config.commands {
        names.extend([&*commands.topic, &commands.answers, &commands.dead_letters]);
        names.extend(commands.reply_topics.iter().map(String::as_str));
    }
    if let Some(events) = &config.events {
        names.push(&events.topic);
        names.extend(events.invoices());
    }
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
    if wrong.is_empty() {
        for required in required(config) {
            wrong.extend(mismatch(&admin, &required).await.map_err(failed)?);
        }
    }
    wrong.sort();
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(BridgeError::Topics(wrong.join("; "))),
    }
}

/// What is wrong with a topic's configuration.
async fn mismatch(
    admin: &AdminClient,
    required: &Required<'_>,
) -> Result<Option<String>, KrafkaError> {
    let Required { topic, key, value } = *required;
    let resource = ConfigResource::topic(topic);
    let described = admin
        .describe_configs([resource], DescribeConfigsOptions::default())
        .await?;
    for described in described.into_values() {
        match described {
            Ok(entries) => {
                let entry = entries.iter().find(|entry| entry.name == key);
                if entry.and_then(|entry| entry.value.as_deref()) != Some(value) {
                    return Ok(Some(format!("topic {topic}: {key} is not {value}")));
                }
            }
            // Without the right to ask: of commands, the records tell.
            Err(error) => tracing::warn!(%error, topic, "cannot read how the topic is configured"),
        }
    }
    Ok(None)
}
