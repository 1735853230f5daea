//! Who the node is, and how much it can receive: one call at a time, on a connection that nothing else uses. All who ask
//! while a call is under way share the next one, so a thousand cost two. What anybody may ask, as often as they like, costs
//! the node a call a second at most: all who ask in that second share the answer.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::Mutex;

use super::Link;
use crate::invoices::invoicing::Invoicing;
use facture_domain::Msat;
use facture_node::{Node, NodeError, NodeInfo};

/// How long an answer is shared by those who need no token; less when the node was lost or came back since.
const SHARED: Duration = Duration::from_secs(1);

/// How old an answer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Asked for after whoever wants to know came.
    New,
    /// Of the last second.
    Recent,
}

/// An answer that several share, and why there is none.
pub type SharedError = Arc<NodeError>;

/// What was answered last.
#[derive(Debug)]
pub(super) struct AboutNode {
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
    told: Result<T, SharedError>,
}

impl AboutNode {
    pub(super) fn new(node: Node) -> Self {
        Self {
            node,
            info: Mutex::default(),
            receivable: Mutex::default(),
        }
    }
}

async fn shared<T: Clone>(
    last: &Shared<T>,
    age: Age,
    link: Link,
    ask: impl Future<Output = Result<T, NodeError>>,
) -> Result<T, SharedError> {
    let came_at = Instant::now();
    // The others wait here for whoever asks.
    let mut last = last.lock().await;
    if let Some(answer) = &*last {
        let recent = answer.at.elapsed() < SHARED && answer.link == link;
        if answer.asked_at >= came_at || age == Age::Recent && recent {
            return answer.told.clone();
        }
    }
    let asked_at = Instant::now();
    let told = ask.await.map_err(Arc::new);
    if let Err(error) = &told {
        // Whether it is away is said by the follower, once.
        tracing::debug!(%error, "the node could not be asked about itself");
    }
    *last = Some(Answer {
        asked_at,
        at: Instant::now(),
        link,
        told: told.clone(),
    });
    told
}

impl Invoicing {
    /// Who the node is.
    ///
    /// # Errors
    /// When the node gives no answer.
    pub async fn node(&self, age: Age) -> Result<NodeInfo, SharedError> {
        let about = &self.about;
        shared(&about.info, age, self.link(), about.node.info()).await
    }

    /// How much the node can receive in all; `None` when it does not tell.
    ///
    /// # Errors
    /// When the node gives no answer.
    pub async fn receivable(&self) -> Result<Option<Msat>, SharedError> {
        let about = &self.about;
        let ask = about.node.receivable();
        shared(&about.receivable, Age::New, self.link(), ask).await
    }
}
