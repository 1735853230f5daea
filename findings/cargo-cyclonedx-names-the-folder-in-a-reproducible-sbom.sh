#!/usr/bin/env bash
# cargo-cyclonedx 0.5.9 writes the folder of the checkout into each `bom-ref` of the workspace's own crates.
#
# It honours SOURCE_DATE_EPOCH "to enable reproducible builds" (its --help), leaves out serial number and time for that, and one expects
# the same commit to give the same SBOM. Two checkouts in two folders do not: `path+file:///…` is in it, and with it, often, the name of
# who built it. The `purl` of the same crates is relative.
#
# For a release: replace the folder by a fixed text, as .ci/release does.
#
# Seen with cargo 1.95. Needs cargo; cargo-cyclonedx is installed if PATH has none of that version. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
PATH="$folder/tools/bin:$PATH"
[[ $(cargo cyclonedx --version 2>/dev/null) == *" 0.5.9" ]] ||
  cargo install --quiet --locked --root "$folder/tools" --version =0.5.9 cargo-cyclonedx

for place in one another; do
  mkdir -p "$folder/$place/src"
  printf '[package]\nname = "check"\nversion = "1.0.0"\nedition = "2021"\n' >"$folder/$place/Cargo.toml"
  echo 'fn main() {}' >"$folder/$place/src/main.rs"
  (cd "$folder/$place" && SOURCE_DATE_EPOCH=1795984254 cargo cyclonedx --quiet --format json --spec-version 1.5)
done
seen=$(
  cd "$folder"
  cmp --silent one/check.cdx.json another/check.cdx.json && echo "the same" || echo "not the same"
  sed -n 's|.*"\(bom-ref": "path+file://\)[^"]*/\(one#[^"]*\)".*|\1…/\2|p' one/check.cdx.json | head -1
  sed -i "s|$folder/one|X|g" one/check.cdx.json
  sed -i "s|$folder/another|X|g" another/check.cdx.json
  cmp --silent one/check.cdx.json another/check.cdx.json && echo "the same without the folders"
)
printf '%s\n' "$seen"
[[ $seen == 'not the same
bom-ref": "path+file://…/one#check@1.0.0
the same without the folders' ]] || {
  echo "it has changed"
  exit 1
}
