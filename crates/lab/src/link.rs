//! A channel between two nodes of any kind: coins, a connection, the channel, and when it can be used.

use anyhow::Context;
use serde_json::Value;

use crate::{
    bitcoind::{Bitcoind, NOBODY},
    cln::Cln,
    command::{TIMEOUT, until},
    lnd::Lnd,
};

/// A node of either kind.
#[derive(Clone, Copy, Debug)]
pub enum Peer<'a> {
    /// Core Lightning.
    Cln(&'a Cln),
    /// LND.
    Lnd(&'a Lnd),
}

/// A channel as one of its nodes sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Whether payments can go through it now, as far as this node knows.
    pub usable: bool,
    /// What is this node's, in millisatoshis. An LND that opened the channel takes off the fee for closing it.
    pub ours_msat: u64,
    /// What is the other's.
    pub theirs_msat: u64,
    /// The transaction and output that opened it.
    pub point: String,
    /// How many payments are under way in it: each that is held, for example.
    pub payments: usize,
}

impl<'a> From<&'a Cln> for Peer<'a> {
    fn from(node: &'a Cln) -> Self {
        Self::Cln(node)
    }
}

impl<'a> From<&'a Lnd> for Peer<'a> {
    fn from(node: &'a Lnd) -> Self {
        Self::Lnd(node)
    }
}

impl Peer<'_> {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Cln(node) => node.name(),
            Self::Lnd(node) => node.name(),
        }
    }

    /// Its public key.
    ///
    /// # Errors
    /// The node's.
    pub async fn id(&self) -> anyhow::Result<String> {
        match self {
            Self::Cln(node) => text(&node.cli(&["getinfo"]).await?, "id"),
            Self::Lnd(node) => text(&node.json(&["getinfo"]).await?, "identity_pubkey"),
        }
    }

    /// Where other nodes reach it.
    pub fn address(&self) -> String {
        match self {
            Self::Cln(node) => node.address(),
            Self::Lnd(node) => node.address(),
        }
    }

    /// The newest block that it knows; `None` while it is behind.
    pub(crate) async fn seen_height(&self) -> anyhow::Result<Option<u64>> {
        match self {
            Self::Cln(node) => {
                let info = node.cli(&["getinfo"]).await?;
                let synced = info.get("warning_lightningd_sync").is_none();
                Ok(info["blockheight"].as_u64().filter(|_| synced))
            }
            Self::Lnd(node) => {
                let info = node.json(&["getinfo"]).await?;
                let synced = info["synced_to_chain"] == true;
                Ok(info["block_height"].as_u64().filter(|_| synced))
            }
        }
    }

    async fn new_address(&self) -> anyhow::Result<String> {
        match self {
            Self::Cln(node) => text(&node.cli(&["newaddr", "p2tr"]).await?, "p2tr"),
            Self::Lnd(node) => text(&node.json(&["newaddress", "p2tr"]).await?, "address"),
        }
    }

    /// The confirmed coins of its wallet, in satoshis.
    ///
    /// # Errors
    /// The node's.
    pub async fn coins_sat(&self) -> anyhow::Result<u64> {
        match self {
            Self::Cln(node) => {
                let funds = node.cli(&["listfunds"]).await?;
                let outputs = funds["outputs"].as_array().into_iter().flatten();
                let msat = outputs
                    .filter(|output| output["status"] == "confirmed" && output["reserved"] != true)
                    .filter_map(|output| output["amount_msat"].as_u64());
                Ok(msat.sum::<u64>() / 1000)
            }
            Self::Lnd(node) => {
                let balance = node.json(&["walletbalance"]).await?;
                number(&balance, "confirmed_balance")
            }
        }
    }

    /// The open channel; `None` if there is none, also while one is opened or closed.
    ///
    /// # Errors
    /// The node's.
    pub async fn channel(&self) -> anyhow::Result<Option<Channel>> {
        match self {
            Self::Cln(node) => {
                let listed = node.cli(&["listpeerchannels"]).await?;
                let mut channels = listed["channels"].as_array().into_iter().flatten();
                let open = channels.find(|channel| channel["state"] == "CHANNELD_NORMAL");
                let read = |channel: &Value| {
                    let ours = channel["to_us_msat"].as_u64().context("to_us_msat")?;
                    let total = channel["total_msat"].as_u64().context("total_msat")?;
                    anyhow::Ok(Channel {
                        usable: channel["peer_connected"] == true
                            && channel["reestablished"] == true,
                        ours_msat: ours,
                        theirs_msat: total - ours,
                        point: format!(
                            "{}:{}",
                            text(channel, "funding_txid")?,
                            channel["funding_outnum"]
                        ),
                        payments: channel["htlcs"].as_array().map_or(0, Vec::len),
                    })
                };
                open.map(read).transpose()
            }
            Self::Lnd(node) => {
                let listed = node.json(&["listchannels"]).await?;
                let open = listed["channels"].as_array().and_then(|all| all.first());
                let read = |channel: &Value| {
                    anyhow::Ok(Channel {
                        usable: channel["active"] == true,
                        ours_msat: number(channel, "local_balance")? * 1000,
                        theirs_msat: number(channel, "remote_balance")? * 1000,
                        point: text(channel, "channel_point")?,
                        payments: channel["pending_htlcs"].as_array().map_or(0, Vec::len),
                    })
                };
                open.map(read).transpose()
            }
        }
    }

    /// Whether a channel is on its way, opening or closing.
    pub(crate) async fn has_pending_channel(&self) -> anyhow::Result<bool> {
        match self {
            Self::Cln(node) => {
                let listed = node.cli(&["listpeerchannels"]).await?;
                let mut channels = listed["channels"].as_array().into_iter().flatten();
                Ok(channels.any(|channel| {
                    let state = channel["state"].as_str().unwrap_or_default();
                    // What is on the chain stays listed for a hundred blocks.
                    !matches!(state, "CHANNELD_NORMAL" | "ONCHAIN" | "CLOSED")
                }))
            }
            Self::Lnd(node) => {
                let pending = node.json(&["pendingchannels"]).await?;
                let kinds = [
                    "pending_open_channels",
                    "pending_force_closing_channels",
                    "waiting_close_channels",
                ];
                Ok(kinds
                    .iter()
                    .any(|kind| pending[kind].as_array().is_some_and(|all| !all.is_empty())))
            }
        }
    }

    async fn is_connected_to(&self, id: &str) -> anyhow::Result<bool> {
        let (listed, key) = match self {
            Self::Cln(node) => (node.cli(&["listpeers", id]).await?, "id"),
            Self::Lnd(node) => (node.json(&["listpeers"]).await?, "pub_key"),
        };
        let mut peers = listed["peers"].as_array().into_iter().flatten();
        Ok(peers.any(|peer| peer[key] == id && peer["connected"] != false))
    }

    async fn connect(&self, address: &str) -> anyhow::Result<()> {
        match self {
            Self::Cln(node) => node.cli(&["connect", address]).await.map(drop),
            Self::Lnd(node) => node.cli(&["connect", address]).await.map(drop),
        }
    }

    async fn fund_channel(&self, id: &str, sat: u32) -> anyhow::Result<()> {
        match self {
            Self::Cln(node) => {
                let funded = node.cli(&["fundchannel", id, &sat.to_string()]).await;
                funded.map(drop)
            }
            Self::Lnd(node) => {
                let (id, amount) = (format!("--node_key={id}"), format!("--local_amt={sat}"));
                node.cli(&["openchannel", &id, &amount]).await.map(drop)
            }
        }
    }

    /// Begins to close the channel in agreement with the other node.
    pub(crate) async fn close(&self, channel: &Channel) -> anyhow::Result<()> {
        match self {
            Self::Cln(node) => {
                let listed = node.cli(&["listpeerchannels"]).await?;
                let mut channels = listed["channels"].as_array().into_iter().flatten();
                let open = channels.find(|channel| channel["state"] == "CHANNELD_NORMAL");
                let id = text(open.context("no open channel")?, "channel_id")?;
                node.ask(&["close", &id]).await.map(drop)
            }
            Self::Lnd(node) => {
                let point = format!("--chan_point={}", channel.point);
                node.ask(&["closechannel", &point]).await.map(drop)
            }
        }
    }
}

/// Two nodes on a chain: the payer has the coins, and opens a channel to the merchant, so that it can receive.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// Their chain.
    pub bitcoind: &'a Bitcoind,
    /// The node that pays.
    pub payer: Peer<'a>,
    /// The node that receives.
    pub merchant: Peer<'a>,
}

impl Link<'_> {
    /// Gives the payer coins, unless it has some.
    ///
    /// # Errors
    /// That it gets none.
    pub async fn fund(&self) -> anyhow::Result<()> {
        if self.payer.coins_sat().await? > 0 {
            return Ok(());
        }
        let address = format!("addr({})", self.payer.new_address().await?);
        self.bitcoind.mine(1, &address).await?;
        // A block's reward can be spent after another 100 blocks.
        self.bitcoind.mine(100, NOBODY).await?;
        self.chain_seen().await?;
        until("the payer's coins", TIMEOUT, async || {
            Ok((self.payer.coins_sat().await? > 0).then_some(()))
        })
        .await
    }

    /// Connects the payer to the merchant. After a restart it would come back by itself, but up to three seconds later.
    ///
    /// # Errors
    /// That it cannot.
    pub async fn connect(&self) -> anyhow::Result<()> {
        let id = self.merchant.id().await?;
        let merchant = format!("{id}@{}", self.merchant.address());
        // A node answers calls before it accepts peers, so a refused connection is no error yet.
        until("the merchant to accept a peer", TIMEOUT, async || {
            if self.payer.is_connected_to(&id).await? {
                return Ok(Some(()));
            }
            drop(self.payer.connect(&merchant).await);
            Ok(None)
        })
        .await
    }

    /// Opens a channel of this size and confirms it. Six blocks let the nodes announce it.
    ///
    /// # Errors
    /// That it cannot be opened.
    pub async fn open_channel(&self, sat: u32) -> anyhow::Result<()> {
        let id = self.merchant.id().await?;
        self.payer.fund_channel(&id, sat).await?;
        self.confirm().await
    }

    /// Funds the payer, connects the two and opens a channel of this size; returns when a payment can be made.
    ///
    /// # Errors
    /// That it does not come to that.
    pub async fn open_usable_channel(&self, sat: u32) -> anyhow::Result<()> {
        self.fund().await?;
        self.connect().await?;
        self.open_channel(sat).await?;
        self.usable().await
    }

    /// Mines what it takes for a channel's opening or closing to be settled.
    ///
    /// # Errors
    /// bitcoind's or a node's.
    pub async fn confirm(&self) -> anyhow::Result<()> {
        self.bitcoind.mine(6, NOBODY).await?;
        self.chain_seen().await
    }

    /// Waits until both ends say that the channel can be used, one of them may still believe in a connection that the other
    /// has lost, and the payer finds a way: at an LND, a channel is active before its terms are known.
    ///
    /// # Errors
    /// That it does not come to that.
    pub async fn usable(&self) -> anyhow::Result<()> {
        self.chain_seen().await?;
        for peer in [self.merchant, self.payer] {
            until(
                &format!("a usable channel at the {}", peer.name()),
                TIMEOUT,
                async || Ok(peer.channel().await?.filter(|channel| channel.usable)),
            )
            .await?;
        }
        let Peer::Lnd(payer) = self.payer else {
            return Ok(());
        };
        let id = self.merchant.id().await?;
        let destination = format!("--dest={id}");
        until("a route", TIMEOUT, async || {
            let route = ["queryroutes", destination.as_str(), "--amt=1000"];
            Ok(payer.cli(&route).await.ok())
        })
        .await?;
        // A payment without an invoice needs to know what the merchant's node can do.
        let id = format!("--pub_key={id}");
        until("the merchant's announcement", TIMEOUT, async || {
            let node = payer.json(&["getnodeinfo", &id]).await?;
            let features = node["node"]["features"].as_object();
            Ok(features.filter(|features| !features.is_empty()).map(drop))
        })
        .await
    }

    /// Waits until both nodes know the newest block. A payment from a node that lags behind expires too early for one that
    /// does not.
    ///
    /// # Errors
    /// That they do not get to know it.
    pub async fn chain_seen(&self) -> anyhow::Result<()> {
        let height = self.bitcoind.height().await?;
        for peer in [self.merchant, self.payer] {
            until(
                &format!("block {height} at the {}", peer.name()),
                TIMEOUT,
                async || Ok((peer.seen_height().await? == Some(height)).then_some(())),
            )
            .await?;
        }
        Ok(())
    }
}

pub(crate) fn text(value: &Value, key: &str) -> anyhow::Result<String> {
    let text = value[key].as_str();
    Ok(text
        .with_context(|| format!("no {key} in {value}"))?
        .to_owned())
}

/// A number that lnd writes as a text.
pub(crate) fn number(value: &Value, key: &str) -> anyhow::Result<u64> {
    let number = value[key].as_str().map(str::parse);
    Ok(number.with_context(|| format!("no {key} in {value}"))??)
}
