#!/usr/bin/env bash
# Takes a payment: take-a-payment.sh <satoshis> <order number>, with $FACTURE (address) and $TOKEN. If it is interrupted, run
# it again: the same order number means the same invoice. It ends when the order is paid or can no longer be paid, and waits
# as long as the buyer can renew an expired invoice.
set -euo pipefail
: "${2:?take-a-payment.sh <satoshis> <order number>}" "${FACTURE:?is facture\'s address}" "${TOKEN:?is an API token}"

# While facture or its node is unavailable, requests are retried after increasing pauses. Errors are printed.
api() {
  local answer
  answer=$(curl --silent --show-error --fail-with-body --retry 8 --retry-connrefused \
    --header "Authorization: Bearer $TOKEN" "$@") || { echo "$answer" >&2 && return 1; }
  echo "$answer"
}
field() { grep --only-matching "\"$1\":\"[^\"]*\"" | cut --delimiter='"' --fields=4; }

invoice=$(api "$FACTURE/api/v1/invoices" --header "Idempotency-Key: $2" \
  --json "{\"amount_sat\": $1, \"description\": \"Order $2\", \"order_id\": \"$2\"}")
label=$(field label <<<"$invoice")
echo "Send the buyer to $(field status_url <<<"$invoice")"

status=unpaid
until [ "$status" != unpaid ]; do
  # 204 without a body after 30 seconds: repeat. `follow` continues with the invoice that replaces an expired one.
  answer=$(api "$FACTURE/api/v1/invoices/$label/wait?timeout=30&follow=true")
  status=$(field status <<<"$answer" || echo unpaid)
done
echo "Order $2 is $status"
[ "$status" = paid ]
