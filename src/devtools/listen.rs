//! `facture listen`: a server's events as they happen, printed and forwarded. It resumes where it was: after a lost
//! connection by itself, after its own end by a file.

use std::{
    io::{self, Write},
    time::Duration,
};

use anyhow::Context;
use facture_sidecar::{Cursor, EventStream, StreamError};
use hyper::StatusCode;
use tokio::time::sleep;
use url::form_urlencoded;

use super::{
    api::Api,
    event::ReadEvent,
    forward::{Forwarded, Forwarder},
    newest::newest,
};
use crate::{cli::devtools::ListenArgs, webhooks::Occasion};
use facture_domain::hook::HookSecret;

/// The first and the longest pause after a lost connection.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// How far it was read.
enum Place {
    InMemory(u64),
    InFile(Cursor),
}

/// What becomes of events.
struct Listener {
    api: Api,
    forwarder: Option<Forwarder>,
    place: Place,
    /// What is added to the request for the stream.
    query: String,
    format: Format,
}

#[derive(Clone, Copy)]
enum Format {
    Line,
    Json,
}

/// Prints and forwards events until `stop` is done.
///
/// # Errors
/// What went wrong, for people.
pub async fn listen(args: ListenArgs, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    tokio::select! {
        ended = run(args) => ended,
        () = stop => Ok(()),
    }
}

async fn run(args: ListenArgs) -> anyhow::Result<()> {
    let mut listener = Listener::open(args).await?;
    let mut pause = PAUSES.0;
    loop {
        let before = listener.place.sequence();
        let error = match listener.follow().await {
            Ok(never) => match never {},
            Err(error) => error,
        };
        if !is_lost(&error) {
            return Err(error);
        }
        if listener.place.sequence() != before {
            pause = PAUSES.0;
        }
        writeln!(io::stderr(), "facture: {error:#}; connecting again")?;
        sleep(pause).await;
        pause = (pause * 2).min(PAUSES.1);
    }
}

/// Whether another try may end better.
fn is_lost(error: &anyhow::Error) -> bool {
    match error.downcast_ref::<StreamError>() {
        Some(StreamError::Lost(_)) => true,
        Some(StreamError::Refused { status, .. }) => {
            status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS
        }
        None => false,
    }
}

impl Listener {
    async fn open(args: ListenArgs) -> anyhow::Result<Self> {
        let api = Api::new(&args.server)?;
        let mut out = io::stdout();
        let secret = match &args.secret {
            Some(secret) => HookSecret::parse(secret).context("--secret")?,
            None => HookSecret::random(),
        };
        let shown = secret.reveal().to_owned();
        let forwarder = args.forward_to.as_deref();
        let forwarder = forwarder.map(|url| Forwarder::new(url, secret, Occasion::First));
        let forwarder = forwarder.transpose()?;
        if forwarder.is_some() && args.secret.is_none() {
            writeln!(out, "secret: {shown}")?;
        }
        let place = Place::find(&args, &api).await?;
        // From here on nothing is missed.
        writeln!(out, "listening after {}", place.sequence())?;
        let types = args.types.as_deref().map(|types| {
            let types: String = form_urlencoded::byte_serialize(types.as_bytes()).collect();
            format!("&types={types}")
        });
        Ok(Self {
            api,
            forwarder,
            place,
            query: types.unwrap_or_default(),
            format: match args.json {
                true => Format::Json,
                false => Format::Line,
            },
        })
    }

    async fn follow(&mut self) -> anyhow::Result<std::convert::Infallible> {
        let client = &self.api.client;
        let mut stream = EventStream::open(client, self.place.sequence(), &self.query).await?;
        loop {
            let data = stream.next().await?;
            let event: ReadEvent =
                serde_json::from_slice(&data).context("an event cannot be read")?;
            self.take(&event, &data).await?;
            self.place.move_to(event.sequence)?;
        }
    }

    async fn take(&self, event: &ReadEvent, data: &[u8]) -> anyhow::Result<()> {
        let mut out = io::stdout();
        match self.format {
            Format::Line => writeln!(out, "{event}")?,
            Format::Json => {
                out.write_all(data)?;
                writeln!(out)?;
            }
        }
        let Some(forwarder) = &self.forwarder else {
            return Ok(());
        };
        if forwarder.send(event).await? == Forwarded::GivenUp {
            let sequence = event.sequence;
            writeln!(
                io::stderr(),
                "facture: event {sequence} was not accepted; send it again with `facture replay --from {sequence} --to {sequence}`"
            )?;
        }
        Ok(())
    }
}

impl Place {
    /// `--from` counts first, then what the file says; without both, it is the end of the log.
    async fn find(args: &ListenArgs, api: &Api) -> anyhow::Result<Self> {
        let before = args.from.map(|from| from.saturating_sub(1));
        let Some(file) = &args.cursor else {
            return Ok(Self::InMemory(match before {
                Some(before) => before,
                None => newest(api).await?,
            }));
        };
        let is_new = !file.try_exists().context("--cursor")?;
        let mut cursor = Cursor::open(file).context("--cursor")?;
        match before {
            Some(before) => cursor.move_to(before).context("--cursor")?,
            None if is_new => cursor.move_to(newest(api).await?).context("--cursor")?,
            None => {}
        }
        Ok(Self::InFile(cursor))
    }

    fn sequence(&self) -> u64 {
        match self {
            Self::InMemory(sequence) => *sequence,
            Self::InFile(cursor) => cursor.sequence(),
        }
    }

    fn move_to(&mut self, to: u64) -> anyhow::Result<()> {
        match self {
            Self::InMemory(sequence) => *sequence = to,
            Self::InFile(cursor) => cursor.move_to(to).context("--cursor")?,
        }
        Ok(())
    }
}
