//! An answer that is a refusal, and which error it is.

use facture_lnd_rest::{Meaning, Refusal};
use hyper::StatusCode;

use super::{error::Error, method::Method};

/// gRPC's "unimplemented" and "not found".
const UNIMPLEMENTED: i32 = 12;
const NOT_FOUND: i32 = 5;

/// What grpc-gateway says of a path that it does not know.
const NO_SUCH_PATH: &str = "Not Found";

/// The error that an answer with another status than 200 is.
pub(super) fn read(method: Method, status: StatusCode, body: &[u8]) -> Error {
    match Refusal::read(body) {
        Some(refusal) => error_of(refusal, method),
        // Something in between.
        None => Error::Lost {
            method,
            reason: format!("HTTP status {status}"),
        },
    }
}

/// The error that a refusal is.
pub(super) fn error_of(refusal: Refusal, method: Method) -> Error {
    match refusal.meaning() {
        Meaning::Forbidden(reason) => Error::Forbidden { method, reason },
        Meaning::NotReady(reason) => Error::NotReady { method, reason },
        Meaning::Lost(reason) => Error::Lost { method, reason },
        Meaning::Refused { code, message }
            if code == UNIMPLEMENTED || (code == NOT_FOUND && message == NO_SUCH_PATH) =>
        {
            Error::TooOld { method }
        }
        Meaning::Refused { code, message } => Error::Rejected {
            method,
            code,
            message,
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::lnd::texts::{
        ALREADY_CANCELLED, ALREADY_SETTLED, DUPLICATE_HASH, NO_INVOICES, STILL_OPEN,
        UNKNOWN_INVOICE,
    };

    const RECORDED: [&str; 7] = [
        include_str!("../../../../tests/fixtures/lnd/macaroons.json"),
        include_str!("../../../../tests/fixtures/lnd/protocol.json"),
        include_str!("../../../../tests/fixtures/lnd/starting.json"),
        include_str!("../../../../tests/fixtures/lnd/addinvoice.json"),
        include_str!("../../../../tests/fixtures/lnd/cancel.json"),
        include_str!("../../../../tests/fixtures/lnd/hold.json"),
        include_str!("../../../../tests/fixtures/lnd/lookup.json"),
    ];

    fn recorded(name: &str) -> Error {
        let files = RECORDED.map(|text| serde_json::from_str::<Value>(text).unwrap());
        let mut exchanges = files
            .iter()
            .flat_map(|file| file["exchanges"].as_array().unwrap());
        let exchange = exchanges.find(|exchange| exchange["name"] == name);
        let exchange = exchange.unwrap_or_else(|| panic!("{name} was not recorded"));
        let status = u16::try_from(exchange["status"].as_u64().unwrap()).unwrap();
        let body = match exchange.get("response_raw") {
            Some(body) => body.as_str().unwrap(),
            None => exchange["response_chunks"][0].as_str().unwrap(),
        };
        let status = StatusCode::from_u16(status).unwrap();
        read(Method::AddInvoice, status, body.as_bytes())
    }

    #[test]
    fn what_lnd_said_is_understood() {
        for (name, kind) in [
            ("no macaroon", "forbidden"),
            ("a macaroon that is not hexadecimal", "forbidden"),
            (
                "a macaroon that is hexadecimal and no macaroon",
                "forbidden",
            ),
            ("the macaroon of another node", "forbidden"),
            ("a right that the macaroon lacks", "forbidden"),
            ("a macaroon whose time is over", "forbidden"),
            ("a macaroon for another address", "forbidden"),
            ("a revoked macaroon", "forbidden"),
            ("the macaroon of a checkout: a payment", "forbidden"),
            ("the macaroon of a checkout: an address", "forbidden"),
            ("an unknown path", "too_old"),
            ("another verb", "too_old"),
            ("body that is no JSON", "rejected"),
            ("unknown field", "rejected"),
            ("getinfo, no wallet", "not_ready"),
            ("getinfo, locked", "not_ready"),
            ("subscription, locked", "not_ready"),
            ("getinfo, UNLOCKED", "not_ready"),
            ("memo of 640 bytes", "rejected"),
            ("expiry of more than a year", "rejected"),
        ] {
            assert_eq!(recorded(name).kind(), kind, "{name}");
        }
        for (name, text) in [
            ("the same preimage again", DUPLICATE_HASH),
            ("add again", DUPLICATE_HASH),
            ("the preimage of a cancelled one", DUPLICATE_HASH),
            ("unknown", UNKNOWN_INVOICE),
            ("unknown, on a node without invoices", NO_INVOICES),
            ("deleted", UNKNOWN_INVOICE),
            ("settle unknown", UNKNOWN_INVOICE),
            ("settled", ALREADY_SETTLED),
            ("cancel settled", ALREADY_SETTLED),
            ("settle cancelled", ALREADY_CANCELLED),
            ("settle while open", STILL_OPEN),
            ("settle a plain open invoice", STILL_OPEN),
        ] {
            assert_eq!(recorded(name).refusal(), Some(text), "{name}");
        }
    }

    #[test]
    fn what_is_not_lnd_is_no_refusal_of_it() {
        let error = read(Method::GetInfo, StatusCode::BAD_GATEWAY, b"<html>");
        assert!(matches!(error, Error::Lost { .. }), "{error}");
        let long = format!("{{\"code\":2,\"message\":\"{}\"}}", "x".repeat(10_000));
        let error = read(
            Method::GetInfo,
            StatusCode::INTERNAL_SERVER_ERROR,
            long.as_bytes(),
        );
        assert_eq!(error.refusal().map(str::len), Some(300));
    }
}
