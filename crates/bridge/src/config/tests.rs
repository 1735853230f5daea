//! The example and what is wrong.

use super::*;

const EXAMPLE: &str = include_str!("../../../../bridge.example.toml");

/// The example with one line more, in a section.
fn with(section: &str, line: &str) -> String {
    EXAMPLE.replacen(section, &format!("{section}\n{line}"), 1)
}

fn message(text: &str) -> String {
    Config::parse(text).unwrap_err().to_string()
}

#[test]
fn the_example_is_accepted_and_its_comments_are_the_defaults() {
    let config = Config::parse(EXAMPLE).unwrap();
    let commented = EXAMPLE.lines().map(|line| match line.strip_prefix("# ") {
        Some(key) if key.contains(" = ") && !key.starts_with(['"', '`']) => key,
        _ => line,
    });
    let commented: Vec<_> = commented.collect();
    let all = Config::parse(&commented.join("\n")).unwrap();
    assert_eq!(format!("{:?}", config.events), format!("{:?}", all.events));
    let (some, all) = (config.commands.unwrap(), all.commands.unwrap());
    assert_eq!(format!("{some:?}"), format!("{all:?}"));
    assert!(!some.does(crate::command::Task::Pay));
}

#[test]
fn what_is_wrong_is_named() {
    let unknown = message(&with("[kafka]", "color = 1"));
    assert!(
        unknown.contains("unknown key") && unknown.contains("color"),
        "{unknown}"
    );
    for (section, line, key) in [
        ("[kafka]", "sasl = \"PLAIN\"", "kafka.tls"),
        ("[kafka]", "sasl = \"SCRAM-SHA-512\"", "kafka.user"),
        ("[kafka]", "ca_file = \"/x\"", "kafka.tls"),
        ("[kafka]", "key_file = \"/x\"", "kafka.key_file"),
        ("[events]", "cleanup_seconds = 0", "events.cleanup_seconds"),
        (
            "[events]",
            "invoices_topic = \"facture.events.v1\"",
            "events.invoices_topic",
        ),
        ("[commands]", "tasks = [\"burn\"]", "commands.tasks"),
        ("[commands]", "in_flight = 0", "commands.in_flight"),
        (
            "[commands]",
            "dead_letters = \"lightning-service\"",
            "commands.topic",
        ),
    ] {
        let message = message(&with(section, line));
        assert!(message.contains(key), "{line}: {message}");
    }
}
