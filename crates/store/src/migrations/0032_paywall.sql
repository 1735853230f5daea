-- Payments that let somebody in once, by the paywall's scheme "Payment".
CREATE TABLE paywall_uses (
    payment_hash TEXT PRIMARY KEY,
    -- After this it could not be used anyway.
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE INDEX paywall_uses_expiry ON paywall_uses (expires_at);

-- What strangers made and nobody paid is forgotten, whichever way they took.
DROP INDEX invoices_to_forget;
CREATE INDEX invoices_to_forget ON invoices (expires_at) WHERE status = 'expired' AND channel IN ('form', 'lnurl', 'reveal', 'paywall');
