#!/usr/bin/env bash
# runes 0.6 (PyPI) makes "Order7" of the restriction description=Order 7, and the rune then refuses "Order 7".
#
# A rune is narrowed by restrictions of a field, a condition and a value, and only "\", "|" and "&" have to be escaped
# in a value. Restriction.from_str() drops all white space, in the value as well, where one expects only the space
# around the parts to go; there is no error. A call with the description "Order 7" is then refused. Built from an
# Alternative the value stays.
#
# For a checkout that hands out runes: let the node make and narrow them, or build restrictions from Alternative
# objects.
#
# Seen on Python 3.11. Needs python3 with venv and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check runes==0.6
cat >"$folder/check.py" <<'PYTHON'
from runes import Alternative, MasterRune, Restriction

master = MasterRune(b"16 bytes of shop")
call = {"description": "Order 7"}
for name, restriction in (
    ("from_str", Restriction.from_str("description=Order 7")),
    ("Alternative", Restriction([Alternative("description", "=", "Order 7")])),
):
    rune = master.copy()
    rune.add_restriction(restriction)
    print(f"{name}: {restriction.encode()}: {master.check_with_reason(rune.to_base64(), call)}")
PYTHON
seen=$("$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == "from_str: description=Order7: (False, 'description: != Order7')
Alternative: description=Order 7: (True, '')" ]] || {
  echo "it has changed"
  exit 1
}
