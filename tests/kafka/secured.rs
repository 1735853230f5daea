//! TLS, client certificates and SASL.

use std::{fs, path::Path};

use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};

use crate::world::{SECRET, World, free_ports, python, succeed};

/// An authority's certificate, and another with its key that it vouches for.
struct Certificates {
    authority: String,
    certificate: String,
    key: String,
}

impl Certificates {
    fn new() -> Self {
        let authority_key = KeyPair::generate().unwrap();
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = authority.self_signed(&authority_key).unwrap().pem();
        let issuer = Issuer::new(authority, authority_key);
        let key = KeyPair::generate().unwrap();
        // For the broker and for the bridge.
        let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
        ];
        Self {
            authority: pem,
            certificate: params.signed_by(&key, &issuer).unwrap().pem(),
            key: key.serialize_pem(),
        }
    }
}

/// A broker that listens with SASL over TLS on one port, and wants a client certificate on another.
fn properties(directory: &Path, port: u16, sasl: u16, mutual: u16) -> String {
    let (here, controller) = (directory.display(), port + 1);
    format!(
        "process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller},SASL_SSL://127.0.0.1:{sasl},SSL://127.0.0.1:{mutual}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},SASL_SSL://127.0.0.1:{sasl},SSL://127.0.0.1:{mutual}
listener.security.protocol.map=SASL_SSL:SASL_SSL,SSL:SSL,CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
sasl.enabled.mechanisms=SCRAM-SHA-512,PLAIN
listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_bridge=\"of the tests\";
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
ssl.keystore.type=PEM
ssl.keystore.location={here}/keystore.pem
ssl.truststore.type=PEM
ssl.truststore.location={here}/ca.pem
listener.name.ssl.ssl.client.auth=required
log.dirs={here}/log
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
"
    )
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Apache Kafka: .ci/kafka"]
async fn tls_with_sasl_or_a_client_certificate() {
    let (sasl, mutual) = (free_ports(), free_ports());
    let made = Certificates::new();
    let world = World::start_with(|directory, port| {
        let keystore = format!("{}{}{}", made.key, made.certificate, made.authority);
        for (file, text) in [
            ("keystore.pem", &keystore),
            ("ca.pem", &made.authority),
            (
                "server.properties",
                &properties(directory, port, sasl, mutual),
            ),
        ] {
            fs::write(directory.join(file), text).unwrap();
        }
        let user = "SCRAM-SHA-512=[name=bridge,password=of the tests]";
        vec!["--add-scram".to_owned(), user.to_owned()]
    })
    .await;
    world.write("password", "of the tests");
    world.write("wrong", "guessed");
    world.write("certificate.pem", &made.certificate);
    world.write("key.pem", &made.key);
    let directory = world.directory.path().display();
    let tls = |port| {
        format!(
            "bootstrap = \"127.0.0.1:{port}\"\ntls = true\nca_file = \"{directory}/kafka/ca.pem\""
        )
    };
    let user = |mechanism, file| {
        format!(
            "{}\nsasl = \"{mechanism}\"\nuser = \"bridge\"\npassword_file = \"{directory}/{file}\"",
            tls(sasl)
        )
    };
    let certificate = format!(
        "{}\ncertificate_file = \"{directory}/certificate.pem\"\nkey_file = \"{directory}/key.pem\"",
        tls(mutual)
    );
    for refused in [
        tls(mutual),
        user("SCRAM-SHA-512", "wrong"),
        user("PLAIN", "wrong"),
        format!("bootstrap = \"127.0.0.1:{sasl}\"\ntls = true"),
    ] {
        let mut bridge = world.bridge_at(&refused, "");
        assert_eq!(bridge.line().await, "", "{refused}");
        assert!(!bridge.end().await.success(), "{refused}");
    }
    for accepted in [
        certificate,
        user("PLAIN", "password"),
        user("SCRAM-SHA-512", "password"),
    ] {
        let mut bridge = world.bridge_at(&accepted, "");
        assert!(
            bridge.line().await.starts_with("facture bridge:"),
            "{}",
            world.log("bridge")
        );
        assert!(bridge.terminate().await.success());
    }
    let mut bridge = world.bridge_at(&user("SCRAM-SHA-512", "password"), "");
    assert!(bridge.line().await.starts_with("facture bridge:"));
    let arguments = ["commands", &world.bootstrap, SECRET, "50"];
    println!(
        "{}",
        succeed(python("tests/kafka/client.py", &arguments)).await
    );
}
