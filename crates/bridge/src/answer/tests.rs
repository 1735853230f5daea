//! The shapes of answers.

use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::*;
use crate::command::Request;
use crate::{command::Task, signature::ReplayKey};

fn answer(outcome: Outcome) -> Answer {
    Answer {
        request: Request {
            replay_key: ReplayKey::of(b"signed"),
            task: Task::Create,
            dialect: Dialect::Frame,
            id: None,
            reply_to: None,
        },
        outcome,
        refused_for_age: false,
    }
}

fn writer(shape: Shape) -> Writer {
    Writer {
        shape,
        task_prefix: "lightning-".to_owned(),
        source: "https://pay.example".to_owned(),
        signing: None,
    }
}

fn text(written: Written) -> String {
    String::from_utf8(written.value).unwrap()
}

#[test]
fn the_shape_of_the_source() {
    let made = answer(Outcome::success(&"lnbc1", None));
    assert_eq!(
        text(writer(Shape::Seed).write(&made, "celery", 1)),
        r#"{"task":"lightning-create","data":{"message":"lnbc1","status":"success"}}"#
    );
    let failed = answer(Outcome::failed(&Failure::of_payout("no_route"), None));
    assert_eq!(
        text(writer(Shape::Seed).write(&failed, "celery", 1)),
        r#"{"task":"lightning-create","data":{"message":{"payment_error":"no_route","code":"no_route"},"status":"error"}}"#
    );
    let down = answer(Outcome::failed(
        &Failure::node_down("node_unreachable"),
        None,
    ));
    assert!(
        text(writer(Shape::Seed).write(&down, "celery", 1)).contains(
            r#"{"error":"failed to connect to all addresses","code":"node_unreachable"}"#
        )
    );
}

#[test]
fn a_signed_answer_has_its_time_before_and_its_signature_behind() {
    let secrets = Secrets::new(vec![SecretString::from("secret")]);
    let writer = Writer {
        signing: Some(secrets.clone()),
        ..writer(Shape::Seed)
    };
    let text = text(writer.write(
        &answer(Outcome::success(&"lnbc1", None)),
        "celery",
        1_645_459_200_123,
    ));
    let (signed, signature) = text.split_at(text.len() - 64);
    assert!(secrets.verify(signed.as_bytes(), signature.as_bytes()));
    assert!(signed.starts_with(r#"1645459200123{"task""#));
}

#[test]
fn a_message_of_celery_has_the_same_task_and_data() {
    let made = answer(Outcome::success(&"lnbc1", None));
    let message: Value =
        serde_json::from_slice(&writer(Shape::Celery).write(&made, "celery", 1).value).unwrap();
    assert_eq!(message["headers"]["task"], "lightning-create");
    assert_eq!(
        message["properties"]["delivery_info"]["routing_key"],
        "celery"
    );
    let body = STANDARD.decode(message["body"].as_str().unwrap()).unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body[0], json!([]));
    assert_eq!(
        body[1],
        json!({ "data": { "message": "lnbc1", "status": "success" } })
    );
}

#[test]
fn a_cloud_event_has_its_attributes_in_headers_and_one_id_for_ever() {
    let made = answer(Outcome::success(
        &json!({ "label": "facture_1" }),
        Some("facture_1".to_owned()),
    ));
    let written = writer(Shape::CloudEvents).write(&made, "answers", 1);
    let header = |name: &str| {
        let found = written.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, text)| text.clone())
    };
    assert_eq!(header("ce_type").unwrap(), "com.facture.answer.create.v1");
    assert_eq!(header("ce_subject").unwrap(), "facture_1");
    assert_eq!(header("ce_id").unwrap(), ReplayKey::of(b"signed").to_hex());
    assert_eq!(header("content-type").unwrap(), "application/json");
    assert_eq!(
        writer(Shape::CloudEvents).write(&made, "answers", 2),
        written
    );
    let data: Value = serde_json::from_slice(&written.value).unwrap();
    assert_eq!(data["status"], "success");
    assert_eq!(data["result"]["label"], "facture_1");
}

#[test]
fn every_failure_of_a_payout_has_a_word_of_the_source() {
    for code in facture_domain::payout::FailureCode::ALL {
        let failure = serde_json::to_value(Failure::of_payout(code.as_str())).unwrap();
        assert_eq!(failure["code"], code.as_str());
        let is_node = code.as_str() == "node_unavailable";
        assert_eq!(failure.get("payment_error").is_none(), is_node, "{failure}");
    }
}
