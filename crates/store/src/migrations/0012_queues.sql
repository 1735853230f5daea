-- Deliveries wait in queues, one for each receiver, so that a crowd of receivers that hang keeps nobody else waiting, and
-- costs nothing to pass over.

-- The API token with which an invoice's own address was named. NULL: none.
ALTER TABLE endpoints ADD COLUMN token TEXT;

-- Copied from the endpoint: whether it is one for all invoices (1) or for one (0), and its token.
ALTER TABLE deliveries ADD COLUMN shop INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN token TEXT;
-- What went wrong at the last attempt. NULL: nothing, or there was none.
ALTER TABLE deliveries ADD COLUMN failure TEXT;

UPDATE deliveries SET shop = 1 WHERE endpoint IN (SELECT id FROM endpoints WHERE label IS NULL);

DROP INDEX deliveries_due;
CREATE INDEX deliveries_due ON deliveries (shop, receiver, next_attempt_at, place) WHERE state = 'pending';
CREATE INDEX deliveries_of_token ON deliveries (token) WHERE state = 'pending' AND token IS NOT NULL;

CREATE TABLE queues (
    shop INTEGER NOT NULL,
    receiver TEXT NOT NULL,
    -- How the last attempt there went.
    standing TEXT NOT NULL DEFAULT 'new' CHECK (standing IN ('new', 'sound', 'failing')),
    -- When that began, in milliseconds since 1970.
    attempted_at BIGINT NOT NULL DEFAULT 0,
    -- When the next one is due, in milliseconds since 1970, 0 at once, not before the last one began: so those that wait for one
    -- take turns. NULL: nothing waits.
    due_at BIGINT,
    -- The delivery that is due first.
    place BIGINT,
    PRIMARY KEY (shop, receiver)
) WITHOUT ROWID;

CREATE INDEX queues_due ON queues (shop, standing, due_at, place) WHERE due_at IS NOT NULL;
CREATE INDEX queues_empty ON queues (attempted_at) WHERE due_at IS NULL;

INSERT INTO queues (shop, receiver, due_at, place)
    SELECT shop, receiver, min(next_attempt_at), min(place) FROM deliveries WHERE state = 'pending' GROUP BY shop, receiver;

CREATE TRIGGER deliveries_inserted AFTER INSERT ON deliveries
BEGIN
    UPDATE deliveries SET shop = coalesce((SELECT label IS NULL FROM endpoints WHERE id = NEW.endpoint), 0),
        token = (SELECT token FROM endpoints WHERE id = NEW.endpoint)
        WHERE place = NEW.place;
END;

-- What is first in a queue changed: both that it was in and that it is in.
CREATE TRIGGER deliveries_moved AFTER UPDATE OF state, next_attempt_at, receiver, shop ON deliveries
BEGIN
    INSERT INTO queues (shop, receiver, due_at, place)
        SELECT shop, receiver, next_attempt_at, place FROM deliveries
        WHERE state = 'pending' AND shop = NEW.shop AND receiver = NEW.receiver
        ORDER BY next_attempt_at, place LIMIT 1
    ON CONFLICT (shop, receiver) DO UPDATE SET due_at = max(excluded.due_at, attempted_at), place = excluded.place;
    UPDATE queues SET (due_at, place) = (
            SELECT max(next_attempt_at, attempted_at), place FROM deliveries
            WHERE state = 'pending' AND shop = OLD.shop AND receiver = OLD.receiver
            ORDER BY next_attempt_at, place LIMIT 1)
        WHERE shop = OLD.shop AND receiver = OLD.receiver;
END;
