//! A lightningd stand-in on a unix socket.
