-- SPDX-License-Identifier: Apache-2.0
-- Compliance database, version 1. The same tables, columns and names in every dialect:
-- docs/DATABASE.md says why. Times are microseconds since 1970 (UTC).
--
-- PostgreSQL 13 or newer, database encoding UTF8. Keys are VARCHAR, not CHAR: compared with a text
-- parameter, CHAR casts the column and loses its index. COLLATE "C" is byte order.

-- What this archive belongs to: facts by name (pool_uuid, pool_fqdn, created_at, ...).
CREATE TABLE deployment (
    name  VARCHAR(64) COLLATE "C" NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT deployment_pk PRIMARY KEY (name)
);

-- One row, id 1. Every transaction of a shipper updates it first, `where fencing_token <= ?`: that
-- numbers the events without a gap, and a shipper whose lease was taken over fails here.
CREATE TABLE chain_head (
    id              SMALLINT NOT NULL,
    fencing_token   BIGINT NOT NULL,
    last_event_id   BIGINT NOT NULL,
    last_batch_id   BIGINT NOT NULL,
    last_batch_hash VARCHAR(64) COLLATE "C" NOT NULL, -- 64 zeros before the first batch
    CONSTRAINT chain_head_pk PRIMARY KEY (id),
    CONSTRAINT chain_head_id_ck CHECK (id = 1),
    CONSTRAINT chain_head_last_batch_hash_ck CHECK (length(last_batch_hash) = 64)
) WITH (fillfactor = 50);

-- What happened, complete in itself: names as they were, no id that needs the content database.
CREATE TABLE event (
    id          BIGINT NOT NULL, -- 1, 2, 3 without gaps, in order of arrival
    -- made by the origin; a second arrival is dropped by it
    uuid        VARCHAR(36) COLLATE "C" NOT NULL,
    origin_id   BIGINT NOT NULL,
    n           BIGINT NOT NULL, -- the origin's own number
    at          BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    seq         BIGINT NULL, -- of a message
    room_uuid   VARCHAR(36) COLLATE "C" NULL,
    user_uuid   VARCHAR(36) COLLATE "C" NULL, -- who did it
    -- 1 chat, 2 join, 3 part, 4 history, 5 search, 6 upload, 7 download, 8 removal, 9 replacement,
    -- 10 clear; grows
    kind        SMALLINT NOT NULL,
    body        TEXT NOT NULL, -- JSON, byte for byte what the hash covers
    CONSTRAINT event_pk PRIMARY KEY (id),
    CONSTRAINT event_uuid_uq UNIQUE (uuid),
    CONSTRAINT event_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT event_room_uuid_ck CHECK (length(room_uuid) = 36),
    CONSTRAINT event_user_uuid_ck CHECK (length(user_uuid) = 36),
    CONSTRAINT event_kind_ck CHECK (kind > 0)
);
CREATE INDEX event_origin_ix ON event (origin_id, n);
CREATE INDEX event_at_ix ON event (at, id);
CREATE INDEX event_room_ix ON event (room_uuid, id) WHERE room_uuid IS NOT NULL;
CREATE INDEX event_user_ix ON event (user_uuid, id) WHERE user_uuid IS NOT NULL;

-- The hash chain. A batch is a range of events: no event is written again when it closes.
CREATE TABLE batch (
    id             BIGINT NOT NULL, -- 1, 2, 3 without gaps
    first_event_id BIGINT NOT NULL,
    last_event_id  BIGINT NOT NULL,
    event_count    INTEGER NOT NULL,
    prev_hash      VARCHAR(64) COLLATE "C" NOT NULL,
    hash           VARCHAR(64) COLLATE "C" NOT NULL, -- over prev_hash and the events' bytes
    closed_at      BIGINT NOT NULL,
    -- its events were deleted by retention; the row stays, so that the chain does
    pruned_at      BIGINT NULL,
    CONSTRAINT batch_pk PRIMARY KEY (id),
    CONSTRAINT batch_last_uq UNIQUE (last_event_id),
    CONSTRAINT batch_prev_hash_ck CHECK (length(prev_hash) = 64),
    CONSTRAINT batch_hash_ck CHECK (length(hash) = 64),
    CONSTRAINT batch_range_ck CHECK (event_count = last_event_id - first_event_id + 1)
);

-- Up to which number each origin's outbox has arrived.
CREATE TABLE origin_cursor (
    origin_id  BIGINT NOT NULL,
    n          BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT origin_cursor_pk PRIMARY KEY (origin_id)
) WITH (fillfactor = 50);

-- Up to which batch each adapter has acknowledged.
CREATE TABLE adapter_state (
    name          VARCHAR(64) COLLATE "C" NOT NULL,
    last_batch_id BIGINT NOT NULL,
    state         SMALLINT NOT NULL, -- 1 idle, 2 running, 3 failing
    try_count     INTEGER NOT NULL,
    next_try_at   BIGINT NULL,
    succeeded_at  BIGINT NULL,
    last_error    VARCHAR(1000) NULL,
    CONSTRAINT adapter_state_pk PRIMARY KEY (name),
    CONSTRAINT adapter_state_state_ck CHECK (state BETWEEN 1 AND 3)
) WITH (fillfactor = 50);

-- Legal holds: while one is in force, nothing it covers may be cleared, removed or pruned.
CREATE TABLE legal_hold (
    id          BIGINT NOT NULL,
    uuid        VARCHAR(36) COLLATE "C" NOT NULL,
    name_key    VARCHAR(64) COLLATE "C" NOT NULL,
    name        VARCHAR(256) NOT NULL,
    reason      VARCHAR(1000) NOT NULL,
    from_at     BIGINT NULL, -- none: from the beginning
    to_at       BIGINT NULL, -- none: what is still to come as well
    created_at  BIGINT NOT NULL,
    created_by  VARCHAR(384) NOT NULL,
    released_at BIGINT NULL,
    released_by VARCHAR(384) NULL,
    CONSTRAINT legal_hold_pk PRIMARY KEY (id),
    CONSTRAINT legal_hold_uuid_uq UNIQUE (uuid),
    CONSTRAINT legal_hold_name_uq UNIQUE (name_key),
    CONSTRAINT legal_hold_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT legal_hold_name_key_ck CHECK (length(name_key) = 64)
);

-- What a hold covers.
CREATE TABLE legal_hold_target (
    hold_id     BIGINT NOT NULL,
    kind        SMALLINT NOT NULL, -- 1 everything, 2 category, 3 room, 4 user
    target_uuid VARCHAR(36) COLLATE "C" NOT NULL, -- of the pool for everything
    CONSTRAINT legal_hold_target_pk PRIMARY KEY (hold_id, kind, target_uuid),
    CONSTRAINT legal_hold_target_hold_fk FOREIGN KEY (hold_id) REFERENCES legal_hold (id),
    CONSTRAINT legal_hold_target_kind_ck CHECK (kind BETWEEN 1 AND 4),
    CONSTRAINT legal_hold_target_target_uuid_ck CHECK (length(target_uuid) = 36)
);
CREATE INDEX legal_hold_target_target_ix ON legal_hold_target (kind, target_uuid, hold_id);
