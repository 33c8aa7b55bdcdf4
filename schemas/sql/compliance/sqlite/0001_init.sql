-- SPDX-License-Identifier: Apache-2.0
-- Compliance database, version 1. The same tables, columns and names in every dialect:
-- docs/DATABASE.md says why. Times are microseconds since 1970 (UTC).
--
-- SQLite 3.37 or newer. STRICT makes the engine check the types, and length() counts code points.
-- Foreign keys are checked where the connection says PRAGMA foreign_keys = ON.

-- What this archive belongs to: facts by name (pool_uuid, pool_fqdn, created_at, ...).
CREATE TABLE deployment (
    name  TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT deployment_pk PRIMARY KEY (name),
    CONSTRAINT deployment_name_ck CHECK (length(name) <= 64)
) STRICT, WITHOUT ROWID;

-- One row, id 1. Every transaction of a shipper updates it first, `where fencing_token <= ?`: that
-- numbers the events without a gap, and a shipper whose lease was taken over fails here.
CREATE TABLE chain_head (
    id              INTEGER NOT NULL,
    fencing_token   INTEGER NOT NULL,
    last_event_id   INTEGER NOT NULL,
    last_batch_id   INTEGER NOT NULL,
    last_batch_hash TEXT NOT NULL, -- 64 zeros before the first batch
    CONSTRAINT chain_head_pk PRIMARY KEY (id),
    CONSTRAINT chain_head_id_ck CHECK (id = 1),
    CONSTRAINT chain_head_last_batch_hash_ck CHECK (length(last_batch_hash) = 64)
) STRICT;

-- What happened, complete in itself: names as they were, no id that needs the content database.
CREATE TABLE event (
    id          INTEGER NOT NULL, -- 1, 2, 3 without gaps, in order of arrival
    uuid        TEXT NOT NULL, -- made by the origin; a second arrival is dropped by it
    origin_id   INTEGER NOT NULL,
    n           INTEGER NOT NULL, -- the origin's own number
    at          INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    seq         INTEGER NULL, -- of a message
    room_uuid   TEXT NULL,
    user_uuid   TEXT NULL, -- who did it
    -- 1 chat, 2 join, 3 part, 4 history, 5 search, 6 upload, 7 download, 8 removal, 9 replacement,
    -- 10 clear; grows
    kind        INTEGER NOT NULL,
    body        TEXT NOT NULL, -- JSON, byte for byte what the hash covers
    CONSTRAINT event_pk PRIMARY KEY (id),
    CONSTRAINT event_uuid_uq UNIQUE (uuid),
    CONSTRAINT event_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT event_room_uuid_ck CHECK (length(room_uuid) = 36),
    CONSTRAINT event_user_uuid_ck CHECK (length(user_uuid) = 36),
    CONSTRAINT event_kind_ck CHECK (kind > 0)
) STRICT;
CREATE INDEX event_origin_ix ON event (origin_id, n);
CREATE INDEX event_at_ix ON event (at, id);
CREATE INDEX event_room_ix ON event (room_uuid, id) WHERE room_uuid IS NOT NULL;
CREATE INDEX event_user_ix ON event (user_uuid, id) WHERE user_uuid IS NOT NULL;

-- The hash chain. A batch is a range of events: no event is written again when it closes.
CREATE TABLE batch (
    id             INTEGER NOT NULL, -- 1, 2, 3 without gaps
    first_event_id INTEGER NOT NULL,
    last_event_id  INTEGER NOT NULL,
    event_count    INTEGER NOT NULL,
    prev_hash      TEXT NOT NULL,
    hash           TEXT NOT NULL, -- over prev_hash and the events' bytes
    closed_at      INTEGER NOT NULL,
    -- its events were deleted by retention; the row stays, so that the chain does
    pruned_at      INTEGER NULL,
    CONSTRAINT batch_pk PRIMARY KEY (id),
    CONSTRAINT batch_last_uq UNIQUE (last_event_id),
    CONSTRAINT batch_prev_hash_ck CHECK (length(prev_hash) = 64),
    CONSTRAINT batch_hash_ck CHECK (length(hash) = 64),
    CONSTRAINT batch_range_ck CHECK (event_count = last_event_id - first_event_id + 1)
) STRICT;

-- Up to which number each origin's outbox has arrived.
CREATE TABLE origin_cursor (
    origin_id  INTEGER NOT NULL,
    n          INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT origin_cursor_pk PRIMARY KEY (origin_id)
) STRICT;

-- Up to which batch each adapter has acknowledged.
CREATE TABLE adapter_state (
    name          TEXT NOT NULL,
    last_batch_id INTEGER NOT NULL,
    state         INTEGER NOT NULL, -- 1 idle, 2 running, 3 failing
    try_count     INTEGER NOT NULL,
    next_try_at   INTEGER NULL,
    succeeded_at  INTEGER NULL,
    last_error    TEXT NULL,
    CONSTRAINT adapter_state_pk PRIMARY KEY (name),
    CONSTRAINT adapter_state_name_ck CHECK (length(name) <= 64),
    CONSTRAINT adapter_state_state_ck CHECK (state BETWEEN 1 AND 3),
    CONSTRAINT adapter_state_last_error_ck CHECK (length(last_error) <= 1000)
) STRICT, WITHOUT ROWID;

-- Legal holds: while one is in force, nothing it covers may be cleared, removed or pruned.
CREATE TABLE legal_hold (
    id          INTEGER NOT NULL,
    uuid        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    name        TEXT NOT NULL,
    reason      TEXT NOT NULL,
    from_at     INTEGER NULL, -- none: from the beginning
    to_at       INTEGER NULL, -- none: what is still to come as well
    created_at  INTEGER NOT NULL,
    created_by  TEXT NOT NULL,
    released_at INTEGER NULL,
    released_by TEXT NULL,
    CONSTRAINT legal_hold_pk PRIMARY KEY (id),
    CONSTRAINT legal_hold_uuid_uq UNIQUE (uuid),
    CONSTRAINT legal_hold_name_uq UNIQUE (name_key),
    CONSTRAINT legal_hold_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT legal_hold_name_key_ck CHECK (length(name_key) = 64),
    CONSTRAINT legal_hold_name_ck CHECK (length(name) <= 256),
    CONSTRAINT legal_hold_reason_ck CHECK (length(reason) <= 1000),
    CONSTRAINT legal_hold_created_by_ck CHECK (length(created_by) <= 384),
    CONSTRAINT legal_hold_released_by_ck CHECK (length(released_by) <= 384)
) STRICT;

-- What a hold covers.
CREATE TABLE legal_hold_target (
    hold_id     INTEGER NOT NULL,
    kind        INTEGER NOT NULL, -- 1 everything, 2 category, 3 room, 4 user
    target_uuid TEXT NOT NULL, -- of the pool for everything
    CONSTRAINT legal_hold_target_pk PRIMARY KEY (hold_id, kind, target_uuid),
    CONSTRAINT legal_hold_target_hold_fk FOREIGN KEY (hold_id) REFERENCES legal_hold (id),
    CONSTRAINT legal_hold_target_kind_ck CHECK (kind BETWEEN 1 AND 4),
    CONSTRAINT legal_hold_target_target_uuid_ck CHECK (length(target_uuid) = 36)
) STRICT, WITHOUT ROWID;
CREATE INDEX legal_hold_target_target_ix ON legal_hold_target (kind, target_uuid, hold_id);
