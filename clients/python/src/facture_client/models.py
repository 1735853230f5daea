"""The API's objects. Made by clients/generate.py from clients/openapi.json: do not edit."""

from typing import Any, NotRequired, TypeAlias, TypedDict

Attempt = TypedDict('Attempt', {
    'duration_ms': 'int',
    'failure': 'str | None',
    'response': 'str',
    'started_at': 'int',
    'status': 'int | None',
})

BitcoinUri = TypedDict('BitcoinUri', {
    'address': 'str | None',
    'amount_msat': 'int | None',
    'label': 'str | None',
    'message': 'str | None',
    'others': 'list[str]',
})

Decode = TypedDict('Decode', {
    'string': 'str',
})

Decoded = TypedDict('Decoded', {
    'already_paid': 'bool | None',
    'amount_msat': 'int | None',
    'description': 'str | None',
    'description_hash': 'str | None',
    'destination': 'str | None',
    'details': 'Details',
    'expires_at': 'int | None',
    'invoice': 'str | None',
    'issuer': 'str | None',
    'max_msat': 'int | None',
    'min_msat': 'int | None',
    'network': 'str | None',
    'payment_hash': 'str | None',
    'price': 'str | None',
    'string': 'str',
    'type': 'str',
    'uri': 'BitcoinUri | None',
    'url': 'str | None',
})

Delivery = TypedDict('Delivery', {
    'attempts': 'int',
    'created_at': 'int',
    'failure': 'str | None',
    'id': 'str',
    'next_attempt_at': 'int | None',
    'sequence': 'int | None',
    'state': 'str',
    'webhook': 'str',
})

DeliveryDetails = TypedDict('DeliveryDetails', {
    'attempts': 'list[Attempt]',
    'delivery': 'Delivery',
})

DeliveryList = TypedDict('DeliveryList', {
    'deliveries': 'list[Delivery]',
    'next_cursor': 'str | None',
})

Error = TypedDict('Error', {
    'error': 'dict[str, Any]',
})

Event = TypedDict('Event', {
    'data': 'EventData',
    'invoice': 'Invoice | None',
    'sequence': 'int',
    'time': 'int',
    'timestamp': 'str',
    'type': 'str',
})

EventData = TypedDict('EventData', {
    'invoice': 'Invoice | None',
    'payout': 'Payout | None',
})

EventList = TypedDict('EventList', {
    'events': 'list[Event]',
    'more': 'bool',
    'next_after': 'int',
})

Hold = TypedDict('Hold', {
    'accepted_at': 'int | None',
    'decide_by_height': 'int | None',
    'decision': 'str | None',
    'held_msat': 'int | None',
    'on_deadline': 'str',
    'preimage': 'str',
})

Invoice = TypedDict('Invoice', {
    'amount': 'str | None',
    'amount_msat': 'Amount',
    'amount_received_msat': 'int | None',
    'bolt11': 'str | None',
    'cancelled_at': 'int | None',
    'channel': 'str | None',
    'created_at': 'int',
    'currency': 'str | None',
    'description': 'str',
    'discount': 'str | None',
    'expires_at': 'int',
    'hold': 'Hold | None',
    'label': 'str',
    'metadata': 'Any',
    'offer': 'OfferPayment | None',
    'order_id': 'str | None',
    'overpaid_msat': 'int',
    'paid_at': 'int | None',
    'payment_hash': 'str',
    'payment_proven_at': 'int | None',
    'rate': 'Rate | None',
    'receipt_number': 'str | None',
    'redirect_url': 'str | None',
    'refund': 'str',
    'refunded_msat': 'int',
    'renewal_of': 'str | None',
    'renewed_by': 'str | None',
    'stale_since': 'int | None',
    'status': 'str',
    'status_url': 'str',
    'tax': 'list[TaxLine]',
    'tip': 'str | None',
    'valuation': 'Valuation | None',
    'warnings': 'list[Warning]',
})

InvoiceList = TypedDict('InvoiceList', {
    'invoices': 'list[Invoice]',
    'next_cursor': 'str | None',
    'stale_since': 'int | None',
})

IssuedVouchers = TypedDict('IssuedVouchers', {
    'vouchers': 'list[Voucher]',
})

Item = TypedDict('Item', {
    'available': 'int | None',
    'bytes': 'int',
    'file_name': 'str | None',
    'hold': 'bool',
    'id': 'str',
    'kind': 'str',
    'origin': 'str',
    'price_msat': 'int',
    'reserved': 'int',
    'sold': 'int',
    'stock': 'int | None',
    'title': 'str',
})

ItemList = TypedDict('ItemList', {
    'items': 'list[Item]',
})

Link = TypedDict('Link', {
    'amount': 'str | None',
    'ask_mail': 'str',
    'ask_name': 'str',
    'ask_note': 'str',
    'available': 'int | None',
    'currency': 'str',
    'ends_at': 'int | None',
    'limit': 'int | None',
    'link': 'str',
    'lnurl': 'str | None',
    'max_amount': 'str | None',
    'max_pieces': 'int',
    'min_amount': 'str | None',
    'reserved': 'int',
    'sold': 'int',
    'status': 'str',
    'stopped_at': 'int | None',
    'text': 'str | None',
    'thanks': 'str | None',
    'title': 'str',
    'url': 'str',
})

LinkList = TypedDict('LinkList', {
    'links': 'list[Link]',
})

NewFile = TypedDict('NewFile', {
    'base64': 'str',
    'name': 'str',
})

NewInvoice = TypedDict('NewInvoice', {
    'amount': 'NotRequired[str]',
    'amount_msat': 'NotRequired[Amount]',
    'amount_sat': 'NotRequired[int]',
    'currency': 'NotRequired[str]',
    'description': 'NotRequired[str]',
    'discount': 'NotRequired[str]',
    'expiry': 'NotRequired[int | None]',
    'hold': 'NotRequired[bool]',
    'metadata': 'NotRequired[Any]',
    'order_id': 'NotRequired[str | None]',
    'payment_hash': 'NotRequired[str]',
    'redirect_url': 'NotRequired[str | None]',
    'tax': 'NotRequired[list[TaxLine]]',
    'tip': 'NotRequired[str]',
    'webhook': 'NotRequired[str | None]',
})

NewItem = TypedDict('NewItem', {
    'file': 'NotRequired[NewFile | None]',
    'hold': 'NotRequired[bool]',
    'price_msat': 'int',
    'stock': 'NotRequired[int | None]',
    'text': 'NotRequired[str | None]',
    'title': 'str',
    'word': 'NotRequired[str | None]',
})

NewLink = TypedDict('NewLink', {
    'amount': 'NotRequired[str | None]',
    'ask_mail': 'NotRequired[str]',
    'ask_name': 'NotRequired[str]',
    'ask_note': 'NotRequired[str]',
    'currency': 'NotRequired[str | None]',
    'ends_at': 'NotRequired[int | None]',
    'limit': 'NotRequired[int | None]',
    'max_amount': 'NotRequired[str | None]',
    'max_pieces': 'NotRequired[int | None]',
    'min_amount': 'NotRequired[str | None]',
    'text': 'NotRequired[str | None]',
    'thanks': 'NotRequired[str | None]',
    'title': 'str',
})

NewOffer = TypedDict('NewOffer', {
    'amount_msat': 'NotRequired[Amount]',
    'amount_sat': 'NotRequired[int]',
    'description': 'str',
    'issuer': 'NotRequired[str | None]',
})

NewPayout = TypedDict('NewPayout', {
    'amount': 'NotRequired[str | None]',
    'amount_msat': 'NotRequired[int | None]',
    'currency': 'NotRequired[str | None]',
    'destination': 'str',
    'expires_in': 'NotRequired[int | None]',
    'invoice': 'NotRequired[str | None]',
    'max_fee_msat': 'NotRequired[int | None]',
    'rate': 'NotRequired[str | None]',
    'reason': 'NotRequired[str | None]',
})

NewVouchers = TypedDict('NewVouchers', {
    'amount': 'NotRequired[str | None]',
    'amount_msat': 'NotRequired[int | None]',
    'count': 'NotRequired[int | None]',
    'currency': 'NotRequired[str | None]',
    'expires_in': 'NotRequired[int | None]',
    'invoice': 'NotRequired[str | None]',
    'max_fee_msat': 'NotRequired[int | None]',
    'rate': 'NotRequired[str | None]',
    'reason': 'NotRequired[str | None]',
})

NewWebhook = TypedDict('NewWebhook', {
    'types': 'NotRequired[list[EventType] | None]',
    'url': 'str',
})

Node = TypedDict('Node', {
    'alias': 'str | None',
    'block_height': 'int | None',
    'id': 'str | None',
    'network': 'str | None',
    'reachable': 'bool',
    'receivable_msat': 'int | None',
    'version': 'str | None',
})

Offer = TypedDict('Offer', {
    'amount_msat': 'Amount | None',
    'bolt12': 'str',
    'created_at': 'int',
    'description': 'str',
    'issuer': 'str | None',
    'offer_id': 'str',
    'page_url': 'str',
    'status': 'str',
})

OfferList = TypedDict('OfferList', {
    'offers': 'list[Offer]',
})

OfferPayment = TypedDict('OfferPayment', {
    'offer_id': 'str',
    'payer_note': 'str | None',
})

PayerPayout = TypedDict('PayerPayout', {
    'amount_msat': 'int | None',
    'approval_code': 'str | None',
    'asked_by': 'str',
    'code_refused': 'str | None',
    'created_at': 'int',
    'destination': 'str | None',
    'expires_at': 'int',
    'failure': 'PayoutFailure | None',
    'fee_msat': 'int | None',
    'id': 'str',
    'invoice': 'str | None',
    'kind': 'str',
    'max_fee_msat': 'int | None',
    'paid_at': 'int | None',
    'payer': 'str | None',
    'payment_hash': 'str | None',
    'preimage': 'str | None',
    'reason': 'str | None',
    'state': 'str',
    'updated_at': 'int',
    'waiting_for': 'str | None',
})

Payout = TypedDict('Payout', {
    'amount_msat': 'int | None',
    'asked_by': 'str',
    'code_refused': 'str | None',
    'created_at': 'int',
    'destination': 'str | None',
    'expires_at': 'int',
    'failure': 'PayoutFailure | None',
    'fee_msat': 'int | None',
    'id': 'str',
    'invoice': 'str | None',
    'kind': 'str',
    'max_fee_msat': 'int | None',
    'paid_at': 'int | None',
    'payer': 'str | None',
    'payment_hash': 'str | None',
    'preimage': 'str | None',
    'reason': 'str | None',
    'state': 'str',
    'updated_at': 'int',
    'waiting_for': 'str | None',
})

PayoutApproval = TypedDict('PayoutApproval', {
    'approval_code': 'NotRequired[str | None]',
})

PayoutBegin = TypedDict('PayoutBegin', {
    'bolt11': 'NotRequired[str | None]',
    'payer': 'str',
    'payment_hash': 'str',
})

PayoutFailure = TypedDict('PayoutFailure', {
    'code': 'str',
    'may_still_go_through': 'bool',
    'message': 'str',
})

PayoutList = TypedDict('PayoutList', {
    'next_cursor': 'str | None',
    'payouts': 'list[Payout]',
})

PayoutOutcome = TypedDict('PayoutOutcome', {
    'amount_msat': 'NotRequired[int | None]',
    'approval_code': 'NotRequired[str | None]',
    'code': 'NotRequired[str | None]',
    'fee_msat': 'NotRequired[int | None]',
    'message': 'NotRequired[str | None]',
    'payer': 'str',
    'preimage': 'NotRequired[str | None]',
    'state': 'PayoutOutcomeState',
})

PayoutWork = TypedDict('PayoutWork', {
    'payouts': 'list[PayerPayout]',
    'sequence': 'int',
})

PublicInvoice = TypedDict('PublicInvoice', {
    'amount': 'str | None',
    'amount_msat': 'Amount',
    'amount_received_msat': 'int | None',
    'bolt11': 'str | None',
    'created_at': 'int',
    'currency': 'str | None',
    'description': 'str',
    'expires_at': 'int',
    'label': 'str',
    'paid_at': 'int | None',
    'payment_hash': 'str',
    'payment_proven_at': 'int | None',
    'rate': 'Rate | None',
    'receipt_number': 'str | None',
    'refund': 'str',
    'refunded_msat': 'int',
    'renewed_by': 'str | None',
    'stale_since': 'int | None',
    'status': 'str',
    'status_url': 'str',
})

PublicItem = TypedDict('PublicItem', {
    'available': 'int | None',
    'bytes': 'int',
    'file_name': 'str | None',
    'id': 'str',
    'kind': 'str',
    'price_msat': 'int',
    'title': 'str',
})

PublicLink = TypedDict('PublicLink', {
    'amount': 'str | None',
    'ask_mail': 'str',
    'ask_name': 'str',
    'ask_note': 'str',
    'available': 'int | None',
    'currency': 'str',
    'ends_at': 'int | None',
    'link': 'str',
    'lnurl': 'str | None',
    'max_amount': 'str | None',
    'max_pieces': 'int',
    'min_amount': 'str | None',
    'status': 'str',
    'text': 'str | None',
    'title': 'str',
    'url': 'str',
})

Rate = TypedDict('Rate', {
    'at': 'int',
    'price': 'str',
    'source': 'str',
})

Redelivery = TypedDict('Redelivery', {
    'queued': 'int',
})

Refunds = TypedDict('Refunds', {
    'payouts': 'list[Payout]',
    'pending_msat': 'int',
    'received_msat': 'int',
    'refundable_msat': 'int',
    'refunded_msat': 'int',
    'vouchers': 'list[Voucher]',
})

Settle = TypedDict('Settle', {
    'preimage': 'NotRequired[str | None]',
})

StreamedEvent = TypedDict('StreamedEvent', {
    'data': 'str',
    'event': 'str',
    'id': 'str',
    'retry': 'int',
})

TaxLine = TypedDict('TaxLine', {
    'net': 'str',
    'rate': 'str',
    'tax': 'str',
})

Valuation = TypedDict('Valuation', {
    'amount': 'str',
    'currency': 'str',
    'filled_in_at': 'int | None',
    'rate': 'Rate',
})

Voucher = TypedDict('Voucher', {
    'amount_msat': 'int',
    'asked_by': 'str',
    'batch': 'str',
    'claimed_at': 'int | None',
    'created_at': 'int',
    'expires_at': 'int',
    'id': 'str',
    'invoice': 'str | None',
    'lnurl': 'str',
    'max_fee_msat': 'int | None',
    'number': 'int',
    'payout': 'str | None',
    'reason': 'str | None',
    'state': 'str',
    'url': 'str',
})

VoucherList = TypedDict('VoucherList', {
    'next_cursor': 'str | None',
    'vouchers': 'list[Voucher]',
})

Warning = TypedDict('Warning', {
    'code': 'str',
    'message': 'str',
})

Webhook = TypedDict('Webhook', {
    'created_at': 'int',
    'id': 'str',
    'state': 'WebhookState',
    'types': 'list[EventType] | None',
    'url': 'str',
})

WebhookChange = TypedDict('WebhookChange', {
    'state': 'NotRequired[WebhookSwitch]',
    'types': 'NotRequired[list[EventType] | None]',
    'url': 'NotRequired[str]',
})

WebhookData = TypedDict('WebhookData', {
    'invoice': 'Invoice | None',
    'payout': 'Payout | None',
})

WebhookEvent = TypedDict('WebhookEvent', {
    'data': 'WebhookData',
    'sequence': 'int | None',
    'timestamp': 'str',
    'type': 'str',
})

WebhookList = TypedDict('WebhookList', {
    'webhooks': 'list[Webhook]',
})

WebhookSecrets = TypedDict('WebhookSecrets', {
    'previous': 'str | None',
    'secret': 'str',
})

Amount: TypeAlias = 'int | str'
Details: TypeAlias = 'str'
EventType: TypeAlias = 'str'
PayoutOutcomeState: TypeAlias = 'str'
WebhookState: TypeAlias = 'str'
WebhookSwitch: TypeAlias = 'str'
