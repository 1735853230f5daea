//! Who the node is, and how much it can receive: what anybody may ask, as often as they like, costs the node a call a
//! second at most, on a connection that nothing else uses. All who ask in that second share the answer, and those who ask
//! while a call is under way share that one.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::Mutex;

use super::{Invoicing, Link};
use crate::{
    invoice::Msat,
    lightning::{Client, Error as NodeError, NodeInfo},
};

/// How long an answer is shared; less when the node was lost or came back since.
const SHARED: Duration = Duration::from_secs(1);

/// An answer that several share, and why there is none.
pub type SharedError = Arc<NodeError>;

/// What was answered last.
#[derive(Debug)]
pub(super) struct AboutNode {
    node: Client,
    info: Shared<NodeInfo>,
    receivable: Shared<Option<Msat>>,
}

type Shared<T> = Mutex<Option<Answer<T>>>;

#[derive(Debug)]
struct Answer<T> {
    at: Instant,
    /// How we stood with the node then.
    link: Link,
    told: Result<T, SharedError>,
}

impl AboutNode {
    pub(super) fn new(node: Client) -> Self {
        Self {
            node,
            info: Mutex::default(),
            receivable: Mutex::default(),
        }
    }
}

async fn shared<T: Clone>(
    last: &Shared<T>,
    link: Link,
    ask: impl Future<Output = Result<T, NodeError>>,
) -> Result<T, SharedError> {
    // The others wait here for whoever asks.
    let mut last = last.lock().await;
    if let Some(answer) = &*last
        && answer.at.elapsed() < SHARED
        && answer.link == link
    {
        return answer.told.clone();
    }
    let told = ask.await.map_err(Arc::new);
    if let Err(error) = &told {
        // Once, and not for each who asked.
        tracing::warn!(%error, "the node could not be asked about itself");
    }
    *last = Some(Answer {
        at: Instant::now(),
        link,
        told: told.clone(),
    });
    told
}

impl Invoicing {
    /// Who the node is; what it said at most a second ago.
    ///
    /// # Errors
    /// When the node gives no answer.
    pub async fn node(&self) -> Result<NodeInfo, SharedError> {
        let about = &self.about;
        shared(&about.info, self.link(), about.node.getinfo()).await
    }

    /// How much the node can receive in all; `None` when it does not tell. What it said at most a second ago.
    ///
    /// # Errors
    /// When the node gives no answer.
    pub async fn receivable(&self) -> Result<Option<Msat>, SharedError> {
        let about = &self.about;
        shared(&about.receivable, self.link(), about.node.receivable()).await
    }
}
