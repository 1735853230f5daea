#!/usr/bin/env bash
# bitcoinj 0.17.1 (Maven) refuses a bitcoin: link that offers two invoices, or that has a key without a value.
#
# BIP 321: an unknown key may come more than once and must be allowed to, as payment instructions do (two lightning=
# invoices, say); a key need have no "=" (BIP 21 has that as well); and a "?" may be followed by nothing. What one does
# not know is to be skipped unless it starts with "req-". One expects bitcoinj, which pays the address, to skip them.
# Its BitcoinURI throws a BitcoinURIParseException, so that the address is not paid either. bip21 3.0.0 (npm) reads all.
#
# For a checkout: put each key into a link once, always with a value, and leave no "?" or "&" at the end.
#
# Seen on Java 17 and Node.js 20. Needs java, mvn and Maven Central, node, npm and the npm registry. Exits 0 while this
# is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts bip21@3.0.0
cat >"$folder/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId>
  <artifactId>check</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.bitcoinj</groupId><artifactId>bitcoinj-core</artifactId><version>0.17.1</version>
    </dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
XML
mvn --quiet --batch-mode --file "$folder/pom.xml" dependency:copy-dependencies -DoutputDirectory="$folder/jars"
cat >"$folder/Check.java" <<'JAVA'
import org.bitcoinj.uri.BitcoinURI;
import org.bitcoinj.uri.BitcoinURIParseException;

class Check {
  public static void main(String[] queries) {
    for (var query : queries) {
      String told;
      try {
        told = BitcoinURI.of("bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4" + query).getAmount() + " satoshis";
      } catch (BitcoinURIParseException error) {
        told = error.getMessage();
      }
      System.out.println("bitcoinj, " + query + ": " + told);
    }
  }
}
JAVA
cat >"$folder/check.cjs" <<'NODE'
const { decode } = require("bip21");
for (const query of process.argv.slice(2))
  console.log(`bip21, ${query}: ${decode("bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4" + query).options.amount} BTC`);
NODE
queries=('?amount=0.5&lightning=lnbc1a' '?amount=0.5&lightning=lnbc1a&lightning=lnbc1b' '?amount=0.5&gift' '?')
seen=$(java -cp "$folder/jars/*" "$folder/Check.java" "${queries[@]}"
  node "$folder/check.cjs" "${queries[@]}")
printf '%s\n' "$seen"
[[ $seen == "bitcoinj, ?amount=0.5&lightning=lnbc1a: 50000000 satoshis
bitcoinj, ?amount=0.5&lightning=lnbc1a&lightning=lnbc1b: 'lightning' is duplicated, URI is invalid
bitcoinj, ?amount=0.5&gift: Malformed Bitcoin URI - no separator in 'gift'
bitcoinj, ?: Malformed Bitcoin URI - no separator in ''
bip21, ?amount=0.5&lightning=lnbc1a: 0.5 BTC
bip21, ?amount=0.5&lightning=lnbc1a&lightning=lnbc1b: 0.5 BTC
bip21, ?amount=0.5&gift: 0.5 BTC
bip21, ?: undefined BTC" ]] || {
  echo "it has changed"
  exit 1
}
