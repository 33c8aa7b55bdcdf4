-- SPDX-License-Identifier: Apache-2.0
-- Content database, version 1. The same tables, columns and names in every dialect:
-- docs/DATABASE.md says why. Times are microseconds since 1970 (UTC).
--
-- PostgreSQL 13 or newer, database encoding UTF8. Keys are VARCHAR, not CHAR: compared with a text
-- parameter, CHAR casts the column and loses its index. COLLATE "C" is byte order.

-- What the deployment is: facts by name (pool_uuid, pool_fqdn, created_at, incarnation, ...).
CREATE TABLE deployment (
    name  VARCHAR(64) COLLATE "C" NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT deployment_pk PRIMARY KEY (name)
);

-- Where the next free ids begin. A process takes a block of thousands with one UPDATE and hands ids
-- out of it; a block that a crash loses is not missed.
CREATE TABLE id_block (
    name    VARCHAR(32) COLLATE "C" NOT NULL,
    next_id BIGINT NOT NULL,
    CONSTRAINT id_block_pk PRIMARY KEY (name),
    CONSTRAINT id_block_next_id_ck CHECK (next_id > 0)
);

-- The servers of the pool. `epoch` rises whenever a server starts or is fenced; log_n and outbox_n
-- are the last numbers it has written to origin_log and compliance_outbox. Every commit of a server
-- raises log_n `where id = ? and epoch = ?`: numbering and fencing are one statement.
CREATE TABLE server (
    id            BIGINT NOT NULL,
    uuid          VARCHAR(36) COLLATE "C" NOT NULL,
    fqdn          VARCHAR(255) COLLATE "C" NOT NULL, -- lower case
    addresses     VARCHAR(2000) NOT NULL, -- JSON list
    version       VARCHAR(64) COLLATE "C" NOT NULL,
    state         SMALLINT NOT NULL, -- 1 standby, 2 active, 3 draining, 4 stopped, 5 removed
    epoch         BIGINT NOT NULL,
    log_n         BIGINT NOT NULL,
    outbox_n      BIGINT NOT NULL,
    session_count INTEGER NOT NULL,
    load_permille INTEGER NOT NULL,
    started_at    BIGINT NOT NULL,
    heartbeat_at  BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL, -- database clock; past it the server counts as lost
    CONSTRAINT server_pk PRIMARY KEY (id),
    CONSTRAINT server_uuid_uq UNIQUE (uuid),
    CONSTRAINT server_fqdn_uq UNIQUE (fqdn),
    CONSTRAINT server_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT server_state_ck CHECK (state BETWEEN 1 AND 5)
) WITH (fillfactor = 50);

-- Who may do what only one may do at a time. The token rises with every new owner.
CREATE TABLE lease (
    name          VARCHAR(64) COLLATE "C" NOT NULL,
    owner_id      BIGINT NULL, -- server.id, or none when pchatctl holds it
    owner_name    VARCHAR(256) NOT NULL,
    fencing_token BIGINT NOT NULL,
    acquired_at   BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL, -- database clock
    CONSTRAINT lease_pk PRIMARY KEY (name)
) WITH (fillfactor = 50);

-- What each server changed, in its own order: one row per commit. One writer per origin.
CREATE TABLE origin_log (
    origin_id BIGINT NOT NULL,
    n         BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    kind      SMALLINT NOT NULL, -- grows with the program: server/service names the values
    body      TEXT NOT NULL, -- JSON
    CONSTRAINT origin_log_pk PRIMARY KEY (origin_id, n),
    CONSTRAINT origin_log_kind_ck CHECK (kind > 0)
);

CREATE TABLE topology_version (
    version      BIGINT NOT NULL,
    document     TEXT NOT NULL, -- YAML as published
    sha256       VARCHAR(64) COLLATE "C" NOT NULL,
    published_at BIGINT NOT NULL,
    published_by VARCHAR(384) NOT NULL,
    comment      VARCHAR(256) NOT NULL,
    CONSTRAINT topology_version_pk PRIMARY KEY (version),
    CONSTRAINT topology_version_sha256_ck CHECK (length(sha256) = 64)
);

-- Effective configuration is whole objects: service before site before global.
CREATE TABLE config_object (
    kind       SMALLINT NOT NULL, -- 1 chat, 2 compliance
    scope      SMALLINT NOT NULL, -- 1 global, 2 site, 3 service
    scope_key  VARCHAR(64) COLLATE "C" NOT NULL, -- of scope_name
    scope_name VARCHAR(256) NOT NULL, -- empty for global
    body       TEXT NOT NULL, -- JSON
    revision   BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by BIGINT NOT NULL,
    CONSTRAINT config_object_pk PRIMARY KEY (kind, scope, scope_key),
    CONSTRAINT config_object_kind_ck CHECK (kind BETWEEN 1 AND 2),
    CONSTRAINT config_object_scope_ck CHECK (scope BETWEEN 1 AND 3),
    CONSTRAINT config_object_scope_key_ck CHECK (length(scope_key) = 64)
);

CREATE TABLE policy (
    id          BIGINT NOT NULL,
    scope       SMALLINT NOT NULL, -- 1 global, 2 site, 3 tag
    name_key    VARCHAR(64) COLLATE "C" NOT NULL,
    name        VARCHAR(256) NOT NULL, -- site or tag; empty for global
    description VARCHAR(256) NOT NULL,
    enabled     SMALLINT NOT NULL,
    revision    BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    updated_by  BIGINT NOT NULL,
    CONSTRAINT policy_pk PRIMARY KEY (id),
    CONSTRAINT policy_name_uq UNIQUE (scope, name_key),
    CONSTRAINT policy_scope_ck CHECK (scope BETWEEN 1 AND 3),
    CONSTRAINT policy_name_key_ck CHECK (length(name_key) = 64),
    CONSTRAINT policy_enabled_ck CHECK (enabled IN (0, 1))
);

-- Users and what may stand for many of them. `everyone` and the service itself are of kind system.
-- Rows of people who left stay (disabled = 2): their messages do.
CREATE TABLE principal (
    id           BIGINT NOT NULL,
    uuid         VARCHAR(36) COLLATE "C" NOT NULL,
    kind         SMALLINT NOT NULL, -- 1 user, 2 group, 3 container, 4 domain, 5 system
    source       SMALLINT NOT NULL, -- 1 made here, 2 directory
    disabled     SMALLINT NOT NULL, -- 0 active, 1 disabled, 2 gone from the directory
    name_key     VARCHAR(64) COLLATE "C" NOT NULL,
    name         VARCHAR(384) NOT NULL, -- user@domain, group name, DN or DNS name
    name_sort    VARCHAR(128) COLLATE "C" NOT NULL,
    display_name VARCHAR(256) NOT NULL,
    email        VARCHAR(256) NOT NULL,
    company      VARCHAR(256) NOT NULL,
    site         VARCHAR(256) NOT NULL, -- empty: the pool's
    dn           VARCHAR(384) NULL,
    dn_key       VARCHAR(64) COLLATE "C" NULL,
    external_id  VARCHAR(64) COLLATE "C" NULL, -- objectGUID or entryUUID
    verified_at  BIGINT NULL, -- last seen in the directory
    revision     BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    CONSTRAINT principal_pk PRIMARY KEY (id),
    CONSTRAINT principal_uuid_uq UNIQUE (uuid),
    CONSTRAINT principal_name_uq UNIQUE (kind, name_key),
    CONSTRAINT principal_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT principal_kind_ck CHECK (kind BETWEEN 1 AND 5),
    CONSTRAINT principal_source_ck CHECK (source BETWEEN 1 AND 2),
    CONSTRAINT principal_disabled_ck CHECK (disabled BETWEEN 0 AND 2),
    CONSTRAINT principal_name_key_ck CHECK (length(name_key) = 64),
    CONSTRAINT principal_dn_key_ck CHECK (length(dn_key) = 64)
);
CREATE INDEX principal_name_ix ON principal (kind, name_sort, id);
CREATE UNIQUE INDEX principal_dn_ix ON principal (dn_key) WHERE dn_key IS NOT NULL;
CREATE UNIQUE INDEX principal_external_ix ON principal (external_id) WHERE external_id IS NOT NULL;

-- Sign-in by password. Absent for users who sign in elsewhere.
CREATE TABLE user_account (
    user_id       BIGINT NOT NULL,
    password_hash VARCHAR(256) COLLATE "C" NOT NULL, -- argon2id, PHC string
    must_change   SMALLINT NOT NULL,
    failed_count  INTEGER NOT NULL,
    failed_at     BIGINT NULL,
    locked_until  BIGINT NULL,
    changed_at    BIGINT NOT NULL,
    CONSTRAINT user_account_pk PRIMARY KEY (user_id),
    CONSTRAINT user_account_user_fk FOREIGN KEY (user_id) REFERENCES principal (id),
    CONSTRAINT user_account_must_change_ck CHECK (must_change IN (0, 1))
) WITH (fillfactor = 80);

CREATE TABLE policy_grant (
    user_id    BIGINT NOT NULL,
    policy_id  BIGINT NOT NULL,
    granted_at BIGINT NOT NULL,
    granted_by BIGINT NOT NULL,
    CONSTRAINT policy_grant_pk PRIMARY KEY (user_id),
    CONSTRAINT policy_grant_user_fk FOREIGN KEY (user_id) REFERENCES principal (id),
    CONSTRAINT policy_grant_policy_fk FOREIGN KEY (policy_id) REFERENCES policy (id)
);
CREATE INDEX policy_grant_policy_ix ON policy_grant (policy_id, user_id);

-- Direct membership only; ancestors are computed in memory.
CREATE TABLE principal_member (
    parent_id BIGINT NOT NULL,
    child_id  BIGINT NOT NULL,
    CONSTRAINT principal_member_pk PRIMARY KEY (parent_id, child_id),
    CONSTRAINT principal_member_parent_fk FOREIGN KEY (parent_id) REFERENCES principal (id),
    CONSTRAINT principal_member_child_fk FOREIGN KEY (child_id) REFERENCES principal (id)
);
CREATE INDEX principal_member_child_ix ON principal_member (child_id, parent_id);

CREATE TABLE admin_role (
    principal_id BIGINT NOT NULL,
    -- 1 viewer, 2 user-admin, 3 pchat-admin, 4 deploy-admin, 5 compliance-officer, 6 administrator
    role         SMALLINT NOT NULL,
    granted_at   BIGINT NOT NULL,
    granted_by   BIGINT NOT NULL,
    CONSTRAINT admin_role_pk PRIMARY KEY (principal_id, role),
    CONSTRAINT admin_role_principal_fk FOREIGN KEY (principal_id) REFERENCES principal (id),
    CONSTRAINT admin_role_role_ck CHECK (role BETWEEN 1 AND 6)
);

-- How far the directory has been read, per domain; a lease says who reads.
CREATE TABLE directory_sync (
    domain      VARCHAR(255) COLLATE "C" NOT NULL, -- lower case
    cookie      TEXT NULL, -- base64, opaque
    finished_at BIGINT NULL,
    next_at     BIGINT NOT NULL,
    try_count   INTEGER NOT NULL,
    last_error  VARCHAR(1000) NULL,
    CONSTRAINT directory_sync_pk PRIMARY KEY (domain)
);

-- One name, one thing: over rooms and categories together.
CREATE TABLE object_name (
    name_key  VARCHAR(64) COLLATE "C" NOT NULL,
    kind      SMALLINT NOT NULL, -- 1 category, 2 room
    object_id BIGINT NOT NULL,
    CONSTRAINT object_name_pk PRIMARY KEY (name_key),
    CONSTRAINT object_name_object_uq UNIQUE (kind, object_id),
    CONSTRAINT object_name_name_key_ck CHECK (length(name_key) = 64),
    CONSTRAINT object_name_kind_ck CHECK (kind BETWEEN 1 AND 2)
);

CREATE TABLE category (
    id          BIGINT NOT NULL,
    uuid        VARCHAR(36) COLLATE "C" NOT NULL,
    name        VARCHAR(256) NOT NULL,
    name_sort   VARCHAR(128) COLLATE "C" NOT NULL,
    description VARCHAR(256) NOT NULL,
    invitations SMALLINT NOT NULL,
    file_upload SMALLINT NOT NULL,
    history     SMALLINT NOT NULL, -- 0: messages are kept for ten minutes
    revision    BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    created_by  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    updated_by  BIGINT NOT NULL,
    CONSTRAINT category_pk PRIMARY KEY (id),
    CONSTRAINT category_uuid_uq UNIQUE (uuid),
    CONSTRAINT category_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT category_invitations_ck CHECK (invitations IN (0, 1)),
    CONSTRAINT category_file_upload_ck CHECK (file_upload IN (0, 1)),
    CONSTRAINT category_history_ck CHECK (history IN (0, 1))
);
CREATE INDEX category_name_ix ON category (name_sort, id);

CREATE TABLE category_principal (
    category_id  BIGINT NOT NULL,
    kind         SMALLINT NOT NULL, -- 1 allowed, 2 denied, 3 creator
    principal_id BIGINT NOT NULL,
    CONSTRAINT category_principal_pk PRIMARY KEY (category_id, kind, principal_id),
    CONSTRAINT category_principal_category_fk FOREIGN KEY (category_id) REFERENCES category (id),
    CONSTRAINT category_principal_principal_fk FOREIGN KEY (principal_id) REFERENCES principal (id),
    CONSTRAINT category_principal_kind_ck CHECK (kind BETWEEN 1 AND 3)
);
CREATE INDEX category_principal_principal_ix
        ON category_principal (principal_id, category_id, kind);

CREATE TABLE addin (
    id         BIGINT NOT NULL,
    uuid       VARCHAR(36) COLLATE "C" NOT NULL,
    name_key   VARCHAR(64) COLLATE "C" NOT NULL,
    name       VARCHAR(50) NOT NULL,
    url        VARCHAR(255) NOT NULL,
    revision   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by BIGINT NOT NULL,
    CONSTRAINT addin_pk PRIMARY KEY (id),
    CONSTRAINT addin_uuid_uq UNIQUE (uuid),
    CONSTRAINT addin_name_uq UNIQUE (name_key),
    CONSTRAINT addin_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT addin_name_key_ck CHECK (length(name_key) = 64)
);

-- Settings of a room: read at start, rarely written. What every message changes is in room_head.
CREATE TABLE room (
    id          BIGINT NOT NULL,
    uuid        VARCHAR(36) COLLATE "C" NOT NULL,
    category_id BIGINT NOT NULL,
    addin_id    BIGINT NULL,
    type        SMALLINT NOT NULL, -- 1 normal, 2 auditorium
    privacy     SMALLINT NOT NULL, -- 1 open, 2 closed, 3 secret
    invitations SMALLINT NOT NULL, -- 1 as the category says, 0 never
    disabled    SMALLINT NOT NULL,
    name        VARCHAR(256) NOT NULL,
    name_sort   VARCHAR(128) COLLATE "C" NOT NULL,
    description VARCHAR(256) NOT NULL,
    revision    BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    created_by  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    updated_by  BIGINT NOT NULL,
    removed_at  BIGINT NULL, -- its name is free at once, its messages go in portions
    CONSTRAINT room_pk PRIMARY KEY (id),
    CONSTRAINT room_uuid_uq UNIQUE (uuid),
    CONSTRAINT room_category_fk FOREIGN KEY (category_id) REFERENCES category (id),
    CONSTRAINT room_addin_fk FOREIGN KEY (addin_id) REFERENCES addin (id),
    CONSTRAINT room_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT room_type_ck CHECK (type BETWEEN 1 AND 2),
    CONSTRAINT room_privacy_ck CHECK (privacy BETWEEN 1 AND 3),
    CONSTRAINT room_invitations_ck CHECK (invitations IN (0, 1)),
    CONSTRAINT room_disabled_ck CHECK (disabled IN (0, 1))
);
CREATE INDEX room_name_ix ON room (name_sort, id);
CREATE INDEX room_category_ix ON room (category_id, name_sort, id);
CREATE INDEX room_addin_ix ON room (addin_id) WHERE addin_id IS NOT NULL;
CREATE INDEX room_removed_ix ON room (removed_at) WHERE removed_at IS NOT NULL;

-- The row that every message of a room updates: narrow, no index but the key.
CREATE TABLE room_head (
    room_id       BIGINT NOT NULL,
    last_seq      BIGINT NOT NULL, -- 0: nothing yet
    first_seq     BIGINT NOT NULL, -- first that still exists; last_seq + 1 when none does
    rev           BIGINT NOT NULL, -- rises with every removal, replacement and clear
    last_at       BIGINT NOT NULL, -- at of last_seq: the room's clock never runs back
    content_bytes BIGINT NOT NULL, -- of the bodies that exist
    CONSTRAINT room_head_pk PRIMARY KEY (room_id),
    CONSTRAINT room_head_room_fk FOREIGN KEY (room_id) REFERENCES room (id),
    CONSTRAINT room_head_seq_ck CHECK (first_seq >= 1 AND first_seq <= last_seq + 1)
) WITH (fillfactor = 50);

CREATE TABLE room_role (
    room_id      BIGINT NOT NULL,
    role         SMALLINT NOT NULL, -- 1 member, 2 manager, 3 presenter
    principal_id BIGINT NOT NULL,
    CONSTRAINT room_role_pk PRIMARY KEY (room_id, role, principal_id),
    CONSTRAINT room_role_room_fk FOREIGN KEY (room_id) REFERENCES room (id),
    CONSTRAINT room_role_principal_fk FOREIGN KEY (principal_id) REFERENCES principal (id),
    CONSTRAINT room_role_role_ck CHECK (role BETWEEN 1 AND 3)
);
CREATE INDEX room_role_principal_ix ON room_role (principal_id, role, room_id);

-- Last invitation number of each user; locked while new ones are numbered.
CREATE TABLE invitation_head (
    user_id       BIGINT NOT NULL,
    last_sequence BIGINT NOT NULL,
    CONSTRAINT invitation_head_pk PRIMARY KEY (user_id),
    CONSTRAINT invitation_head_user_fk FOREIGN KEY (user_id) REFERENCES principal (id)
) WITH (fillfactor = 80);

CREATE TABLE invitation (
    user_id    BIGINT NOT NULL,
    sequence   BIGINT NOT NULL,
    room_id    BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    invited_by BIGINT NOT NULL,
    CONSTRAINT invitation_pk PRIMARY KEY (user_id, sequence),
    CONSTRAINT invitation_room_uq UNIQUE (room_id, user_id),
    CONSTRAINT invitation_user_fk FOREIGN KEY (user_id) REFERENCES principal (id),
    CONSTRAINT invitation_room_fk FOREIGN KEY (room_id) REFERENCES room (id)
);

-- The messages. No foreign keys: see docs/DATABASE.md. A removed message keeps its row (tombstone)
-- with an empty body, because seq has no gaps.
CREATE TABLE message (
    room_id    BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    sender_id  BIGINT NOT NULL,
    file_id    BIGINT NULL,
    rev        BIGINT NOT NULL, -- room_head.rev of its last change; 0: never changed
    changed_at BIGINT NULL,
    changed_by BIGINT NULL,
    change     SMALLINT NOT NULL, -- 0 as sent, 1 removed, 2 replaced
    kind       SMALLINT NOT NULL, -- 1 text, 2 alert, 3 story
    format     SMALLINT NOT NULL, -- 1 text, 2 rtf
    transit    SMALLINT NOT NULL, -- 1: category without history, deleted after ten minutes
    subject    VARCHAR(256) NULL,
    body       TEXT NOT NULL,
    CONSTRAINT message_pk PRIMARY KEY (room_id, seq),
    CONSTRAINT message_change_ck CHECK (change BETWEEN 0 AND 2),
    CONSTRAINT message_kind_ck CHECK (kind BETWEEN 1 AND 3),
    CONSTRAINT message_format_ck CHECK (format BETWEEN 1 AND 2),
    CONSTRAINT message_transit_ck CHECK (transit IN (0, 1)),
    CONSTRAINT message_body_ck CHECK (length(body) <= 65536)
);
CREATE INDEX message_change_ix ON message (room_id, rev) WHERE rev > 0;
CREATE INDEX message_transit_ix ON message (at, room_id, seq) WHERE transit = 1;

-- Keys of the last 24 hours or more, so that a message sent twice is stored once.
CREATE TABLE message_key (
    sender_id    BIGINT NOT NULL,
    key_hash     VARCHAR(64) COLLATE "C" NOT NULL, -- SHA-256 of the client's key
    room_id      BIGINT NOT NULL,
    seq          BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    content_hash VARCHAR(64) COLLATE "C" NOT NULL, -- tells a repeat from a key used again
    CONSTRAINT message_key_pk PRIMARY KEY (sender_id, key_hash),
    CONSTRAINT message_key_key_hash_ck CHECK (length(key_hash) = 64),
    CONSTRAINT message_key_content_hash_ck CHECK (length(content_hash) = 64)
);
CREATE INDEX message_key_at_ix ON message_key (at);

CREATE TABLE mention (
    user_id BIGINT NOT NULL,
    room_id BIGINT NOT NULL,
    seq     BIGINT NOT NULL,
    CONSTRAINT mention_pk PRIMARY KEY (user_id, room_id, seq)
);
CREATE INDEX mention_message_ix ON mention (room_id, seq);

CREATE TABLE read_mark (
    user_id BIGINT NOT NULL,
    room_id BIGINT NOT NULL,
    seq     BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    CONSTRAINT read_mark_pk PRIMARY KEY (user_id, room_id)
) WITH (fillfactor = 80);

CREATE TABLE keyword_watch (
    user_id     BIGINT NOT NULL,
    keyword_key VARCHAR(64) COLLATE "C" NOT NULL,
    keyword     VARCHAR(64) NOT NULL,
    CONSTRAINT keyword_watch_pk PRIMARY KEY (user_id, keyword_key),
    CONSTRAINT keyword_watch_user_fk FOREIGN KEY (user_id) REFERENCES principal (id),
    CONSTRAINT keyword_watch_keyword_key_ck CHECK (length(keyword_key) = 64)
);

-- What the file store holds under the uuid; the name is for display.
CREATE TABLE stored_file (
    id          BIGINT NOT NULL,
    uuid        VARCHAR(36) COLLATE "C" NOT NULL,
    room_id     BIGINT NOT NULL,
    uploader_id BIGINT NOT NULL,
    state       SMALLINT NOT NULL, -- 1 arriving, 2 stored, 3 removed
    size_bytes  BIGINT NOT NULL,
    sha256      VARCHAR(64) COLLATE "C" NULL,
    name        VARCHAR(256) NOT NULL,
    media_type  VARCHAR(127) COLLATE "C" NOT NULL,
    created_at  BIGINT NOT NULL,
    removed_at  BIGINT NULL,
    CONSTRAINT stored_file_pk PRIMARY KEY (id),
    CONSTRAINT stored_file_uuid_uq UNIQUE (uuid),
    CONSTRAINT stored_file_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT stored_file_state_ck CHECK (state BETWEEN 1 AND 3),
    CONSTRAINT stored_file_sha256_ck CHECK (length(sha256) = 64)
);
CREATE INDEX stored_file_room_ix ON stored_file (room_id, id);
CREATE INDEX stored_file_arriving_ix ON stored_file (created_at) WHERE state = 1;

-- Sign-ins, API tokens and tickets, by the hash of the secret only.
CREATE TABLE token (
    id          BIGINT NOT NULL,
    uuid        VARCHAR(36) COLLATE "C" NOT NULL,
    secret_hash VARCHAR(64) COLLATE "C" NOT NULL,
    user_id     BIGINT NOT NULL,
    parent_id   BIGINT NULL, -- the sign-in a ticket belongs to
    kind        SMALLINT NOT NULL, -- 1 sign-in, 2 API, 3 ticket
    role_mask   INTEGER NULL, -- narrows the user's roles; none: all of them
    scope       TEXT NULL, -- JSON, narrows further
    label       VARCHAR(256) NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NULL,
    used_at     BIGINT NULL,
    revoked_at  BIGINT NULL,
    CONSTRAINT token_pk PRIMARY KEY (id),
    CONSTRAINT token_uuid_uq UNIQUE (uuid),
    CONSTRAINT token_secret_uq UNIQUE (secret_hash),
    CONSTRAINT token_user_fk FOREIGN KEY (user_id) REFERENCES principal (id),
    CONSTRAINT token_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT token_secret_hash_ck CHECK (length(secret_hash) = 64),
    CONSTRAINT token_kind_ck CHECK (kind BETWEEN 1 AND 3)
) WITH (fillfactor = 80);
CREATE INDEX token_user_ix ON token (user_id, id);
CREATE INDEX token_expiry_ix ON token (expires_at) WHERE expires_at IS NOT NULL;

-- Who is connected now, and to which life of which server.
CREATE TABLE session (
    id           BIGINT NOT NULL,
    uuid         VARCHAR(36) COLLATE "C" NOT NULL,
    server_id    BIGINT NOT NULL,
    epoch        BIGINT NOT NULL,
    user_id      BIGINT NOT NULL,
    token_id     BIGINT NULL,
    protocol     SMALLINT NOT NULL, -- 1 WebSocket, 2 SIP
    address      VARCHAR(64) COLLATE "C" NOT NULL,
    agent        VARCHAR(256) NOT NULL,
    connected_at BIGINT NOT NULL,
    CONSTRAINT session_pk PRIMARY KEY (id),
    CONSTRAINT session_uuid_uq UNIQUE (uuid),
    CONSTRAINT session_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT session_protocol_ck CHECK (protocol BETWEEN 1 AND 2)
);
CREATE INDEX session_server_ix ON session (server_id, epoch);
CREATE INDEX session_user_ix ON session (user_id, id);

-- Who is in which room by way of which server. When a server is lost, compliance gets a PART for
-- each.
CREATE TABLE participant (
    room_id   BIGINT NOT NULL,
    user_id   BIGINT NOT NULL,
    server_id BIGINT NOT NULL,
    epoch     BIGINT NOT NULL,
    joined_at BIGINT NOT NULL,
    CONSTRAINT participant_pk PRIMARY KEY (room_id, user_id, server_id, epoch)
);
CREATE INDEX participant_server_ix ON participant (server_id, epoch);

CREATE TABLE audit (
    id          BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    server_id   BIGINT NULL,
    actor_id    BIGINT NULL, -- none: pchatctl on the database
    actor_name  VARCHAR(384) NOT NULL,
    address     VARCHAR(64) COLLATE "C" NOT NULL,
    request     VARCHAR(64) COLLATE "C" NOT NULL,
    action      VARCHAR(64) COLLATE "C" NOT NULL,
    outcome     SMALLINT NOT NULL, -- 1 done, 2 refused
    object_kind SMALLINT NOT NULL, -- grows with the program
    object_id   BIGINT NULL,
    object_name VARCHAR(384) NOT NULL,
    old_value   TEXT NULL, -- JSON
    new_value   TEXT NULL, -- JSON
    CONSTRAINT audit_pk PRIMARY KEY (id),
    CONSTRAINT audit_outcome_ck CHECK (outcome BETWEEN 1 AND 2),
    CONSTRAINT audit_object_kind_ck CHECK (object_kind > 0)
);
CREATE INDEX audit_at_ix ON audit (at, id);
CREATE INDEX audit_actor_ix ON audit (actor_id, at, id);
CREATE INDEX audit_object_ix ON audit (object_kind, object_id, at, id);

-- What compliance must see, written in the transaction it tells of; the shipper moves it out.
CREATE TABLE compliance_outbox (
    origin_id BIGINT NOT NULL,
    n         BIGINT NOT NULL,
    uuid      VARCHAR(36) COLLATE "C" NOT NULL, -- the event's identity from here to the adapter
    at        BIGINT NOT NULL,
    kind      SMALLINT NOT NULL, -- as compliance event.kind
    body      TEXT NOT NULL, -- JSON, byte for byte what the hash covers
    CONSTRAINT compliance_outbox_pk PRIMARY KEY (origin_id, n),
    CONSTRAINT compliance_outbox_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT compliance_outbox_kind_ck CHECK (kind > 0)
);
