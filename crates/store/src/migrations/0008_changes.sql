-- A unit of work in one statement. Whoever inserts here writes an invoice (JSON), the event, unless its kind is NULL, and a
-- delivery to everyone that is to be told of it. `told`: whether there may be anyone.
CREATE VIEW changes AS SELECT kind, recorded_at, invoice, 0 AS told FROM events;

CREATE TRIGGER changes_written INSTEAD OF INSERT ON changes
BEGIN
    -- An invoice begins once. Nothing is written then, and whoever thought that it was new has to look first.
    SELECT raise(ABORT, 'the invoice is there already') WHERE NEW.kind = 'invoice.created'
        AND EXISTS (SELECT 1 FROM invoices WHERE label = NEW.invoice->>'label');
    INSERT INTO invoices (label, created_index, amount_msat, description, bolt11, payment_hash, created_at, expires_at, status,
        amount_received_msat, paid_at, pay_index, cancelled_at, order_id, metadata, redirect_url, quote_currency,
        quote_amount, renewal_of, warnings)
    VALUES (NEW.invoice->>'label', NEW.invoice->>'created_index', NEW.invoice->>'amount_msat', NEW.invoice->>'description',
        NEW.invoice->>'bolt11', NEW.invoice->>'payment_hash', NEW.invoice->>'created_at', NEW.invoice->>'expires_at',
        NEW.invoice->>'status', NEW.invoice->>'amount_received_msat', NEW.invoice->>'paid_at', NEW.invoice->>'pay_index',
        NEW.invoice->>'cancelled_at', NEW.invoice->>'order_id', NEW.invoice->>'metadata', NEW.invoice->>'redirect_url',
        NEW.invoice->>'quote_currency', NEW.invoice->>'quote_amount', NEW.invoice->>'renewal_of', NEW.invoice->>'warnings')
    ON CONFLICT (label) DO UPDATE SET status = excluded.status, amount_received_msat = excluded.amount_received_msat,
        paid_at = excluded.paid_at, pay_index = excluded.pay_index, cancelled_at = excluded.cancelled_at,
        order_id = excluded.order_id, metadata = excluded.metadata, redirect_url = excluded.redirect_url,
        quote_currency = excluded.quote_currency, quote_amount = excluded.quote_amount, warnings = excluded.warnings,
        renewal_of = excluded.renewal_of;
    INSERT INTO events (kind, label, recorded_at, invoice)
        SELECT NEW.kind, NEW.invoice->>'label', NEW.recorded_at, NEW.invoice WHERE NEW.kind IS NOT NULL;
    INSERT INTO deliveries (id, endpoint, receiver, sequence, state, next_attempt_at, created_at)
        SELECT 'msg_' || lower(hex(randomblob(16))), id, receiver, (SELECT max(sequence) FROM events), 'pending', 0,
            NEW.recorded_at
        FROM (
            -- Each by an index of its own: there is an endpoint for many an invoice.
            SELECT id, receiver, kinds FROM endpoints WHERE label IS NULL AND state = 'enabled'
            UNION ALL
            SELECT id, receiver, kinds FROM endpoints WHERE label = NEW.invoice->>'label' AND state = 'enabled'
        )
        WHERE NEW.told AND NEW.kind IS NOT NULL AND (kinds IS NULL OR NEW.kind IN (SELECT value FROM json_each(kinds)));
END;
