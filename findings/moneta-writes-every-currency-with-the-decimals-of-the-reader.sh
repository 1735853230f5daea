#!/usr/bin/env bash
# moneta-core 1.4.5 (Maven) writes 1.239 dinars of Kuwait as 1.24 and 2500 yen as 2,500.00.
#
# ISO 4217 gives yen no decimals and dinars of Kuwait three, and Money knows it: rounded by its currency, 1.2394 KWD is
# 1.239 KWD. One expects the amount format of JSR 354 to write the decimals of the amount's currency. It writes those
# of the currency of the locale's country, two for the United States and for Germany, and none for Japan, where 2.56
# euros come out as 3. What was cut is also gone when the text is read again.
#
# For a checkout's client: ask for a format with a pattern of the currency's own decimals, as the last line does.
#
# Seen on Java 17. Needs java, mvn and Maven Central. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId>
  <artifactId>check</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.javamoney.moneta</groupId><artifactId>moneta-core</artifactId><version>1.4.5</version>
    </dependency>
  </dependencies>
</project>
XML
mvn --quiet --batch-mode --file "$folder/pom.xml" dependency:copy-dependencies -DoutputDirectory="$folder/jars"
cat >"$folder/Check.java" <<'JAVA'
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import javax.money.Monetary;
import javax.money.format.AmountFormatQueryBuilder;
import javax.money.format.MonetaryFormats;
import org.javamoney.moneta.Money;
import org.javamoney.moneta.format.AmountFormatParams;

class Check {
  public static void main(String[] arguments) {
    var amounts = List.of(dinars("1.2394"), Money.of(2500, "JPY"), Money.of(new BigDecimal("2.56"), "EUR"));
    for (var locale : List.of(Locale.US, Locale.GERMANY, Locale.JAPAN)) {
      var format = MonetaryFormats.getAmountFormat(locale);
      for (var amount : amounts) {
        var text = format.format(amount);
        var plain = text.replace('\u00a0', ' ');
        System.out.println(locale + ": " + amount + " is " + plain + ", read again " + format.parse(text));
      }
    }
    var three = AmountFormatQueryBuilder.of(Locale.US).set(AmountFormatParams.PATTERN, "\u00a4#,##0.000").build();
    System.out.println("with a pattern: " + MonetaryFormats.getAmountFormat(three).format(amounts.get(0)));
  }

  static Money dinars(String amount) {
    return Money.of(new BigDecimal(amount), "KWD").with(Monetary.getRounding(Monetary.getCurrency("KWD")));
  }
}
JAVA
seen=$(java -cp "$folder/jars/*" "$folder/Check.java" 2>/dev/null)
printf '%s\n' "$seen"
[[ $seen == 'en_US: KWD 1.239 is KWD1.24, read again KWD 1.24
en_US: JPY 2500 is JPY2,500.00, read again JPY 2500
en_US: EUR 2.56 is EUR2.56, read again EUR 2.56
de_DE: KWD 1.239 is 1,24 KWD, read again KWD 1.24
de_DE: JPY 2500 is 2.500,00 JPY, read again JPY 2500
de_DE: EUR 2.56 is 2,56 EUR, read again EUR 2.56
ja_JP: KWD 1.239 is KWD1, read again KWD 1
ja_JP: JPY 2500 is JPY2,500, read again JPY 2500
ja_JP: EUR 2.56 is EUR3, read again EUR 3
with a pattern: KWD1.239' ]] || {
  echo "it has changed"
  exit 1
}
