"""Writes tests/fixtures/kafka/frames.json: frames made by what docs/kafka.md says, and what they mean. Standard library only."""
import hashlib, hmac, json, pathlib

SECRET, OLD = "the-secret-of-the-test-vectors", "the-secret-before-it"
SENT = 1645459200123
BOLT11 = "lnbcrt100n1p4spqg3pp5" + "q" * 52


def sign(text, secret=SECRET):
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def pad(fields, widths):
    return "".join(str(field).ljust(width) for field, width in zip(fields, widths))


def create(amount, message, expiry, sent=SENT):
    return pad([sent, "create", amount, message, expiry], [13, 16, 37, 37, 37])


def ask(task, request, sent=SENT):
    return pad([sent, task, request], [13, 16, 400])


def utf8(text, width):
    return text + " " * (width - len(text.encode()))


def invoice(message, expiry=None, **amount):
    made = {**amount, "description": message}
    return {"create": made if expiry is None else {**made, "expiry": expiry}}


def good(name, signed, action, signature=None, sent=SENT):
    key = hashlib.sha256(signed.encode()).hexdigest()
    return {"name": name, "value": signed + (signature or sign(signed)), "sent_at": sent, "replay_key": key, "action": action}


def bad(name, value, reason, field=None):
    return {"name": name, "value": value, "reason": reason, "field": field}


def signed(text):
    return text + sign(text)


tea = create(10039, "Two bags of tea", 9200)
asked = ask("decode", BOLT11)
vectors = [
    good("create", tea, invoice("Two bags of tea", 9200, amount_sat=10039)),
    good("the signature in capitals is the same command", tea, invoice("Two bags of tea", 9200, amount_sat=10039), sign(tea).upper()),
    good("signed with the secret before", tea, invoice("Two bags of tea", 9200, amount_sat=10039), sign(tea, OLD)),
    good("leading zeros", create("10039".zfill(37), "Tea", "9200".zfill(37)), invoice("Tea", 9200, amount_sat=10039)),
    good("padded on the left", f"{SENT}{'create':>16}{10039:>37}{'Tea':>37}{9200:>37}", invoice("Tea", 9200, amount_sat=10039)),
    good("padded with NUL", "".join(str(f).ljust(w, "\0") for f, w in [(SENT, 13), ("create", 16), (10039, 37), ("Tea", 37), (9200, 37)]), invoice("Tea", 9200, amount_sat=10039)),
    good("any amount: blank", create("", "Tea", ""), invoice("Tea", amount_msat="any")),
    good("any amount: 0, the expiry of the configuration", create(0, "", 0), invoice("", amount_msat="any")),
    good("widths in characters, as str.ljust counts", create(1, "Zwei Tüten Tee für Zoë", 60), invoice("Zwei Tüten Tee für Zoë", 60, amount_sat=1)),
    good("widths in bytes", pad([SENT, "create", 1], [13, 16, 37]) + utf8("Zwei Tüten Tee", 37) + "60".ljust(37), invoice("Zwei Tüten Tee", 60, amount_sat=1)),
    good("decode", asked, {"decode": BOLT11}),
    good("pay", ask("pay", BOLT11), {"pay": {"destination": BOLT11, "expires_in": 60}}),
    bad("empty", "", "bad_length"),
    bad("torn", (tea + sign(tea))[:-1], "bad_length"),
    bad("another secret", tea + sign(tea, "guessed"), "bad_signature"),
    bad("a signature that is no hexadecimal", tea + "z" * 64, "bad_signature"),
    bad("changed after it was signed", tea.replace("10039", "10038") + sign(tea), "bad_signature"),
    bad("only as long as decode", "x" * 493, "bad_signature"),
    bad("unknown task", signed(tea.replace("create", "refund")), "unknown_task"),
    bad("task in capitals", signed(tea.replace("create", "CREATE")), "unknown_task"),
    bad("create as long as decode", signed(create(1, "Tea", 60).ljust(429)), "bad_length"),
    bad("decode as long as create", signed(pad([SENT, "decode", "lnbcrt1"], [13, 16, 111])), "bad_length"),
    bad("timestamp in words", signed(create(1, "Tea", 60, "1645459200.12")), "bad_field", "timestamp"),
    bad("no timestamp", signed(create(1, "Tea", 60, "")), "bad_field", "timestamp"),
    bad("amount with a sign", signed(create("+1", "Tea", 60)), "bad_field", "amount"),
    bad("amount with a fraction", signed(create("1.5", "Tea", 60)), "bad_field", "amount"),
    bad("amount of 37 digits", signed(create("9" * 37, "Tea", 60)), "bad_field", "amount"),
    bad("message with a line feed", signed(create(1, "Tea\nand milk", 60)), "bad_field", "message"),
    bad("expiry longer than a year", signed(create(1, "Tea", 31536001)), "bad_field", "expiry"),
    bad("expiry in words", signed(create(1, "Tea", "1 hour")), "bad_field", "expiry"),
    bad("no payment request", signed(ask("decode", "")), "bad_field", "payment_request"),
    bad("payment request with a blank in it", signed(ask("pay", "lnbc1 lnbc1")), "bad_field", "payment_request"),
]
out = {"secrets": [SECRET, OLD], "frames": vectors}
path = pathlib.Path(__file__).parent.parent / "fixtures/kafka/frames.json"
path.write_text(json.dumps(out, indent=1, ensure_ascii=False) + "\n")
