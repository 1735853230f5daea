//! Real nodes on regtest. [`Bitcoind`], [`Cln`] and [`Lnd`] each run one program; [`Link`] opens a channel between two nodes;
//! [`Lab`] keeps two of them, Alice and Bob, running in a directory until they are told to stop. Tests use the same parts
//! with programs that end with the test ([`Launch::Child`]). It knows nothing of facture.

mod bitcoind;
mod cln;
mod close;
mod command;
mod daemon;
mod down;
mod hold;
mod lab;
mod link;
mod lnd;
mod lock;
mod node;
mod payment;
mod ports;
mod process;
mod programs;
mod state;
mod up;

pub use self::{
    bitcoind::{Bitcoind, NOBODY},
    cln::{Cln, Rest},
    command::{Failed, TIMEOUT, command, log_tails, output, until},
    daemon::{Daemon, Detached, Launch, become_daemon},
    down::Stopped,
    hold::Holds,
    lab::{Lab, Progress},
    link::{Channel, Link, Peer},
    lnd::Lnd,
    node::Node,
    payment::{Decoded, Invoice, Lookup, Paid, State as InvoiceState},
    ports::free_ports,
    process::{Process, Record},
    programs::{Missing, Program, missing},
    state::{CheckoutPorts, Kind, Name},
    up::Found,
};
