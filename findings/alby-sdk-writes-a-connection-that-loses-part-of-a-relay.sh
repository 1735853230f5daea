#!/usr/bin/env bash
# @getalby/sdk 7.0.0 (npm) hands out a wallet connection in which a relay with a query is cut at the "&".
#
# NIP-47: a connection is a URI whose query holds the relay, percent-encoded as in its example. One expects
# getNostrWalletConnectUrl() to give back what the client was made of. It writes the relay as it is, so a relay such as
# wss://relay.example/?broadcast=true&global=all ends at the "&" for everyone who reads the connection, its own client
# included. nip47 of nostr-tools 2.25.2 (npm) reads the same as the client.
#
# For a checkout that stores the connection of a merchant: keep the text that was entered, not what the client tells.
#
# Seen on Node.js 20 with ws 8.23.0. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has
# changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  @getalby/sdk@7.0.0 nostr-tools@2.25.2 ws@8.23.0
cat >"$folder/check.mjs" <<'NODE'
import { NWCClient } from "@getalby/sdk";
import { nip47 } from "nostr-tools";
import { WebSocket } from "ws";

globalThis.WebSocket = WebSocket;
for (const relay of ["wss://relay.example", "wss://relay.example/?broadcast=true&global=all"]) {
  const query = new URLSearchParams({ relay, secret: "07".repeat(32) });
  const entered = `nostr+walletconnect://${"b8".repeat(32)}?${query}`;
  const client = new NWCClient({ nostrWalletConnectUrl: entered });
  const told = client.getNostrWalletConnectUrl(true);
  console.log("entered:", ...client.relayUrls);
  console.log("told:", ...new NWCClient({ nostrWalletConnectUrl: told }).relayUrls);
  console.log("told, for nostr-tools:", ...nip47.parseConnectionString(told).relays);
}
process.exit();
NODE
seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == 'entered: wss://relay.example
told: wss://relay.example
told, for nostr-tools: wss://relay.example
entered: wss://relay.example/?broadcast=true&global=all
told: wss://relay.example/?broadcast=true
told, for nostr-tools: wss://relay.example/?broadcast=true' ]] || {
  echo "it has changed"
  exit 1
}
