-- Devices at which a cashier signs in by a PIN. A browser that several cashiers share has a row for each of them.
CREATE TABLE devices (
    -- A public name, to revoke it by.
    id TEXT NOT NULL PRIMARY KEY,
    -- SHA-256 of what is in the browser's cookie.
    hash BLOB NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    -- Argon2id, as a PHC string.
    pin TEXT NOT NULL,
    -- Tries since the last right PIN.
    failures BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- When somebody last signed in at it.
    used_at BIGINT NOT NULL,
    -- Where it was paired from, and the browser, as that says.
    address TEXT NOT NULL,
    agent TEXT NOT NULL
) WITHOUT ROWID;

CREATE UNIQUE INDEX devices_hash ON devices (hash, user_id);
CREATE INDEX devices_user ON devices (user_id);

-- One-time links by which a device becomes one of these, at most one for each user.
CREATE TABLE device_links (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id),
    hash BLOB NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;

-- The device at which a session began by a PIN. NULL: it began by a password.
ALTER TABLE sessions ADD COLUMN device TEXT REFERENCES devices (id);

CREATE INDEX sessions_device ON sessions (device);
