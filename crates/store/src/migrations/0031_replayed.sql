-- Whether somebody asked for the delivery once more: the receiver is told so.
ALTER TABLE deliveries ADD COLUMN replayed INTEGER NOT NULL DEFAULT 0;
