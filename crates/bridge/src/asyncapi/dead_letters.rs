//! Dead letters.

use serde_json::json;

use super::message::{Message, Messages, digits, headers, text};
use crate::command::Reason;

pub(super) fn messages() -> Messages {
    let reasons = Reason::ALL.map(Reason::as_str);
    let reason =
        json!({ "type": "string", "enum": reasons, "description": "Why it is no command." });
    let letter = Message {
        name: "deadLetter",
        description: "Something that is no command: key and value as they came, and its own headers before these.",
        content_type: "application/octet-stream",
        headers: headers(
            &[
                ("dlq-reason", reason),
                ("dlq-original-topic", text("Where it came from.")),
                ("dlq-original-partition", digits("Its partition.")),
                ("dlq-original-offset", digits("Its place there.")),
                (
                    "dlq-time",
                    digits("When it was put aside, in milliseconds since 1970."),
                ),
            ],
            &[("dlq-field", text("The field that is wrong."))],
        ),
        payload: json!({ "description": "Byte for byte as it came; null if it had no value." }),
        key: "As it came.",
    };
    Messages::from_iter([letter.write()])
}
