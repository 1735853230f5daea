-- How the price of a sale is made up: taxes, tip, discount (JSON). NULL: the shop did not say.
ALTER TABLE invoices ADD COLUMN breakdown TEXT;
