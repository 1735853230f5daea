#!/usr/bin/env bash
# Takes a payment: take-a-payment.sh <satoshis> <order number>, with $FACTURE (address) and $TOKEN.
set -euo pipefail

api() { curl --silent --show-error --fail-with-body --header "Authorization: Bearer $TOKEN" "$@"; }
field() { grep --only-matching "\"$1\":\"[^\"]*\"" | cut --delimiter='"' --fields=4; }

invoice=$(api "$FACTURE/api/v1/invoices" --header "Idempotency-Key: $2" \
  --json "{\"amount_sat\": $1, \"description\": \"Order $2\", \"order_id\": \"$2\"}")
label=$(field label <<<"$invoice")
echo "Send the buyer to $(field status_url <<<"$invoice")"

status=unpaid
until [ "$status" != unpaid ]; do
  # 204 without a body after 30 seconds: ask again.
  status=$(api "$FACTURE/api/v1/invoices/$label/wait?timeout=30" | field status || echo unpaid)
done
echo "Order $2 is $status"
[ "$status" = paid ]
