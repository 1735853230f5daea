-- The merchant's desk: users, their sessions, and what they did.
CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    -- In small letters.
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    -- Argon2id, as a PHC string. NULL: the one-time link was not used yet.
    password TEXT,
    -- The secret of an authenticator app, in base32. NULL: there is no second factor.
    totp_secret TEXT,
    -- The half minute of the last code that was used: none is good twice.
    totp_step BIGINT,
    created_at BIGINT NOT NULL,
    removed_at BIGINT,
    shop_id TEXT
);

CREATE UNIQUE INDEX users_name ON users (name) WHERE removed_at IS NULL;

-- Codes that stand in for the authenticator app, each once. Of the text only a hash is kept.
CREATE TABLE recovery_codes (
    hash BLOB NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id)
) WITHOUT ROWID;

CREATE INDEX recovery_codes_user ON recovery_codes (user_id);

-- One-time links for setting a password, at most one for each user.
CREATE TABLE invitations (
    hash BLOB NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL UNIQUE REFERENCES users (id),
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE sessions (
    -- A public name, to end it by.
    id TEXT NOT NULL PRIMARY KEY,
    -- SHA-256 of what is in the cookie.
    hash BLOB NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Who did what. Rows are never changed.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    user_id TEXT,
    -- The name at that time. NULL: nobody who is known.
    actor TEXT,
    address TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    shop_id TEXT
);
