-- API tokens. Of the text only a hash is kept.
CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- Names of scopes, spaces between them.
    scopes TEXT NOT NULL,
    -- SHA-256.
    hash BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
