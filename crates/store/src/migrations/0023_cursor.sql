-- How far the node's invoices are in the rows below, in its back end's own terms: for Core Lightning the `updated` and the
-- `created` index. NULL: nothing was read yet.
ALTER TABLE nodes ADD COLUMN cursor TEXT;
UPDATE nodes SET cursor = updated_index || ' ' || created_index;
ALTER TABLE nodes DROP COLUMN updated_index;
ALTER TABLE nodes DROP COLUMN created_index;
