#!/usr/bin/env bash
# applesauce-wallet-connect 6.2.0 (npm) takes every error of a wallet for "OTHER", and sends errors without a code.
#
# NIP-47: a response that failed has an error with a "code", such as INSUFFICIENT_BALANCE, and a "message". The library
# has a class of exception for each of the codes, so one expects the one of the wallet's code. It reads "type" instead
# of "code", finds none, and throws OtherError; only the message is the wallet's. Its WalletService writes "type" as
# well, so the two understand each other, while another client that pays from such a wallet gets an error without the
# code that NIP-47 names.
#
# For a checkout that pays out through NIP-47: take an error without a code for one of the code OTHER.
#
# A subject takes the place of the relay. Seen on Node.js 20 with applesauce-core 6.2.0 and rxjs 7.8.2. Needs node, npm
# and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  applesauce-wallet-connect@6.2.0 applesauce-core@6.2.0 rxjs@7.8.2
cat >"$folder/check.mjs" <<'NODE'
import { finalizeEvent, getPublicKey } from "applesauce-core/helpers";
import { nip44 } from "applesauce-core/helpers/encryption";
import { WalletConnect, WalletService } from "applesauce-wallet-connect";
import { InsufficientBalanceError } from "applesauce-wallet-connect/helpers/error";
import { Subject, firstValueFrom } from "rxjs";

const relays = ["wss://relay.example/"];
const [client, service] = [1, 2].map((byte) => new Uint8Array(32).fill(byte));
const [clientKey, serviceKey] = [client, service].map(getPublicKey);
const shared = nip44.getConversationKey(service, clientKey);
const seal = (value) => nip44.encrypt(JSON.stringify(value), shared);
const sign = (secret, kind, content, tags) => finalizeEvent({ kind, content, tags, created_at: 1_800_000_000 }, secret);

async function told(error) {
  const relay = new Subject();
  const answer = seal({ result_type: "get_balance", error, result: null });
  const publishMethod = async (_, { id }) => {
    setTimeout(() => relay.next(sign(service, 23195, answer, [["p", clientKey], ["e", id]])));
    return [];
  };
  const subscriptionMethod = () => relay;
  const wallet = new WalletConnect({ secret: client, service: serviceKey, relays, subscriptionMethod, publishMethod });
  const balance = wallet.getBalance();
  relay.next(sign(service, 13194, "get_balance", [["encryption", "nip44_v2"]]));
  return balance.catch((thrown) => `${thrown.name}, ${thrown.code}, ${thrown.message}`);
}

async function sent() {
  const [requests, events] = [new Subject(), new Subject()];
  const signer = {
    getPublicKey: async () => serviceKey,
    signEvent: async (event) => finalizeEvent(event, service),
    nip44: {
      encrypt: async (_, text) => nip44.encrypt(text, shared),
      decrypt: async (_, text) => nip44.decrypt(text, shared),
    },
  };
  const handlers = {
    get_balance: async () => {
      throw new InsufficientBalanceError("too little");
    },
  };
  const publishMethod = async (_, event) => {
    events.next(event);
    return [];
  };
  const subscriptionMethod = () => requests;
  const options = { relays, secret: client, signer, handlers, subscriptionMethod, publishMethod };
  await new WalletService(options).start();
  const response = firstValueFrom(events);
  const request = seal({ method: "get_balance", params: {} });
  requests.next(sign(client, 23194, request, [["p", serviceKey], ["encryption", "nip44_v2"]]));
  return JSON.stringify(JSON.parse(nip44.decrypt((await response).content, shared)).error);
}

for (const code of ["INSUFFICIENT_BALANCE", "QUOTA_EXCEEDED"]) {
  console.log(`${code} is read as:`, await told({ code, message: "too little" }));
}
console.log("with a type:", await told({ type: "INSUFFICIENT_BALANCE", message: "too little" }));
console.log("the service sends:", await sent());
process.exit(0);
NODE
seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == 'INSUFFICIENT_BALANCE is read as: OtherError, OTHER, too little
QUOTA_EXCEEDED is read as: OtherError, OTHER, too little
with a type: InsufficientBalanceError, INSUFFICIENT_BALANCE, too little
the service sends: {"type":"INSUFFICIENT_BALANCE","message":"too little"}' ]] || {
  echo "it has changed"
  exit 1
}
