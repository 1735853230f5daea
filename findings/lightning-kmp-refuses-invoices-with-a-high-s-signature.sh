#!/usr/bin/env bash
# lightning-kmp 1.8.4 (Maven), the library under Phoenix, calls the signature of a valid invoice invalid.
#
# An ECDSA signature has a twin, with n - s in place of s and the other recovery flag, and the same key is recovered
# from both. BOLT 11: without a field "n" the reader recovers the key and must accept high-S and low-S alike; the BOLT
# has an example. One expects the twin to be read. lightning-kmp also verifies the signature, for which only low-S
# counts. bolt11 1.4.1 (npm) and bolt11 2.2.0 (PyPI) recover the same key from both.
#
# For a checkout whose invoices come from a signer of one's own: have it write low-S, or some wallets cannot pay.
#
# The invoice and its twin are made up, for 250000 satoshis. Seen on Java 17, Python 3.11 and Node.js 20. Needs java,
# mvn and Maven Central, python3 with venv, node, npm, PyPI and the npm registry. Exits 0 while this is so, 1 when it
# has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check bolt11==2.2.0 bitstring==4.4.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts bolt11@1.4.1
low=lnbc2500u1pvjluezpp57czq04s2647d35409r2v43wnq4k0ztmf7ry8alsqv0yysdfdga6ssp5ukcjvr6snvtklzu4fx58zggnp8h2pmde6yw9dw7pmk57p6r88hlsdqvdaexgetjyqms9qrsgq54ds2q2pr9elqn95mkszcnvr4dye94hxqq663uaxqdfqga2f80pzy3sdpzp2qnvgl0hp4k474pzyg5zcxlf9y7wmfnfumvf82tl58zgq398l23
high=lnbc2500u1pvjluezpp57czq04s2647d35409r2v43wnq4k0ztmf7ry8alsqv0yysdfdga6ssp5ukcjvr6snvtklzu4fx58zggnp8h2pmde6yw9dw7pmk57p6r88hlsdqvdaexgetjyqms9qrsgq54ds2q2pr9elqn95mkszcnvr4dye94hxqq663uaxqdfqga2f80pdmw0j7a74lvnhqsg72f2p27am56jk5529enkyamkqftt905m0mwqp0eq3lg
cat >"$folder/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId>
  <artifactId>check</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>fr.acinq.lightning</groupId><artifactId>lightning-kmp-jvm</artifactId><version>1.8.4</version>
    </dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
XML
mvn --quiet --batch-mode --file "$folder/pom.xml" dependency:copy-dependencies -DoutputDirectory="$folder/jars"
cat >"$folder/Check.java" <<'JAVA'
import fr.acinq.lightning.payment.Bolt11Invoice;

class Check {
  public static void main(String[] invoices) {
    for (var text : invoices) {
      var read = Bolt11Invoice.Companion.read(text);
      System.out.println("lightning-kmp: " + (read.isFailure() ? read : read.get().getNodeId().toHex()));
    }
  }
}
JAVA
cat >"$folder/check.py" <<'PYTHON'
import sys

import bolt11

for text in sys.argv[1:]:
    print("bolt11 of PyPI:", bolt11.decode(text).payee)
PYTHON
cat >"$folder/check.cjs" <<'NODE'
const { decode } = require("bolt11");
for (const text of process.argv.slice(2)) console.log("bolt11 of npm:", decode(text).payeeNodeKey);
NODE
seen=$(java -cp "$folder/jars/*" "$folder/Check.java" "$low" "$high"
  "$folder/venv/bin/python" "$folder/check.py" "$low" "$high"
  node "$folder/check.cjs" "$low" "$high")
printf '%s\n' "$seen"
key=0218a80d27e620e99bb6a95d9963e26669faf7e325d9298053d6f6b85480a40afe
[[ $seen == "lightning-kmp: $key
lightning-kmp: Failure(error=java.lang.IllegalArgumentException: invalid signature)
bolt11 of PyPI: $key
bolt11 of PyPI: $key
bolt11 of npm: $key
bolt11 of npm: $key" ]] || {
  echo "it has changed"
  exit 1
}
