#!/usr/bin/env bash
# bolt11 2.2.0 and pyln-proto 26.6.9 (PyPI) read no invoice next to bitstring 5, which their metadata allows.
#
# Both read the bits of a BOLT 11 invoice with the class ConstBitStream of the package bitstring, and neither sets an
# upper bound for bitstring that keeps release 5 out: "pip install bolt11==2.2.0" alone brings bitstring 5.0.0 today.
# One would expect an installation that pip calls consistent to import. bitstring 5.0.0 no longer has ConstBitStream
# under that name, so "import bolt11" raises ImportError, and pyln-proto imports but raises AttributeError at the first
# Invoice.decode().
#
# For a checkout: pin bitstring below 5 next to either decoder (4.4.0 works), also where they come in through the
# package lnurl, and let a test decode one invoice after every change of the lock file.
#
# Seen on Python 3.11. Needs python3 with venv, and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/read.py" <<'PYTHON'
import sys

INVOICE = (
    "lnbc2500n1p5ww7qqpp52v5emy74l02myf26r3qazvggnuh744y8tvrh2tx5404464n7fq8ssp5uwmlel6fyfz0ek7ug5truxy0hjtz3kzp56rgn3cmjkflpmxee42qdqvdaexgetjyqmscqzpg9qrsgqtrrm2nh4xa2v8fhuy5q44n4tmpkdarjayeh8ush9er8pqwjv2ttk6rv35jmrf65wv35x2dua3z2zep5emy8dd6vcpmfary4dpm8axyqq549203"
)
try:
    if sys.argv[1] == "bolt11":
        import bolt11

        print("amount in msat:", bolt11.decode(INVOICE).amount_msat)
    else:
        from pyln.proto import Invoice

        print("amount in BTC:", f"{Invoice.decode(INVOICE).amount:f}")
except (ImportError, AttributeError) as error:
    print(type(error).__name__)
PYTHON
expect() {
  local name=$1 version=$2 bitstring=$3 expected=$4 seen
  rm -rf "$folder/venv"
  python3 -m venv "$folder/venv"
  "$folder/venv/bin/pip" install --quiet --disable-pip-version-check "$name==$version" "bitstring==$bitstring"
  "$folder/venv/bin/pip" --disable-pip-version-check check >/dev/null
  seen=$(timeout 60 "$folder/venv/bin/python" "$folder/read.py" "$name")
  printf '%s %s with bitstring %s: %s\n' "$name" "$version" "$bitstring" "$seen"
  [[ $seen == "$expected" ]] || {
    echo "it has changed"
    exit 1
  }
}
expect bolt11 2.2.0 4.4.0 'amount in msat: 250000'
expect bolt11 2.2.0 5.0.0 ImportError
expect pyln-proto 26.6.9 4.4.0 'amount in BTC: 0.0000025'
expect pyln-proto 26.6.9 5.0.0 AttributeError
