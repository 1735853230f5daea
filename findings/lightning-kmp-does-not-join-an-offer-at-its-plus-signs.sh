#!/usr/bin/env bash
# lightning-kmp 1.8.4 (Maven) cannot read an offer that is split with "+", as BOLT 12 allows for long ones.
#
# BOLT 12: a writer may split an offer with "+" and white space behind it, where the length of a text is limited or in
# print, and a reader takes both out before decoding. Its test vectors have four such offers. One expects Offer.decode()
# to read them as it reads the same offer in one piece. It fails with "invalid character" where there is white space,
# and with an error about padding or a failed requirement where there is "+" alone. boltz-bolt12 0.2.0 (npm) reads all.
#
# For a checkout: hand out offers in one piece, also in mails and on receipts.
#
# The offer is made of one of BOLT 12's vectors. boltz-bolt12 is made for bundlers, hence the flag of Node.js. Seen on
# Java 17 and Node.js 20. Needs java, mvn and Maven Central, node, npm and the npm registry. Exits 0 while this is so, 1
# when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts boltz-bolt12@0.2.0
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
import fr.acinq.lightning.wire.OfferTypes.Offer;

class Check {
  public static void main(String[] offers) {
    for (var text : offers) {
      var read = Offer.Companion.decode(text);
      System.out.println("lightning-kmp: " + (read.isSuccess() ? read.get().getDescription() : "not read"));
    }
  }
}
JAVA
cat >"$folder/check.mjs" <<'NODE'
import { Offer } from "boltz-bolt12";

for (const text of process.argv.slice(2)) console.log("boltz-bolt12:", new Offer(text).description);
NODE
first=lno1pgx9getnwss8vetrw3hhyuckyypwa3eyt44h6tx
second=txquqh7lz5djge4afgfjn7k4rgrkuag0jsd5xvxg
offers=("$first$second" "$first+$second" "$first+ $second" "$first+
  $second")
seen=$(java -cp "$folder/jars/*" "$folder/Check.java" "${offers[@]}"
  node --no-warnings --experimental-wasm-modules "$folder/check.mjs" "${offers[@]}")
printf '%s\n' "$seen"
[[ $seen == 'lightning-kmp: Test vectors
lightning-kmp: not read
lightning-kmp: not read
lightning-kmp: not read
boltz-bolt12: Test vectors
boltz-bolt12: Test vectors
boltz-bolt12: Test vectors
boltz-bolt12: Test vectors' ]] || {
  echo "it has changed"
  exit 1
}
