//! `facture dns-record`: the record of a running server's offer, and what a resolver has of it.

use std::{
    net::SocketAddr,
    process::{Command, Output},
};

use hickory_proto::{
    op::{Message, ResponseCode},
    rr::{RData, Record, RecordType, rdata::TXT},
};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{
    payouts::{Merchant, issue},
    program::{program, run_beside},
};

const NAME: &str = "shop@example.com";
const IN_DNS: &str = "shop.user._bitcoin-payment.example.com.";

/// What a resolver says.
#[derive(Clone)]
struct Zone {
    /// The TXT records, each with its strings.
    records: Vec<Vec<String>>,
    signed: bool,
    code: ResponseCode,
}

impl Zone {
    fn of(records: &[&[&str]]) -> Self {
        let owned = |strings: &&[&str]| strings.iter().map(|string| (*string).to_owned()).collect();
        Self {
            records: records.iter().map(owned).collect(),
            signed: true,
            code: ResponseCode::NoError,
        }
    }
}

/// A resolver that knows nothing else, by TCP.
async fn resolver(zone: Zone) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let length = stream.read_u16().await.unwrap();
            let mut question = vec![0; length.into()];
            stream.read_exact(&mut question).await.unwrap();
            let question = Message::from_vec(&question).unwrap();
            assert!(question.metadata.recursion_desired && question.metadata.authentic_data);
            let query = question.queries[0].clone();
            assert_eq!(query.query_type(), RecordType::TXT);
            assert_eq!(query.name().to_ascii(), IN_DNS);
            let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
            answer.metadata.response_code = zone.code;
            answer.metadata.authentic_data = zone.signed;
            answer.add_query(query.clone());
            for strings in &zone.records {
                let text = RData::TXT(TXT::new(strings.clone()));
                answer.add_answer(Record::from_rdata(query.name().clone(), 3600, text));
            }
            let answer = answer.to_vec().unwrap();
            let length = u16::try_from(answer.len()).unwrap();
            stream.write_u16(length).await.unwrap();
            stream.write_all(&answer).await.unwrap();
        }
    });
    address
}

fn dns_record(merchant: &Merchant, more: &[&str]) -> Command {
    let records = merchant.records.to_str().unwrap();
    let mut command = program(&["dns-record", NAME, "--data-dir", records]);
    command.args(more);
    command
}

/// The strings of a printed record, joined.
fn text(printed: &str) -> String {
    let line = printed.lines().next().unwrap();
    let (head, strings) = line.split_once(" TXT ").unwrap();
    assert_eq!(head, format!("{IN_DNS} 3600 IN"));
    let strings = strings.split(' ').map(|quoted| quoted.trim_matches('"'));
    strings.collect()
}

#[tokio::test]
async fn the_record_is_that_of_the_active_offer() {
    let merchant = Merchant::open().await;
    let token = issue(&merchant.records, "invoices:create").await;
    let (output, _, complaint) = run_beside(dns_record(&merchant, &[])).await;
    assert!(!output.status.success());
    assert!(complaint.contains("no active offer"), "{complaint}");

    let mut offers = Vec::new();
    for description in ["a gift", "tea"] {
        let new = json!({ "amount_msat": "any", "description": description });
        let (_, offer) = merchant.post(&token, "/api/v1/offers", &new).await;
        offers.push(offer);
    }
    let bolt12 = |number: usize| offers[number]["bolt12"].as_str().unwrap();
    let id = |number: usize| offers[number]["offer_id"].as_str().unwrap();
    let (output, _, complaint) = run_beside(dns_record(&merchant, &[])).await;
    assert!(!output.status.success());
    assert!(
        complaint.contains(id(0)) && complaint.contains("tea"),
        "{complaint}"
    );
    for chosen in [id(0), bolt12(0), &bolt12(0).to_uppercase()] {
        let (output, printed, complaint) =
            run_beside(dns_record(&merchant, &["--offer", chosen])).await;
        assert!(output.status.success(), "{complaint}");
        assert_eq!(text(&printed), format!("bitcoin:?lno={}", bolt12(0)));
    }
    let disable = format!("/api/v1/offers/{}/disable", id(0));
    merchant.post(&token, &disable, &json!({})).await;
    let (_, printed, _) = run_beside(dns_record(&merchant, &[])).await;
    assert_eq!(text(&printed), format!("bitcoin:?lno={}", bolt12(1)));
    let (output, _, complaint) = run_beside(dns_record(&merchant, &["--offer", id(0)])).await;
    assert!(!output.status.success());
    assert!(complaint.contains("no active offer"), "{complaint}");
}

async fn checked(merchant: &Merchant, offer: &str, zone: Zone) -> (Output, String, String) {
    let address = resolver(zone).await.to_string();
    run_beside(dns_record(
        merchant,
        &["--offer", offer, "--resolver", &address],
    ))
    .await
}

#[tokio::test]
async fn what_a_resolver_has_is_compared_and_every_fault_is_named() {
    let merchant = Merchant::open().await;
    let token = issue(&merchant.records, "invoices:create").await;
    let new = json!({ "amount_msat": "any", "description": "x".repeat(250) });
    let (_, offer) = merchant.post(&token, "/api/v1/offers", &new).await;
    let offer = offer["bolt12"].as_str().unwrap();
    let record = format!("bitcoin:?lno={offer}");
    // It is longer than a string can be.
    let (first, rest) = record.split_at(200);
    let (second, third) = rest.split_at(200);
    let right = [first, second, third];
    let capitals = format!("BITCOIN:?LNO={}", offer.to_uppercase());
    let (first, rest) = capitals.split_at(255);
    let (second, third) = rest.split_at(255);
    for zone in [
        Zone::of(&[&right]),
        Zone::of(&[&[first, second, third]]),
        // Other programs' records at the same name.
        Zone::of(&[&["v=spf1 -all"], &right, &["bit"]]),
    ] {
        let (output, printed, complaint) = checked(&merchant, offer, zone).await;
        assert!(output.status.success(), "{printed} {complaint}");
        assert_eq!(text(&printed), record);
        assert!(printed.contains("has this record, once"), "{printed}");
    }
    let unsigned = Zone {
        signed: false,
        ..Zone::of(&[&right])
    };
    let none = Zone {
        code: ResponseCode::NXDomain,
        ..Zone::of(&[])
    };
    for (zone, fault) in [
        (unsigned, "DNSSEC"),
        (none, "no TXT record that begins with bitcoin:"),
        (Zone::of(&[&["v=spf1 -all"]]), "no TXT record"),
        (Zone::of(&[&right, &right]), "2 TXT records"),
        (
            Zone::of(&[&["bitcoin:?lno=lno1qqqq"]]),
            "another offer: lno1qqqq",
        ),
        (Zone::of(&[&["bitcoin:bc1q?sp=x"]]), "names no offer"),
    ] {
        let (output, printed, complaint) = checked(&merchant, offer, zone).await;
        assert!(!output.status.success(), "{printed}");
        assert!(printed.contains(fault), "{printed}");
        assert!(complaint.contains("wallets would not pay"), "{complaint}");
    }
    let failing = Zone {
        code: ResponseCode::ServFail,
        ..Zone::of(&[])
    };
    let (output, _, complaint) = checked(&merchant, offer, failing).await;
    assert!(!output.status.success());
    assert!(
        complaint.contains("the resolver at 127.0.0.1:"),
        "{complaint}"
    );
}
