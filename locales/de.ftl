# Every page: the frame around it.
sandbox-title = Testmodus.
sandbox-text = Kein echtes Geld.
languages = Sprache
moment-utc = { $time } UTC
sat = sat

# The front page: a merchant creates an invoice.
form-title = Neue Rechnung
form-check = Bitte prüfen
form-amount = Betrag in Satoshi
form-amount-hint = { $minimum } bis { $maximum } sat. Ohne Angabe: { $default }.
form-amount-plain = Betrag
form-currency = Währung
form-amount-hint-currencies = { $minimum } bis { $maximum } sat oder entsprechend viel in einer anderen Währung.
form-amount-fixed = Dieser Shop verlangt { $amount } sat.
form-description = Beschreibung
form-description-hint = Wofür bezahlt wird. Die Wallet des Käufers zeigt es an. Ohne Angabe: „{ $default }“.
form-submit = Rechnung erstellen

# Errors of a field.
amount-too-small = Der kleinste Betrag ist { $minimum } sat.
amount-too-large = Der größte Betrag ist { $maximum } sat.
amount-not-digits = Geben Sie den Betrag als ganze Zahl in Satoshi ein, nur in Ziffern.
amount-missing = Bitte geben Sie den Betrag ein.
amount-not-money = Bitte geben Sie den Betrag in { $currency } als Zahl ein, etwa { $example }.
currency-not-offered = Diese Währung wird hier nicht angeboten. Bitte wählen Sie eine andere.
amount-fixed = Der Betrag ist { $amount } sat und kann nicht geändert werden.
description-too-long = Die Beschreibung ist { $bytes ->
        [one] { $bytes } Byte
       *[other] { $bytes } Bytes
    } lang, höchstens { $most } passen.
description-control = Die Beschreibung darf keine Zeilenumbrüche oder anderen Steuerzeichen enthalten.
description-not-text = Die Beschreibung ist kein gültiger UTF-8-Text.
field-repeated = Das Feld „{ $field }“ wurde mehrfach gesendet.
field-unknown = Das Feld „{ $field }“ gibt es nicht; möglich sind „amount“ und „description“.

# Unpaid.
pay-title = Rechnung bezahlen
any-amount = Betrag frei wählbar
rate-of = Wechselkurs vom
waiting = Warten auf die Zahlung
qr-code = QR-Code
open-wallet = In der Wallet öffnen
choose-wallet = Wallet auswählen
pay-in-browser = Mit Browser-Wallet bezahlen
invoice-text = Lightning-Rechnung
copy = Rechnung kopieren
copied = Kopiert
time-left = Verbleibende Zeit
minutes-left = { $minutes ->
        [one] Noch { $minutes } Minute zum Bezahlen
       *[other] Noch { $minutes } Minuten zum Bezahlen
    }
span-days = { $days ->
        [one] { $days } Tag
       *[other] { $days } Tage
    }
span-hours = { $hours ->
        [one] { $hours } Stunde
       *[other] { $hours } Stunden
    }
span-minutes = { $minutes ->
        [one] { $minutes } Minute
       *[other] { $minutes } Minuten
    }
span-both = { $larger }, { $smaller }
pay-until = Zahlbar bis
follows = Diese Seite aktualisiert sich automatisch.
check-now = Jetzt prüfen
sandbox-pay = Bezahlen (Test)
stale = Der Lightning-Knoten ist gerade nicht erreichbar. Keine Zahlung geht verloren. Letzter bekannter Stand vom
close = Schließen
node-warns = Der Lightning-Knoten warnt, dass diese Rechnung möglicherweise nicht bezahlt werden kann:
show-receipt = Beleg anzeigen
show-page-again = Seite neu laden

# The payment is held until the shop takes it or sends it back.
accepted-title = Autorisiert
accepted-text = Der Betrag ist reserviert, aber noch nicht abgebucht. Der Shop zieht ihn ein oder gibt ihn vollständig zurück. Bis dahin kann Ihre Wallet die Zahlung als ausstehend anzeigen.

# Paid.
paid-title = Bezahlt
asked-for = Rechnungsbetrag
paid-at = Bezahlt am
receipt-number = Belegnummer
rate-source = Quelle des Kurses
tax-rate = Steuersatz
tax-net = Netto
tax = Steuer
receipt-tip = Enthaltenes Trinkgeld
receipt-discount = Rabatt
receipt-tax-id = Steuernummer
refunded-part = Teilweise erstattet
refunded-whole = Vollständig erstattet
onward = Zurück zu { $shop }
order = Bestellung
paid-to = Bezahlt an
payment-hash = Payment-Hash
print = Beleg drucken oder speichern
proof-title = Zahlungsnachweis
proof-hint = Ihre Wallet bewahrt zu dieser Zahlung ein Preimage auf. Fügen Sie es hier ein, um zu prüfen, ob es zu dieser Rechnung gehört.
proof-preimage = Preimage
proof-check = Vergleichen
proof-matches = Es passt: Dieses Preimage beweist die Zahlung.
proof-differs = Es passt nicht: Dieses Preimage gehört zu einer anderen Zahlung.
proof-not-hex = Ein Preimage hat 64 Zeichen, 0 bis 9 und a bis f.
proven-title = Zahlung nachgewiesen
proven-text = Das Preimage ist das richtige: Diese Rechnung wurde bezahlt. Aber der Lightning-Knoten des Shops hat die Zahlung nicht verzeichnet. Bitte zahlen Sie nicht noch einmal; wenden Sie sich an den Shop und zeigen Sie ihm Preimage und Hash der Zahlung.

# Expired, or cancelled.
expired-title = Abgelaufen
expired-text = Diese Rechnung ist abgelaufen. Bitte bezahlen Sie sie nicht mehr.
renew = Neue Rechnung anfordern
renewed-text = Für diese Bestellung gibt es eine neue Rechnung.
renewed-open = Zur neuen Rechnung
cancelled-text = Der Shop hat diese Rechnung storniert. Bitte bezahlen Sie sie nicht mehr.
cancelled-held-text = Der Shop hat diese Rechnung storniert. Es wurde nichts abgebucht.
expired-proof = Sie haben schon bezahlt? Ihre Wallet kann es beweisen.
closed-text = Hier wird keine neue Rechnung dafür ausgestellt. Wenn Sie noch bezahlen möchten, bitten Sie den Shop um eine neue.
cancelled-title = Storniert

# Errors: a heading, what it means and what to do next.
try-again = Jetzt erneut versuchen
asks-again = Diese Seite versucht es automatisch erneut.
front-page = Zur Startseite
request-id = Referenz
trouble-not-found = Prüfen Sie die Adresse oder beginnen Sie auf der Startseite.
    .title = Seite nicht gefunden
trouble-invoice-not-found = Prüfen Sie, ob Sie den ganzen Link kopiert haben.
    .title = Rechnung nicht gefunden
trouble-invoice-not-payable = Sie ist bezahlt, abgelaufen oder storniert. Bitte bezahlen Sie sie nicht noch einmal.
    .title = Diese Rechnung ist abgeschlossen
trouble-invoice-not-renewable = Sie kann hier nicht durch eine neue ersetzt werden. Bitte wenden Sie sich an den Shop.
    .title = Diese Rechnung kann nicht erneuert werden
trouble-method-not-allowed = Diese Adresse nimmt solche Anfragen nicht an.
    .title = Diese Seite kann nicht direkt geöffnet werden
trouble-unsupported-media-type = Senden Sie die Felder als application/x-www-form-urlencoded.
    .title = Das konnten wir nicht lesen
trouble-bad-request = Die Anfrage brach ab oder ist fehlerhaft.
    .title = Das konnten wir nicht lesen
trouble-body-too-large = Die Anfrage ist größer als 64 KiB.
    .title = Das konnten wir nicht lesen
trouble-request-timeout = Die Anfrage kam nicht rechtzeitig an. Bitte senden Sie sie noch einmal.
    .title = Das hat zu lange gedauert
trouble-rate-limited = Zu viele Anfragen in kurzer Zeit. Nichts geht verloren: Bitte warten Sie eine Minute und versuchen Sie es dann erneut.
    .title = Zu viele Anfragen
trouble-too-many-unpaid = Zu viele Rechnungen warten auf ihre Bezahlung, deshalb werden vorerst keine neuen erstellt. Nichts geht verloren: Bitte versuchen Sie es in einigen Minuten erneut.
    .title = Zu viele unbezahlte Rechnungen
trouble-overloaded = Zu viele Besucher auf einmal. Nichts geht verloren: Bitte versuchen Sie es in einigen Sekunden erneut.
    .title = Hier ist gerade viel los
trouble-cross-site = Dieses Formular kam von einer anderen Website. Öffnen Sie die Seite hier und senden Sie es von dort.
    .title = Von einer anderen Website gesendet
trouble-form-off = Dieser Shop stellt seine Rechnungen selbst aus. Bitten Sie ihn um einen Link zum Bezahlen.
    .title = Hier gibt es kein Formular
trouble-invalid =
    .title = Etwas muss geändert werden
trouble-no-rate = Derzeit gibt es keinen verlässlichen Wechselkurs, deshalb wurde keine Rechnung erstellt. Bitte versuchen Sie es in einer Minute erneut.
    .title = Derzeit kein Wechselkurs
trouble-node-unreachable = Der Lightning-Knoten ist nicht erreichbar. Falls Sie schon bezahlt haben, ist Ihre Zahlung sicher und wird hier angezeigt. Bitte versuchen Sie es in einigen Sekunden erneut.
    .title = Der Lightning-Knoten ist nicht verfügbar
trouble-node-timeout = Der Lightning-Knoten hat nicht rechtzeitig geantwortet. Falls Sie schon bezahlt haben, ist Ihre Zahlung sicher und wird hier angezeigt. Bitte versuchen Sie es in einigen Sekunden erneut.
    .title = Der Lightning-Knoten ist nicht verfügbar
trouble-node-busy = Der Lightning-Knoten ist ausgelastet. Bitte versuchen Sie es in einigen Sekunden erneut.
    .title = Der Lightning-Knoten ist nicht verfügbar
trouble-node-refused = Der Lightning-Knoten hat die Anfrage abgelehnt. Bitte versuchen Sie es erneut oder wenden Sie sich an den Shop.
    .title = Der Lightning-Knoten ist nicht verfügbar
trouble-node-malformed = Der Lightning-Knoten gab keine brauchbare Antwort. Bitte versuchen Sie es erneut oder wenden Sie sich an den Shop.
    .title = Der Lightning-Knoten ist nicht verfügbar
trouble-node-replaced = Dieser Lightning-Knoten ist nicht der, auf dem die Rechnungen dieses Shops liegen. Bitte wenden Sie sich an den Shop.
    .title = Der Lightning-Knoten ist nicht verfügbar
trouble-node-not-followed = Vom Lightning-Knoten kommen noch keine Aktualisierungen an. Falls Sie schon bezahlt haben, ist Ihre Zahlung sicher und wird hier angezeigt.
    .title = Der Lightning-Knoten ist nicht verfügbar
trouble-store-failed = Der Shop kann gerade nichts speichern. Falls Sie schon bezahlt haben, ist Ihre Zahlung sicher. Bitte versuchen Sie es erneut oder wenden Sie sich an den Shop.
    .title = Speichern derzeit nicht möglich
trouble-internal = Bitte versuchen Sie es erneut. Wenn das Problem bleibt, wenden Sie sich mit der Referenz unten an den Shop.
    .title = Bei uns ist etwas schiefgegangen

# Pay to reveal: the page of something that is sold, and what was bought.
reveal-word = Ein kurzer Text, höchstens 24 Zeichen.
reveal-text = Ein Text ({ $size }).
reveal-file = Eine Datei: { $name } ({ $size }).
reveal-how = Sie erhalten eine Rechnung. Sobald sie bezahlt ist, zeigt ihre Seite, was Sie gekauft haben.
reveal-wallet-how = Scannen Sie den Code mit einer Lightning-Wallet oder öffnen Sie ihn in einer auf diesem Gerät. Der Code kann wieder verwendet werden.
reveal-word-warning = Der Text ist Teil der Zahlung selbst: Jeder Knoten, der Ihre Zahlung weiterleitet, kann ihn lesen.
reveal-sold-out = Ausverkauft.
reveal-buy = Kaufen
reveal-again = Erneut kaufen
sold-title = Ihr Kauf
sold-download = Herunterladen
sold-sealed = Verschlüsselt herunterladen
sold-sealed-hint = Der Beleg Ihrer Wallet für diese Zahlung, das Preimage, öffnet die verschlüsselte Datei, auch ohne diesen Shop: facture reveal open DATEI PREIMAGE
trouble-item-not-found = Prüfen Sie die Adresse. Vielleicht wird es nicht mehr verkauft.
    .title = Nicht im Verkauf
trouble-sold-out = Alle sind verkauft oder reserviert. Es wurde keine Rechnung erstellt und nichts berechnet. Eine Reservierung, die nicht bezahlt wird, wird nach einer Weile frei.
    .title = Ausverkauft
trouble-link-closed = Hier kann nichts mehr bestellt werden, oder nicht mehr so viel. Es wurde keine Rechnung erstellt.
    .title = Nicht mehr verfügbar
trouble-payment-required = Sie können es herunterladen, sobald die Rechnung bezahlt ist.
    .title = Noch nicht bezahlt

# Offers: the page of a code that is paid again and again.
offer-title = Diesen Shop bezahlen
offer-how = Scannen Sie diesen Code mit einer Wallet, die Angebote (BOLT 12) bezahlen kann. Er kann immer wieder bezahlt werden.
offer-note = Ihre Wallet kann dem Shop mit der Zahlung eine Nachricht senden.
offer-text = Lightning-Angebot
offer-copy = Angebot kopieren
offer-print = Code drucken
offer-over-title = Nicht mehr gültig
offer-over-text = Dieser Code kann nicht mehr bezahlt werden. Bitten Sie den Shop um einen neuen.
payer-note = Nachricht an den Shop
trouble-offer-not-found = Prüfen Sie, ob Sie den ganzen Link kopiert haben.
    .title = Angebot nicht gefunden

# Two codes for one invoice: Lightning alone, and one for wallets that read bitcoin: links.
ways = Zahlungsart
way-lightning = Lightning
way-any = Jede Wallet
way-any-hint = Für Wallets, die den anderen Code nicht lesen.
way-text = Zahlungslink
way-copy = Link kopieren

# The merchant’s desk: signing in, accounts, users.
desk-skip = Zum Inhalt
desk-sections = Bereiche
desk-sign-in = Anmelden
desk-sign-out = Abmelden
desk-sign-in-refused = Benutzername, Passwort oder Code ist falsch.
desk-demo = Als Demo-Inhaber anmelden
desk-demo-text = In der Sandbox brauchen Sie kein Passwort.
desk-user-name = Benutzername
desk-password = Passwort
desk-code = Code aus Ihrer Authenticator-App
desk-code-hint = Leer lassen, wenn Sie keine eingerichtet haben. Ein Wiederherstellungscode geht auch.
desk-code-wrong = Dieser Code ist falsch oder zu alt. Geben Sie den ein, den die App jetzt zeigt.
desk-welcome = Passwort wählen
desk-welcome-text = Sie wurden zur Verwaltung dieses Shops hinzugefügt. Sobald Sie ein Passwort gesetzt haben, ist dieser Link ungültig.
desk-password-new = Neues Passwort
desk-password-hint = Mindestens 10 Zeichen.
desk-password-again = Neues Passwort wiederholen
desk-password-present = Aktuelles Passwort
desk-password-set = Passwort setzen
desk-password-change = Passwort ändern
desk-password-differs = Die beiden Passwörter stimmen nicht überein.
desk-password-short = Das Passwort ist zu kurz: mindestens 10 Zeichen.
desk-password-long = Das Passwort ist zu lang: höchstens 200 Byte.
desk-password-name = Das Passwort darf nicht Ihr Benutzername sein.
desk-password-wrong = Das ist nicht Ihr aktuelles Passwort.
desk-account = Mein Konto
desk-role = Rolle
desk-role-owner = Inhaber
desk-role-manager = Leitung
desk-role-cashier = Kasse
desk-role-accountant = Buchhaltung
desk-second-factor = Authenticator-App
desk-second-factor-text = Mit einer Authenticator-App kann sich niemand allein mit Ihrem Passwort anmelden.
desk-second-factor-scan = Scannen Sie diesen Code mit der App oder geben Sie dort den Text darunter ein. Tragen Sie dann den Code ein, den die App zeigt.
desk-second-factor-on = Einschalten
desk-second-factor-off = Ausschalten
desk-second-factor-is-on = Authenticator-App: eingeschaltet
desk-second-factor-is-off = Authenticator-App: ausgeschaltet
desk-recovery = Wiederherstellungscodes
desk-recovery-text = Bewahren Sie diese Codes sicher auf: sie werden nicht noch einmal angezeigt. Jeder gilt einmal anstelle der App, falls Sie Ihr Telefon verlieren.
desk-recovery-kept = Ich habe sie aufbewahrt
desk-recovery-left = { $left ->
        [one] Noch { $left } Wiederherstellungscode.
       *[other] Noch { $left } Wiederherstellungscodes.
    }
desk-sessions = Sitzungen
desk-session-own = Dieser Browser
desk-session-began = Angemeldet
desk-session-seen = Zuletzt benutzt
desk-session-end = Sitzung beenden
desk-users = Benutzer
desk-user-add = Benutzer hinzufügen
desk-user-change = Ändern
desk-user-role-set = Rolle ändern
desk-user-reset = Passwort zurücksetzen
desk-user-remove = Entfernen
desk-user-waiting = Hat den Einmal-Link noch nicht benutzt
desk-user-invited = Geben Sie diesen Einmal-Link an { $name }. Er gilt drei Tage und wird nicht noch einmal angezeigt.
desk-user-name-hint = 1 bis 40 Zeichen: a bis z, 0 bis 9 und . _ - @
desk-user-name-invalid = Ein Benutzername hat 1 bis 40 Zeichen: a bis z, 0 bis 9 und . _ - @
desk-user-name-taken = Es gibt schon einen Benutzer mit diesem Namen.
desk-user-not-found = Diesen Benutzer gibt es nicht mehr.
desk-user-last-owner = Das ist der einzige Inhaber, der sich anmelden kann. Machen Sie zuerst jemand anderen zum Inhaber.
desk-user-own = Ihr eigenes Passwort ändern Sie unter „Mein Konto“.
desk-roles-text = Inhaber dürfen alles. Manager führen den Shop: Sie stornieren Rechnungen, nehmen zurückgehaltene Zahlungen an und ordnen Erstattungen an. Kassierer sehen die Verkäufe der letzten 24 Stunden. Buchhalter sehen alle Verkäufe und ändern nichts. Niemand kann hier Geld ausgeben.
desk-audit = Protokoll
desk-audit-text = Wer hier was getan hat, das Neueste zuerst. Nichts davon lässt sich ändern.
desk-when = Wann
desk-who = Wer
desk-what = Was
desk-subject = Gegenstand
desk-address = Adresse
desk-older = Ältere Einträge
trouble-right-missing = Ihre Rolle erlaubt das nicht. Fragen Sie einen Inhaber des Shops.
    .title = Nicht erlaubt
trouble-link-used = Er wurde benutzt, durch einen neueren ersetzt oder ist zu alt. Bitten Sie einen Inhaber des Shops um einen neuen Link.
    .title = Dieser Link gilt nicht mehr

# The desk: payments, and one sale.
desk-payments = Zahlungen
desk-search-for = Suchen nach
desk-search-hint = Bestellnummer, Text, Zahlungs-Hash, Rechnung oder Kennung. Ein Betrag in sat oder mit seiner Währung wie 12,50 EUR findet, was bis zu 1 % darüber oder darunter liegt.
desk-search = Suchen
desk-search-clear = Alle anzeigen
desk-state = Zustand
desk-all = Alle
desk-channel = Verkauft über
desk-from = Erstellt ab
desk-to = Erstellt bis
desk-sees-a-day = Ihre Rolle zeigt die Verkäufe der letzten 24 Stunden.
desk-search-too-long = Dieser Text ist zu lang für die Suche.
desk-search-instead = Oder suchen nach:
desk-found-none = Nichts gefunden.
desk-found-order = Die Bestellung „{ $text }“
desk-found-hash = Die Zahlung mit diesem Hash
desk-found-amount = Beträge von { $from } bis { $to } sat
desk-totals-part = Das sind nur die Summen der neuesten Verkäufe: Ältere dieser Liste sind nicht darin.
desk-found-worth = Zahlungen im Wert von { $from } bis { $to }
desk-found-text = Verkäufe mit dem Text „{ $text }“
desk-search-stopped = Damit die Suche nicht lange dauert, endete sie bei { $time }. Ältere Verkäufe wurden nicht durchsucht.
desk-search-on = Weiter zurück suchen
desk-open = Offen
desk-channel-form = Formular
desk-channel-reveal = Digitale Ware
desk-channel-address = Lightning-Adresse
desk-channel-paywall = Bezahlschranke
desk-sale = Verkauf
desk-received = Erhalten
desk-over = Mehr als verlangt
desk-price = Preis
desk-created = Erstellt
desk-renewal-of = Anstelle von
desk-label = Kennung
desk-metadata = Daten des Shops
desk-buyer-page = Seite des Käufers öffnen
desk-capture = Zahlung annehmen
desk-capture-by-api = Das Preimage dieser Zahlung hat der Shop: Nehmen Sie sie über die API an.
desk-send-back = Zurückgeben
desk-cancel-invoice = Rechnung stornieren
desk-refunds = Erstattungen
desk-refunded = Erstattet
desk-refund-pending = Unterwegs
desk-refundable = Erstattbar
desk-refund-order = Erstattung anordnen
desk-refund-text = Das hält einen Auftrag fest. Der Payer, ein eigenes Programm, zahlt ihn innerhalb seiner Grenzen. Hier kann nicht gezahlt werden.
desk-refund-to = Rechnung, Angebot oder Lightning-Adresse des Käufers
desk-refund-reason = Grund
desk-refund-destination = Das kann nicht bezahlt werden. Geben Sie eine Rechnung ein, die noch gilt und nicht von diesem Shop ist, ein Angebot oder eine Lightning-Adresse.
desk-refund-reason-long = Der Grund ist zu lang: höchstens 500 Bytes in einer Zeile.
desk-refund-ordered = Eine Auszahlung für diese Rechnung oder mit diesem Formular wurde schon angeordnet.
desk-refund-too-many = Es warten zu viele Auszahlungen. Versuchen Sie es später noch einmal.
desk-waits-payer = Wartet auf einen Payer: Es läuft keiner.
desk-waits-approval = Wartet auf eine Freigabe.
desk-note = Unsere Notiz
desk-note-none = Es gibt keine Notiz.
desk-note-hint = Käufer sehen sie nicht. Leeren Sie sie, um sie zu entfernen.
desk-note-save = Notiz speichern
desk-note-invalid = Eine Notiz hat höchstens { $most } Bytes und keine Steuerzeichen.
desk-timeline = Verlauf
desk-deliveries = An Webhooks gesendet
desk-deliveries-none = Zu diesem Verkauf wurde nichts gesendet.
desk-attempts = { $count ->
        [one] { $count } Versuch
       *[other] { $count } Versuche
    }
desk-delivery-next = Nächster Versuch
desk-redeliver = Noch einmal senden
desk-hold-expiring = Die zurückgehaltene Zahlung muss bald entschieden werden
desk-delivery-pending = Wartet
desk-delivery-delivered = Zugestellt
desk-delivery-dropped = Verworfen
desk-failed = Fehlgeschlagen
desk-payout-ordered = Angeordnet
desk-payout-approved = Freigegeben
desk-payout-paying = Wird gezahlt
desk-payout-unknown = Ausgang noch unbekannt

# The desk’s first page: today.
desk-today = Heute
desk-nobody-can-pay = Niemand kann bezahlen: Der Node hat keinen Platz, um zu empfangen. Er braucht Kanäle mit eingehender Liquidität.
desk-sales = Verkäufe
desk-open-invoices = Offene Rechnungen
desk-expired-today = Heute erstellt, nicht bezahlt
desk-receivable = Kann empfangen werden
desk-not-known = Nicht bekannt
desk-node = Lightning-Node
desk-node-well = Verbunden
desk-node-syncing = Holt die Kette auf
desk-node-away = Nicht erreichbar
desk-webhooks = Meldungen an Programme
desk-webhooks-well = Kein Fehler
desk-webhooks-failing = Kommen nicht an bei:
desk-webhooks-off = Abgeschaltet:
desk-by-hour = Erhalten nach Stunde und Verkaufsweg
desk-chart-text = Ein Balken für jede Stunde des Tages. Die Tabelle darunter hat die Zahlen.
desk-as-table = Als Tabelle
desk-hour = Stunde
desk-latest = Letzte Zahlungen
desk-updated = Die Seite wurde aktualisiert.

# Closing of a day, desk/closing.html.
desk-closing = Abschluss
desk-closing-text = Was in dieser Zeit zusammenkommt. Addiert wird nur, was gespeichert ist; was nicht bekannt ist, wird gezählt, nicht geschätzt.
desk-show = Anzeigen
desk-day-before = Der Tag davor
desk-day-after = Der Tag danach
desk-fees = Bezahlte Gebühren
desk-without-worth = Verkäufe, deren Wert nicht bekannt ist
desk-tips = Trinkgelder, Teil der Preise
desk-discounts = Gewährte Rabatte
desk-by-channel = Nach Weg
desk-by-tax = Nach Steuersatz
desk-currency = Währung
desk-gross = Brutto
desk-without-tax = Verkäufe ohne Steuerzeilen
desk-receipts = Belegnummern
desk-receipt-first = Erste
desk-receipt-last = Letzte

# The desk’s exports.
desk-exports = Exporte
desk-exports-text = Was in einer Zeit erhalten und erstattet wurde, je eine Zeile. In der Datei steht nur, was gespeichert ist; Millisatoshis sind genau.
desk-paid-from = Bezahlt ab
desk-paid-to = Bezahlt bis
desk-separator = Form der CSV-Datei
desk-separator-comma = Kommas zwischen Zellen, Dezimalpunkte
desk-separator-semicolon = Semikolons zwischen Zellen, Dezimalkommas
desk-exports-zone = Tage beginnen in der Zeitzone { $zone }.

# What a payment was worth.
desk-worth = Wert bei Zahlung
desk-rate = Kurs
desk-filled-in = Später ergänzt:

# The desk’s API tokens.
desk-tokens = API-Schlüssel
desk-tokens-text = Mit einem Schlüssel benutzt ein Programm des Shops die API. Schlüssel für Auszahlungen entstehen nur auf der Kommandozeile.
desk-token-made = Das ist der Schlüssel. Er wird nicht noch einmal angezeigt.
desk-token-revoked = Widerrufen
desk-token-revoke = Widerrufen
desk-token-make = Schlüssel erstellen
desk-token-name = Wofür er ist
desk-token-name-invalid = Geben Sie in einer Zeile von höchstens 100 Bytes an, wofür er ist.
desk-token-scopes = Was er darf
desk-token-scopes-missing = Wählen Sie mindestens eines.

# What is sold by pay to reveal, at the desk.
desk-items = Was verkauft wird
desk-items-text = Jeder Artikel hat eine eigene Seite. Wer dort zahlt, bekommt sofort, was verkauft wird. Hier wird es nicht mehr angezeigt.
desk-item-none = Noch wird nichts verkauft.
desk-item-sold = Verkauft
desk-item-left = Übrig
desk-item-configured = Aus der Konfiguration; geändert wird es dort.
desk-item-new = Etwas Neues verkaufen
desk-item-change = Ändern
desk-item-stop = Nicht mehr verkaufen
desk-item-offer = Verkaufen
desk-item-id = Name in der Adresse
desk-item-id-hint = Kleinbuchstaben a–z, Ziffern, Binde- und Unterstriche, höchstens 64.
desk-item-id-invalid = Ein Name hat 1 bis 64 Kleinbuchstaben a–z, Ziffern, Binde- und Unterstriche.
desk-item-id-taken = Einen Artikel mit diesem Namen gibt es. Ändern Sie ihn, oder wählen Sie einen anderen Namen.
desk-item-configured-text = Die Konfiguration hat einen Artikel mit diesem Namen.
desk-item-too-many = Mehr Artikel können nicht angeboten werden.
desk-item-title = Titel
desk-item-title-invalid = Geben Sie einen Titel ein, in einer Zeile von höchstens 639 Bytes.
desk-item-price = Preis in sat
desk-item-price-invalid = Geben Sie ganze Satoshis ein, mindestens 1.
desk-item-kind = Was der Käufer bekommt
desk-item-kind-text = Einen Text
desk-item-kind-word = Ein Wort von höchstens 24 Bytes, das ein Teil der Zahlung ist: Jeder Knoten, der sie weiterleitet, erfährt es
desk-item-text = Der Text
desk-item-text-hint = Nur Käufer sehen ihn.
desk-item-text-again = Geben Sie ihn noch einmal ein: Was verkauft wird, wird nicht angezeigt. Frühere Käufer behalten, was sie gekauft haben.
desk-item-text-missing = Geben Sie den Text ein, der verkauft wird.
desk-item-word-invalid = Ein Wort hat 1 bis 24 Bytes und endet nicht mit einem Leerzeichen.
desk-item-no-words = Dieser Knoten kann keine Wörter verkaufen.
desk-item-stock = Wie viele insgesamt verkauft werden
desk-item-stock-hint = Leer: beliebig viele.
desk-item-stock-invalid = Geben Sie eine Zahl bis 1.000.000.000 ein, oder nichts.

# Giving a key to the plug-in of a web shop.
pair = Webshop verbinden
pair-text = Das Programm unter dieser Adresse möchte einen Schlüssel für diesen Server. Stimmen Sie nur zu, wenn es Ihr Shop ist und Sie dort begonnen haben.
pair-application = Es nennt sich
pair-permissions = Mit dem Schlüssel kann es
pair-view-invoices = die Rechnungen des Shops sehen
pair-create-invoice = Rechnungen erstellen
pair-modify-invoices = Angaben von Rechnungen ändern und sie ungültig machen
pair-view-settings = die Einstellungen des Shops sehen
pair-modify-settings = all dies tun, außer Rückzahlungen
pair-webhooks = Zahlungen gemeldet bekommen (Webhooks)
pair-refunds = Rückzahlungen bezahlter Bestellungen anordnen, die Ihr Auszahler in seinen Grenzen zahlt
pair-left-out = Hier nicht verfügbar und weggelassen:
pair-shop = Shop
pair-shop-hint = Der Schlüssel sieht nur, was zu diesem Namen gehört. 1 bis 64 Buchstaben (a–z), Ziffern, Binde- und Unterstriche.
pair-shop-invalid = Der Name eines Shops hat 1 bis 64 Buchstaben (a–z), Ziffern, Binde- und Unterstriche.
pair-agree = { $host } den Schlüssel geben
pair-made = Der Schlüssel ist erstellt. Bringen Sie ihn zum Shop: Er wird nicht noch einmal gezeigt.
pair-continue = Weiter zu { $host }
pair-target-invalid = Die Adresse des Shops fehlt, oder dorthin wird kein Schlüssel gesendet. Sie muss mit https:// beginnen, im eigenen Netz mit http://.
pair-permission-unknown = Das Programm besteht auf einer Berechtigung, die es hier nicht gibt: { $permission }
pair-permission-none = Das Programm fragt nach keiner Berechtigung, die es hier gibt.
pair-used = Dieses Formular wurde schon benutzt. Beginnen Sie im Shop von vorn.
pair-off = Diese Seite braucht die Verwaltung, die auf diesem Server abgeschaltet ist (desk.enabled).
pair-elsewhere = Die Verwaltung hat eine eigene Adresse. Öffnen Sie diese Seite dort: derselbe Pfad mit allem, was folgt.
pair-by-command = Ohne die Verwaltung erstellen Sie auf dem Server einen Schlüssel und tragen ihn in den Einstellungen des Plug-ins ein:

# The page of a voucher: a refund, or another payment to whoever has its link.
voucher-title = Eine Zahlung für Sie
voucher-refund = Ihre Rückzahlung
voucher-how = Scannen Sie den Code mit einer Lightning-Wallet oder öffnen Sie ihn in einer auf diesem Gerät. Die Wallet fordert genau diesen Betrag an.
voucher-note = Wer diese Seite hat, kann die Zahlung abrufen, ein einziges Mal.
voucher-until = Abrufbar bis
voucher-claimed = Eine Wallet hat sie abgerufen. Laden Sie die Seite neu, um zu sehen, ob gezahlt wurde.
voucher-paid = Die Zahlung ist erfolgt.
voucher-over = Die Zahlung kann nicht mehr abgerufen werden. Bitte fragen Sie den Shop.

# Payment links: the pages where buyers order.
link-range = Von { $least } bis { $most }.
link-pieces = Anzahl
link-pieces-wrong = Geben Sie eine Zahl von 1 bis { $most } ein.
link-name = Name
link-mail = E-Mail
link-note = Nachricht an den Shop
link-optional = freiwillig
link-field-missing = Bitte ausfüllen.
link-field-long = Höchstens { $most } Zeichen, keine Steuerzeichen.
link-mail-invalid = Geben Sie eine E-Mail-Adresse wie name@example.com ein.
link-pay = Mit Lightning bezahlen
link-how = Sie erhalten eine Rechnung, die eine Lightning-Wallet bezahlen kann.
wallet-direct = Direkt aus einer Wallet bezahlen
link-wallet-how = Scannen Sie den Code mit einer Lightning-Wallet oder öffnen Sie ihn in einer auf diesem Gerät. Die Wallet bestellt ein Stück. Der Code kann wieder verwendet werden.
link-sold-out = Ausverkauft
link-over = Das kann hier nicht mehr bestellt werden.

# The front page of a shop without a form, and the sheet to print for a link.
shop-title = Unser Angebot
poster-how = Mit der Handykamera scannen und mit einer Lightning-Wallet bezahlen.
poster-how-wallet = Mit der Handykamera oder einer Lightning-Wallet scannen.

# The desk: notices, and what they say.
desk-notices = Benachrichtigungen
desk-notices-text = Wer im Laden erfährt, was geschieht. Eine Regel meldet, was ab jetzt geschieht.
desk-notice-none = Es gibt noch keine Regeln.
desk-notice-new = Neue Regel
desk-notice-make = Regel erstellen
desk-notice-event = Was gemeldet wird
desk-notice-event-wrong = Wählen Sie, was gemeldet wird.
desk-notice-too-many = Es gibt schon fünfzig Regeln.
desk-notice-sale-paid = Ein Verkauf wurde bezahlt
desk-notice-endpoint-gone = Ein Webhook wurde abgeschaltet, weil sein Server sagt, dass es ihn nicht mehr gibt
desk-notice-node-away = Der Node ist weg, und später, dass er wieder da ist
desk-notice-little-receivable = Der Node kann wenig empfangen, und später, dass es genug ist
desk-notice-no-rate = Preise haben keinen Wechselkurs, und später, dass es einen gibt
desk-notice-channel = Auf welchem Weg
desk-notice-channel-wrong = Wählen Sie einen der Wege.
desk-notice-mail = E-Mail
desk-notice-missing = { $channel } ist nicht eingerichtet. Der Schlüssel { $key } in der Konfiguration schaltet es ein.
desk-notice-address = Adresse
desk-notice-address-hint = E-Mail: ein Postfach. ntfy: die Adresse eines Themas, etwa https://ntfy.sh/mein-laden. Telegram: die Nummer eines Chats, etwa -1001234567890.
desk-notice-address-wrong = Das kann dort keine Adresse sein.
desk-notice-not-allowed = An diese Adresse wird nichts gesendet: Sie liegt in einem privaten Netz oder auf diesem Rechner oder braucht einen Proxy. Siehe webhooks.allow_private und webhooks.onion_proxy.
desk-notice-token = Zugangstoken für ntfy
desk-notice-token-wrong = Das kann kein Zugangstoken sein.
desk-notice-test = Test senden
desk-notice-test-sent = Der Test wurde gesendet. Der Server antwortete:
desk-notice-remove = Entfernen
desk-notice-waiting = Wartend
desk-notice-undelivered = Aufgegeben
desk-notice-unreachable = Der Server ist nicht erreichbar oder antwortet nicht, wie er soll.
desk-notice-credentials = Der Server lehnt Benutzernamen, Passwort oder Token ab. Prüfen Sie notices.smtp_user, notices.smtp_password_file, notices.telegram_token_file oder das Token der Regel.
desk-notice-refused = Der Server lehnt diese Adresse ab.
desk-notice-not-taken = Der Server hat die Nachricht nicht angenommen. Es wird wieder versucht.
desk-notice-not-configured = Dieser Weg ist nicht eingerichtet, oder die Datei mit seinem Geheimnis ist nicht lesbar.
desk-notice-internal = Die Nachricht konnte nicht geschrieben werden. Das Protokoll sagt, warum.
notice-test = Ein Test
notice-test-text = Dies ist ein Test. Benachrichtigungen kommen hier an.
notice-sale = Bezahlt: { $amount }
notice-sales = { $count } Verkäufe wurden bezahlt: { $amount }
notice-several = { $count } Meldungen
notice-more = Und { $count } weitere.
notice-order = Bestellung: { $order }
notice-over-paid = Mehr als verlangt: { $amount }
notice-endpoint-gone = Der Webhook an { $receiver } wurde abgeschaltet: Sein Server sagt, dass es ihn nicht mehr gibt.
notice-node-away = Der Lightning-Node ist weg. Niemand kann bezahlen.
notice-node-back = Der Lightning-Node ist wieder da.
notice-little-receivable = Der Node kann nur { $amount } empfangen. Größere Zahlungen scheitern.
notice-enough-receivable = Der Node kann wieder { $amount } empfangen.
notice-no-rate = Es gibt keinen Wechselkurs für { $currencies }. Preise darin können nicht bezahlt werden.
notice-rate-back = Es gibt wieder einen Wechselkurs: { $currencies }

# The desk: payment links.
desk-links = Zahlungslinks
desk-links-text = Ein Link ist eine Seite, auf der alle dasselbe bestellen können: ein Produkt, eine Karte, eine Spende. Eine Rechnung entsteht erst, wenn jemand auf den Knopf drückt.
desk-link-new = Neuer Link
desk-link-make = Link erstellen
desk-link-save = Speichern
desk-link-change = Diesen Link ändern
desk-link-slug = Name in der Adresse
desk-link-slug-hint = a-z, 0-9, _ und -, etwa „kaffee“. Später nicht änderbar.
desk-link-slug-wrong = Verwenden Sie 1 bis 64 der Zeichen a-z, 0-9, _ und -.
desk-link-slug-taken = Es gibt schon einen Link mit diesem Namen.
desk-link-too-many = Es gibt schon tausend Links.
desk-link-title = Titel
desk-link-title-wrong = Geben Sie einen Titel in einer Zeile ein.
desk-link-text = Beschreibung
desk-link-text-wrong = Höchstens 2.000 Byte Text.
desk-link-fixed = Fest
desk-link-between = Käufer wählen aus einer Spanne
desk-link-free = Käufer wählen frei
desk-link-currency-hint = SAT für Satoshis oder eine Währung wie EUR.
desk-link-currency-wrong = Geben Sie SAT oder den Code einer Währung wie EUR ein.
desk-link-least = Preis oder kleinster Betrag
desk-link-most = Größter Betrag der Spanne
desk-link-amount-wrong = Geben Sie einen Betrag dieser Währung ein; Satoshis als ganze Zahl.
desk-link-range-wrong = Der größte Betrag darf nicht kleiner als der kleinste sein.
desk-link-pieces = Höchste Anzahl je Bestellung
desk-link-pieces-wrong = Geben Sie eine Zahl von 1 bis 1000 ein. Mehr als 1 braucht einen festen Preis.
desk-link-asks = Käufer fragen nach
desk-link-ask-no = nein
desk-link-ask-required = Pflicht
desk-link-limit = Insgesamt zu verkaufen
desk-link-number-wrong = Geben Sie eine ganze Zahl über null ein.
desk-link-last-day = Letzter Tag
desk-link-day-wrong = Geben Sie ein Datum ein.
desk-link-thanks = Dankestext, nach der Zahlung gezeigt
desk-link-sold = Verkauft
desk-link-left = Übrig
desk-link-open = Offen
desk-link-ended = Beendet
desk-link-stopped = Gestoppt
desk-link-stop = Diesen Link stoppen
desk-link-reopen = Wieder öffnen
desk-link-poster = Plakat zum Drucken
desk-link-html = Für Ihre Webseite
desk-link-sales = Bestellungen
desk-link-unpaid = Nicht bezahlt

# The desk: the counter.
counter = Kasse
counter-none = Noch gibt es keine Tasten. Geben Sie einen Betrag ein, oder lassen Sie Inhaber oder Manager eintragen, was verkauft wird.
counter-pieces-of = Stück { $name }
counter-other = Sonstiges
counter-keys = Zifferntasten
counter-erase = Letzte Ziffer löschen
counter-tip = Trinkgeld
counter-tip-none = Ohne Trinkgeld
counter-tip-other = Anderer Betrag
counter-tip-amount = Höhe des Trinkgelds
counter-total = Summe
counter-charge = Kassieren
counter-clear = Leeren
counter-empty = Wählen Sie etwas aus, oder geben Sie einen Betrag ein.
counter-pieces-wrong = Geben Sie eine ganze Stückzahl bis 999 ein.
counter-too-much = Das ist zu viel für einen Verkauf.
counter-gone = Das wird nicht mehr verkauft. Prüfen Sie die Auswahl.
counter-used = Dieser Verkauf ist schon abgeschlossen. Es wurde nichts erneut kassiert: Wählen Sie für den nächsten Kunden aus.
counter-offline-title = Keine Verbindung
counter-offline = Der Server des Geschäfts ist nicht erreichbar. Bis die Verbindung wieder da ist, kann nichts kassiert werden.
counter-latest = Letzte Verkäufe
counter-scan = Mit einer Lightning-Wallet scannen
counter-next = Neuer Verkauf
counter-cancel = Verkauf abbrechen
counter-items = Tasten der Kasse
counter-items-text = Was an der Kasse verkauft wird: je eine Taste unter ihrer Kategorie. Die Preise enthalten die Steuer.
counter-foreign = Wird an der Kasse nicht angezeigt: der Preis ist in einer anderen Währung.
counter-item-new = Taste hinzufügen
counter-category = Kategorie
counter-price = Preis mit Steuer
counter-tax = Steuersatz in %
counter-tax-hint = Leer: Belege damit sagen nichts über Steuern.
counter-name-wrong = Verwenden Sie 1 bis 60 Zeichen in einer Zeile.
counter-tax-wrong = Geben Sie Prozent von 0 bis 100 ein, etwa 19.
counter-too-many = Es gibt schon fünfhundert Tasten.
desk-by-cashier = An der Kasse, nach Kassierer

# The desk: signing in by a PIN at the counter.
pin = PIN
pin-choose = PIN wählen
pin-text = Ab jetzt meldet sich { $name } auf diesem Gerät, und nur auf diesem, mit dieser PIN an.
pin-hint = 4 bis 8 Ziffern, weder alle gleich noch der Reihe nach.
pin-again = PIN wiederholen
pin-differs = Die beiden PINs sind verschieden.
pin-weak = Verwenden Sie 4 bis 8 Ziffern, die weder alle gleich sind noch der Reihe nach kommen wie 1234.
pin-of = PIN von { $name }
pin-refused = Diese PIN ist falsch. Nach fünf falschen muss ein Inhaber einen neuen Code für dieses Gerät zeigen.
pin-scan = { $name } scannt diesen Code mit dem Gerät an der Kasse und wählt dort eine PIN. Er gilt einmal, zehn Minuten lang.
pin-only-cashiers = Nur Kassierer melden sich mit einer PIN an.
pin-invite = Gerät mit PIN einrichten
pin-forgotten = Zu viele falsche PINs, oder dieses Gerät wurde gesperrt. Ein Inhaber kann einen neuen Code dafür zeigen.
pin-device = Gerät mit PIN
pin-paired = Eingerichtet
pin-revoke = Dieses Gerät sperren

# The desk of a sandbox.
desk-samples = Die Verkäufe der letzten 60 Tage, die Sie hier sehen, sind Beispiele: Niemand hat sie bezahlt.

# The desk’s export for DATEV.
datev-leave-out = DATEV: weglassen, was keinen Preis in Euro hat
datev-no-euros = Es gibt keine Datei: { $count } Verkäufe oder Erstattungen dieser Zeit haben keinen Preis in Euro und lassen sich nicht buchen. Sie können sie weglassen.
datev-no-account = Es gibt keine Datei: Die Konfiguration nennt kein Konto für Verkäufe zu diesen Steuersätzen: { $rates } %
datev-two-years = Es gibt keine Datei: Diese Tage gehören zu zwei Wirtschaftsjahren, eine Datei zu einem.
