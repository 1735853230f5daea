#!/usr/bin/env bash
# @nostr-relay/core 0.0.40 (npm), a library for Nostr relays, answers a REQ from before an event that it has already taken.
#
# NIP-01: a relay says OK for an event that it took, and a REQ is answered with the stored events that fit, then EOSE. One
# expects that a REQ sent after the OK finds the event. With its defaults the relay keeps what a filter found for a second
# (filterResultCacheTtl, 1000 ms): a client that had asked for the same a moment before, and found nothing, is told nothing
# once more. After that second the event comes; with filterResultCacheTtl: 0 it comes at once.
#
# For a wallet service: an app that looks for its info event (kind 13194) while the service starts can miss it although
# the relay has said OK; it should ask again, or keep the subscription open, over which the event comes.
#
# The store is a list in memory, without a cache of its own. Seen with nostr-tools 2.25.2 on Node.js 20. Needs node, npm and
# the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  @nostr-relay/core@0.0.40 @nostr-relay/common@0.0.40 nostr-tools@2.25.2
cat >"$folder/check.cjs" <<'NODE'
const { EventRepository } = require("@nostr-relay/common");
const { NostrRelay } = require("@nostr-relay/core");
const { finalizeEvent, generateSecretKey, matchFilter } = require("nostr-tools");

class Memory extends EventRepository {
  events = [];
  isSearchSupported() {
    return false;
  }
  upsert(event) {
    this.events.push(event);
    return { isDuplicate: false };
  }
  find(filter) {
    return this.events.filter((event) => matchFilter(filter, event));
  }
  async destroy() {}
}

// A client of the relay: what it was sent.
function connect(relay) {
  const told = [];
  const socket = { readyState: 1, send: (text) => told.push(JSON.parse(text)), close() {} };
  relay.handleConnection(socket);
  return { told, say: (...message) => relay.handleMessage(socket, message) };
}

async function seen(options) {
  const relay = new NostrRelay(new Memory(), options);
  const [reader, writer] = [connect(relay), connect(relay)];
  const filter = { kinds: [13194], limit: 1 };
  const event = finalizeEvent(
    { kind: 13194, created_at: Math.floor(Date.now() / 1000), tags: [], content: "make_invoice" },
    generateSecretKey(),
  );
  const ask = async (name) => {
    await reader.say("REQ", name, filter);
    await reader.say("CLOSE", name);
    return reader.told.filter(([kind, subscription]) => kind === "EVENT" && subscription === name).length;
  };
  const before = await ask("before");
  await writer.say("EVENT", event);
  const taken = writer.told.some(([kind, id, ok]) => kind === "OK" && id === event.id && ok === true);
  const after = await ask("after");
  await new Promise((later) => setTimeout(later, 1500));
  return { before, taken, after, later: await ask("later") };
}

(async () => {
  const byDefault = await seen({});
  const withoutCache = await seen({ filterResultCacheTtl: 0 });
  console.log("by default:", JSON.stringify(byDefault));
  console.log("filterResultCacheTtl 0:", JSON.stringify(withoutCache));
  const same = (found, after) =>
    found.before === 0 && found.taken && found.after === after && found.later === 1;
  process.exit(same(byDefault, 0) && same(withoutCache, 1) ? 0 : 1);
})();
NODE
if node "$folder/check.cjs"; then
  echo "as described: the event is not told for a second after the relay has taken it"
else
  echo "changed: see above"
  exit 1
fi
