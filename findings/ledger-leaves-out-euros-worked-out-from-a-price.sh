#!/usr/bin/env bash
# ledger 3.3.0 leaves the income of fifteen cents out of the balance when the euros stand only in a price.
#
# A posting of 0.00000250 BTC @ 60000.00 EUR makes the account on the other side -0.15 EUR, and one expects the balance
# to show it. Ledger shows a commodity with as many decimals as its amounts are written with; a price does not count for
# that, so EUR has none, -0.15 EUR is shown as nothing and the line of the account is left out. It is the same with the
# total price "@@ 0.15 EUR" and, with a price directive, in the market value (-V), which is empty. hledger 1.25 shows
# -0.15 EUR. With "commodity EUR" and "format 1,000.00 EUR" in the file Ledger does too.
#
# For a checkout that exports a ledger: write the commodity directives, and the euros as an amount.
#
# Seen with Debian's packages ledger 3.3.0-3 and hledger 1.25-2. Needs both programs. Exits 0 while this is so, 1 when
# it has changed, 2 when another release is installed.
set -euo pipefail
[[ $(ledger --version) == 'Ledger 3.3.0-'* && $(hledger --version) == 'hledger 1.25'* ]] || {
  echo "needs ledger 3.3.0 and hledger 1.25"
  exit 2
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/sale.journal" <<'JOURNAL'
2026-01-02 Order 7
    Assets:Lightning   0.00000250 BTC @ 60000.00 EUR
    Income:Sales
JOURNAL
cat >"$folder/total.journal" <<'JOURNAL'
2026-01-02 Order 7
    Assets:Lightning   0.00000250 BTC @@ 0.15 EUR
    Income:Sales
JOURNAL
cat >"$folder/market.journal" <<'JOURNAL'
P 2026-01-02 BTC 60000.00 EUR
2026-01-02 Order 7
    Assets:Lightning   0.00000250 BTC
    Income:Sales
JOURNAL
{
  printf 'commodity EUR\n    format 1,000.00 EUR\n'
  cat "$folder/sale.journal"
} >"$folder/told.journal"
lines() { sed 's/  */ /g; s/^ //; s/ $//'; }
seen=$(for name in sale total told; do
  echo "ledger, $name:"
  ledger --args-only --no-total --flat -f "$folder/$name.journal" balance | lines
done
  echo "ledger -V: $(ledger --args-only -f "$folder/market.journal" balance -V)"
  echo "hledger:"
  hledger -f "$folder/sale.journal" balance --flat --no-total | lines
  echo "hledger -V:"
  hledger -f "$folder/market.journal" balance --flat --no-total -V | lines)
printf '%s\n' "$seen"
[[ $seen == 'ledger, sale:
0.00000250 BTC Assets:Lightning
ledger, total:
0.00000250 BTC Assets:Lightning
ledger, told:
0.00000250 BTC Assets:Lightning
-0.15 EUR Income:Sales
ledger -V: 
hledger:
0.00000250 BTC Assets:Lightning
-0.15 EUR Income:Sales
hledger -V:
0.15 EUR Assets:Lightning
-0.15 EUR Income:Sales' ]] || {
  echo "it has changed"
  exit 1
}
