//! A call on its way from the web server to lightningd. It is read whole and written anew, so that what was checked is what
//! lightningd reads: a name that occurs twice, or one more member, could mean one thing here and another one there.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json, value::RawValue};

use facture_node::cln::Method;

/// A call that may be passed on.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Call<'a> {
    #[serde(borrow)]
    jsonrpc: Cow<'a, str>,
    #[serde(borrow)]
    id: &'a RawValue,
    #[serde(borrow)]
    method: Cow<'a, str>,
    #[serde(borrow)]
    params: &'a RawValue,
}

/// The answer to a call that is not passed on.
#[derive(Serialize)]
struct Refusal<'a> {
    jsonrpc: &'static str,
    id: &'a RawValue,
    error: Value,
}

/// Why a call is not passed on.
#[derive(Debug)]
pub(super) enum NotPassed {
    /// It is no call as our client writes them; the connection is of no more use.
    Unreadable(serde_json::Error),
    /// Its method is not one that a checkout needs.
    NotPermitted {
        /// The method.
        method: String,
        /// The error for the caller, a frame.
        answer: String,
    },
}

/// lightningd's code where a rune does not allow a call.
const NOT_PERMITTED: i32 = 1502;

impl<'a> Call<'a> {
    /// Reads a call, which must be of a method in the list of the node's crate.
    ///
    /// # Errors
    /// [`NotPassed`].
    pub(super) fn permitted(text: &'a str) -> Result<Self, NotPassed> {
        let call: Self = serde_json::from_str(text).map_err(NotPassed::Unreadable)?;
        match Method::named(&call.method) {
            Some(method) => Ok(Self {
                method: Cow::Borrowed(method.name()),
                ..call
            }),
            None => Err(NotPassed::NotPermitted {
                answer: call.refusal(),
                method: call.method.into_owned(),
            }),
        }
    }

    /// The frame for lightningd.
    ///
    /// # Errors
    /// None of these members make the writer fail; the error is passed on all the same.
    pub(super) fn frame(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string(self)? + "\n\n")
    }

    fn refusal(&self) -> String {
        let message = format!(
            "Not permitted: {} is not a method that a checkout needs",
            self.method
        );
        let refusal = Refusal {
            jsonrpc: "2.0",
            id: self.id,
            error: json!({ "code": NOT_PERMITTED, "message": message }),
        };
        // It is written like the call that was read.
        serde_json::to_string(&refusal).unwrap_or_default() + "\n\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_of_the_list_is_passed_on_with_its_parameters_as_they_were_written() {
        let text = r#"{ "method":"invo\u0069ce", "id":7, "jsonrpc":"2.0", "params":{"amount_msat":1e3,"label":"\u0061"} }"#;
        let frame = Call::permitted(text).unwrap().frame().unwrap();
        assert_eq!(
            frame,
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"invoice\",\"params\":{\"amount_msat\":1e3,\"label\":\"\\u0061\"}}\n\n"
        );
        for method in Method::ALL {
            let call = json!({ "jsonrpc": "2.0", "id": 1, "method": method.name(), "params": {} });
            assert!(Call::permitted(&call.to_string()).is_ok(), "{method}");
        }
    }

    #[test]
    fn other_methods_are_refused_as_a_rune_refuses_them() {
        for method in [
            "pay",
            "xpay",
            "withdraw",
            "stop",
            "Invoice",
            "invoice ",
            "",
            "plugin",
            "createrune",
            "signinvoice",
            "sendpay",
            "facture-token",
        ] {
            let call = json!({ "jsonrpc": "2.0", "id": "a", "method": method, "params": {} });
            let Err(NotPassed::NotPermitted {
                method: named,
                answer,
            }) = Call::permitted(&call.to_string())
            else {
                panic!("{method} is passed on");
            };
            assert_eq!(named, method);
            let answer: Value = serde_json::from_str(&answer).unwrap();
            assert_eq!(answer["id"], "a");
            assert_eq!(answer["error"]["code"], 1502);
        }
    }

    #[test]
    fn what_two_readers_could_read_in_two_ways_is_not_passed_on() {
        for text in [
            r#"{"jsonrpc":"2.0","id":1,"method":"getinfo","method":"pay","params":{}}"#,
            r#"{"jsonrpc":"2.0","id":1,"method":"pay","m\u0065thod":"getinfo","params":{}}"#,
            r#"{"jsonrpc":"2.0","id":1,"method":"getinfo","params":{},"filter":{}}"#,
            r#"{"jsonrpc":"2.0","id":1,"method":"getinfo","params":{}} {"jsonrpc":"2.0","id":2,"method":"pay","params":{}}"#,
            r#"[{"jsonrpc":"2.0","id":1,"method":"getinfo","params":{}}]"#,
            r#"{"jsonrpc":"2.0","id":1,"method":["getinfo"],"params":{}}"#,
            r#"{"id":1,"method":"getinfo","params":{}}"#,
            "getinfo",
        ] {
            let read = Call::permitted(text);
            assert!(matches!(read, Err(NotPassed::Unreadable(_))), "{text}");
        }
    }
}
