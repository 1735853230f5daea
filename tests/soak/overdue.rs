//! What the receiver did not take at any of the first attempts waits for its next one for half an hour. The soak does not:
//! as the owner of a shop would, it finds out from the log which deliveries those are, looks at each, and asks for it.

use std::{collections::BTreeSet, fs};

use jiff::Timestamp;
use reqwest::Method;
use serde_json::Value;

use crate::{say, shop::Shop};

/// A delivery that is due may be on its way. One that is so late is forgotten: the dispatcher looks every ten seconds.
const MAX_LATENESS_SECONDS: i64 = 20;

/// Asks for every delivery that waits for its next attempt.
pub(crate) async fn redeliver_waiting(shop: &Shop) {
    for id in not_taken(shop) {
        let path = format!("/api/v1/deliveries/{id}");
        let read = shop.call(Method::GET, &path);
        let Some(answer) = shop.ask("delivery", read, &[200]).await else {
            shop.tally.wrong(format!("{id} cannot be read"));
            continue;
        };
        let details = answer.json();
        let delivery = &details["delivery"];
        if delivery["state"] != "pending" {
            continue;
        }
        let attempts = details["attempts"].as_array().expect("attempts");
        let story = attempts.iter().map(story).collect::<Vec<_>>().join(", ");
        say(&format!("{delivery}: {story}"));
        let count = format!("waiting after {} attempts, asked for", attempts.len());
        shop.tally.count("webhooks", count);
        let late = Timestamp::now().as_second() - MAX_LATENESS_SECONDS;
        if delivery["next_attempt_at"].as_i64() < Some(late) {
            shop.tally.wrong(format!("{delivery} is forgotten"));
        }
        let again = shop.call(Method::POST, &format!("{path}/redeliver"));
        if shop.ask("redelivery", again, &[202]).await.is_none() {
            shop.tally.wrong(format!("{id} cannot be asked for"));
        }
    }
}

/// Those of which an attempt failed.
fn not_taken(shop: &Shop) -> BTreeSet<String> {
    let log = fs::read_to_string(shop.log()).expect("a log");
    log.lines()
        .filter(|line| line.contains("webhook not taken"))
        .filter_map(|line| line.split_once("delivery="))
        .filter_map(|(_, rest)| rest.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

fn story(attempt: &Value) -> String {
    let Value::Object(attempt) = attempt else {
        return attempt.to_string();
    };
    let came_of_it = match &attempt["status"] {
        Value::Null => &attempt["failure"],
        status => status,
    };
    format!("{came_of_it} at {}", attempt["started_at"])
}
