-- Whom to tell what happens. Times in seconds since 1970, but for attempts: those are in milliseconds.

CREATE TABLE endpoints (
    id TEXT NOT NULL PRIMARY KEY,
    -- The one invoice that it is told about. NULL: all.
    label TEXT,
    url TEXT NOT NULL,
    -- The url's host and port.
    receiver TEXT NOT NULL,
    format TEXT NOT NULL,
    -- The names of the events that it is told, as a JSON array. NULL: all.
    kinds TEXT,
    state TEXT NOT NULL CHECK (state IN ('enabled', 'disabled', 'gone')),
    created_at BIGINT NOT NULL
);

-- Both are asked at every event.
CREATE INDEX endpoints_of_all ON endpoints (created_at, id) WHERE label IS NULL;
CREATE INDEX endpoints_of_one ON endpoints (label) WHERE label IS NOT NULL;

-- What deliveries are signed with.
CREATE TABLE secrets (
    -- An endpoint's id, or 'invoices' for all endpoints of one invoice.
    owner TEXT NOT NULL PRIMARY KEY,
    current TEXT NOT NULL,
    -- The one before, valid until then.
    previous TEXT,
    previous_until BIGINT,
    CHECK ((previous IS NULL) = (previous_until IS NULL))
);

CREATE TABLE deliveries (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The webhook-id.
    id TEXT NOT NULL UNIQUE,
    endpoint TEXT NOT NULL,
    receiver TEXT NOT NULL,
    -- The event. NULL: a test.
    sequence BIGINT,
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'failed', 'dropped')),
    attempts BIGINT NOT NULL DEFAULT 0,
    -- How far it is in the schedule: attempts since it was last asked for.
    step BIGINT NOT NULL DEFAULT 0,
    next_attempt_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (endpoint, sequence)
);

CREATE INDEX deliveries_listed ON deliveries (endpoint, place);
-- What is due, receiver by receiver.
CREATE INDEX deliveries_due ON deliveries (receiver, next_attempt_at, place) WHERE state = 'pending';
CREATE INDEX deliveries_pending ON deliveries (endpoint) WHERE state = 'pending';
CREATE INDEX deliveries_old ON deliveries (created_at) WHERE state <> 'pending';

CREATE TABLE attempts (
    delivery BIGINT NOT NULL REFERENCES deliveries (place) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    duration BIGINT NOT NULL,
    -- What was answered, or why nothing was.
    status BIGINT,
    failure TEXT,
    excerpt TEXT NOT NULL,
    PRIMARY KEY (delivery, number),
    CHECK ((status IS NULL) <> (failure IS NULL))
);
