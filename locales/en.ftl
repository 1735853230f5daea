# Every page: the frame around it.
sandbox-title = Sandbox.
sandbox-text = No real money: these invoices are for play.
languages = Language
# A moment. $time is a date and a time of day.
moment-utc = { $time } UTC
# The unit after every amount.
sat = sat

# The front page: a merchant asks for money.
form-title = New invoice
form-check = Please check
form-amount = Amount in satoshis
form-amount-hint = From { $minimum } to { $maximum }. Empty: { $default }.
form-amount-fixed = This shop asks for { $amount } sat.
form-description = Description
form-description-hint = What it is for. The buyer’s wallet shows it. Empty: { $default }.
form-submit = Make invoice

# What is wrong with a field.
amount-too-small = The smallest amount is { $minimum } sat.
amount-too-large = The largest amount is { $maximum } sat.
amount-not-digits = The amount must be a whole number of satoshis, in digits only.
amount-fixed = The amount is { $amount } sat and cannot be changed.
description-too-long = The description is { $bytes ->
        [one] { $bytes } byte
       *[other] { $bytes } bytes
    } long, at most { $most } fit.
description-control = The description must not contain line breaks or other control characters.
description-not-text = The description is not valid UTF-8 text.
field-repeated = The field “{ $field }” was sent more than once.
field-unknown = There is no field “{ $field }”; there are “amount” and “description”.

# To pay.
pay-title = To pay
any-amount = Any amount
waiting = Waiting for payment
qr-code = QR code
open-wallet = Open in wallet
choose-wallet = Choose a wallet
pay-in-browser = Pay with the browser’s wallet
invoice-text = Lightning invoice
copy = Copy invoice
copied = Copied
time-left = Time left
minutes-left = { $minutes ->
        [one] { $minutes } minute left to pay
       *[other] { $minutes } minutes left to pay
    }
pay-until = To be paid until
follows = This page follows the payment by itself.
check-now = Check now
sandbox-pay = Pay (sandbox)
stale = The Lightning node cannot be asked right now; no payment is lost. This is how it was at
close = Close

# Paid.
paid-title = Paid
asked-for = Asked for
paid-at = Paid at
onward = Continue to the shop
order = Order
paid-to = Paid to
payment-hash = Payment hash
print = Print or save the receipt
proof-title = Proof of payment
proof-hint = Your wallet keeps a preimage of this payment. Paste it here to see that it belongs to this invoice.
proof-preimage = Preimage
proof-check = Compare
proof-matches = It matches: this preimage proves the payment.
proof-differs = It does not match: this preimage belongs to another payment.
proof-not-hex = A preimage has 64 characters, 0 to 9 and a to f.
proven-title = Payment proven
proven-text = The preimage is the right one: this invoice was paid. But the shop’s Lightning node does not have the payment on record. Please do not pay again; tell the shop and show it the preimage and the payment hash.

# Expired.
expired-title = Expired
expired-text = The time to pay this invoice is over. Please do not pay it any more.
renew = Get a new invoice
renewed-text = There is a new invoice for this order.
renewed-open = Go to the new invoice
cancelled-text = The shop has taken this invoice back.
expired-proof = You have paid before? Your wallet can prove it.
closed-text = No new invoice is made for it here. If you still want to pay, please ask the shop for a new one.

# Trouble: a heading, what it means and what to do next.
try-again = Try again now
asks-again = This page asks again by itself.
front-page = To the front page
request-id = Number of this request
trouble-not-found = Check the address, or start from the front page.
    .title = There is no such page
trouble-invoice-not-found = Check the link: every character of it counts.
    .title = There is no such invoice
trouble-invoice-not-payable = It is paid or expired, and must not be paid any more.
    .title = This invoice is over
trouble-invoice-not-renewable = It cannot be replaced by a new one here. Please ask the shop.
    .title = This invoice cannot be renewed
trouble-method-not-allowed = The method of this request is not allowed here.
    .title = This address works differently
trouble-unsupported-media-type = Send the fields as application/x-www-form-urlencoded.
    .title = That could not be read
trouble-bad-request = The request broke off or is not well-formed.
    .title = That could not be read
trouble-body-too-large = The request is larger than 64 KiB.
    .title = That could not be read
trouble-request-timeout = The request did not arrive in time. Please send it again.
    .title = That took too long
trouble-rate-limited = There were too many requests in a short time. Nothing is lost: please wait a minute, then try again.
    .title = Too many requests
trouble-too-many-unpaid = Many invoices wait to be paid, so no new ones are made here for now. Nothing is lost: please try again in a few minutes.
    .title = Too many unpaid invoices
trouble-overloaded = Too many visitors are here at once. Nothing is lost: please try again in a few seconds.
    .title = It is very busy here
trouble-cross-site = This form was sent from another website. Open the page here and send it from there.
    .title = Sent from another site
trouble-form-off = This shop makes its invoices itself. Please ask it for a link to pay.
    .title = There is no form here
trouble-invalid =
    .title = Something needs to be changed
trouble-node-unreachable = The Lightning node cannot be reached. Whoever has paid already is safe: it will show. Please try again in a few seconds.
    .title = The Lightning node is not available
trouble-node-timeout = The Lightning node did not answer in time. Whoever has paid already is safe: it will show. Please try again in a few seconds.
    .title = The Lightning node is not available
trouble-node-busy = The Lightning node is busy. Please try again in a few seconds.
    .title = The Lightning node is not available
trouble-node-refused = The Lightning node refused the request. Please try again, or tell the shop.
    .title = The Lightning node is not available
trouble-node-malformed = The Lightning node gave no usable answer. Please try again, or tell the shop.
    .title = The Lightning node is not available
trouble-node-replaced = The Lightning node is not the one that this shop’s invoices are on. Please tell the shop.
    .title = The Lightning node is not available
trouble-node-not-followed = The Lightning node’s news do not arrive yet; the log says why.
    .title = The Lightning node is not available
trouble-store-failed = The shop cannot keep its records right now. Whoever has paid already is safe. Please try again, or tell the shop.
    .title = Nothing can be written down
trouble-internal = Please try again. If it stays like this, tell the shop, with the number below.
    .title = Something broke on our side
