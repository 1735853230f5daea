//! The other side in Rust: sends a command in JSON and prints the answer. `cargo run --example client -- <brokers> <secret>`

use hmac::{Hmac, KeyInit, Mac};
use krafka::{Kafka, Record, consumer::AutoOffsetReset};
use serde_json::json;
use sha2::Sha256;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (brokers, secret) = arguments
        .next()
        .zip(arguments.next())
        .ok_or("brokers, secret")?;
    let kafka = Kafka::builder(brokers).connect().await?;
    let now = jiff::Timestamp::now();
    let id = format!("order-{now}");
    let command = json!({
        "specversion": "1.0", "id": id, "source": "shop", "time": now,
        "type": "com.facture.command.create.v1",
        "data": { "amount_msat": 2_500_500, "description": "Two bags of tea" },
    });
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())?;
    mac.update(command.to_string().as_bytes());
    let signature = hex::encode(mac.finalize().into_bytes());
    let record = Record::new("lightning-service", command.to_string()).key("order-7");
    let producer = kafka.producer().build().await?;
    let record = record.header("facture-signature", signature);
    let _place = producer.send(record).await?;
    producer.close().await?;
    let consumer = kafka
        .consumer("shop-in-rust")
        .auto_offset_reset(AutoOffsetReset::Earliest);
    let consumer = consumer.build().await?;
    consumer.subscribe(["celery"]).await?;
    while let Some(answer) = consumer.recv().await? {
        let text = answer.value_str().unwrap_or_default();
        let data: serde_json::Value = serde_json::from_str(text)?;
        if data["command"] == id {
            use std::io::Write;
            writeln!(std::io::stdout(), "{text}")?;
            break;
        }
    }
    Ok(consumer.close().await?)
}
