# Every page: the frame around it.
sandbox-title = Spielwiese.
sandbox-text = Kein echtes Geld: Diese Rechnungen sind zum Ausprobieren.
languages = Sprache
moment-utc = { $time } UTC
sat = sat

# The front page: a merchant asks for money.
form-title = Neue Rechnung
form-check = Bitte prüfen
form-amount = Betrag in Satoshi
form-amount-hint = Von { $minimum } bis { $maximum }. Leer: { $default }.
form-amount-fixed = Dieser Shop verlangt { $amount } sat.
form-description = Beschreibung
form-description-hint = Wofür bezahlt wird. Die Wallet des Käufers zeigt es an. Leer: { $default }.
form-submit = Rechnung erstellen

# What is wrong with a field.
amount-too-small = Der kleinste Betrag ist { $minimum } sat.
amount-too-large = Der größte Betrag ist { $maximum } sat.
amount-not-digits = Der Betrag muss eine ganze Zahl von Satoshi sein, nur in Ziffern.
amount-fixed = Der Betrag ist { $amount } sat und kann nicht geändert werden.
description-too-long = Die Beschreibung ist { $bytes ->
        [one] { $bytes } Byte
       *[other] { $bytes } Bytes
    } lang, höchstens { $most } passen.
description-control = Die Beschreibung darf keine Zeilenumbrüche oder anderen Steuerzeichen enthalten.
description-not-text = Die Beschreibung ist kein gültiger UTF-8-Text.
field-repeated = Das Feld „{ $field }“ wurde mehrfach gesendet.
field-unknown = Ein Feld „{ $field }“ gibt es nicht; es gibt „amount“ und „description“.

# To pay.
pay-title = Zu bezahlen
any-amount = Beliebiger Betrag
waiting = Warten auf die Zahlung
qr-code = QR-Code
open-wallet = In der Wallet öffnen
choose-wallet = Wallet auswählen
pay-in-browser = Mit der Wallet des Browsers bezahlen
invoice-text = Lightning-Rechnung
copy = Rechnung kopieren
copied = Kopiert
time-left = Verbleibende Zeit
minutes-left = { $minutes ->
        [one] Noch { $minutes } Minute zum Bezahlen
       *[other] Noch { $minutes } Minuten zum Bezahlen
    }
pay-until = Zahlbar bis
follows = Diese Seite verfolgt die Zahlung von selbst.
check-now = Jetzt nachsehen
sandbox-pay = Bezahlen (Spielwiese)
stale = Der Lightning-Knoten ist gerade nicht zu erreichen; keine Zahlung geht verloren. So war der Stand am
close = Schließen

# Paid.
paid-title = Bezahlt
asked-for = Geforderter Betrag
paid-at = Bezahlt am
onward = Weiter zum Shop
order = Bestellung
paid-to = Bezahlt an
payment-hash = Hash der Zahlung
print = Beleg drucken oder speichern
proof-title = Zahlungsnachweis
proof-hint = Ihre Wallet bewahrt ein Preimage dieser Zahlung auf. Fügen Sie es hier ein, um zu sehen, dass es zu dieser Rechnung gehört.
proof-preimage = Preimage
proof-check = Vergleichen
proof-matches = Es passt: Dieses Preimage beweist die Zahlung.
proof-differs = Es passt nicht: Dieses Preimage gehört zu einer anderen Zahlung.
proof-not-hex = Ein Preimage hat 64 Zeichen, 0 bis 9 und a bis f.
proven-title = Zahlung nachgewiesen
proven-text = Das Preimage ist das richtige: Diese Rechnung wurde bezahlt. Aber der Lightning-Knoten des Shops hat die Zahlung nicht verzeichnet. Bitte zahlen Sie nicht noch einmal; wenden Sie sich an den Shop und zeigen Sie ihm Preimage und Hash der Zahlung.

# Expired.
expired-title = Abgelaufen
expired-text = Die Zeit, diese Rechnung zu bezahlen, ist vorbei. Bitte bezahlen Sie sie nicht mehr.
renew = Neue Rechnung anfordern
renewed-text = Für diese Bestellung gibt es eine neue Rechnung.
renewed-open = Zur neuen Rechnung
cancelled-text = Der Shop hat diese Rechnung zurückgezogen.
expired-proof = Sie haben schon bezahlt? Ihre Wallet kann es beweisen.
closed-text = Hier wird keine neue Rechnung dafür ausgestellt. Wenn Sie noch bezahlen möchten, bitten Sie den Shop um eine neue.

# Trouble: a heading, what it means and what to do next.
try-again = Jetzt noch einmal versuchen
asks-again = Diese Seite fragt von selbst wieder nach.
front-page = Zur Startseite
request-id = Nummer dieser Anfrage
trouble-not-found = Prüfen Sie die Adresse oder beginnen Sie auf der Startseite.
    .title = Diese Seite gibt es nicht
trouble-invoice-not-found = Prüfen Sie den Link: Jedes Zeichen zählt.
    .title = Diese Rechnung gibt es nicht
trouble-invoice-not-payable = Sie ist bezahlt oder abgelaufen und darf nicht mehr bezahlt werden.
    .title = Diese Rechnung ist erledigt
trouble-invoice-not-renewable = Sie kann hier nicht durch eine neue ersetzt werden. Bitte wenden Sie sich an den Shop.
    .title = Diese Rechnung kann nicht erneuert werden
trouble-method-not-allowed = Die Methode dieser Anfrage ist hier nicht erlaubt.
    .title = Diese Adresse funktioniert anders
trouble-unsupported-media-type = Senden Sie die Felder als application/x-www-form-urlencoded.
    .title = Das war nicht zu lesen
trouble-bad-request = Die Anfrage brach ab oder ist fehlerhaft.
    .title = Das war nicht zu lesen
trouble-body-too-large = Die Anfrage ist größer als 64 KiB.
    .title = Das war nicht zu lesen
trouble-request-timeout = Die Anfrage kam nicht rechtzeitig an. Bitte senden Sie sie noch einmal.
    .title = Das hat zu lange gedauert
trouble-rate-limited = Es kamen zu viele Anfragen in kurzer Zeit. Nichts geht verloren: Bitte warten Sie eine Minute und versuchen Sie es noch einmal.
    .title = Zu viele Anfragen
trouble-too-many-unpaid = Viele Rechnungen warten auf ihre Bezahlung, deshalb entstehen hier vorerst keine neuen. Nichts geht verloren: Bitte versuchen Sie es in einigen Minuten noch einmal.
    .title = Zu viele unbezahlte Rechnungen
trouble-overloaded = Es sind zu viele Besucher auf einmal hier. Nichts geht verloren: Bitte versuchen Sie es in einigen Sekunden noch einmal.
    .title = Hier ist gerade viel los
trouble-cross-site = Dieses Formular kam von einer anderen Website. Öffnen Sie die Seite hier und senden Sie es von dort.
    .title = Von einer anderen Website gesendet
trouble-form-off = Dieser Shop stellt seine Rechnungen selbst aus. Bitten Sie ihn um einen Link zum Bezahlen.
    .title = Hier gibt es kein Formular
trouble-invalid =
    .title = Etwas muss geändert werden
trouble-node-unreachable = Der Lightning-Knoten ist nicht zu erreichen. Was schon bezahlt wurde, ist sicher und wird angezeigt. Bitte versuchen Sie es in ein paar Sekunden noch einmal.
    .title = Der Lightning-Knoten ist nicht verfügbar
trouble-node-timeout = Der Lightning-Knoten hat nicht rechtzeitig geantwortet. Was schon bezahlt wurde, ist sicher und wird angezeigt. Bitte versuchen Sie es in ein paar Sekunden noch einmal.
    .title = Der Lightning-Knoten ist nicht verfügbar
trouble-node-busy = Der Lightning-Knoten ist beschäftigt. Bitte versuchen Sie es in ein paar Sekunden noch einmal.
    .title = Der Lightning-Knoten ist nicht verfügbar
trouble-node-refused = Der Lightning-Knoten hat die Anfrage abgelehnt. Bitte versuchen Sie es noch einmal oder sagen Sie dem Shop Bescheid.
    .title = Der Lightning-Knoten ist nicht verfügbar
trouble-node-malformed = Der Lightning-Knoten gab keine brauchbare Antwort. Bitte versuchen Sie es noch einmal oder sagen Sie dem Shop Bescheid.
    .title = Der Lightning-Knoten ist nicht verfügbar
trouble-node-replaced = Dieser Lightning-Knoten ist nicht der, auf dem die Rechnungen dieses Shops sind. Bitte sagen Sie dem Shop Bescheid.
    .title = Der Lightning-Knoten ist nicht verfügbar
trouble-node-not-followed = Die Neuigkeiten des Lightning-Knotens kommen noch nicht an; das Protokoll sagt, warum.
    .title = Der Lightning-Knoten ist nicht verfügbar
trouble-store-failed = Der Shop kann gerade nichts aufzeichnen. Was schon bezahlt wurde, ist sicher. Bitte versuchen Sie es noch einmal oder sagen Sie dem Shop Bescheid.
    .title = Nichts kann aufgeschrieben werden
trouble-internal = Bitte versuchen Sie es noch einmal. Wenn es so bleibt, sagen Sie dem Shop Bescheid, mit der Nummer unten.
    .title = Bei uns ist etwas schiefgegangen
