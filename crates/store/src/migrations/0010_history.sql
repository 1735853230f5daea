-- What the node's last updates were and how many deletions it had when that was written down (JSON), to tell a node that
-- went on from one that was put back. NULL: not known.
ALTER TABLE nodes ADD COLUMN history TEXT;

-- When it became certain that an invoice was paid although the node does not have the payment.
ALTER TABLE invoices ADD COLUMN payment_proven_at BIGINT;

-- For looking after what can still be paid, in the order in which the node lists it.
CREATE INDEX invoices_open_made ON invoices (created_index, label) WHERE status = 'unpaid';
