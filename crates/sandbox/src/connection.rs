//! One connection: requests in, answers out as they become ready, in whatever order. A client that closes its writing
//! side loses the answers that have not been written, as with lightningd. Carrying out a call is the commands' work.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::task::JoinSet;

use super::carry::Outgoing;
#[cfg(feature = "faults")]
use super::carry::go_wrong;
use super::commands::{self, Outcome};
use super::frames::{Scan, scan};
use super::node::{Job, Node};
use super::reply::{Reply, relay, render};
use super::request::{self, Request};
use super::token::Token;

/// How much is read at once.
const CHUNK: usize = 64 * 1024;

/// Serves one client until it goes.
pub(super) async fn run(mut stream: UnixStream, node: Arc<Node>) {
    let mut connection = Connection {
        node,
        buffer: Vec::new(),
        hearing: Hearing::Listens,
        answers: VecDeque::new(),
        pending: JoinSet::new(),
        jobs: Vec::new(),
    };
    loop {
        while let Some(answer) = connection.answers.pop_front() {
            let (bytes, rest) = match &answer {
                Outgoing::Whole(text) => (text.as_bytes(), Rest::GoOn),
                #[cfg(feature = "faults")]
                Outgoing::Cut(text) => (&text.as_bytes()[..text.len() / 2], Rest::Close),
                Outgoing::Close => (&[][..], Rest::Close),
            };
            if stream.write_all(bytes).await.is_err() || rest == Rest::Close {
                return;
            }
        }
        connection.buffer.reserve(CHUNK);
        tokio::select! {
            // The end of the stream first: answers that are ready by then are lost.
            biased;
            read = stream.read_buf(&mut connection.buffer) => match read {
                Ok(0) | Err(_) => return,
                Ok(_) => connection.take_in(),
            },
            Some(answer) = connection.pending.join_next() => connection.answers.extend(answer.ok()),
        }
        while let Some(answer) = connection.pending.try_join_next() {
            connection.answers.extend(answer.ok());
        }
    }
}

#[derive(PartialEq, Eq)]
enum Rest {
    GoOn,
    Close,
}

/// Whether requests are still taken.
#[derive(PartialEq, Eq)]
enum Hearing {
    Listens,
    /// Something was no JSON: lightningd reads on, but answers nothing more.
    Deaf,
}

struct Connection {
    node: Arc<Node>,
    buffer: Vec<u8>,
    hearing: Hearing,
    answers: VecDeque<Outgoing>,
    /// Calls whose answers come later; they end with the connection.
    pending: JoinSet<Outgoing>,
    /// Plugins' work, handed in when all requests that were read together have been looked at.
    jobs: Vec<(String, Job)>,
}

impl Connection {
    /// Carries out the requests that are complete.
    fn take_in(&mut self) {
        let mut buffer = std::mem::take(&mut self.buffer);
        let used = self.requests(&buffer);
        if self.hearing == Hearing::Deaf {
            buffer.clear();
        } else {
            buffer.drain(..used);
        }
        self.buffer = buffer;
        for (id, job) in std::mem::take(&mut self.jobs) {
            let answer = self.node.hand_in(job);
            self.pending.spawn(async move {
                match answer.await {
                    Ok(reply) => Outgoing::Whole(render(&id, &reply)),
                    Err(_) => Outgoing::Close,
                }
            });
        }
    }

    /// Reads requests from the front of the buffer; says how many bytes they were.
    fn requests(&mut self, buffer: &[u8]) -> usize {
        // lightningd does not look at anything before a closing brace has come, not even for errors.
        if self.hearing == Hearing::Deaf || !buffer.contains(&b'}') {
            return 0;
        }
        let Scan::Texts(texts) = scan(buffer) else {
            self.go_deaf("Failed to parse RPC JSON response", buffer);
            return 0;
        };
        let mut used = 0;
        for text in texts {
            let rest = &buffer[used..];
            if !rest.contains(&b'}') {
                break;
            }
            used = text.end;
            let Some(token) = Token::parse(&buffer[text]) else {
                self.go_deaf("Failed to parse RPC JSON response", rest);
                break;
            };
            if token.member("jsonrpc").is_none() {
                self.go_deaf("JSON-RPC message does not contain \"jsonrpc\" field:", rest);
                break;
            }
            match request::read(&token) {
                Ok(request) => self.call(
                    &request,
                    #[cfg(feature = "faults")]
                    token.full(),
                ),
                Err(refusal) => self.say(&refusal.id, &Err(refusal.error)),
            }
        }
        used
    }

    fn go_deaf(&mut self, message: &str, bytes: &[u8]) {
        self.hearing = Hearing::Deaf;
        self.say("null", &Err(request::malformed(message, bytes)));
    }

    fn say(&mut self, id: &str, reply: &Reply) {
        self.answers.push_back(Outgoing::Whole(render(id, reply)));
    }

    fn call(&mut self, request: &Request<'_>, #[cfg(feature = "faults")] text: &str) {
        self.node.count_call(request.method);
        #[cfg(feature = "faults")]
        {
            let plan = self.node.faults.plan(request.method);
            if !plan.is_empty() {
                let node = Arc::clone(&self.node);
                self.pending.spawn(go_wrong(node, text.to_owned(), plan));
                return;
            }
        }
        let id = request.id.to_owned();
        match commands::start(&self.node, request) {
            Outcome::Done(reply) => self.say(&id, &reply),
            Outcome::Relayed(reply) => self.answers.push_back(Outgoing::Whole(relay(&id, &reply))),
            Outcome::Job(job) => self.jobs.push((id, job)),
            Outcome::Later(answer) => {
                self.pending.spawn(async move {
                    match answer.await {
                        Some(reply) => Outgoing::Whole(render(&id, &reply)),
                        None => Outgoing::Close,
                    }
                });
            }
        }
    }
}
