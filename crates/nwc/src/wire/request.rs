//! Requests, and the methods that there are.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use super::answer::{Code, Failure};

/// A request, decrypted.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    /// What is asked for.
    pub(crate) method: String,
    #[serde(default)]
    params: Option<Box<RawValue>>,
}

/// What can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    GetInfo,
    ListTransactions,
    LookupInvoice,
    MakeInvoice,
    /// What a connection that only receives may not do.
    Restricted,
    /// Anything else.
    Unknown,
}

/// `make_invoice`
#[derive(Debug, Deserialize)]
pub(crate) struct MakeParams {
    /// In millisatoshis; 0: the payer chooses.
    pub(crate) amount: u64,
    #[serde(default)]
    pub(crate) description: Option<String>,
    #[serde(default)]
    pub(crate) description_hash: Option<String>,
    /// In seconds.
    #[serde(default)]
    pub(crate) expiry: Option<u64>,
    #[serde(default)]
    pub(crate) metadata: Option<Box<RawValue>>,
}

/// `lookup_invoice`
#[derive(Debug, Deserialize)]
pub(crate) struct LookupParams {
    #[serde(default)]
    pub(crate) payment_hash: Option<String>,
    #[serde(default)]
    pub(crate) invoice: Option<String>,
}

/// `list_transactions`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ListParams {
    /// In seconds since 1970, both.
    pub(crate) from: Option<u64>,
    pub(crate) until: Option<u64>,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: Option<u64>,
    pub(crate) unpaid: Option<bool>,
    #[serde(rename = "type")]
    pub(crate) direction: Option<String>,
}

impl Request {
    /// Reads a request.
    pub(crate) fn read(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The name of what it asks for, for people; somebody else chose it, so it is cut.
    pub(crate) fn name(&self) -> String {
        self.method.chars().take(40).collect()
    }

    /// What it asks for.
    pub(crate) fn known(&self) -> Method {
        match self.method.as_str() {
            "get_info" => Method::GetInfo,
            "list_transactions" => Method::ListTransactions,
            "lookup_invoice" => Method::LookupInvoice,
            "make_invoice" => Method::MakeInvoice,
            // The node's balance is none of a counter's business.
            "get_balance" | "multi_pay_invoice" | "multi_pay_keysend" | "pay_invoice"
            | "pay_keysend" => Method::Restricted,
            _ => Method::Unknown,
        }
    }

    /// Its parameters.
    pub(crate) fn params<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let json = self.params.as_ref().map_or("{}", |json| json.get());
        serde_json::from_str(json)
            .map_err(|error| Failure::new(Code::Other, format!("the params are wrong: {error}")))
    }
}

impl Method {
    /// Those that are carried out.
    pub(crate) const CARRIED_OUT: [&'static str; 4] = [
        "make_invoice",
        "lookup_invoice",
        "list_transactions",
        "get_info",
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_spends_is_restricted_and_what_is_not_known_is_told_so() {
        for (name, method) in [
            ("pay_invoice", Method::Restricted),
            ("multi_pay_invoice", Method::Restricted),
            ("pay_keysend", Method::Restricted),
            ("multi_pay_keysend", Method::Restricted),
            ("get_balance", Method::Restricted),
            ("settle_hold_invoice", Method::Unknown),
            ("sign_message", Method::Unknown),
            ("", Method::Unknown),
        ] {
            let request = Request::read(&format!(r#"{{"method":"{name}"}}"#)).unwrap();
            assert_eq!(request.known(), method, "{name}");
        }
        for name in Method::CARRIED_OUT {
            let request = Request::read(&format!(r#"{{"method":"{name}","params":null}}"#));
            let method = request.unwrap().known();
            assert!(!matches!(method, Method::Restricted | Method::Unknown));
        }
    }

    #[test]
    fn params_may_be_absent_and_may_have_members_that_are_not_known() {
        let request = Request::read(r#"{"method":"list_transactions"}"#).unwrap();
        assert_eq!(request.params::<ListParams>().unwrap().limit, None);
        let text = r#"{"method":"make_invoice","params":{"amount":5,"expiry":null,"new":[]}}"#;
        let request = Request::read(text).unwrap();
        assert_eq!(request.params::<MakeParams>().unwrap().amount, 5);
        for amount in ["-1", "1.5", "\"1\"", "null"] {
            let text = format!(r#"{{"method":"make_invoice","params":{{"amount":{amount}}}}}"#);
            let wrong = Request::read(&text).unwrap().params::<MakeParams>();
            assert_eq!(wrong.unwrap_err().code, Code::Other, "{amount}");
        }
    }
}
