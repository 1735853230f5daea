//! The example, and what is said of mistakes.

use super::*;

const EXAMPLE: &str = include_str!("../../../../payer.example.toml");

const LEAST: &str = r#"
data_dir = "/var/lib/facture-payer"
[server]
socket = "/s"
token_file = "/t"
[node]
rpc_file = "/r"
[limits]
per_payout_sat = 1
per_hour_sat = 2
per_day_sat = 3
"#;

#[test]
fn the_example_can_be_used_and_names_every_key() {
    let config = Config::parse(EXAMPLE).unwrap();
    assert_eq!(config.node.kind, NodeKind::Cln);
    let keys = [
        "data_dir",
        "payments",
        "socket",
        "url",
        "ca_file",
        "token_file",
        "kind",
        "rpc_file",
        "rest_url",
        "rune_file",
        "lnd_url",
        "tls_cert_file",
        "macaroon_file",
        "deadline_seconds",
        "retry_for_seconds",
        "per_payout_sat",
        "per_hour_sat",
        "per_day_sat",
        "per_asker_per_day_sat",
        "fee_ppm",
        "fee_free_sat",
        "kinds",
        "approval_above_sat",
        "totp_file",
        "allow_private_addresses",
        "filter",
        "format",
    ];
    for key in keys {
        let mut lines = EXAMPLE.lines().map(|line| line.trim_start_matches("# "));
        assert!(
            lines.any(|line| line.starts_with(&format!("{key} = "))),
            "{key}"
        );
    }
}

#[test]
fn an_error_names_the_key() {
    for (from, to, expected) in [
        ("rpc_file = \"/r\"", "", "node.rpc_file: is missing"),
        ("socket = \"/s\"", "", "server.socket: is missing"),
        ("token_file = \"/t\"", "", "server.token_file: is missing"),
        (
            "per_hour_sat = 2",
            "",
            "limits: missing field `per_hour_sat`",
        ),
        (
            "per_hour_sat = 2",
            "per_hour_sat = -1",
            "limits.per_hour_sat: must be",
        ),
        (
            "per_hour_sat = 2",
            "per_hour_sat = 1.5",
            "limits.per_hour_sat: invalid type",
        ),
        (
            "per_hour_sat = 2",
            "per_hour_sat = 2\nper_week_sat = 3",
            "limits.per_week_sat: unknown key",
        ),
        (
            "per_hour_sat = 2",
            "per_hour_sat = 2\nkinds = []",
            "limits.kinds: must name",
        ),
        (
            "per_hour_sat = 2",
            "per_hour_sat = 2\nkinds = [\"x\"]",
            "limits.kinds: must be some of bolt11",
        ),
        (
            "per_hour_sat = 2",
            "per_hour_sat = 2\nfee_ppm = 1000001",
            "limits.fee_ppm: must be at most",
        ),
        (
            "rpc_file = \"/r\"",
            "rpc_file = \"/r\"\nrune_file = \"/x\"",
            "node.rune_file: requires",
        ),
        (
            "rpc_file = \"/r\"",
            "rest_url = \"https://node:1\"",
            "node.rune_file: is missing",
        ),
        (
            "rpc_file = \"/r\"",
            "rest_url = \"http://node:1\"",
            "node.rest_url: must be like",
        ),
        (
            "rpc_file = \"/r\"",
            "kind = \"lnd\"",
            "node.lnd_url: is missing",
        ),
        (
            "rpc_file = \"/r\"",
            "kind = \"lnd\"\nrpc_file = \"/r\"",
            "node.rpc_file: requires",
        ),
        (
            "rpc_file = \"/r\"",
            "rpc_file = \"/r\"\nretry_for_seconds = 0",
            "node.retry_for_seconds: must be",
        ),
        (
            "data_dir = \"/var/lib/facture-payer\"",
            "data_dir = \"\"",
            "data_dir: must be a directory",
        ),
        ("[limits]", "[limits", "line 8: "),
    ] {
        let error = Config::parse(&LEAST.replace(from, to))
            .unwrap_err()
            .to_string();
        let error = error.strip_prefix("configuration: ").unwrap();
        assert!(error.starts_with(expected), "{to}: {error}");
    }
    assert!(Config::parse(LEAST).is_ok());
}
