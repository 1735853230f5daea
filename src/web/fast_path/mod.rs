//! What exists only to make answers faster or connections smaller. It can be switched off (`server.fast_path`): then every
//! answer is the same, but for date, request id and clock, which `tests/it/fast_path.rs` checks.
//!
//! | File | What it saves | Switched off |
//! | --- | --- | --- |
//! | `replay.rs` | the way through the routes, for a request that comes again word for word | each goes through them |
//! | `render_cache.rs` | rendering a page or JSON about an invoice that has not changed, and its QR code | each is rendered |
//! | `countdown.rs` | rendering a page anew because a second has passed | each is rendered |
//! | `precompressed.rs` | compressing the same bytes again | each is compressed |
//! | `detached_stream.rs` | hyper's buffers, for as long as an event stream is open | streams stay with hyper |

pub(crate) mod countdown;
pub(crate) mod detached_stream;
pub(crate) mod precompressed;
pub(crate) mod render_cache;
pub(crate) mod replay;
pub(crate) mod switch;
