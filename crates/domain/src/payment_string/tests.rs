//! Texts as they are found on pages, in QR codes and in specifications.

use bitcoin::bech32::{Bech32, Hrp, encode};
use proptest::prelude::*;

use super::*;
use crate::{
    amount::{Amount, Msat},
    network::Network,
};

/// Made by lightningd v26.06.6 on regtest: 10,000 msat, "one coffee".
const COFFEE: &str = "lnbcrt100n1p4spqg3sp523g63gs964jmp7ng34q0c50ph7yw8m8ntjty4jk320uet5jvemtqpp5me7zx3j2lqa0q3v7yev83uscw2qr7fpj9nfg4jzuydpjhpkmkaqqdqsdahx2grrdanxvet9xqyjw5qcqp29qxpqysgq9g5c9hu0quyvepfcw4peark9dtm79qcyg3fmnp2306gk20t8lwnp0zasxmwrhe30p5djrlx2puakgu3d7zy5wgeva3pqt3prtcqxfugp963xnh";

/// From the examples of BOLT 12.
const OFFER: &str = "lno1pqps7sjqpgtyzm3qv4uxzmtsd3jjqer9wd3hy6tsw35k7msjzfpy7nz5yqcnygrfdej82um5wf5k2uckyypwa3eyt44h6txtxquqh7lz5djge4afgfjn7k4rgrkuag0jsd5xvxg";

const ADDRESS: &str = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";

fn way(text: &str) -> Way {
    match PaymentString::parse(text) {
        Ok(read) => read.way,
        Err(error) => panic!("{text}: {error}"),
    }
}

fn refusal(text: &str) -> String {
    match PaymentString::parse(text) {
        Ok(read) => panic!("{text}: {read:?}"),
        Err(error) => format!("The string {error}."),
    }
}

fn lnurl(url: &str) -> String {
    encode::<Bech32>(Hrp::parse("lnurl").unwrap(), url.as_bytes()).unwrap()
}

fn msat(msat: u64) -> Option<Msat> {
    Msat::from_msat(msat)
}

#[test]
fn a_payment_request_is_read_however_it_is_written() {
    let upper = COFFEE.to_uppercase();
    for text in [
        COFFEE.to_owned(),
        upper.clone(),
        format!("  {COFFEE}\r\n"),
        format!("lightning:{COFFEE}"),
        format!("LIGHTNING:{upper}"),
        format!("lightning://{COFFEE}"),
        format!("https://shop.example/pay?x=1&lightning={COFFEE}"),
    ] {
        let Way::Bolt11(request) = way(&text) else {
            panic!("{text}");
        };
        assert_eq!(request.decoded.bolt11.as_str(), COFFEE);
        assert_eq!(
            Some(request.decoded.amount),
            msat(10_000).map(Amount::Exact)
        );
        assert_eq!(request.network, Network::Regtest);
        assert_eq!(request.memo, PaymentMemo::Text("one coffee".to_owned()));
        let lifetime = request.expires_at - request.decoded.created_at;
        assert_eq!(lifetime.get_seconds(), 604_800);
        assert!(request.payee.to_string().starts_with('0'));
    }
}

#[test]
fn a_payment_request_that_is_damaged_says_so() {
    let mixed = COFFEE.replacen("lnbcrt", "LNbcrt", 1);
    assert!(refusal(&mixed).contains("mixes small and capital letters"));
    assert!(refusal(&COFFEE.replace("pp5me7", "pp5me8")).contains("not a BOLT 11"));
    assert!(refusal(&COFFEE[..200]).contains("not a BOLT 11"));
    assert!(refusal(&COFFEE.replace("pp5", "pp 5")).contains("spaces"));
    assert!(refusal("lnxyz1234").contains("not a BOLT 11"));
    assert!(refusal("lnbc1").contains("not a BOLT 11"));
}

#[test]
fn offers_are_joined_as_bolt_12_says() {
    for text in [
        OFFER.to_owned(),
        OFFER.to_uppercase(),
        OFFER.replacen("lno1", "l+no1", 1),
        OFFER.replacen("sjq", "s+jq", 1),
        OFFER.replacen("sjq", "s+ \r\n jq", 1),
        format!("lightning:{OFFER}"),
    ] {
        let Way::Bolt12(offer) = way(&text) else {
            panic!("{text}");
        };
        assert_eq!((offer.kind, offer.as_str()), (Bolt12Kind::Offer, OFFER));
    }
    for (text, reason) in [
        (format!("{OFFER}+"), "a + must stand"),
        (format!("+{OFFER}"), "a + must stand"),
        (format!("+ {OFFER}"), "a + must stand"),
        (OFFER.replacen("no1", "n++o1", 1), "a + must stand"),
        (OFFER.replacen("sjq", "s jq", 1), "a + must stand"),
        (OFFER.replacen("sjq", "sJq", 1), "mixes"),
        (OFFER.replacen("sjq", "sbq", 1), "a character"),
        ("lno1".to_owned(), "cut off"),
        ("lno1q".to_owned(), "cut off"),
    ] {
        assert!(refusal(&text).contains(reason), "{text}");
    }
    let kind = |text: &str| match way(text) {
        Way::Bolt12(read) => read.kind.as_str(),
        _ => "none",
    };
    assert_eq!(kind(&OFFER.replacen("lno", "lnr", 1)), "invoice_request");
    assert_eq!(kind(&OFFER.replacen("lno", "lni", 1)), "bolt12_invoice");
}

#[test]
fn an_lnurl_is_a_url_in_any_of_its_forms() {
    let pay = lnurl("https://service.example/pay?id=1");
    for (text, kind, url) in [
        (
            pay.clone(),
            LnurlKind::Unknown,
            "https://service.example/pay?id=1",
        ),
        (
            pay.to_uppercase(),
            LnurlKind::Unknown,
            "https://service.example/pay?id=1",
        ),
        (
            format!("lightning:{pay}"),
            LnurlKind::Unknown,
            "https://service.example/pay?id=1",
        ),
        (
            format!(
                "https://service.example/gift?a=b&lightning={}",
                pay.to_uppercase()
            ),
            LnurlKind::Unknown,
            "https://service.example/pay?id=1",
        ),
        (
            lnurl("https://service.example/in?tag=login&k1=00"),
            LnurlKind::Auth,
            "https://service.example/in?tag=login&k1=00",
        ),
        (
            lnurl("https://service.example/w?tag=withdrawRequest"),
            LnurlKind::Withdraw,
            "https://service.example/w?tag=withdrawRequest",
        ),
        (
            "lnurlp://service.example/a".to_owned(),
            LnurlKind::Pay,
            "https://service.example/a",
        ),
        (
            "LNURLP:service.example/a".to_owned(),
            LnurlKind::Pay,
            "https://service.example/a",
        ),
        (
            "lnurlw://x.onion/a?b".to_owned(),
            LnurlKind::Withdraw,
            "http://x.onion/a?b",
        ),
        (
            "lnurlc://service.example".to_owned(),
            LnurlKind::Channel,
            "https://service.example/",
        ),
        (
            "keyauth://service.example/k".to_owned(),
            LnurlKind::Auth,
            "https://service.example/k",
        ),
        (
            lnurl("https://x.onion/?tag=login"),
            LnurlKind::Auth,
            "https://x.onion/?tag=login",
        ),
        (
            "lnurlp://127.0.0.1:8080/a".to_owned(),
            LnurlKind::Pay,
            "http://127.0.0.1:8080/a",
        ),
    ] {
        let Way::Lnurl(read) = way(&text) else {
            panic!("{text}");
        };
        assert_eq!((read.kind, read.url.as_str()), (kind, url), "{text}");
        // Shown, it is the same again.
        assert_eq!(way(&read.to_string()), Way::Lnurl(read), "{text}");
    }
}

#[test]
fn an_lnurl_that_cannot_be_asked_says_why() {
    let pay = lnurl("https://service.example/pay?id=1");
    for (text, reason) in [
        (pay[..pay.len() - 3].to_owned(), "checksum"),
        (pay.replacen('p', "q", 1), "checksum"),
        (lnurl("http://service.example/"), "https://"),
        (lnurl("ftp://service.example/"), "web address"),
        (lnurl("hello"), "hold a URL"),
        (lnurl("https://user:secret@service.example/"), "user name"),
        ("lnurlp://".to_owned(), "hold a URL"),
        ("lnurlp://a b/c".to_owned(), "hold a URL"),
        (
            "https://service.example/".to_owned(),
            "no LNURL in a parameter",
        ),
        (
            "https://service.example/?lightning=https://a.example".to_owned(),
            "no LNURL",
        ),
    ] {
        assert!(
            refusal(&text).contains(reason),
            "{text}: {}",
            refusal(&text)
        );
    }
}

#[test]
fn a_lightning_address_names_a_url() {
    for (text, shown, url) in [
        (
            "Satoshi@Bitcoin.org",
            "satoshi@bitcoin.org",
            "https://bitcoin.org/.well-known/lnurlp/satoshi",
        ),
        (
            "lightning:a.b-c_d+tip@shop.example",
            "a.b-c_d+tip@shop.example",
            "https://shop.example/.well-known/lnurlp/a.b-c_d+tip",
        ),
        (
            "me@abc.onion",
            "me@abc.onion",
            "http://abc.onion/.well-known/lnurlp/me",
        ),
        (
            "me@localhost:3000",
            "me@localhost:3000",
            "http://localhost:3000/.well-known/lnurlp/me",
        ),
    ] {
        let Way::LightningAddress(address) = way(text) else {
            panic!("{text}");
        };
        assert_eq!(
            (address.to_string().as_str(), address.url().as_str()),
            (shown, url)
        );
    }
    for (text, reason) in [
        ("@shop.example", "1 to 64"),
        ("+tip@shop.example", "no name"),
        ("..@shop.example", "no name"),
        ("a b@shop.example", "letters a to z"),
        ("ä@shop.example", "letters a to z"),
        ("a/../b@shop.example", "letters a to z"),
        ("me@", "must be a host"),
        ("me@shop.example/path", "must be a host"),
        ("me@you@shop.example", "must be a host"),
        ("me@shop.example:99999", "must be a host"),
        ("₿me@shop.example", "BIP 353"),
    ] {
        assert!(refusal(text).contains(reason), "{text}: {}", refusal(text));
    }
}

#[test]
fn a_bitcoin_uri_offers_its_best_way() {
    let text = format!(
        "BITCOIN:{ADDRESS}?AMOUNT=0.0000001&Label=Luke%2DJr&message=a%20+%20b&LIGHTNING={}&lno={OFFER}&unknown=1&&sp",
        COFFEE.to_uppercase()
    );
    let PaymentString { way: best, uri } = PaymentString::parse(&text).unwrap();
    let terms = uri.unwrap();
    assert!(matches!(best, Way::Bolt11(_)));
    assert!(matches!(&terms.others[..], [Way::Bolt12(_)]));
    assert_eq!(
        terms.address.as_ref().map(OnchainAddress::as_str),
        Some(ADDRESS)
    );
    assert_eq!(terms.amount, msat(10_000));
    assert_eq!(terms.label.as_deref(), Some("Luke-Jr"));
    assert_eq!(terms.message.as_deref(), Some("a + b"));
    // A + in a value is itself, so that joined offers can be there.
    let joined = format!("bitcoin:?lno={}", OFFER.replacen("sjq", "s+jq", 1));
    assert!(matches!(way(&joined), Way::Bolt12(_)));
    assert!(matches!(way(ADDRESS), Way::Onchain(_)));
    assert!(matches!(
        way("bitcoin:BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4?amount=1"),
        Way::Onchain(_)
    ));
}

#[test]
fn a_bitcoin_uri_that_contradicts_itself_is_refused() {
    for (query, reason) in [
        ("", "neither an address"),
        ("?amount=1", "neither an address"),
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", "mistyped"),
        ("?lno=OFFER&amount=1&amount=1", "twice"),
        ("?lno=OFFER&req-pop=x", "requires req-pop"),
        ("?lno=OFFER&amount=50,000.00", "decimal number"),
        ("?lno=OFFER&amount=-1", "decimal number"),
        ("?lno=OFFER&amount=", "decimal number"),
        ("?lno=OFFER&amount=.", "decimal number"),
        ("?lno=OFFER&amount=1e3", "decimal number"),
        (
            "?lno=OFFER&amount=0.000000000001",
            "parts of a millisatoshi",
        ),
        ("?lno=OFFER&amount=21000001", "21 million"),
        ("?lno=OFFER&amount=99999999999999999999999999", "21 million"),
        ("?lightning=lnbc1", "`lightning` is not a BOLT 11"),
        ("?lno=COFFEE", "something else"),
        ("?lightning=bitcoin:x", "`lightning` is not"),
        ("?label=%FF&lno=OFFER", "UTF-8"),
        ("?lightning=COFFEE&amount=0.00000011", "differ"),
    ] {
        let query = query.replace("OFFER", OFFER).replace("COFFEE", COFFEE);
        let text = format!("bitcoin:{query}");
        assert!(
            refusal(&text).contains(reason),
            "{text}: {}",
            refusal(&text)
        );
    }
}

#[test]
fn amounts_in_bitcoin_are_exact() {
    for (text, expected) in [
        ("20.3", 2_030_000_000_000),
        ("0.00000000001", 1),
        ("0.123456789010", 12_345_678_901),
        (".5", 50_000_000_000),
        ("5.", 500_000_000_000),
        ("0021000000", 2_100_000_000_000_000_000),
        ("0.10000000000000000000000000", 10_000_000_000),
    ] {
        let read = PaymentString::parse(&format!("bitcoin:{ADDRESS}?amount={text}")).unwrap();
        assert_eq!(read.uri.unwrap().amount, msat(expected), "{text}");
    }
}

#[test]
fn what_is_none_of_these_is_told_what_it_could_be() {
    assert_eq!(refusal(" \t"), "The string is empty.");
    assert!(refusal(&"x".repeat(MAX_BYTES + 1)).contains("longer than 8192"));
    for text in [
        "hello",
        "lightning:",
        "lightning:bitcoin:x",
        "ln",
        "1234",
        "mailto:x",
        "lightning:lightning:x",
    ] {
        assert!(refusal(text).starts_with("The string is"), "{text}");
    }
    let node = format!("02{}", "ab".repeat(32));
    assert!(refusal(&node).contains("public key of a node"));
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        let _ = PaymentString::parse(&text);
    }

    #[test]
    fn nor_does_one_that_begins_well(
        start in "(lightning:(//)?|LIGHTNING:)?(lnurl1|lnurlp:(//)?|keyauth://|lno1|l\\+n\\+o1|lnbc[0-9]{0,25}[munp]?1|₿|[a-z+.]{0,3}@|bitcoin:[a-z0-9]{0,4}\\?|https?://)?",
        rest in "(amount=[0-9.]{0,40}&|lno=|lightning=|req-|%[0-9A-F]{0,2}|[qpzry9x8gf2tvdw0s3jn54khce6mua7l+]{0,40}|\\PC{0,20}){0,6}",
    ) {
        let _ = PaymentString::parse(&format!("{start}{rest}"));
    }

    #[test]
    fn nor_does_any_change_of_a_good_one(at in 0_usize..300, to in any::<char>(), which in 0_usize..3) {
        let good = [COFFEE.to_owned(), OFFER.to_owned(), lnurl("https://service.example/pay?id=1")];
        let text = &good[which];
        let at = at % text.len();
        let changed = format!("{}{to}{}", &text[..at], &text[at + 1..]);
        let _ = PaymentString::parse(&changed);
    }

    #[test]
    fn every_amount_of_a_uri_survives(amount in 0_u64..=2_100_000_000_000_000_000) {
        let text = format!("bitcoin:{ADDRESS}?amount={}.{:011}", amount / 100_000_000_000, amount % 100_000_000_000);
        let read = PaymentString::parse(&text).unwrap();
        prop_assert_eq!(read.uri.unwrap().amount, msat(amount));
    }
}
