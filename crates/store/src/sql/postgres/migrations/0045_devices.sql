-- Devices at which a cashier signs in by a PIN. A browser that several cashiers share has a row for each of them.
CREATE TABLE devices (
    -- A public name, to revoke it by.
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    -- SHA-256 of what is in the browser's cookie.
    hash bytea NOT NULL,
    user_id text COLLATE "C" NOT NULL REFERENCES users (id),
    -- Argon2id, as a PHC string.
    pin text COLLATE "C" NOT NULL,
    -- Tries since the last right PIN.
    failures bigint NOT NULL,
    created_at bigint NOT NULL,
    -- When somebody last signed in at it.
    used_at bigint NOT NULL,
    -- Where it was paired from, and the browser, as that says.
    address text COLLATE "C" NOT NULL,
    agent text COLLATE "C" NOT NULL
);

CREATE UNIQUE INDEX devices_hash ON devices (hash, user_id);
CREATE INDEX devices_user ON devices (user_id);

-- One-time links by which a device becomes one of these, at most one for each user.
CREATE TABLE device_links (
    user_id text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES users (id),
    hash bytea NOT NULL UNIQUE,
    expires_at bigint NOT NULL
);

-- The device at which a session began by a PIN. NULL: it began by a password.
ALTER TABLE sessions ADD COLUMN device text COLLATE "C" REFERENCES devices (id);

CREATE INDEX sessions_device ON sessions (device);
