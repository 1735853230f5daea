#!/usr/bin/env bash
# standardwebhooks 1.1.0 (PyPI) signs another moment when the datetime it is given is not in UTC.
#
# Standard Webhooks signs "<id>.<timestamp>.<body>", the timestamp being the seconds since 1970 that also stand in the
# header webhook-timestamp. sign() takes a datetime and replaces its zone by UTC instead of converting: 05:04:05+02:00
# and 03:04:05+00:00 are the same moment and are equal in Python, yet their signatures differ, by 7200 seconds in what
# is signed. verify() then says "No matching signature found". standardwebhooks 1.1.1 (npm) signs the moment.
#
# For a checkout that sends webhooks: hand over datetime.now(timezone.utc) or convert with .astimezone(timezone.utc).
#
# Seen on Python 3.11 and Node.js 20. Needs python3 with venv, node, npm, PyPI and the npm registry. Exits 0 while this
# is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check standardwebhooks==1.1.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts standardwebhooks@1.1.1
secret=whsec_$(printf 'key of a shop that is made up' | base64)
export secret
cat >"$folder/check.py" <<'PYTHON'
import os
from datetime import datetime, timedelta, timezone

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

BODY = '{"type":"order.paid"}'
hook = Webhook(os.environ["secret"])
now = datetime.now(timezone.utc)
for moment in (now, now.astimezone(timezone(timedelta(hours=2)))):
    headers = {
        "webhook-id": "msg_7",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": hook.sign("msg_7", moment, BODY),
    }
    try:
        told = hook.verify(BODY, headers)["type"]
    except WebhookVerificationError as error:
        told = str(error)
    print(f"PyPI, equal to now: {moment == now}, zone {moment:%z}: {told}")
fixed = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
print(hook.sign("msg_7", fixed, BODY))
print(hook.sign("msg_7", fixed.astimezone(timezone(timedelta(hours=2))), BODY))
PYTHON
cat >"$folder/check.mjs" <<'NODE'
import { Webhook } from "standardwebhooks";
const hook = new Webhook(process.env.secret);
for (const text of ["2026-01-02T03:04:05+00:00", "2026-01-02T05:04:05+02:00"])
  console.log(hook.sign("msg_7", new Date(text), '{"type":"order.paid"}'));
NODE
seen=$("$folder/venv/bin/python" "$folder/check.py")
npm_seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen" 'npm:' "$npm_seen"
mapfile -t python_lines <<<"$seen"
mapfile -t npm_lines <<<"$npm_seen"
[[ ${python_lines[0]} == 'PyPI, equal to now: True, zone +0000: order.paid' &&
  ${python_lines[1]} == 'PyPI, equal to now: True, zone +0200: No matching signature found' &&
  ${python_lines[2]} == "${npm_lines[0]}" && ${npm_lines[0]} == "${npm_lines[1]}" &&
  ${python_lines[3]} != "${python_lines[2]}" ]] || {
  echo "it has changed"
  exit 1
}
