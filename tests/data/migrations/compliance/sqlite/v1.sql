PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE schema_migration (version integer not null primary key, name text not null, sha256 text not null, applied_at integer not null);
INSERT INTO schema_migration VALUES(1,'0001_init','b74ee272acd9e492ee69875aa1a879d9279353852a87f88119f1dbf77a7281bd',1767225600000000);
CREATE TABLE deployment (
    name  TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT deployment_pk PRIMARY KEY (name),
    CONSTRAINT deployment_name_ck CHECK (length(name) <= 64)
) STRICT, WITHOUT ROWID;
INSERT INTO deployment VALUES('pool_fqdn','pc.contoso.example');
CREATE TABLE chain_head (
    id              INTEGER NOT NULL,
    fencing_token   INTEGER NOT NULL,
    last_event_id   INTEGER NOT NULL,
    last_batch_id   INTEGER NOT NULL,
    last_batch_hash TEXT NOT NULL,
    CONSTRAINT chain_head_pk PRIMARY KEY (id),
    CONSTRAINT chain_head_id_ck CHECK (id = 1),
    CONSTRAINT chain_head_last_batch_hash_ck CHECK (length(last_batch_hash) = 64)
) STRICT;
INSERT INTO chain_head VALUES(1,3,2,1,'0000000000000000000000000000000000000000000000000000000000000005');
CREATE TABLE event (
    id          INTEGER NOT NULL,
    uuid        TEXT NOT NULL,
    origin_id   INTEGER NOT NULL,
    n           INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    seq         INTEGER NULL,
    room_uuid   TEXT NULL,
    user_uuid   TEXT NULL,
    kind        INTEGER NOT NULL,
    body        TEXT NOT NULL,
    CONSTRAINT event_pk PRIMARY KEY (id),
    CONSTRAINT event_uuid_uq UNIQUE (uuid),
    CONSTRAINT event_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT event_room_uuid_ck CHECK (length(room_uuid) = 36),
    CONSTRAINT event_user_uuid_ck CHECK (length(user_uuid) = 36),
    CONSTRAINT event_kind_ck CHECK (kind > 0)
) STRICT;
INSERT INTO event VALUES(1,'018f4e2a-7c00-7000-8000-000000000064',1,1,1767225600000000,1767225600000001,1,'018f4e2a-7c00-7000-8000-000000000028','018f4e2a-7c00-7000-8000-00000000000a',1,'{"text":"Zoë 😀: it''s; \"x\""}');
INSERT INTO event VALUES(2,'018f4e2a-7c00-7000-8000-000000000065',1,2,1767225600000000,1767225600000002,NULL,NULL,NULL,2,'{}');
CREATE TABLE batch (
    id             INTEGER NOT NULL,
    first_event_id INTEGER NOT NULL,
    last_event_id  INTEGER NOT NULL,
    event_count    INTEGER NOT NULL,
    prev_hash      TEXT NOT NULL,
    hash           TEXT NOT NULL,
    closed_at      INTEGER NOT NULL,
    pruned_at      INTEGER NULL,
    CONSTRAINT batch_pk PRIMARY KEY (id),
    CONSTRAINT batch_last_uq UNIQUE (last_event_id),
    CONSTRAINT batch_prev_hash_ck CHECK (length(prev_hash) = 64),
    CONSTRAINT batch_hash_ck CHECK (length(hash) = 64),
    CONSTRAINT batch_range_ck CHECK (event_count = last_event_id - first_event_id + 1)
) STRICT;
INSERT INTO batch VALUES(1,1,2,2,'0000000000000000000000000000000000000000000000000000000000000000','0000000000000000000000000000000000000000000000000000000000000005',1767225600000003,NULL);
CREATE TABLE origin_cursor (
    origin_id  INTEGER NOT NULL,
    n          INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT origin_cursor_pk PRIMARY KEY (origin_id)
) STRICT;
INSERT INTO origin_cursor VALUES(1,2,1767225600000000);
CREATE TABLE adapter_state (
    name          TEXT NOT NULL,
    last_batch_id INTEGER NOT NULL,
    state         INTEGER NOT NULL,
    try_count     INTEGER NOT NULL,
    next_try_at   INTEGER NULL,
    succeeded_at  INTEGER NULL,
    last_error    TEXT NULL,
    CONSTRAINT adapter_state_pk PRIMARY KEY (name),
    CONSTRAINT adapter_state_name_ck CHECK (length(name) <= 64),
    CONSTRAINT adapter_state_state_ck CHECK (state BETWEEN 1 AND 3),
    CONSTRAINT adapter_state_last_error_ck CHECK (length(last_error) <= 1000)
) STRICT, WITHOUT ROWID;
INSERT INTO adapter_state VALUES('xml',1,3,4,1767225600000009,NULL,'disk full: "/out"; 😀');
CREATE TABLE legal_hold (
    id          INTEGER NOT NULL,
    uuid        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    name        TEXT NOT NULL,
    reason      TEXT NOT NULL,
    from_at     INTEGER NULL,
    to_at       INTEGER NULL,
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
INSERT INTO legal_hold VALUES(1,'018f4e2a-7c00-7000-8000-0000000000c8','0000000000000000000000000000000000000000000000000000000000000009','Fall Müller 😀','it''s: "x"',NULL,1767225600000000,1767225600000000,'zoe@contoso.example',NULL,NULL);
CREATE TABLE legal_hold_target (
    hold_id     INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    target_uuid TEXT NOT NULL,
    CONSTRAINT legal_hold_target_pk PRIMARY KEY (hold_id, kind, target_uuid),
    CONSTRAINT legal_hold_target_hold_fk FOREIGN KEY (hold_id) REFERENCES legal_hold (id),
    CONSTRAINT legal_hold_target_kind_ck CHECK (kind BETWEEN 1 AND 4),
    CONSTRAINT legal_hold_target_target_uuid_ck CHECK (length(target_uuid) = 36)
) STRICT, WITHOUT ROWID;
INSERT INTO legal_hold_target VALUES(1,3,'018f4e2a-7c00-7000-8000-000000000028');
CREATE INDEX event_origin_ix ON event (origin_id, n);
CREATE INDEX event_at_ix ON event (at, id);
CREATE INDEX event_room_ix ON event (room_uuid, id) WHERE room_uuid IS NOT NULL;
CREATE INDEX event_user_ix ON event (user_uuid, id) WHERE user_uuid IS NOT NULL;
CREATE INDEX legal_hold_target_target_ix ON legal_hold_target (kind, target_uuid, hold_id);
COMMIT;
