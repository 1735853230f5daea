-- What strangers made and nobody paid: by the form, and by wallets that asked a Lightning Address.
DROP INDEX invoices_to_forget;
CREATE INDEX invoices_to_forget ON invoices (expires_at) WHERE status = 'expired' AND channel IN ('form', 'lnurl');
