//! How the configuration is read.

use std::{collections::HashMap, path::Path};

use super::{
    error::ConfigError,
    load::{Config, SECRETS},
    node::NodeTransport,
};

fn from_environment(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let variables = variables
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Config::load(None, variables.collect())
}

fn from_file(text: &str) -> Result<Config, ConfigError> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("facture.toml");
    std::fs::write(&path, text).unwrap();
    Config::load(Some(&path), HashMap::new())
}

#[test]
fn the_example_holds_every_key_at_its_default() {
    let example = include_str!("../../config.example.toml");
    assert_eq!(from_file(example).unwrap(), Config::default());
    let shown: toml::Table = toml::from_str(&Config::default().to_toml().unwrap()).unwrap();
    let example: toml::Table = toml::from_str(example).unwrap();
    for (section, keys) in shown {
        for key in keys.as_table().unwrap().keys() {
            assert!(
                example[&section].get(key).is_some(),
                "{section}.{key} is missing in config.example.toml"
            );
        }
    }
}

#[test]
fn what_is_printed_can_be_read_again() {
    let config = from_environment(&[
        ("FACTURE_SITE__NAME", "Café \"zum Löwen\""),
        ("FACTURE_SERVER__PUBLIC_URL", "https://shop.example"),
        ("FACTURE_INVOICE__MAXIMUM_SAT", "5000"),
        ("FACTURE_SITE__ACCENT", "#F7931A"),
        ("FACTURE_SITE__REDIRECT_AUTOMATICALLY", "true"),
        (
            "FACTURE_EMBED__ORIGINS",
            "https://shop.example, http://localhost:8080/",
        ),
        ("FACTURE_SERVER__TRUSTED_PROXIES", "127.0.0.1 fd00::/8"),
        ("FACTURE_SERVER__PROXY_HEADER", "forwarded"),
        ("FACTURE_FORM__FIXED_SAT", "2100"),
        ("FACTURE_COUNTER__CURRENCY", "eur"),
        ("FACTURE_COUNTER__TAX_PERCENT", "5.5"),
        ("FACTURE_COUNTER__TIPS_PERCENT", "5 12"),
        ("FACTURE_INVOICE__ADOPT_LABELS", "own"),
        (
            "FACTURE_INVOICE__EXPOSE_PRIVATE_CHANNELS",
            "103x1x0, 104x2x1",
        ),
        ("FACTURE_PRICING__ROUND_UP_TO", "sat"),
        ("FACTURE_WEBHOOKS__ONION_PROXY", "socks5h://127.0.0.1:9050"),
        (
            "FACTURE_API__ALLOW_ORIGINS",
            "https://a.example, http://localhost:8080",
        ),
    ])
    .unwrap();
    assert_eq!(from_file(&config.to_toml().unwrap()).unwrap(), config);
}

#[test]
fn the_former_names_of_keys_are_read_and_the_new_ones_printed() {
    let file = "[server]\nhead_patience_seconds = 7\nanswer_patience_seconds = 9\n";
    let config = from_file(file).unwrap();
    assert_eq!(config.server.head_timeout_seconds.value(), 7);
    assert_eq!(config.server.answer_timeout_seconds.value(), 9);
    let variable = [("FACTURE_SERVER__BODY_PATIENCE_SECONDS", "8")];
    let server = from_environment(&variable).unwrap().server;
    assert_eq!(server.body_timeout_seconds.value(), 8);
    let printed = config.to_toml().unwrap();
    assert!(printed.contains("head_timeout_seconds = 7"), "{printed}");
    assert!(!printed.contains("patience"), "{printed}");
    // Which of the two counts nobody can know.
    let both = "[server]\nhead_patience_seconds = 7\nhead_timeout_seconds = 8\n";
    let error = said(from_file(both).unwrap_err());
    assert!(error.contains("head_timeout_seconds"), "{error}");
}

/// The program's words for an error, all causes included.
fn said(error: ConfigError) -> String {
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        said += &format!(": {error}");
        cause = error.source();
    }
    said
}

#[test]
fn no_error_shows_what_may_be_a_secret() {
    const SECRET: &str = "hunter2";
    let token = format!("{SECRET}{SECRET}{SECRET}{SECRET}");
    let values = [
        format!("https://user:{SECRET}@node.example:3010"),
        format!("https://node.example:3010/?rune={SECRET}"),
        format!("user:{SECRET}@10.0.0.1"),
        token.clone(),
    ];
    let shown: toml::Table = toml::from_str(&Config::default().to_toml().unwrap()).unwrap();
    let mut keys: Vec<(&str, &str)> = Vec::new();
    for (section, table) in &shown {
        let table = table.as_table().unwrap();
        keys.extend(table.keys().map(|key| (section.as_str(), key.as_str())));
        let variable = format!("FACTURE_{}", section.to_uppercase());
        for value in &values {
            let error = said(from_environment(&[(&variable, value)]).unwrap_err());
            assert!(
                error.contains(section) && !error.contains(SECRET),
                "{error}"
            );
            let error = said(from_file(&format!("{section} = \"{value}\"")).unwrap_err());
            assert!(
                error.contains(section) && !error.contains(SECRET),
                "{error}"
            );
        }
    }
    keys.extend(SECRETS);
    let mut refused = 0;
    for (section, key) in keys {
        let name = format!("{section}.{key}");
        let variable = format!("FACTURE_{section}__{key}").to_uppercase();
        for value in &values {
            for result in [
                from_environment(&[(&variable, value)]),
                from_environment(&[(&format!("{variable}__X"), value)]),
                from_file(&format!("[{section}]\n{key} = \"{value}\"")),
                from_file(&format!("[{section}]\n{key} = [\"{value}\"]")),
                from_file(&format!(
                    "[{section}]\n{key} = {{ \"{key}\" = \"{value}\" }}"
                )),
            ] {
                // A path or a text may be like this.
                let Err(error) = result else { continue };
                let error = said(error);
                assert!(error.contains(&name) && !error.contains(SECRET), "{error}");
                refused += 1;
            }
        }
        for digits in ["4242424242", "42424242424242424242424242424242424242424242"] {
            let text = format!("[{section}]\n{key} = {digits}");
            if let Err(ConfigError::Syntax { message, .. }) = from_file(&text) {
                assert!(!message.contains("4242"), "{message}");
                refused += 1;
            }
        }
    }
    assert!(refused > 400, "{refused}");
    for text in [
        format!("[api]\ntoken = {token}"),
        format!("[api]\ntoken = \"{token}"),
        format!("[api]\ntoken = '{token}'{token}"),
        format!("[api]\ntoken: {token}"),
        format!("[api]\ntoken = \"\\{token}\""),
    ] {
        let error = said(from_file(&text).unwrap_err());
        assert!(
            error.contains("line 2") && !error.contains(SECRET),
            "{error}"
        );
    }
}

#[test]
fn an_error_names_the_key_first_and_says_what_is_allowed() {
    for (text, expected) in [
        (
            "[server]\nlisten = \"x\"",
            "configuration: server.listen: `x`: must be an IP address and a port, such as 127.0.0.1:9112 or [::1]:9112",
        ),
        (
            "[node]\nrest_url = \"https://user:password@localhost:3010\"",
            "configuration: node.rest_url: must be like https://node.example:3010, with no path, user or password",
        ),
        (
            "api = \"x\"",
            "configuration: api: must be a section with keys, not a string",
        ),
        (
            "[charge]\nenabled = \"perhaps\"",
            "configuration: charge.enabled: must be a boolean, not a string",
        ),
    ] {
        assert_eq!(said(from_file(text).unwrap_err()), expected);
    }
    let missing = Config::load(Some(Path::new("/nowhere/facture.toml")), HashMap::new());
    assert_eq!(
        said(missing.unwrap_err()),
        "configuration: cannot read /nowhere/facture.toml: No such file or directory (os error 2)"
    );
}

#[test]
fn the_environment_wins_over_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("facture.toml");
    std::fs::write(
        &path,
        "[site]\nname = \"file\"\n[invoice]\ndefault_sat = 7\n",
    )
    .unwrap();
    let variables = HashMap::from([("FACTURE_SITE__NAME".to_owned(), "123".to_owned())]);
    let config = Config::load(Some(&path), variables).unwrap();
    assert_eq!(config.site.name.as_str(), "123");
    assert_eq!(config.invoice.default_sat.amount().whole_sat(), Some(7));
}

#[test]
fn a_file_with_a_secret_must_be_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("facture.toml");
    let load = |text: &str, mode| {
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        Config::load(Some(&path), HashMap::new())
    };
    let secret = "[api]\ntoken = \"a-token-for-the-tests-of-facture\"\n";
    for mode in [0o644, 0o640, 0o604, 0o660] {
        let error = load(secret, mode).unwrap_err().to_string();
        let told = format!("run `chmod 600 {}`", path.display());
        assert!(
            error.contains("api.token") && error.contains(&told),
            "{error}"
        );
        assert!(!error.contains("a-token-for"), "{error}");
        assert!(load("[api]\ntoken = \"\"\n[site]\nname = \"x\"\n", mode).is_ok());
    }
    assert!(load(secret, 0o600).is_ok());
    assert!(load(secret, 0o400).is_ok());
}

#[test]
fn an_unknown_key_or_bad_value_is_refused_by_name() {
    for (variable, value, expected) in [
        (
            "FACTURE_SERVER__LISTN",
            "127.0.0.1:1",
            vec!["listn", "listen"],
        ),
        ("FACTURE_SHOP__NAME", "x", vec!["shop", "site"]),
        (
            "FACTURE_SERVER__LISTEN",
            "localhost",
            vec!["server.listen", "127.0.0.1:9112"],
        ),
        (
            "FACTURE_SERVER__PUBLIC_URL",
            "shop.example",
            vec!["server.public_url", "https://"],
        ),
        (
            "FACTURE_SERVER__PUBLIC_URL",
            "https://a:b@shop.example",
            vec!["server.public_url"],
        ),
        (
            "FACTURE_SERVER__PUBLIC_URL",
            "https://shop.example/pay",
            vec!["server.public_url"],
        ),
        (
            "FACTURE_NODE__DEADLINE_SECONDS",
            "0",
            vec!["node.deadline_seconds", "1 to 60"],
        ),
        (
            "FACTURE_NODE__CONNECTIONS",
            "1000",
            vec!["node.connections", "1 to 100"],
        ),
        (
            "FACTURE_INVOICE__DEFAULT_SAT",
            "1.5",
            vec!["invoice.default_sat", "satoshis"],
        ),
        (
            "FACTURE_INVOICE__DEFAULT_SAT",
            "0",
            vec!["invoice.default_sat"],
        ),
        (
            "FACTURE_INVOICE__MAXIMUM_SAT",
            "-1",
            vec!["invoice.maximum_sat", "satoshis"],
        ),
        (
            "FACTURE_INVOICE__MINIMUM_SAT",
            "5000",
            vec!["minimum_sat", "default_sat"],
        ),
        (
            "FACTURE_INVOICE__MAXIMUM_SAT",
            "10",
            vec!["maximum_sat", "default_sat"],
        ),
        (
            "FACTURE_INVOICE__EXPIRY_SECONDS",
            "31536001",
            vec!["invoice.expiry_seconds", "31536000"],
        ),
        (
            "FACTURE_INVOICE__LABEL_PREFIX",
            "Über",
            vec!["invoice.label_prefix", "a-z"],
        ),
        (
            "FACTURE_INVOICE__DEFAULT_DESCRIPTION",
            "a\nb",
            vec!["invoice.default_description", "control"],
        ),
        (
            "FACTURE_API__REQUESTS_PER_MINUTE",
            "0",
            vec!["api.requests_per_minute", "1 to 1000000"],
        ),
        (
            "FACTURE_SERVER__TRUSTED_PROXIES",
            "127.0.0.1, nginx",
            vec!["server.trusted_proxies", "nginx", "10.0.0.0/8"],
        ),
        (
            "FACTURE_SERVER__PROXY_HEADER",
            "x-real-ip",
            vec!["server.proxy_header", "forwarded"],
        ),
        ("FACTURE_FORM__FIXED_SAT", "1.5", vec!["form.fixed_sat"]),
        (
            "FACTURE_COUNTER__CURRENCY",
            "XYZ",
            vec!["counter.currency", "EUR"],
        ),
        (
            "FACTURE_COUNTER__TAX_PERCENT",
            "101",
            vec!["counter.tax_percent", "100"],
        ),
        (
            "FACTURE_COUNTER__TIPS_PERCENT",
            "5, 5",
            vec!["counter.tips_percent", "twice"],
        ),
        (
            "FACTURE_DATEV__FISCAL_YEAR_START",
            "02-30",
            vec!["datev.fiscal_year_start", "01-01"],
        ),
        (
            "FACTURE_DATEV__BITCOIN_ACCOUNT",
            "14a0",
            vec!["datev.bitcoin_account", "digits"],
        ),
        (
            "FACTURE_DATEV__REVENUE_ACCOUNTS",
            "19=8400 19.0=8401",
            vec!["datev.revenue_accounts", "twice"],
        ),
        (
            "FACTURE_DATEV__ADVISER",
            "1001",
            vec!["datev.bitcoin_account"],
        ),
        (
            "FACTURE_LIMITS__STREAMS",
            "-1",
            vec!["limits.streams", "0 to 1000000"],
        ),
        (
            "FACTURE_API__ALLOW_ORIGINS",
            "https://a.example,shop.example",
            vec!["api.allow_origins", "shop.example"],
        ),
        (
            "FACTURE_API__ALLOW_ORIGINS",
            "https://a.example/shop",
            vec!["api.allow_origins", "origin"],
        ),
        (
            "FACTURE_NODE__REST_URL",
            "http://node.example:3010",
            vec!["node.rest_url", "https://"],
        ),
        (
            "FACTURE_NODE__REST_URL",
            "https://node.example:3010/v1",
            vec!["node.rest_url", "no path"],
        ),
        (
            "FACTURE_NODE__RUNE",
            "abc=",
            vec!["node.rune", "node.rest_url"],
        ),
        (
            "FACTURE_NODE__CA_FILE",
            "/ca.pem",
            vec!["node.ca_file", "node.rest_url"],
        ),
        (
            "FACTURE_PRICING__ROUND_UP_TO",
            "btc",
            vec!["pricing.round_up_to", "msat or sat"],
        ),
        (
            "FACTURE_WEBHOOKS__ONION_PROXY",
            "http://127.0.0.1:9050",
            vec!["webhooks.onion_proxy", "127.0.0.1:9050"],
        ),
        (
            "FACTURE_WEBHOOKS__ONION_PROXY",
            "tor",
            vec!["webhooks.onion_proxy", "127.0.0.1:9050"],
        ),
        ("FACTURE_SITE__NAME", " ", vec!["site.name"]),
        (
            "FACTURE_SITE__LANGUAGE",
            "nl",
            vec!["site.language", "zh-Hant"],
        ),
        (
            "FACTURE_INVOICE__ADOPT_LABELS",
            "some",
            vec!["invoice.adopt_labels", "auto", "own", "prefix"],
        ),
        (
            "FACTURE_INVOICE__EXPOSE_PRIVATE_CHANNELS",
            "103x1x0,maybe",
            vec!["invoice.expose_private_channels", "always"],
        ),
        (
            "FACTURE_LOG__FORMAT",
            "xml",
            vec!["log.format", "text", "json"],
        ),
    ] {
        let error = said(from_environment(&[(variable, value)]).unwrap_err());
        for word in expected {
            assert!(error.contains(word), "{variable}={value}: {error}");
        }
    }
    for text in [
        "[invoice]\ndefault_sat = 1.5",
        "[invoice]\ndefault_sat = true",
        "[invoice]\ndefault_sat = \"\"",
    ] {
        let error = said(from_file(text).unwrap_err());
        assert!(error.contains("invoice.default_sat"), "{text}: {error}");
    }
    assert!(Config::load(Some(Path::new("/nowhere/facture.toml")), HashMap::new()).is_err());
}

const REST_URL: (&str, &str) = ("FACTURE_NODE__REST_URL", "https://localhost:3010");
const RUNE: &str = "fWy7KhSrLtBxon9BLV22E605PFdIu_fW-jd0lx9EWeE9MA==";

#[test]
fn a_rune_is_never_shown() {
    let config = from_environment(&[REST_URL, ("FACTURE_NODE__RUNE", RUNE)]).unwrap();
    for shown in [format!("{config:?}"), config.to_toml().unwrap()] {
        assert!(!shown.contains(RUNE), "{shown}");
    }
    let transport = config.node.transport().unwrap();
    assert!(!format!("{transport:?}").contains(RUNE), "{transport:?}");
    assert!(matches!(transport, NodeTransport::Rest { ca: None, .. }));
    let spoilt = format!("{RUNE} {RUNE}");
    let error = said(from_environment(&[REST_URL, ("FACTURE_NODE__RUNE", &spoilt)]).unwrap_err());
    assert!(
        error.contains("node.rune") && !error.contains(RUNE),
        "{error}"
    );
}

#[test]
fn the_transport_is_one_and_complete() {
    for (variables, expected) in [
        (
            vec![REST_URL, ("FACTURE_NODE__RPC_FILE", "/run/rpc")],
            ["node.rest_url", "node.rpc_file"],
        ),
        (
            vec![
                REST_URL,
                ("FACTURE_NODE__RUNE", RUNE),
                ("FACTURE_NODE__RUNE_FILE", "/rune"),
            ],
            ["node.rune ", "node.rune_file"],
        ),
    ] {
        let error = said(from_environment(&variables).unwrap_err());
        assert!(expected.iter().all(|key| error.contains(key)), "{error}");
    }
    let mut config = from_environment(&[REST_URL]).unwrap();
    let error = config.node.transport().unwrap_err().to_string();
    assert!(
        error.contains("node.rune") && error.contains("facture rune"),
        "{error}"
    );
    config.node.use_socket("/run/rpc".into());
    assert!(matches!(
        config.node.transport(),
        Ok(NodeTransport::Socket(_))
    ));
}

#[test]
fn a_rune_in_a_file_is_for_us_alone() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("rune");
    let rune_file = |text: &str, mode: u32| {
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let file = ("FACTURE_NODE__RUNE_FILE", path.to_str().unwrap());
        let config = from_environment(&[REST_URL, file]).unwrap();
        config.node.transport().map_err(|error| error.to_string())
    };
    assert!(rune_file(&format!("{RUNE}\n"), 0o600).is_ok());
    let open = rune_file(RUNE, 0o604).unwrap_err();
    assert!(
        open.contains("node.rune_file") && !open.contains(RUNE),
        "{open}"
    );
    for (text, expected) in [("", "empty"), ("{\"rune\": 1}", "createrune")] {
        let error = rune_file(text, 0o600).unwrap_err();
        assert!(
            error.contains("node.rune_file") && error.contains(expected),
            "{error}"
        );
    }
    std::fs::remove_file(&path).unwrap();
    let config = from_environment(&[REST_URL, ("FACTURE_NODE__RUNE_FILE", "/nowhere")]);
    assert!(
        config
            .unwrap()
            .node
            .transport()
            .unwrap_err()
            .to_string()
            .contains("/nowhere")
    );
}
