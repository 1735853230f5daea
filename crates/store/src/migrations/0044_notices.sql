-- Notices: rules of who is told what, and what is on its way.
CREATE TABLE notice_rules (
    -- In the order in which they were made. No number is given twice.
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    -- What an ntfy server asks for. NULL: nothing.
    token TEXT,
    -- The rule's cursor: the number of the last event whose notice is written.
    read_up_to BIGINT NOT NULL,
    -- Of a condition: since when it holds, as was told. NULL: it does not, or that was not told.
    told_since BIGINT,
    -- Why the last attempt failed, what the server answered, and when. NULL: it did not fail.
    failure TEXT,
    answer TEXT,
    failed_at BIGINT,
    created_at BIGINT NOT NULL,
    -- For what comes. NULL: the only shop that there is.
    shop_id TEXT
);

CREATE TABLE notices (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    rule BIGINT NOT NULL REFERENCES notice_rules (number),
    -- The event of the log that it is about. NULL: it is about none.
    sequence BIGINT,
    -- Of a condition: whether it began or is over. NULL: it is about something that happened.
    turn TEXT,
    detail TEXT NOT NULL,
    -- waiting, sent or failed.
    state TEXT NOT NULL,
    -- What the server answered when it was given up.
    answer TEXT,
    created_at BIGINT NOT NULL
);

CREATE INDEX notices_of_rule ON notices (rule, state, number);
CREATE INDEX notices_done ON notices (created_at) WHERE state <> 'waiting';
