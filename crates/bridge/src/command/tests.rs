//! The published test vectors, which a script in Python made by what docs/kafka.md says.

use std::time::Duration;

use proptest::prelude::*;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::*;

const VECTORS: &str = include_str!("../../../../tests/fixtures/kafka/frames.json");

fn vectors() -> (Secrets, Vec<Value>) {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let secrets = vectors["secrets"].as_array().unwrap().iter();
    let secrets = secrets.map(|secret| SecretString::from(secret.as_str().unwrap()));
    let frames = vectors["frames"].as_array().unwrap().clone();
    (Secrets::new(secrets.collect()), frames)
}

#[test]
fn frames_mean_what_the_vectors_say() {
    let (secrets, frames) = vectors();
    for frame in frames {
        let name = frame["name"].as_str().unwrap();
        let value = frame["value"].as_str().unwrap();
        match read(value.as_bytes(), None, &secrets) {
            Ok(command) => {
                let action = match &command.action {
                    Action::Decode(text) => json!({ "decode": text }),
                    Action::Create(new) => json!({ "create": new }),
                    Action::Pay(order) => json!({ "pay": order }),
                    other => panic!("{name}: {other:?}"),
                };
                assert_eq!(action, frame["action"], "{name}");
                assert_eq!(json!(command.sent_at), frame["sent_at"], "{name}");
                let key = command.request.replay_key.to_hex();
                assert_eq!(json!(key), frame["replay_key"], "{name}");
            }
            Err(rejected) => {
                assert_eq!(json!(rejected.reason.as_str()), frame["reason"], "{name}");
                assert_eq!(json!(rejected.field), frame["field"], "{name}");
                let is_told = rejected.reason == Reason::BadField;
                assert!(!is_told || rejected.request.is_some(), "{name}");
            }
        }
    }
}

#[test]
fn a_bad_signature_is_never_answered() {
    let (secrets, frames) = vectors();
    for frame in frames {
        let mut value = frame["value"].as_str().unwrap().as_bytes().to_vec();
        let Some(first) = value.first_mut() else {
            continue;
        };
        *first ^= 1;
        let rejected = read(&value, None, &secrets).unwrap_err();
        assert!(matches!(
            rejected.reason,
            Reason::BadLength | Reason::BadSignature
        ));
        assert_eq!(rejected.request, None);
    }
}

/// A command in JSON, signed.
fn signed(value: &Value) -> (Vec<u8>, String, Secrets) {
    let (secrets, _) = vectors();
    let value = value.to_string().into_bytes();
    let signature = secrets.sign(&value);
    (value, signature, secrets)
}

fn event(task: &str, data: &Value) -> Value {
    json!({
        "specversion": "1.0", "id": "order-7", "source": "shop", "time": "2026-11-28T21:00:00.250Z",
        "type": format!("com.facture.command.{task}.v1"), "replyto": "shop.answers", "data": data,
    })
}

#[test]
fn commands_in_json_pass_their_data_on() {
    let new = json!({ "amount_msat": 1500, "description": "Tea", "order_id": "7" });
    let (value, signature, secrets) = signed(&event("create", &new));
    let command = read(&value, Some(signature.as_bytes()), &secrets).unwrap();
    assert_eq!(
        command.action,
        Action::Create(new.as_object().unwrap().clone())
    );
    assert_eq!(command.sent_at, 1_795_899_600_250);
    assert_eq!(command.request.reply_to.as_deref(), Some("shop.answers"));
    assert_eq!(command.request.id.as_deref(), Some("order-7"));

    let data = json!({ "invoice": "facture_1" });
    let (value, signature, secrets) = signed(&event("lookup", &data));
    let command = read(&value, Some(signature.as_bytes()), &secrets).unwrap();
    let named = Named::Invoice("facture_1".to_owned());
    assert_eq!(command.action, Action::Lookup(named));
}

#[test]
fn commands_in_json_name_the_field_that_is_wrong() {
    let new = json!({});
    let with = |member: &str, value: Value| {
        let mut event = event("create", &new);
        event[member] = value;
        event
    };
    let both = event("cancel", &json!({ "invoice": "a", "payout": "po_1" }));
    for (value, reason, field) in [
        (
            with("specversion", json!("0.3")),
            Reason::BadField,
            Some("specversion"),
        ),
        (with("id", json!("")), Reason::BadField, Some("id")),
        (
            with("time", json!("yesterday")),
            Reason::BadField,
            Some("time"),
        ),
        (
            with("type", json!("com.facture.command.burn.v1")),
            Reason::UnknownTask,
            None,
        ),
        (with("data", json!([])), Reason::BadField, Some("value")),
        (event("decode", &new), Reason::BadField, Some("string")),
        (
            event("lookup", &json!({ "payout": "7" })),
            Reason::BadField,
            Some("payout"),
        ),
        (both, Reason::BadField, Some("data")),
    ] {
        let (bytes, signature, secrets) = signed(&value);
        let rejected = read(&bytes, Some(signature.as_bytes()), &secrets).unwrap_err();
        assert_eq!(
            (rejected.reason, rejected.field),
            (reason, field),
            "{value}"
        );
    }
    let (value, _, secrets) = signed(&event("create", &new));
    let rejected = read(&value, Some(b"00"), &secrets).unwrap_err();
    assert_eq!(rejected.reason, Reason::BadSignature);
}

#[test]
fn a_command_is_as_old_as_it_was_when_it_arrived() {
    let (value, signature, secrets) = signed(&event("create", &json!({})));
    let command = read(&value, Some(signature.as_bytes()), &secrets).unwrap();
    let window = Window {
        max_age: Duration::from_secs(900),
        max_future: Duration::from_secs(120),
    };
    let reason = |arrived_at| {
        window
            .check(&command, arrived_at)
            .map_err(|rejected| rejected.reason)
    };
    let sent = command.sent_at;
    assert_eq!(reason(Some(sent + 900_000)), Ok(()));
    assert_eq!(reason(Some(sent + 900_001)), Err(Reason::TooOld));
    assert_eq!(reason(Some(sent - 120_000)), Ok(()));
    assert_eq!(reason(Some(sent - 120_001)), Err(Reason::FromFuture));
    assert_eq!(reason(None), Err(Reason::NoArrivalTime));
    let rejected = window.check(&command, Some(i64::MAX)).unwrap_err();
    assert_eq!(rejected.request, Some(Box::new(command.request)));
}

proptest! {
    #[test]
    fn whatever_comes_is_read_or_rejected(value in prop::collection::vec(any::<u8>(), 0..600)) {
        let (secrets, _) = vectors();
        prop_assert!(read(&value, None, &secrets).is_err());
        prop_assert!(read(&value, Some(b"ab"), &secrets).is_err());
    }

    /// With a good signature, every field may be anything.
    #[test]
    fn whatever_is_signed_is_read_or_rejected(text in "[ 0-9a-z\\x00é]{29,140}") {
        let (secrets, _) = vectors();
        let mut value = format!("{text:<140}").into_bytes();
        let signature = secrets.sign(&value);
        value.extend_from_slice(signature.as_bytes());
        let _ = read(&value, None, &secrets);
    }

    #[test]
    fn every_create_frame_is_read(amount in 0..10_u64.pow(15), message in "[ -~]{0,37}", expiry in 0..31_536_000_u64) {
        let (secrets, _) = vectors();
        let mut value = format!("{:<13}{:<16}{amount:<37}{message:<37}{expiry:<37}", 1, "create").into_bytes();
        let signature = secrets.sign(&value);
        value.extend_from_slice(signature.as_bytes());
        let command = read(&value, None, &secrets);
        prop_assert!(matches!(command, Ok(Command { action: Action::Create(_), .. })), "{command:?}");
    }
}
