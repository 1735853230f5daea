//! Reading a topic from its beginning to where it ends now, without a group.

use std::{collections::HashMap, time::Duration};

use krafka::{
    Kafka, KrafkaError,
    consumer::{AutoOffsetReset, IsolationLevel},
};

/// How long one look takes.
const POLL: Duration = Duration::from_millis(500);

/// After so many looks in a row that find nothing, the rest is taken for gone: compaction may have removed it.
const EMPTY_LOOKS: u32 = 20;

/// Gives each record's key and value to `each`, in the order of its partition. `None` is a tombstone.
///
/// # Errors
/// The library's.
pub(crate) async fn read_all(
    kafka: &Kafka,
    topic: &str,
    mut each: impl FnMut(&[u8], Option<&[u8]>),
) -> Result<(), KrafkaError> {
    let consumer = kafka
        .consumer_without_group()
        .auto_offset_reset(AutoOffsetReset::Earliest)
        .isolation_level(IsolationLevel::ReadCommitted)
        .metrics_push(false)
        .build()
        .await?;
    consumer.subscribe([topic]).await?;
    let mut ends = HashMap::new();
    for (_, partitions) in consumer.assignment().await {
        for partition in partitions {
            let (first, end) = consumer.fetch_watermarks(topic, partition).await?;
            if first < end {
                ends.insert(partition, end);
            }
        }
    }
    let mut empty = 0;
    while !ends.is_empty() && empty < EMPTY_LOOKS {
        let records = consumer.poll(POLL).await?;
        empty = if records.is_empty() { empty + 1 } else { 0 };
        for record in records {
            if let Some(key) = &record.key {
                each(key, record.value.as_deref());
            }
            if ends
                .get(&record.partition)
                .is_some_and(|end| record.offset + 1 >= *end)
            {
                ends.remove(&record.partition);
            }
        }
    }
    consumer.close().await
}
