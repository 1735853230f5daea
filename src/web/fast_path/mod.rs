//! Everything that exists only to make responses faster or connections smaller. It can be switched off
//! (`server.fast_path`): every response is then the same, except for date, request id and clock, which
//! `tests/it/fast_path.rs` checks.
//!
//! The rest of the web only uses the items named here.
//!
//! | File | What it saves | Switched off |
//! | --- | --- | --- |
//! | `replay.rs` | the way through the routes, for a request that comes again word for word | each goes through them |
//! | `render_cache.rs` | rendering a page or JSON about an invoice that has not changed, and its QR code | each is rendered |
//! | `countdown.rs` | rendering a page anew because a second has passed | each is rendered |
//! | `precompressed.rs` | compressing the same bytes again | each is compressed on its way out |
//! | `detached_stream.rs`, `chunked_body.rs` | hyper's buffers, for as long as an event stream is open | streams stay with hyper |

mod chunked_body;
mod countdown;
mod detached_stream;
mod precompressed;
mod render_cache;
mod replay;
mod switch;

pub use self::replay::Web;
pub(crate) use self::{
    countdown::{CountdownPage, SECONDS, WORDS},
    detached_stream::{Handover, HandoverSocket, StreamTransport},
    precompressed::Precompressed,
    render_cache::{CachedAnswer, RenderCache, Rendered, Variant},
    replay::{ConnectionService, Replayable},
    switch::FastPath,
};
