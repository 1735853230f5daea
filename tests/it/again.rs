//! Requests that come again and again, word for word: they get what they got the first time, and what is new at once.

use std::{collections::HashSet, io::Read, time::Duration};

use facture::locale::Language;
use flate2::read::GzDecoder;
use reqwest::{Method, StatusCode, header};
use serde_json::Value;

use crate::{
    contract::{World, path_of},
    harness::Server,
    world::Sandbox,
};

/// What one client sends, each time.
#[derive(Clone, Copy, Debug)]
struct Poll {
    accept: &'static str,
    query: &'static str,
    language: Language,
    encoding: &'static str,
}

/// What it is told, but for the second in which it is.
#[derive(Debug, PartialEq)]
struct Response {
    status: StatusCode,
    headers: header::HeaderMap,
    text: String,
}

const POLLS: [Poll; 6] = {
    let page = Poll {
        accept: "text/html",
        query: "",
        language: Language::English,
        encoding: "identity",
    };
    let json = Poll {
        accept: "application/json",
        ..page
    };
    [
        page,
        json,
        Poll {
            encoding: "gzip",
            ..page
        },
        Poll {
            encoding: "gzip",
            ..json
        },
        Poll {
            language: Language::German,
            ..page
        },
        Poll {
            query: "?refresh",
            ..page
        },
    ]
};

impl Poll {
    async fn send(self, server: &Server, path: &str, known: &str) -> (String, Response) {
        let request = server
            .request(Method::GET, &format!("{path}{}", self.query))
            .header(header::ACCEPT, self.accept)
            .header(header::ACCEPT_LANGUAGE, self.language.tag())
            .header(header::ACCEPT_ENCODING, self.encoding)
            .header(header::IF_NONE_MATCH, known);
        let answer = request.send().await.expect("an answer");
        let (status, mut headers) = (answer.status(), answer.headers().clone());
        let body = answer.bytes().await.expect("a body");
        let mut text = String::new();
        match headers.get(header::CONTENT_ENCODING) {
            Some(_) => GzDecoder::new(&body[..]).read_to_string(&mut text),
            None => (&body[..]).read_to_string(&mut text),
        }
        .expect("text");
        if self.accept == "text/html" {
            text.retain(|sign| !sign.is_ascii_digit());
        }
        let number = headers.remove("x-request-id").expect("a number");
        for changing in [header::DATE, header::CONTENT_LENGTH, header::REFRESH] {
            headers.remove(changing);
        }
        let number = number.to_str().expect("digits").to_owned();
        let told = Response {
            status,
            headers,
            text,
        };
        (number, told)
    }

    /// Asks three times, each with what is `known`.
    async fn keeps_on(self, server: &Server, path: &str, known: &str) -> Response {
        let (number, first) = self.send(server, path, known).await;
        let mut numbers = HashSet::from([number]);
        for _ in 0..2 {
            let (number, told) = self.send(server, path, known).await;
            assert_eq!(told, first, "{self:?}");
            assert!(numbers.insert(number), "each has a number of its own");
        }
        first
    }
}

#[tokio::test]
async fn who_asks_again_in_the_same_words_is_told_the_same_until_there_is_news() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[("INVOICE__EXPIRY_SECONDS", "60")]).await;
    let (paid, late) = (
        server.create("21", "will be paid").await,
        server.create("22", "will be late").await,
    );
    let mut before = Vec::new();
    for invoice in [&paid, &late] {
        for poll in POLLS {
            before.push(poll.keeps_on(&server, &path_of(invoice), "").await);
        }
    }
    sandbox
        .pay(paid["bolt11"].as_str().expect("a bolt11"), None)
        .await;
    // The first answer after the payment tells it, whatever was told before.
    let mut after = Vec::new();
    for poll in POLLS {
        after.push(poll.keeps_on(&server, &path_of(&paid), "").await);
    }
    sandbox.node.advance(Duration::from_secs(100));
    server
        .json_until(&path_of(&late), |invoice| invoice["status"] == "expired")
        .await;
    for poll in POLLS {
        after.push(poll.keeps_on(&server, &path_of(&late), "").await);
    }
    for (index, (before, after)) in before.iter().zip(&after).enumerate() {
        assert_eq!(after.status, StatusCode::OK);
        assert_ne!(before.text, after.text, "{index}");
    }
    let json: Value = serde_json::from_str(&after[1].text).expect("JSON");
    assert_eq!(json["status"], "paid");

    // Who has it already is told so, again and again.
    for (poll, told) in POLLS.into_iter().zip(&after) {
        let tag = told.headers[header::ETAG].to_str().expect("text");
        let again = poll.keeps_on(&server, &path_of(&paid), tag).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{poll:?}");
        assert_eq!(again.text, "");
    }
}

#[tokio::test]
async fn an_expired_page_that_is_asked_for_again_leads_to_the_fresh_invoice() {
    let sandbox = Sandbox::start().await;
    let server = sandbox.server(&[("INVOICE__EXPIRY_SECONDS", "60")]).await;
    let path = path_of(&server.create("21", "late").await);
    sandbox.node.advance(Duration::from_secs(100));
    server
        .json_until(&path, |invoice| invoice["status"] == "expired")
        .await;
    let [page, ..] = POLLS;
    let before = page.keeps_on(&server, &path, "").await;
    let renewal = server.request(Method::POST, &format!("{path}/renew"));
    let renewal = renewal.send().await.expect("an answer");
    assert_eq!(renewal.status(), StatusCode::SEE_OTHER);
    let after = page.keeps_on(&server, &path, "").await;
    assert_ne!(before.text, after.text);
}
