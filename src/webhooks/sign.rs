//! Signatures of Standard Webhooks 1.0.0.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;

use facture_domain::hook::{BtcpaySecret, DeliveryId, HookSecret, Secrets};

/// Why an event is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// It happened, or was not accepted yet.
    First,
    /// Somebody asked for it once more.
    Replay,
}

/// The headers of a message: its id, the time, the signatures, and whether it was asked for once more. `None` never: secrets
/// are checked when they are read.
pub(super) fn headers(
    secrets: &Secrets,
    id: &DeliveryId,
    at: Timestamp,
    body: &[u8],
    occasion: Occasion,
) -> Option<Vec<(&'static str, String)>> {
    let mut headers = vec![
        ("webhook-id", id.to_string()),
        ("webhook-timestamp", at.as_second().to_string()),
        ("webhook-signature", signatures(secrets, id, at, body)?),
    ];
    if occasion == Occasion::Replay {
        headers.push(("facture-replayed", "true".to_owned()));
    }
    Some(headers)
}

/// The header of a message in BTCPay's words: the signature of its body, in small letters, which receivers compare as a whole.
/// `None` never.
pub(super) fn btcpay_headers(
    secret: &BtcpaySecret,
    body: &[u8],
) -> Option<Vec<(&'static str, String)>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).ok()?;
    mac.update(body);
    let bytes = mac.finalize().into_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(vec![("BTCPay-Sig", format!("sha256={hex}"))])
}

/// The value of `webhook-signature`: one signature, two while a rotation lasts. `None` never: secrets are checked when
/// they are read.
fn signatures(secrets: &Secrets, id: &DeliveryId, at: Timestamp, body: &[u8]) -> Option<String> {
    let mut signatures = sign(&secrets.current, id.as_str(), at, body)?;
    if let Some(previous) = &secrets.previous {
        signatures.push(' ');
        signatures.push_str(&sign(previous, id.as_str(), at, body)?);
    }
    Some(signatures)
}

fn sign(secret: &HookSecret, id: &str, at: Timestamp, body: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret.key()?).ok()?;
    mac.update(format!("{id}.{}.", at.as_second()).as_bytes());
    mac.update(body);
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    Some(format!("v1,{signature}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2.
    #[test]
    fn the_signature_of_btcpay_is_hmac_sha256() {
        let secret = "Jefe-but-longer".parse::<BtcpaySecret>().unwrap();
        let headers = btcpay_headers(&secret, b"what do ya want for nothing?").unwrap();
        let (name, value) = &headers[0];
        assert_eq!(*name, "BTCPay-Sig");
        assert_eq!(value.len(), "sha256=".len() + 64);
        assert_eq!(*value, value.to_lowercase());
    }

    /// The example of the libraries of Standard Webhooks.
    #[test]
    fn it_signs_as_the_standards_own_libraries_do() {
        let secret = HookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let at = Timestamp::from_second(1_614_265_330).unwrap();
        let signature = sign(
            &secret,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            at,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(
            signature.unwrap(),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }
}
