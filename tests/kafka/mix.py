"""What is sent: commands of all kinds, good and bad, as docs/kafka.md describes them, and what must become of each."""
import collections, hashlib, hmac, json, random, time

HOUR = 3_600_000
# What is sent, and what must become of it: why it is a dead letter, and how it is answered ("created", "decoded", "paid",
# "error"); None: not. `order` is the payment request that is paid.
Message = collections.namedtuple("Message", "key value headers signature reason status order")


def now():
    return int(time.time() * 1000)


def sign(secret, text):
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def signed(secret, text):
    return text + sign(secret, text)


def create(amount, message, expiry=3600, sent=None, task="create"):
    return f"{now() if sent is None else sent:<13}{task:<16}{amount:<37}{message:<37}{expiry:<37}"


def ask(task, request, sent=None):
    return f"{now() if sent is None else sent:<13}{task:<16}{request:<400}"


def event(name, task, data, **changed):
    text = {"specversion": "1.0", "id": name, "source": "test", "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    return json.dumps(text | {"type": f"com.facture.command.{task}.v1", "data": data} | changed)


def wrong_fields(i):
    """A command for each field that can be wrong, and why it is a dead letter."""
    tea, field = f"order {i}", "bad_field"
    return [
        (create(1, tea, 60, "soon"), field),
        (create(1, tea, 60, ""), field),
        (create("1.5", tea), field),
        (create("-1", tea), field),
        (create("9" * 37, tea), field),
        (create(1, f"a\tb {i}"), field),
        (create(1, tea, "1h"), field),
        (create(1, tea, 31_536_001), field),
        (create(1, tea, task="refund"), "unknown_task"),
        (create(1, tea, task="CREATE"), "unknown_task"),
        (create(1, tea).ljust(429), "bad_length"),
        (ask("decode", ""), field),
        (ask("pay", f"lnbc1 {i}"), field),
        (ask("decode", tea, "never"), field),
    ]


def wrong_events(i):
    data = {"amount_sat": 1, "description": f"order {i}"}
    return [
        (event(f"c{i}", "create", data, specversion="0.3"), "bad_field"),
        (event("", "create", data), "bad_field"),
        (event(f"c{i}", "create", data, time="today"), "bad_field"),
        (event(f"c{i}", "refund", data), "unknown_task"),
        (event(f"c{i}", "decode", {"string": i}), "bad_field"),
        (event(f"c{i}", "lookup", {"invoice": "a", "payout": "b"}), "bad_field"),
    ]


class Mix:
    """Makes messages; what is told of each is in `Message`. The payment requests are paid, each by one of two commands."""

    def __init__(self, secret, requests):
        self.secret, self.requests, self.random = secret, list(requests), random.Random(7)
        self.kinds = collections.Counter()

    def messages(self, i):
        """Those of one order, each time of another kind."""
        kind = i % 20
        tea, key = f"order {i}", f"customer {i % 97}" if i % 5 else None
        good = lambda: self.frame(key, create(i + 1, tea), "created")
        if kind == 0:
            return self.named("duplicate", [good()] * 2)
        if kind == 1:
            one = good()
            capitals = one.value[:-64] + one.value[-64:].upper()
            return self.named("signature in capitals", [one, one._replace(value=capitals)])
        if kind == 2:
            frame, cut = signed(self.secret, create(i + 1, tea)).encode(), 1 + i // 20 % 202
            torn = [frame[:cut], frame[cut:], frame[:cut] + frame[cut + 1 :]][i // 20 % 3]
            return self.named("torn", [self.bad(key, torn, "bad_length")])
        if kind == 3:
            one = self.frame(key, create(i + 1, tea), None)
            guessed = signed("guessed", create(i + 1, tea)).encode()
            changed = one.value.replace(b"order", b"Order")
            no_digits = one.value[:-64] + b"z" * 64
            return self.named("wrong signature", [self.bad(key, [guessed, changed, no_digits][i // 20 % 3], "bad_signature")])
        if kind == 4:
            return self.named("old", [self.frame(key, create(1, tea, sent=now() - HOUR), "error", "too_old")])
        if kind == 5:
            return self.named("from the future", [self.frame(key, create(1, tea, sent=now() + HOUR), "error", "from_future")])
        if kind in (6, 7):
            wrong = wrong_fields(i)
            text, reason = wrong[(i // 20 * 2 + i % 2) % len(wrong)]
            # Of a task that is known and signed, the sender hears.
            return self.named("wrong field", [self.frame(key, text, None if reason == "unknown_task" else "error", reason)])
        if kind == 8:
            wrong = wrong_events(i)
            text, reason = wrong[i // 20 % len(wrong)]
            return self.named("wrong field, JSON", [self.json(key, text, None if reason == "unknown_task" else "error", reason)])
        if kind == 9:
            one = self.json(key, event(f"order-{i}", "create", {"amount_msat": i + 1, "description": tea}), "created")
            return self.named("JSON", [one, one])
        if kind == 10:
            torn = not self.requests or i % 40 == 10
            text = f"lnbcrt1{i}" if torn else self.requests[-1]
            return self.named("decode", [self.frame(key, ask("decode", text), "error" if torn else "decoded")])
        if kind == 11 and self.requests and i % 40 == 11:
            return self.payment(self.requests.pop())
        return self.named("create", [good()])

    def payment(self, request):
        """Orders it by two commands, each of them twice. Of one key, so that the second comes when the first has ended."""
        one, other = (self.frame(request[-20:], ask("pay", request, now() + ahead), "paid", order=request) for ahead in (0, 1))
        return self.named("pay", [one, one, other, other])

    def named(self, kind, messages):
        self.kinds[kind] += len(messages)
        return messages

    def frame(self, key, text, status, reason=None, order=None):
        value = signed(self.secret, text)
        return Message(key, value.encode(), None, value[-64:], reason, status, order)

    def json(self, key, text, status, reason=None):
        signature = sign(self.secret, text)
        return Message(key, text.encode(), {"facture-signature": signature}, signature, reason, status, None)

    def bad(self, key, value, reason):
        return Message(key, value, None, None, reason, None, None)

    def shuffled(self, first, orders):
        """The messages of so many orders from this one on, in an order of their own; the payments of one invoice stay in theirs."""
        messages = [message for i in range(first, first + orders) for message in self.messages(i)]
        payments = [message for message in messages if message.order]
        self.random.shuffle(messages)
        kept = iter(payments)
        return [next(kept) if message.order else message for message in messages]
