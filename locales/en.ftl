# Every page: the frame around it.
sandbox-title = Sandbox.
sandbox-text = Test mode: no real money.
languages = Language
# A date and time. $time is already formatted.
moment-utc = { $time } UTC
# The unit after every amount.
sat = sat

# The front page: a merchant creates an invoice.
form-title = New invoice
form-check = Please check
form-amount = Amount in satoshis
form-amount-hint = { $minimum } to { $maximum } sat. Leave empty for { $default }.
form-amount-plain = Amount
form-currency = Currency
form-amount-hint-currencies = { $minimum } to { $maximum } sat, or as much in another currency.
form-amount-fixed = This shop charges { $amount } sat.
form-description = Description
form-description-hint = What the payment is for. The buyer’s wallet shows it. Leave empty for “{ $default }”.
form-submit = Create invoice

# Errors of a field.
amount-too-small = The smallest amount is { $minimum } sat.
amount-too-large = The largest amount is { $maximum } sat.
amount-not-digits = Enter the amount as a whole number of satoshis, digits only.
amount-missing = Enter the amount.
amount-not-money = Enter the amount in { $currency } as a number such as { $example }.
currency-not-offered = This currency isn’t offered here. Choose another one.
amount-fixed = The amount is { $amount } sat and can’t be changed.
description-too-long = The description is { $bytes ->
        [one] { $bytes } byte
       *[other] { $bytes } bytes
    } long. The maximum is { $most }.
description-control = The description must not contain line breaks or other control characters.
description-not-text = The description is not valid UTF-8 text.
field-repeated = The field “{ $field }” was sent more than once.
field-unknown = Unknown field “{ $field }”. The fields are “amount” and “description”.

# Unpaid.
pay-title = Pay this invoice
any-amount = You choose the amount
rate-of = Exchange rate of
waiting = Waiting for payment
qr-code = QR code
open-wallet = Open in wallet
choose-wallet = Choose a wallet
pay-in-browser = Pay with browser wallet
invoice-text = Lightning invoice
copy = Copy invoice
copied = Copied
time-left = Time left
minutes-left = { $minutes ->
        [one] { $minutes } minute left to pay
       *[other] { $minutes } minutes left to pay
    }
# The time left, in two units, the larger first.
span-days = { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
span-hours = { $hours ->
        [one] { $hours } hour
       *[other] { $hours } hours
    }
span-minutes = { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }
span-both = { $larger }, { $smaller }
pay-until = Pay by
follows = This page updates automatically.
check-now = Check now
sandbox-pay = Pay (sandbox)
stale = The Lightning node can’t be reached right now. No payment is lost. Last known status, as of
close = Close
node-warns = The Lightning node warns that it may not be possible to pay this invoice:
show-receipt = Show receipt
show-page-again = Refresh this page

# The payment is held until the shop takes it or sends it back.
accepted-title = Authorised
accepted-text = Your payment is reserved, but not taken yet. The shop will either take it or return it in full. Until then, your wallet may show it as pending.

# Paid.
paid-title = Paid
asked-for = Amount requested
paid-at = Paid at
receipt-number = Receipt number
rate-source = Source of the rate
tax-rate = Tax rate
tax-net = Net
tax = Tax
receipt-tip = Tip included
receipt-discount = Discount
receipt-tax-id = Tax number
refunded-part = Refunded in part
refunded-whole = Refunded in full
onward = Return to { $shop }
order = Order
paid-to = Paid to
payment-hash = Payment hash
print = Print or save the receipt
proof-title = Proof of payment
proof-hint = Your wallet keeps a preimage for this payment. Paste it here to check that it belongs to this invoice.
proof-preimage = Preimage
proof-check = Compare
proof-matches = It matches. This preimage proves the payment.
proof-differs = It doesn’t match. This preimage belongs to another payment.
proof-not-hex = A preimage has 64 characters, 0 to 9 and a to f.
proven-title = Payment proven
proven-text = The preimage is correct: this invoice was paid. But the shop’s Lightning node has no record of the payment. Please don’t pay again; contact the shop and show them the preimage and the payment hash.

# Expired, or cancelled.
expired-title = Expired
expired-text = This invoice has expired. Please don’t pay it.
renew = Get a new invoice
renewed-text = There is a new invoice for this order.
renewed-open = Go to the new invoice
cancelled-text = The shop cancelled this invoice. Please don’t pay it.
cancelled-held-text = The shop cancelled this invoice. Nothing was charged.
expired-proof = Already paid? Your wallet can prove it.
closed-text = You can’t get a new invoice here. If you still want to pay, please ask the shop for a new one.
cancelled-title = Cancelled

# Errors: a heading, what it means and what to do next.
try-again = Try again now
asks-again = This page retries automatically.
front-page = Go to the front page
request-id = Reference
trouble-not-found = Check the address, or start from the front page.
    .title = Page not found
trouble-invoice-not-found = Check that you copied the whole link.
    .title = Invoice not found
trouble-invoice-not-payable = It has been paid, has expired or was cancelled. Please don’t pay it again.
    .title = This invoice is closed
trouble-invoice-not-renewable = You can’t replace it with a new one here. Please contact the shop.
    .title = This invoice can’t be renewed
trouble-method-not-allowed = This address does not accept this kind of request.
    .title = This page can’t be opened directly
trouble-unsupported-media-type = Send the fields as application/x-www-form-urlencoded.
    .title = We couldn’t read that
trouble-bad-request = The request was cut off or is malformed.
    .title = We couldn’t read that
trouble-body-too-large = The request is larger than 64 KiB.
    .title = We couldn’t read that
trouble-request-timeout = The request didn’t arrive in time. Please send it again.
    .title = That took too long
trouble-rate-limited = Too many requests in a short time. Nothing is lost: please wait a minute, then try again.
    .title = Too many requests
trouble-too-many-unpaid = Too many invoices are waiting for payment, so we’re not creating new ones right now. Nothing is lost: please try again in a few minutes.
    .title = Too many unpaid invoices
trouble-overloaded = Too many visitors at once. Nothing is lost: please try again in a few seconds.
    .title = We’re very busy right now
trouble-cross-site = This form was sent from another website. Open the page here and submit the form again.
    .title = Sent from another site
trouble-form-off = This shop creates its own invoices. Please ask the shop for a payment link.
    .title = There is no form here
trouble-invalid =
    .title = Something needs to be changed
trouble-no-rate = There’s no reliable exchange rate at the moment, so no invoice was created. Please try again in a minute.
    .title = There’s no exchange rate at the moment
trouble-node-unreachable = The Lightning node can’t be reached. If you’ve paid, your payment is safe and will appear here. Please try again in a few seconds.
    .title = The Lightning node is not available
trouble-node-timeout = The Lightning node didn’t respond in time. If you’ve paid, your payment is safe and will appear here. Please try again in a few seconds.
    .title = The Lightning node is not available
trouble-node-busy = The Lightning node is busy. Please try again in a few seconds.
    .title = The Lightning node is not available
trouble-node-refused = The Lightning node refused the request. Please try again, or contact the shop.
    .title = The Lightning node is not available
trouble-node-malformed = The Lightning node’s response was invalid. Please try again, or contact the shop.
    .title = The Lightning node is not available
trouble-node-replaced = This Lightning node doesn’t hold this shop’s invoices. Please contact the shop.
    .title = The Lightning node is not available
trouble-node-not-followed = Updates from the Lightning node aren’t arriving yet. If you’ve paid, your payment is safe and will appear here.
    .title = The Lightning node is not available
trouble-store-failed = The shop can’t save its records right now. If you’ve paid, your payment is safe. Please try again, or contact the shop.
    .title = We can’t save right now
trouble-internal = Please try again. If this keeps happening, contact the shop and give the reference below.
    .title = Something went wrong on our side

# Pay to reveal: the page of something that is sold, and what was bought.
reveal-word = A short text, at most 24 characters.
reveal-text = A text ({ $size }).
reveal-file = A file: { $name } ({ $size }).
reveal-how = You get an invoice. As soon as it is paid, its page shows what you bought.
reveal-wallet-how = Scan the code with a Lightning wallet, or open it in one on this device. The code can be used again.
reveal-word-warning = The text is a part of the payment itself: every node that forwards your payment can read it.
reveal-sold-out = Sold out.
reveal-buy = Buy
reveal-again = Buy again
sold-title = What you bought
sold-download = Download
sold-sealed = Download encrypted
sold-sealed-hint = Your wallet’s receipt for this payment, the preimage, opens the encrypted file, even without this shop: facture reveal open FILE PREIMAGE
trouble-item-not-found = Check the address. It may no longer be on sale.
    .title = Not on sale
trouble-sold-out = All are sold or reserved. No invoice was created, and nothing was charged. A reservation that isn’t paid becomes free after a while.
    .title = Sold out
trouble-link-closed = Nothing can be ordered here any more, or not so much. No invoice was created.
    .title = No longer available
trouble-payment-required = You can download it once the invoice is paid.
    .title = Not paid yet

# Offers: the page of a code that is paid again and again.
offer-title = Pay this shop
offer-how = Scan this code with a wallet that can pay offers (BOLT 12). It can be paid again and again.
offer-note = Your wallet can send a note to the shop along with the payment.
offer-text = Lightning offer
offer-copy = Copy offer
offer-print = Print this code
offer-over-title = No longer valid
offer-over-text = This code can no longer be paid. Please ask the shop for a new one.
payer-note = Note to the shop
trouble-offer-not-found = Check that you copied the whole link.
    .title = Offer not found

# Two codes for one invoice: Lightning alone, and one for wallets that read bitcoin: links.
ways = How to pay
way-lightning = Lightning
way-any = Any wallet
way-any-hint = For wallets that can’t read the other code.
way-text = Payment link
way-copy = Copy link

# The merchant’s desk: signing in, accounts, users.
desk-skip = Skip to the content
desk-sections = Sections
desk-sign-in = Sign in
desk-sign-out = Sign out
desk-sign-in-refused = User name, password or code is wrong.
desk-demo = Sign in as the demo owner
desk-demo-text = In the sandbox you need no password.
desk-user-name = User name
desk-password = Password
desk-code = Code from your authenticator app
desk-code-hint = Leave empty if you have not set one up. A recovery code works too.
desk-code-wrong = This code is wrong or too old. Enter the one that the app shows now.
desk-welcome = Choose your password
desk-welcome-text = You have been added to this shop’s desk. Once you have set a password, this link no longer works.
desk-password-new = New password
desk-password-hint = At least 10 characters.
desk-password-again = New password again
desk-password-present = Current password
desk-password-set = Set password
desk-password-change = Change password
desk-password-differs = The two passwords differ.
desk-password-short = The password is too short: it needs at least 10 characters.
desk-password-long = The password is too long: at most 200 bytes.
desk-password-name = The password must not be your user name.
desk-password-wrong = This is not your current password.
desk-account = My account
desk-role = Role
desk-role-owner = Owner
desk-role-manager = Manager
desk-role-cashier = Cashier
desk-role-accountant = Accountant
desk-second-factor = Authenticator app
desk-second-factor-text = With an authenticator app, nobody can sign in with your password alone.
desk-second-factor-scan = Scan this code with the app, or type the text below into it. Then enter the code that the app shows.
desk-second-factor-on = Turn on
desk-second-factor-off = Turn off
desk-second-factor-is-on = Authenticator app: on
desk-second-factor-is-off = Authenticator app: off
desk-recovery = Recovery codes
desk-recovery-text = Keep these codes in a safe place: they are not shown again. Each works once in place of the app, if you lose your phone.
desk-recovery-kept = I have saved them
desk-recovery-left = { $left ->
        [one] { $left } recovery code left.
       *[other] { $left } recovery codes left.
    }
desk-sessions = Sessions
desk-session-own = This browser
desk-session-began = Signed in
desk-session-seen = Last used
desk-session-end = End this session
desk-users = Users
desk-user-add = Add a user
desk-user-change = Change
desk-user-role-set = Change role
desk-user-reset = Reset password
desk-user-remove = Remove
desk-user-waiting = Has not used the one-time link yet
desk-user-invited = Give this one-time link to { $name }. It works for three days and is not shown again.
desk-user-name-hint = 1 to 40 characters: a to z, 0 to 9 and . _ - @
desk-user-name-invalid = A user name has 1 to 40 characters: a to z, 0 to 9 and . _ - @
desk-user-name-taken = There is a user with this name already.
desk-user-not-found = This user no longer exists.
desk-user-last-owner = This is the only owner who can sign in. Make somebody else an owner first.
desk-user-own = Change your own password under “My account”.
desk-roles-text = Owners may do everything. Managers run the shop: they cancel invoices, take held payments and order refunds. Cashiers see the sales of the last 24 hours. Accountants see all sales and change nothing. Nobody can spend money here.
desk-audit = Audit log
desk-audit-text = Who did what at the desk, the newest first. Nothing here can be changed.
desk-when = When
desk-who = Who
desk-what = What
desk-subject = Subject
desk-address = Address
desk-older = Older entries
trouble-right-missing = Your role doesn’t allow this. Ask an owner of the shop.
    .title = Not allowed
trouble-link-used = It was used, replaced by a newer one, or is too old. Ask an owner of the shop for a new link.
    .title = This link no longer works

# The desk: payments, and one sale.
desk-payments = Payments
desk-search-for = Search for
desk-search-hint = Order number, text, payment hash, invoice or label. An amount in sat, or with its currency such as 12.50 EUR, finds what is up to 1 % more or less.
desk-search = Search
desk-search-clear = Show all
desk-state = State
desk-all = All
desk-channel = Sold by
desk-from = Created from
desk-to = Created until
desk-sees-a-day = Your role shows the sales of the last 24 hours.
desk-search-too-long = This text is too long to search for.
desk-search-instead = Or search for:
desk-found-none = Nothing found.
desk-found-order = The order “{ $text }”
desk-found-hash = The payment with this hash
desk-found-amount = Amounts from { $from } to { $to } sat
desk-totals-part = These totals cover only the newest sales; older ones in this list are not included.
desk-found-worth = Payments worth { $from } to { $to }
desk-found-text = Sales with the text “{ $text }”
desk-search-stopped = This search stopped at { $time }, so that it does not take long. Older sales were not looked at.
desk-search-on = Search further back
desk-open = Open
desk-channel-form = Form
desk-channel-reveal = Digital goods
desk-channel-address = Lightning Address
desk-channel-paywall = Paywall
desk-sale = Sale
desk-received = Received
desk-over = More than asked for
desk-price = Price
desk-created = Created
desk-renewal-of = In place of
desk-label = Label
desk-metadata = The shop’s data
desk-buyer-page = Open the buyer’s page
desk-capture = Take the payment
desk-capture-by-api = The shop has the preimage of this payment: take it by the API.
desk-send-back = Send it back
desk-cancel-invoice = Cancel invoice
desk-refunds = Refunds
desk-refunded = Refunded
desk-refund-pending = On its way
desk-refundable = Can be refunded
desk-refund-order = Order a refund
desk-refund-text = This writes down an order. The payer, a program of its own, pays it within its own limits. The desk cannot pay.
desk-refund-to = The buyer’s invoice, offer or Lightning Address
desk-refund-reason = Reason
desk-refund-destination = This cannot be paid. Enter an invoice that is still valid and not of this shop, an offer, or a Lightning Address.
desk-refund-reason-long = The reason is too long: at most 500 bytes in one line.
desk-refund-ordered = A payout for this invoice, or with this form, was ordered before.
desk-refund-too-many = Too many payouts are waiting. Try again later.
desk-waits-payer = Waits for a payer: none is running.
desk-waits-approval = Waits for an approval.
desk-note = Our note
desk-note-none = There is no note.
desk-note-hint = Buyers don’t see it. Empty it to remove it.
desk-note-save = Save note
desk-note-invalid = A note has at most { $most } bytes and no control characters.
desk-timeline = What happened
desk-deliveries = Sent to webhooks
desk-deliveries-none = Nothing was sent about this sale.
desk-attempts = { $count ->
        [one] { $count } attempt
       *[other] { $count } attempts
    }
desk-delivery-next = Next attempt
desk-redeliver = Send again
desk-hold-expiring = The held payment must be decided soon
desk-delivery-pending = Waiting
desk-delivery-delivered = Delivered
desk-delivery-dropped = Dropped
desk-failed = Failed
desk-payout-ordered = Ordered
desk-payout-approved = Approved
desk-payout-paying = Being paid
desk-payout-unknown = Outcome not known yet

# The desk’s first page: today.
desk-today = Today
desk-nobody-can-pay = Nobody can pay: the node has no room to receive. It needs channels with inbound liquidity.
desk-sales = Sales
desk-open-invoices = Open invoices
desk-expired-today = Created today, not paid
desk-receivable = Can be received
desk-not-known = Not known
desk-node = Lightning node
desk-node-well = Connected
desk-node-syncing = Catching up with the chain
desk-node-away = Not reachable
desk-webhooks = Notifications to programs
desk-webhooks-well = Nothing is failing
desk-webhooks-failing = Not arriving at:
desk-webhooks-off = Switched off:
desk-by-hour = Received by hour and channel
desk-chart-text = A bar for each hour of the day. The table below has the figures.
desk-as-table = As a table
desk-hour = Hour
desk-latest = Latest payments
desk-updated = The page was updated.

# Closing of a day, desk/closing.html.
desk-closing = Closing
desk-closing-text = What this time comes to. Only what is stored is added up; what is not known is counted, not estimated.
desk-show = Show
desk-day-before = The day before
desk-day-after = The day after
desk-fees = Fees paid
desk-without-worth = Sales whose worth is not known
desk-tips = Tips included in prices
desk-discounts = Discounts given
desk-by-channel = By channel
desk-by-tax = By tax rate
desk-currency = Currency
desk-gross = Gross
desk-without-tax = Sales without tax lines
desk-receipts = Receipt numbers
desk-receipt-first = First
desk-receipt-last = Last

# The desk’s exports.
desk-exports = Exports
desk-exports-text = What was received and paid back in a time, one line each. Only what is stored is in the file; millisatoshis are exact.
desk-paid-from = Paid from
desk-paid-to = Paid until
desk-separator = Form of the CSV file
desk-separator-comma = Commas between cells, decimal points
desk-separator-semicolon = Semicolons between cells, decimal commas
desk-exports-zone = Days begin in the time zone { $zone }.

# What a payment was worth.
desk-worth = Worth when paid
desk-rate = Rate
desk-filled-in = Filled in later:

# The desk’s API tokens.
desk-tokens = API tokens
desk-tokens-text = With a token, a program of the shop uses the API. Tokens for payouts are made on the command line only.
desk-token-made = This is the token. It is not shown again.
desk-token-revoked = Revoked
desk-token-revoke = Revoke
desk-token-make = Make a token
desk-token-name = What it is for
desk-token-name-invalid = Say what it is for, in one line of at most 100 bytes.
desk-token-scopes = What it may do
desk-token-scopes-missing = Choose at least one.

# What is sold by pay to reveal, at the desk.
desk-items = What is sold
desk-items-text = Each item has a page of its own. Whoever pays there gets what is sold at once. It is never shown here again.
desk-item-none = Nothing is sold yet.
desk-item-sold = Sold
desk-item-left = Left
desk-item-configured = From the configuration; it is changed there.
desk-item-new = Sell something new
desk-item-change = Change
desk-item-stop = Stop selling
desk-item-offer = Sell it
desk-item-id = Name in the address
desk-item-id-hint = Small letters a–z, digits, hyphens and underscores, at most 64.
desk-item-id-invalid = A name has 1 to 64 small letters a–z, digits, hyphens and underscores.
desk-item-id-taken = An item has this name. Change that one, or choose another name.
desk-item-configured-text = The configuration has an item with this name.
desk-item-too-many = As many items are offered as may be.
desk-item-title = Title
desk-item-title-invalid = Give it a title, in one line of at most 639 bytes.
desk-item-price = Price in sat
desk-item-price-invalid = Enter whole satoshis, at least 1.
desk-item-kind = What the buyer gets
desk-item-kind-text = A text
desk-item-kind-word = A word of at most 24 bytes, which is a part of the payment: every node that forwards it learns it
desk-item-text = The text
desk-item-text-hint = Only buyers see it.
desk-item-text-again = Enter it again: what is sold is not shown. Earlier buyers keep what they bought.
desk-item-text-missing = Enter the text that is sold.
desk-item-word-invalid = A word has 1 to 24 bytes, and ends in no blank.
desk-item-no-words = This node cannot sell words.
desk-item-stock = How many are sold in all
desk-item-stock-hint = Empty: any number.
desk-item-stock-invalid = Enter a number up to 1,000,000,000, or nothing.

# Giving a key to the plug-in of a web shop.
pair = Connect a web shop
pair-text = The program at this address asks for a key to this server. Agree only if it is your shop and you have started this there.
pair-application = It calls itself
pair-permissions = With the key it can
pair-view-invoices = see the shop’s invoices
pair-create-invoice = create invoices
pair-modify-invoices = change invoices’ details and mark them invalid
pair-view-settings = see the shop’s settings
pair-modify-settings = do all of this but refunds
pair-webhooks = be told of payments (webhooks)
pair-refunds = order refunds of paid orders, which your payer pays within its limits
pair-left-out = Not available here, and left out:
pair-shop = Shop
pair-shop-hint = The key sees only what belongs to this name. 1 to 64 letters (a–z), digits, hyphens and underscores.
pair-shop-invalid = A shop’s name has 1 to 64 letters (a–z), digits, hyphens and underscores.
pair-agree = Give { $host } the key
pair-made = The key is made. Take it to the shop: it is not shown again.
pair-continue = Continue to { $host }
pair-target-invalid = The shop’s address is missing, or is one that no key is sent to. It must begin with https://, or with http:// in your own network.
pair-permission-unknown = The program insists on a permission that does not exist here: { $permission }
pair-permission-none = The program asks for no permission that exists here.
pair-used = This form has been used already. Start again in the shop.
pair-off = This page needs the merchant’s desk, which is switched off on this server (desk.enabled).
pair-elsewhere = The merchant’s desk has an address of its own. Open this page there: the same path, with all that follows it.
pair-by-command = Without the desk, make a key on the server and enter it in the plug-in’s settings:

# The page of a voucher: a refund, or another payment to whoever has its link.
voucher-title = A payment for you
voucher-refund = Your refund
voucher-how = Scan the code with a Lightning wallet, or open it in one on this device. The wallet asks for exactly this amount.
voucher-note = Whoever has this page can claim it, once.
voucher-until = It can be claimed until
voucher-claimed = A wallet has claimed this. Reload the page to see whether it has been paid.
voucher-paid = This has been paid.
voucher-over = This can no longer be claimed. Please ask the shop.

# Payment links: the pages where buyers order.
link-range = From { $least } to { $most }.
link-pieces = Quantity
link-pieces-wrong = Enter a number from 1 to { $most }.
link-name = Name
link-mail = Email
link-note = Note to the shop
link-optional = optional
link-field-missing = Please fill this in.
link-field-long = At most { $most } characters, without control characters.
link-mail-invalid = Enter an email address such as name@example.com.
link-pay = Pay with Lightning
link-how = You get an invoice that a Lightning wallet can pay.
wallet-direct = Pay directly from a wallet
link-wallet-how = Scan the code with a Lightning wallet, or open it in one on this device. The wallet orders one piece. The code can be used again.
link-sold-out = Sold out
link-over = This can no longer be ordered here.

# The front page of a shop without a form, and the sheet to print for a link.
shop-title = What we offer
poster-how = Scan with your phone’s camera and pay with a Lightning wallet.
poster-how-wallet = Scan with your phone’s camera or with a Lightning wallet.

# The desk: notices, and what they say.
desk-notices = Notices
desk-notices-text = Who of the shop is told what happens. A rule tells what happens from now on.
desk-notice-none = There are no rules yet.
desk-notice-new = New rule
desk-notice-make = Make the rule
desk-notice-event = Event
desk-notice-event-wrong = Choose what is told.
desk-notice-too-many = There are fifty rules already.
desk-notice-sale-paid = A sale was paid
desk-notice-endpoint-gone = A webhook was switched off because its server says that it is gone
desk-notice-node-away = The node is away, and later that it is back
desk-notice-little-receivable = The node can receive little, and later that it is enough
desk-notice-no-rate = Prices have no exchange rate, and later that they have one
desk-notice-channel = Channel
desk-notice-channel-wrong = Choose one of the ways.
desk-notice-mail = Email
desk-notice-missing = { $channel } is not set up. The key { $key } in the configuration switches it on.
desk-notice-address = Address
desk-notice-address-hint = Email: a mailbox. ntfy: the address of a topic, such as https://ntfy.sh/my-shop. Telegram: the number of a chat, such as -1001234567890.
desk-notice-address-wrong = This can’t be an address there.
desk-notice-not-allowed = Nothing is sent to this address: it is on a private network or this machine, or needs a proxy. See webhooks.allow_private and webhooks.onion_proxy.
desk-notice-token = Access token for ntfy
desk-notice-token-wrong = This can’t be an access token.
desk-notice-test = Send a test
desk-notice-test-sent = The test was sent. The server answered:
desk-notice-remove = Remove
desk-notice-waiting = Waiting
desk-notice-undelivered = Given up
desk-notice-unreachable = The server can’t be reached, or doesn’t answer as it should.
desk-notice-credentials = The server refuses the user name, the password or the token. Check notices.smtp_user, notices.smtp_password_file, notices.telegram_token_file, or the rule’s own token.
desk-notice-refused = The server refuses this address.
desk-notice-not-taken = The server didn’t take the message. It is tried again.
desk-notice-not-configured = This way is not set up, or the file with its secret can’t be read.
desk-notice-internal = The message couldn’t be written. The log says why.
notice-test = A test
notice-test-text = This is a test. Notices arrive here.
notice-sale = Paid: { $amount }
notice-sales = { $count } sales were paid: { $amount }
notice-several = { $count } notices
notice-more = And { $count } more.
notice-order = Order: { $order }
notice-over-paid = More than asked for: { $amount }
notice-endpoint-gone = The webhook to { $receiver } was switched off: its server says that it is gone.
notice-node-away = The Lightning node is away. Nobody can pay.
notice-node-back = The Lightning node is back.
notice-little-receivable = The node can receive only { $amount }. Larger payments fail.
notice-enough-receivable = The node can receive { $amount } again.
notice-no-rate = There is no exchange rate for { $currencies }. Prices in it can’t be paid.
notice-rate-back = There is an exchange rate again: { $currencies }

# The desk: payment links.
desk-links = Payment links
desk-links-text = A link is a page on which anybody can order the same thing: a product, a ticket, a donation. An invoice is created only when a buyer presses the button.
desk-link-new = New link
desk-link-make = Create link
desk-link-save = Save
desk-link-change = Change this link
desk-link-slug = Name in the address
desk-link-slug-hint = a-z, 0-9, _ and -, such as “coffee”. It can’t be changed later.
desk-link-slug-wrong = Use 1 to 64 of the characters a-z, 0-9, _ and -.
desk-link-slug-taken = There is a link with this name.
desk-link-too-many = There are a thousand links already.
desk-link-title = Title
desk-link-title-wrong = Enter a title of one line.
desk-link-text = Description
desk-link-text-wrong = At most 2,000 bytes of text.
desk-link-fixed = Fixed
desk-link-between = The buyer chooses, within a range
desk-link-free = The buyer chooses freely
desk-link-currency-hint = SAT for satoshis, or a currency such as EUR.
desk-link-currency-wrong = Enter SAT or the code of a currency, such as EUR.
desk-link-least = Price, or the smallest amount
desk-link-most = The largest amount of a range
desk-link-amount-wrong = Enter an amount of this currency; satoshis as a whole number.
desk-link-range-wrong = The largest amount must not be less than the smallest.
desk-link-pieces = Most pieces in one order
desk-link-pieces-wrong = Enter a number from 1 to 1000. More than 1 needs a fixed price.
desk-link-asks = Ask buyers for
desk-link-ask-no = no
desk-link-ask-required = required
desk-link-limit = Pieces to sell in all
desk-link-number-wrong = Enter a whole number above zero.
desk-link-last-day = Last day
desk-link-day-wrong = Enter a date.
desk-link-thanks = Thank-you text, shown once it is paid
desk-link-sold = Sold
desk-link-left = Left
desk-link-open = Open
desk-link-ended = Ended
desk-link-stopped = Stopped
desk-link-stop = Stop this link
desk-link-reopen = Open it again
desk-link-poster = Poster to print
desk-link-html = For your web page
desk-link-sales = Orders
desk-link-unpaid = Not paid

# The desk: the counter.
counter = Counter
counter-none = There are no buttons yet. Type an amount, or let an owner or manager add what you sell.
counter-pieces-of = Pieces of { $name }
counter-other = Other
counter-keys = Keypad
counter-erase = Delete the last digit
counter-tip = Tip
counter-tip-none = No tip
counter-tip-other = Other amount
counter-tip-amount = Amount of the tip
counter-total = Total
counter-charge = Charge
counter-clear = Clear
counter-empty = Choose something, or type an amount.
counter-pieces-wrong = Enter a whole number of pieces, up to 999.
counter-too-much = This is too much for one sale.
counter-gone = This is no longer sold. Check what is chosen.
counter-used = This sale is done already. Nothing was charged again: choose for the next customer.
counter-offline-title = No connection
counter-offline = The shop’s server cannot be reached. Nothing can be charged until the connection is back.
counter-latest = Last sales
counter-scan = Scan with a Lightning wallet
counter-next = New sale
counter-cancel = Cancel this sale
counter-items = The counter’s buttons
counter-items-text = What you sell at the counter: a button each, under its category. Prices include the tax.
counter-foreign = Not shown at the counter: its price is in another currency.
counter-item-new = Add a button
counter-category = Category
counter-price = Price, tax included
counter-tax = Tax rate in %
counter-tax-hint = Empty: receipts with it say nothing about taxes.
counter-name-wrong = Use 1 to 60 characters in one line.
counter-tax-wrong = Enter percent from 0 to 100, such as 19.
counter-too-many = There are five hundred buttons already.
desk-by-cashier = At the counter, by cashier

# The desk: signing in by a PIN at the counter.
pin = PIN
pin-choose = Choose a PIN
pin-text = From now on, { $name } signs in with this PIN on this device, and on no other.
pin-hint = 4 to 8 digits, neither all the same nor in a row.
pin-again = The PIN again
pin-differs = The two PINs are not the same.
pin-weak = Use 4 to 8 digits that are neither all the same nor in a row, such as 1234.
pin-of = PIN of { $name }
pin-refused = This PIN is wrong. After five wrong ones, an owner has to show a new code for this device.
pin-scan = { $name } scans this code with the device at the counter and chooses a PIN there. It works once, within ten minutes.
pin-only-cashiers = Only cashiers sign in with a PIN.
pin-invite = Set up a device with a PIN
pin-forgotten = Too many wrong PINs, or this device was revoked. An owner can show a new code for it.
pin-device = Device with a PIN
pin-paired = Set up
pin-revoke = Revoke this device

# The desk of a sandbox.
desk-samples = Sales from before this sandbox was started are samples: nobody paid them.

# The desk’s export for DATEV.
datev-leave-out = DATEV: leave out what has no price in euros
datev-no-euros = There is no file: { $count } sales or refunds in this period have no price in euros and cannot be booked. You can leave them out.
datev-no-account = There is no file: the configuration names no account for sales at these tax rates: { $rates } %
datev-two-years = There is no file: these days fall in two fiscal years; a file covers one.
