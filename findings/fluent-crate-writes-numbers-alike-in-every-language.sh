#!/usr/bin/env bash
# fluent-bundle 0.16.0 (a Rust crate) writes 1234.5 in a German message as "1234.5", and an i64 rounded to a double.
#
# Fluent formats a number in a message for the language: 1234.5 is "1.234,5" in German with @fluent/bundle 0.19.1 (npm)
# and fluent.runtime 0.4.0 (PyPI). One expects the Rust crate, which takes the same messages and the language, to do the
# same. It writes the digits as Rust does, in every language, with NUMBER() as well; a formatter has to be set by the
# program. An amount that is an i64 goes through f64: 9007199254740993 is shown as 9007199254740992.
#
# For a checkout in Rust: format amounts in code of one's own, and hand them over as text.
#
# Seen on Rust 1.95, Node.js 20 and Python 3.11 with Babel 2.19.0. Needs cargo with a C compiler, node, npm, python3
# with venv, the npm registry and PyPI. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"
cat >"$folder/Cargo.toml" <<'TOML'
[package]
name = "check"
version = "0.1.0"
edition = "2021"

[dependencies]
fluent-bundle = "=0.16.0"
unic-langid = "=0.9.6"

[profile.dev]
debug = false
TOML
cat >"$folder/src/main.rs" <<'RUST'
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let language = "de".parse()?;
    let mut bundle = FluentBundle::new(vec![language]);
    bundle.set_use_isolating(false);
    bundle.add_builtins().map_err(|errors| format!("{errors:?}"))?;
    let text = "plain = { $amount }\nnumber = { NUMBER($amount) }\nlarge = { $large }".to_owned();
    let resource = FluentResource::try_new(text).map_err(|(_, errors)| format!("{errors:?}"))?;
    bundle.add_resource(resource).map_err(|errors| format!("{errors:?}"))?;
    let mut arguments = FluentArgs::new();
    arguments.set("amount", 1234.5);
    arguments.set("large", 9_007_199_254_740_993_i64);
    for name in ["plain", "number", "large"] {
        let pattern = bundle.get_message(name).and_then(|message| message.value()).ok_or("no message")?;
        println!("crate, {name}: {}", bundle.format_pattern(pattern, Some(&arguments), &mut vec![]));
    }
    Ok(())
}
RUST
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts @fluent/bundle@0.19.1
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fluent.runtime==0.4.0 babel==2.19.0
cat >"$folder/check.mjs" <<'NODE'
import { FluentBundle, FluentResource } from "@fluent/bundle";

const bundle = new FluentBundle("de", { useIsolating: false });
bundle.addResource(new FluentResource("plain = { $amount }"));
console.log("npm, plain:", bundle.formatPattern(bundle.getMessage("plain").value, { amount: 1234.5 }));
NODE
cat >"$folder/check.py" <<'PYTHON'
from fluent.runtime import FluentBundle, FluentResource

bundle = FluentBundle(["de"], use_isolating=False)
bundle.add_resource(FluentResource("plain = { $amount }\nlarge = { $large }"))
for name in ("plain", "large"):
    message = bundle.get_message(name).value
    text, _errors = bundle.format_pattern(message, {"amount": 1234.5, "large": 9_007_199_254_740_993})
    print(f"PyPI, {name}: {text}")
PYTHON
seen=$(CARGO_TARGET_DIR="$folder/target" cargo run --quiet --manifest-path "$folder/Cargo.toml"
  node "$folder/check.mjs"
  "$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'crate, plain: 1234.5
crate, number: 1234.5
crate, large: 9007199254740992
npm, plain: 1.234,5
PyPI, plain: 1.234,5
PyPI, large: 9.007.199.254.740.993' ]] || {
  echo "it has changed"
  exit 1
}
