//! The topics, which are the operator's to make: what is missing is said at the start.

use krafka::{
    Kafka, KrafkaError,
    admin::{ConfigResource, DescribeConfigsOptions, DescribeTopicsOptions},
    error::ErrorCode,
};

use crate::{config::Config, error::BridgeError};

const TIMESTAMP_TYPE: &str = "message.timestamp.type";

/// Checks that all topics of the configuration are there, and that the broker says when a command arrived.
pub(crate) async fn check(kafka: &Kafka, config: &Config) -> Result<(), BridgeError> {
    let mut names: Vec<&str> = Vec::new();
    if let Some(commands) = &config.commands {
        names.extend([&*commands.topic, &commands.answers, &commands.dead_letters]);
        names.extend(commands.reply_topics.iter().map(String::as_str));
    }
    names.extend(config.events.iter().map(|events| &*events.topic));
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
    if let Some(commands) = &config.commands
        && wrong.is_empty()
    {
        let topic = ConfigResource::topic(&commands.topic);
        let options = DescribeConfigsOptions::default();
        let described = admin
            .describe_configs([topic], options)
            .await
            .map_err(failed)?;
        for described in described.into_values() {
            match described {
                Ok(entries) => {
                    let entry = entries.iter().find(|entry| entry.name == TIMESTAMP_TYPE);
                    if entry.and_then(|entry| entry.value.as_deref()) != Some("LogAppendTime") {
                        let topic = &commands.topic;
                        wrong.push(format!(
                            "topic {topic}: {TIMESTAMP_TYPE} is not LogAppendTime"
                        ));
                    }
                }
                // Without the right to ask, the records tell.
                Err(error) => tracing::warn!(%error, "cannot read how the topic is configured"),
            }
        }
    }
    wrong.sort();
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(BridgeError::Topics(wrong.join("; "))),
    }
}
