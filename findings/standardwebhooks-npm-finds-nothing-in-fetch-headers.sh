#!/usr/bin/env bash
# standardwebhooks 1.1.1 and svix 2.5.0 (npm) say "Missing required headers" when handed the headers of a fetch Request.
#
# A Request of the WHATWG's Fetch standard, as Node.js and most JavaScript frameworks of today hand it to a handler, has
# its headers in a Headers object. One expects verify(body, request.headers) to find webhook-id, webhook-timestamp and
# webhook-signature there. Both libraries list the properties of an object, and a Headers object has none of its own.
# Object.fromEntries(request.headers) is read.
#
# For a checkout that documents its webhooks: show the line with Object.fromEntries; the message looks like a sender
# that forgot to sign.
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts standardwebhooks@1.1.1 svix@2.5.0
cat >"$folder/check.mjs" <<'NODE'
import { Webhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";

const secret = `whsec_${Buffer.from("key of a shop that is made up").toString("base64")}`;
const body = '{"type":"order.paid"}';
const now = new Date();
const headers = {
  "webhook-id": "msg_7",
  "webhook-timestamp": String(Math.floor(now / 1000)),
  "webhook-signature": new Webhook(secret).sign("msg_7", now, body),
};
const request = new Request("https://shop.example/hook", { method: "POST", headers, body });
for (const [name, library] of Object.entries({ standardwebhooks: Webhook, svix: SvixWebhook }))
  for (const [form, given] of [["Headers", request.headers], ["object", Object.fromEntries(request.headers)]]) {
    let told;
    try {
      new library(secret).verify(body, given);
      told = "verified";
    } catch (error) {
      told = error.message;
    }
    console.log(`${name}, ${form}: ${told}`);
  }
NODE
seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == 'standardwebhooks, Headers: Missing required headers
standardwebhooks, object: verified
svix, Headers: Missing required headers
svix, object: verified' ]] || {
  echo "it has changed"
  exit 1
}
