-- What sales were worth: a day's sum is read from the index alone, and an amount in a currency is found by one.
DROP INDEX invoices_paid;
CREATE INDEX invoices_paid ON invoices (paid_at, label, channel, amount_received_msat, quote_currency, paid_fiat) WHERE status = 'paid';

-- In the smallest coin: a worth is stored with all decimals of its currency.
CREATE INDEX invoices_worth ON invoices (quote_currency, CAST(replace(paid_fiat, '.', '') AS BIGINT))
    WHERE status = 'paid' AND paid_fiat IS NOT NULL;
