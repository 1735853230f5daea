-- What the price of the request in another currency was fixed to (JSON): the same request gets the same amount when it comes
-- again. NULL: it has no such price.
ALTER TABLE idempotency_keys ADD COLUMN price TEXT;
