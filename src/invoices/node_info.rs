//! What the node says about itself, cached: one call at a time, on a connection that nothing else uses. All who ask while a
//! call is in progress share the next one, so a thousand cost two. What strangers may ask costs the node one call a second
//! at most: all who ask in that second share the answer.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::Mutex;

use crate::sync::Link;
use facture_domain::Msat;
use facture_node::{Node, NodeError, NodeInfo};

/// How long an answer is shared by those who need no token; less when the node was lost or came back since.
const SHARED: Duration = Duration::from_secs(1);

/// The accepted age of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Fetched after the request arrived.
    New,
    /// At most a second old.
    Recent,
}

/// An answer that several share, and why there is none.
pub type SharedError = Arc<NodeError>;

/// The node's last answers.
#[derive(Debug)]
pub(super) struct NodeInfoCache {
    node: Node,
    info: Shared<NodeInfo>,
    receivable: Shared<Option<Msat>>,
}

type Shared<T> = Mutex<Option<Answer<T>>>;

#[derive(Debug)]
struct Answer<T> {
    /// When the node was asked, and when it answered.
    asked_at: Instant,
    at: Instant,
    /// How we stood with the node then.
    link: Link,
    result: Result<T, SharedError>,
}

impl NodeInfoCache {
    pub(super) fn new(node: Node) -> Self {
        Self {
            node,
            info: Mutex::default(),
            receivable: Mutex::default(),
        }
    }

    /// The node's identity. `link`: how we stand with it now.
    pub(super) async fn info(&self, age: Age, link: Link) -> Result<NodeInfo, SharedError> {
        shared(&self.info, age, link, self.node.info()).await
    }

    /// How much the node can receive in all; `None` when it does not report that.
    pub(super) async fn receivable(&self, link: Link) -> Result<Option<Msat>, SharedError> {
        shared(&self.receivable, Age::New, link, self.node.receivable()).await
    }
}

async fn shared<T: Clone>(
    last: &Shared<T>,
    age: Age,
    link: Link,
    ask: impl Future<Output = Result<T, NodeError>>,
) -> Result<T, SharedError> {
    let came_at = Instant::now();
    // The others wait here for the one that asks.
    let mut last = last.lock().await;
    if let Some(answer) = &*last {
        let recent = answer.at.elapsed() < SHARED && answer.link == link;
        if answer.asked_at >= came_at || age == Age::Recent && recent {
            return answer.result.clone();
        }
    }
    let asked_at = Instant::now();
    let result = ask.await.map_err(Arc::new);
    if let Err(error) = &result {
        // Whether it is away is said by the follower, once.
        tracing::debug!(%error, "the node could not be asked about itself");
    }
    *last = Some(Answer {
        asked_at,
        at: Instant::now(),
        link,
        result: result.clone(),
    });
    result
}
