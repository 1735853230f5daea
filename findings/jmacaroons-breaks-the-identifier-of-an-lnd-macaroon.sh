#!/usr/bin/env bash
# jmacaroons 0.5.0 (Maven) reads an LND macaroon and writes another one, which no longer verifies.
#
# LND writes macaroons in the binary format, version 2, where an identifier is bytes: a number, 16 random bytes as nonce
# and the permissions. One expects a macaroon that was read with MacaroonsSerializer.V2 to be written alike, and caveats
# to be added to it. jmacaroons keeps the identifier as a string in UTF-8, so each byte that is no UTF-8 becomes U+FFFD:
# of 39 bytes it writes 71, and its own verifier says no, with the right key. pymacaroons 0.13.0 (PyPI) and macaroon
# 3.0.4 (npm) write what they read.
#
# For a checkout: narrow macaroons with LND itself or with one of the latter two.
#
# The macaroon is made up, with the layout of LND's. Seen on Java 17, Python 3.11 and Node.js 20. Needs java, mvn and
# Maven Central, python3 with venv, node, npm, PyPI and the npm registry. Exits 0 while this is so, 1 when it has
# changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pymacaroons==0.13.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts macaroon@3.0.4
cat >"$folder/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId>
  <artifactId>check</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.github.nitram509</groupId><artifactId>jmacaroons</artifactId><version>0.5.0</version>
    </dependency>
  </dependencies>
</project>
XML
mvn --quiet --batch-mode --file "$folder/pom.xml" dependency:copy-dependencies -DoutputDirectory="$folder/jars"
cat >"$folder/make.py" <<'PYTHON'
import pymacaroons

nonce = bytes(range(0xF0, 0x100))
identifier = b"\x03\n\x10" + nonce + b"\x12\x010\x1a\x0f\n\x07invoice\x12\x04read"
print(pymacaroons.Macaroon("lnd", identifier, "k" * 32, version=pymacaroons.MACAROON_V2).serialize())
PYTHON
macaroon=$("$folder/venv/bin/python" "$folder/make.py")
export macaroon
cat >"$folder/Check.java" <<'JAVA'
import com.github.nitram509.jmacaroons.Macaroon;
import com.github.nitram509.jmacaroons.MacaroonsSerializer;
import com.github.nitram509.jmacaroons.MacaroonsVerifier;
import java.nio.charset.StandardCharsets;

class Check {
  public static void main(String[] arguments) {
    var text = System.getenv("macaroon");
    var macaroon = Macaroon.deserialize(text, MacaroonsSerializer.V2);
    var key = "k".repeat(32).getBytes(StandardCharsets.UTF_8);
    System.out.println("jmacaroons: alike " + macaroon.serialize(MacaroonsSerializer.V2).equals(text)
        + ", identifier of " + macaroon.identifier.getBytes(StandardCharsets.UTF_8).length
        + ", valid " + new MacaroonsVerifier(macaroon).isValid(key));
  }
}
JAVA
cat >"$folder/check.py" <<'PYTHON'
import os

from pymacaroons import Macaroon, Verifier

macaroon = Macaroon.deserialize(os.environ["macaroon"])
alike = macaroon.serialize() == os.environ["macaroon"]
valid = Verifier().verify(macaroon, "k" * 32)
print(f"pymacaroons: alike {alike}, identifier of {len(macaroon.identifier_bytes)}, valid {valid}")
PYTHON
cat >"$folder/check.cjs" <<'NODE'
const macaroon = require("macaroon").importMacaroon(process.env.macaroon);
const alike = Buffer.from(macaroon.exportBinary()).toString("base64url") === process.env.macaroon;
console.log(`macaroon: alike ${alike}, identifier of ${macaroon.identifier.length}`);
NODE
seen=$(java -cp "$folder/jars/*" "$folder/Check.java"
  "$folder/venv/bin/python" "$folder/check.py"
  node "$folder/check.cjs")
printf '%s\n' "$seen"
[[ $seen == 'jmacaroons: alike false, identifier of 71, valid false
pymacaroons: alike True, identifier of 39, valid True
macaroon: alike true, identifier of 39' ]] || {
  echo "it has changed"
  exit 1
}
