//! `facture dns-record`.

use std::net::SocketAddr;

use clap::Args;

/// `facture dns-record`
#[derive(Args, Debug)]
pub struct DnsRecordArgs {
    /// The name that people pay to, such as shop@example.com
    pub name: String,
    /// The offer: its string (lno1…), or its id if a server is running [default: the only active one]
    #[arg(long, value_name = "OFFER")]
    pub offer: Option<String>,
    /// Check what this resolver answers, by TCP, such as 127.0.0.1:53. It must check signatures (DNSSEC) itself
    #[arg(long, value_name = "ADDRESS")]
    pub resolver: Option<SocketAddr>,
}
