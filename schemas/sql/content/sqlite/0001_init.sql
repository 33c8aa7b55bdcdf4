-- SPDX-License-Identifier: Apache-2.0
-- Content database, version 1. The same tables, columns and names in every dialect:
-- docs/DATABASE.md says why. Times are microseconds since 1970 (UTC).
--
-- SQLite 3.37 or newer. STRICT makes the engine check the types, and length() counts code points.
-- Foreign keys are checked where the connection says PRAGMA foreign_keys = ON.

-- What the deployment is: facts by name (pool_uuid, pool_fqdn, created_at, incarnation, ...).
CREATE TABLE deployment (
    name  TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT deployment_pk PRIMARY KEY (name),
    CONSTRAINT deployment_name_ck CHECK (length(name) <= 64)
) STRICT, WITHOUT ROWID;

-- Where the next free ids begin. A process takes a block of thousands with one UPDATE and hands ids
-- out of it; a block that a crash loses is not missed.
CREATE TABLE id_block (
    name    TEXT NOT NULL,
    next_id INTEGER NOT NULL,
    CONSTRAINT id_block_pk PRIMARY KEY (name),
    CONSTRAINT id_block_name_ck CHECK (length(name) <= 32),
    CONSTRAINT id_block_next_id_ck CHECK (next_id > 0)
) STRICT, WITHOUT ROWID;

-- The servers of the pool. `epoch` rises whenever a server starts or is fenced; log_n and outbox_n
-- are the last numbers it has written to origin_log and compliance_outbox. Every commit of a server
-- raises log_n `where id = ? and epoch = ?`: numbering and fencing are one statement.
CREATE TABLE server (
    id            INTEGER NOT NULL,
    uuid          TEXT NOT NULL,
    fqdn          TEXT NOT NULL, -- lower case
    addresses     TEXT NOT NULL, -- JSON list
    version       TEXT NOT NULL,
    state         INTEGER NOT NULL, -- 1 standby, 2 active, 3 draining, 4 stopped, 5 removed
    epoch         INTEGER NOT NULL,
    log_n         INTEGER NOT NULL,
    outbox_n      INTEGER NOT NULL,
    session_count INTEGER NOT NULL,
    load_permille INTEGER NOT NULL,
    started_at    INTEGER NOT NULL,
    heartbeat_at  INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL, -- database clock; past it the server counts as lost
    CONSTRAINT server_pk PRIMARY KEY (id),
    CONSTRAINT server_uuid_uq UNIQUE (uuid),
    CONSTRAINT server_fqdn_uq UNIQUE (fqdn),
    CONSTRAINT server_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT server_fqdn_ck CHECK (length(fqdn) <= 255),
    CONSTRAINT server_addresses_ck CHECK (length(addresses) <= 2000),
    CONSTRAINT server_version_ck CHECK (length(version) <= 64),
    CONSTRAINT server_state_ck CHECK (state BETWEEN 1 AND 5)
) STRICT;

-- Who may do what only one may do at a time. The token rises with every new owner.
CREATE TABLE lease (
    name          TEXT NOT NULL,
    owner_id      INTEGER NULL, -- server.id, or none when pchatctl holds it
    owner_name    TEXT NOT NULL,
    fencing_token INTEGER NOT NULL,
    acquired_at   INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL, -- database clock
    CONSTRAINT lease_pk PRIMARY KEY (name),
    CONSTRAINT lease_name_ck CHECK (length(name) <= 64),
    CONSTRAINT lease_owner_name_ck CHECK (length(owner_name) <= 256)
) STRICT, WITHOUT ROWID;

-- What each server changed, in its own order: one row per commit. One writer per origin.
CREATE TABLE origin_log (
    origin_id INTEGER NOT NULL,
    n         INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    kind      INTEGER NOT NULL, -- grows with the program: server/service names the values
    body      TEXT NOT NULL, -- JSON
    CONSTRAINT origin_log_pk PRIMARY KEY (origin_id, n),
    CONSTRAINT origin_log_kind_ck CHECK (kind > 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE topology_version (
    version      INTEGER NOT NULL,
    document     TEXT NOT NULL, -- YAML as published
    sha256       TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    published_by TEXT NOT NULL,
    comment      TEXT NOT NULL,
    CONSTRAINT topology_version_pk PRIMARY KEY (version),
    CONSTRAINT topology_version_sha256_ck CHECK (length(sha256) = 64),
    CONSTRAINT topology_version_published_by_ck CHECK (length(published_by) <= 384),
    CONSTRAINT topology_version_comment_ck CHECK (length(comment) <= 256)
) STRICT;

-- Effective configuration is whole objects: service before site before global.
CREATE TABLE config_object (
    kind       INTEGER NOT NULL, -- 1 chat, 2 compliance
    scope      INTEGER NOT NULL, -- 1 global, 2 site, 3 service
    scope_key  TEXT NOT NULL, -- of scope_name
    scope_name TEXT NOT NULL, -- empty for global
    body       TEXT NOT NULL, -- JSON
    revision   INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by INTEGER NOT NULL,
    CONSTRAINT config_object_pk PRIMARY KEY (kind, scope, scope_key),
    CONSTRAINT config_object_kind_ck CHECK (kind BETWEEN 1 AND 2),
    CONSTRAINT config_object_scope_ck CHECK (scope BETWEEN 1 AND 3),
    CONSTRAINT config_object_scope_key_ck CHECK (length(scope_key) = 64),
    CONSTRAINT config_object_scope_name_ck CHECK (length(scope_name) <= 256)
) STRICT;

CREATE TABLE policy (
    id          INTEGER NOT NULL,
    scope       INTEGER NOT NULL, -- 1 global, 2 site, 3 tag
    name_key    TEXT NOT NULL,
    name        TEXT NOT NULL, -- site or tag; empty for global
    description TEXT NOT NULL,
    enabled     INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    updated_by  INTEGER NOT NULL,
    CONSTRAINT policy_pk PRIMARY KEY (id),
    CONSTRAINT policy_name_uq UNIQUE (scope, name_key),
    CONSTRAINT policy_scope_ck CHECK (scope BETWEEN 1 AND 3),
    CONSTRAINT policy_name_key_ck CHECK (length(name_key) = 64),
    CONSTRAINT policy_name_ck CHECK (length(name) <= 256),
    CONSTRAINT policy_description_ck CHECK (length(description) <= 256),
    CONSTRAINT policy_enabled_ck CHECK (enabled IN (0, 1))
) STRICT;

-- Users and what may stand for many of them. `everyone` and the service itself are of kind system.
-- Rows of people who left stay (disabled = 2): their messages do.
CREATE TABLE principal (
    id           INTEGER NOT NULL,
    uuid         TEXT NOT NULL,
    kind         INTEGER NOT NULL, -- 1 user, 2 group, 3 container, 4 domain, 5 system
    source       INTEGER NOT NULL, -- 1 made here, 2 directory
    disabled     INTEGER NOT NULL, -- 0 active, 1 disabled, 2 gone from the directory
    name_key     TEXT NOT NULL,
    name         TEXT NOT NULL, -- user@domain, group name, DN or DNS name
    name_sort    TEXT NOT NULL,
    display_name TEXT NOT NULL,
    email        TEXT NOT NULL,
    company      TEXT NOT NULL,
    site         TEXT NOT NULL, -- empty: the pool's
    dn           TEXT NULL,
    dn_key       TEXT NULL,
    external_id  TEXT NULL, -- objectGUID or entryUUID
    verified_at  INTEGER NULL, -- last seen in the directory
    revision     INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    CONSTRAINT principal_pk PRIMARY KEY (id),
    CONSTRAINT principal_uuid_uq UNIQUE (uuid),
    CONSTRAINT principal_name_uq UNIQUE (kind, name_key),
    CONSTRAINT principal_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT principal_kind_ck CHECK (kind BETWEEN 1 AND 5),
    CONSTRAINT principal_source_ck CHECK (source BETWEEN 1 AND 2),
    CONSTRAINT principal_disabled_ck CHECK (disabled BETWEEN 0 AND 2),
    CONSTRAINT principal_name_key_ck CHECK (length(name_key) = 64),
    CONSTRAINT principal_name_ck CHECK (length(name) <= 384),
    CONSTRAINT principal_name_sort_ck CHECK (length(name_sort) <= 128),
    CONSTRAINT principal_display_name_ck CHECK (length(display_name) <= 256),
    CONSTRAINT principal_email_ck CHECK (length(email) <= 256),
    CONSTRAINT principal_company_ck CHECK (length(company) <= 256),
    CONSTRAINT principal_site_ck CHECK (length(site) <= 256),
    CONSTRAINT principal_dn_ck CHECK (length(dn) <= 384),
    CONSTRAINT principal_dn_key_ck CHECK (length(dn_key) = 64),
    CONSTRAINT principal_external_id_ck CHECK (length(external_id) <= 64)
) STRICT;
CREATE INDEX principal_name_ix ON principal (kind, name_sort, id);
CREATE UNIQUE INDEX principal_dn_ix ON principal (dn_key) WHERE dn_key IS NOT NULL;
CREATE UNIQUE INDEX principal_external_ix ON principal (external_id) WHERE external_id IS NOT NULL;

-- Sign-in by password. Absent for users who sign in elsewhere.
CREATE TABLE user_account (
    user_id       INTEGER NOT NULL,
    password_hash TEXT NOT NULL, -- argon2id, PHC string
    must_change   INTEGER NOT NULL,
    failed_count  INTEGER NOT NULL,
    failed_at     INTEGER NULL,
    locked_until  INTEGER NULL,
    changed_at    INTEGER NOT NULL,
    CONSTRAINT user_account_pk PRIMARY KEY (user_id),
    CONSTRAINT user_account_user_fk FOREIGN KEY (user_id) REFERENCES principal (id),
    CONSTRAINT user_account_password_hash_ck CHECK (length(password_hash) <= 256),
    CONSTRAINT user_account_must_change_ck CHECK (must_change IN (0, 1))
) STRICT;

CREATE TABLE policy_grant (
    user_id    INTEGER NOT NULL,
    policy_id  INTEGER NOT NULL,
    granted_at INTEGER NOT NULL,
    granted_by INTEGER NOT NULL,
    CONSTRAINT policy_grant_pk PRIMARY KEY (user_id),
    CONSTRAINT policy_grant_user_fk FOREIGN KEY (user_id) REFERENCES principal (id),
    CONSTRAINT policy_grant_policy_fk FOREIGN KEY (policy_id) REFERENCES policy (id)
) STRICT;
CREATE INDEX policy_grant_policy_ix ON policy_grant (policy_id, user_id);

-- Direct membership only; ancestors are computed in memory.
CREATE TABLE principal_member (
    parent_id INTEGER NOT NULL,
    child_id  INTEGER NOT NULL,
    CONSTRAINT principal_member_pk PRIMARY KEY (parent_id, child_id),
    CONSTRAINT principal_member_parent_fk FOREIGN KEY (parent_id) REFERENCES principal (id),
    CONSTRAINT principal_member_child_fk FOREIGN KEY (child_id) REFERENCES principal (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX principal_member_child_ix ON principal_member (child_id, parent_id);

CREATE TABLE admin_role (
    principal_id INTEGER NOT NULL,
    -- 1 viewer, 2 user-admin, 3 pchat-admin, 4 deploy-admin, 5 compliance-officer, 6 administrator
    role         INTEGER NOT NULL,
    granted_at   INTEGER NOT NULL,
    granted_by   INTEGER NOT NULL,
    CONSTRAINT admin_role_pk PRIMARY KEY (principal_id, role),
    CONSTRAINT admin_role_principal_fk FOREIGN KEY (principal_id) REFERENCES principal (id),
    CONSTRAINT admin_role_role_ck CHECK (role BETWEEN 1 AND 6)
) STRICT, WITHOUT ROWID;

-- How far the directory has been read, per domain; a lease says who reads.
CREATE TABLE directory_sync (
    domain      TEXT NOT NULL, -- lower case
    cookie      TEXT NULL, -- base64, opaque
    finished_at INTEGER NULL,
    next_at     INTEGER NOT NULL,
    try_count   INTEGER NOT NULL,
    last_error  TEXT NULL,
    CONSTRAINT directory_sync_pk PRIMARY KEY (domain),
    CONSTRAINT directory_sync_domain_ck CHECK (length(domain) <= 255),
    CONSTRAINT directory_sync_last_error_ck CHECK (length(last_error) <= 1000)
) STRICT, WITHOUT ROWID;

-- One name, one thing: over rooms and categories together.
CREATE TABLE object_name (
    name_key  TEXT NOT NULL,
    kind      INTEGER NOT NULL, -- 1 category, 2 room
    object_id INTEGER NOT NULL,
    CONSTRAINT object_name_pk PRIMARY KEY (name_key),
    CONSTRAINT object_name_object_uq UNIQUE (kind, object_id),
    CONSTRAINT object_name_name_key_ck CHECK (length(name_key) = 64),
    CONSTRAINT object_name_kind_ck CHECK (kind BETWEEN 1 AND 2)
) STRICT, WITHOUT ROWID;

CREATE TABLE category (
    id          INTEGER NOT NULL,
    uuid        TEXT NOT NULL,
    name        TEXT NOT NULL,
    name_sort   TEXT NOT NULL,
    description TEXT NOT NULL,
    invitations INTEGER NOT NULL,
    file_upload INTEGER NOT NULL,
    history     INTEGER NOT NULL, -- 0: messages are kept for ten minutes
    revision    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    created_by  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    updated_by  INTEGER NOT NULL,
    CONSTRAINT category_pk PRIMARY KEY (id),
    CONSTRAINT category_uuid_uq UNIQUE (uuid),
    CONSTRAINT category_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT category_name_ck CHECK (length(name) <= 256),
    CONSTRAINT category_name_sort_ck CHECK (length(name_sort) <= 128),
    CONSTRAINT category_description_ck CHECK (length(description) <= 256),
    CONSTRAINT category_invitations_ck CHECK (invitations IN (0, 1)),
    CONSTRAINT category_file_upload_ck CHECK (file_upload IN (0, 1)),
    CONSTRAINT category_history_ck CHECK (history IN (0, 1))
) STRICT;
CREATE INDEX category_name_ix ON category (name_sort, id);

CREATE TABLE category_principal (
    category_id  INTEGER NOT NULL,
    kind         INTEGER NOT NULL, -- 1 allowed, 2 denied, 3 creator
    principal_id INTEGER NOT NULL,
    CONSTRAINT category_principal_pk PRIMARY KEY (category_id, kind, principal_id),
    CONSTRAINT category_principal_category_fk FOREIGN KEY (category_id) REFERENCES category (id),
    CONSTRAINT category_principal_principal_fk FOREIGN KEY (principal_id) REFERENCES principal (id),
    CONSTRAINT category_principal_kind_ck CHECK (kind BETWEEN 1 AND 3)
) STRICT, WITHOUT ROWID;
CREATE INDEX category_principal_principal_ix
        ON category_principal (principal_id, category_id, kind);

CREATE TABLE addin (
    id         INTEGER NOT NULL,
    uuid       TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    name       TEXT NOT NULL,
    url        TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by INTEGER NOT NULL,
    CONSTRAINT addin_pk PRIMARY KEY (id),
    CONSTRAINT addin_uuid_uq UNIQUE (uuid),
    CONSTRAINT addin_name_uq UNIQUE (name_key),
    CONSTRAINT addin_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT addin_name_key_ck CHECK (length(name_key) = 64),
    CONSTRAINT addin_name_ck CHECK (length(name) <= 50),
    CONSTRAINT addin_url_ck CHECK (length(url) <= 255)
) STRICT;

-- Settings of a room: read at start, rarely written. What every message changes is in room_head.
CREATE TABLE room (
    id          INTEGER NOT NULL,
    uuid        TEXT NOT NULL,
    category_id INTEGER NOT NULL,
    addin_id    INTEGER NULL,
    type        INTEGER NOT NULL, -- 1 normal, 2 auditorium
    privacy     INTEGER NOT NULL, -- 1 open, 2 closed, 3 secret
    invitations INTEGER NOT NULL, -- 1 as the category says, 0 never
    disabled    INTEGER NOT NULL,
    name        TEXT NOT NULL,
    name_sort   TEXT NOT NULL,
    description TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    created_by  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    updated_by  INTEGER NOT NULL,
    removed_at  INTEGER NULL, -- its name is free at once, its messages go in portions
    CONSTRAINT room_pk PRIMARY KEY (id),
    CONSTRAINT room_uuid_uq UNIQUE (uuid),
    CONSTRAINT room_category_fk FOREIGN KEY (category_id) REFERENCES category (id),
    CONSTRAINT room_addin_fk FOREIGN KEY (addin_id) REFERENCES addin (id),
    CONSTRAINT room_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT room_type_ck CHECK (type BETWEEN 1 AND 2),
    CONSTRAINT room_privacy_ck CHECK (privacy BETWEEN 1 AND 3),
    CONSTRAINT room_invitations_ck CHECK (invitations IN (0, 1)),
    CONSTRAINT room_disabled_ck CHECK (disabled IN (0, 1)),
    CONSTRAINT room_name_ck CHECK (length(name) <= 256),
    CONSTRAINT room_name_sort_ck CHECK (length(name_sort) <= 128),
    CONSTRAINT room_description_ck CHECK (length(description) <= 256)
) STRICT;
CREATE INDEX room_name_ix ON room (name_sort, id);
CREATE INDEX room_category_ix ON room (category_id, name_sort, id);
CREATE INDEX room_addin_ix ON room (addin_id) WHERE addin_id IS NOT NULL;
CREATE INDEX room_removed_ix ON room (removed_at) WHERE removed_at IS NOT NULL;

-- The row that every message of a room updates: narrow, no index but the key.
CREATE TABLE room_head (
    room_id       INTEGER NOT NULL,
    last_seq      INTEGER NOT NULL, -- 0: nothing yet
    first_seq     INTEGER NOT NULL, -- first that still exists; last_seq + 1 when none does
    rev           INTEGER NOT NULL, -- rises with every removal, replacement and clear
    last_at       INTEGER NOT NULL, -- at of last_seq: the room's clock never runs back
    content_bytes INTEGER NOT NULL, -- of the bodies that exist
    CONSTRAINT room_head_pk PRIMARY KEY (room_id),
    CONSTRAINT room_head_room_fk FOREIGN KEY (room_id) REFERENCES room (id),
    CONSTRAINT room_head_seq_ck CHECK (first_seq >= 1 AND first_seq <= last_seq + 1)
) STRICT;

CREATE TABLE room_role (
    room_id      INTEGER NOT NULL,
    role         INTEGER NOT NULL, -- 1 member, 2 manager, 3 presenter
    principal_id INTEGER NOT NULL,
    CONSTRAINT room_role_pk PRIMARY KEY (room_id, role, principal_id),
    CONSTRAINT room_role_room_fk FOREIGN KEY (room_id) REFERENCES room (id),
    CONSTRAINT room_role_principal_fk FOREIGN KEY (principal_id) REFERENCES principal (id),
    CONSTRAINT room_role_role_ck CHECK (role BETWEEN 1 AND 3)
) STRICT, WITHOUT ROWID;
CREATE INDEX room_role_principal_ix ON room_role (principal_id, role, room_id);

-- Last invitation number of each user; locked while new ones are numbered.
CREATE TABLE invitation_head (
    user_id       INTEGER NOT NULL,
    last_sequence INTEGER NOT NULL,
    CONSTRAINT invitation_head_pk PRIMARY KEY (user_id),
    CONSTRAINT invitation_head_user_fk FOREIGN KEY (user_id) REFERENCES principal (id)
) STRICT;

CREATE TABLE invitation (
    user_id    INTEGER NOT NULL,
    sequence   INTEGER NOT NULL,
    room_id    INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    invited_by INTEGER NOT NULL,
    CONSTRAINT invitation_pk PRIMARY KEY (user_id, sequence),
    CONSTRAINT invitation_room_uq UNIQUE (room_id, user_id),
    CONSTRAINT invitation_user_fk FOREIGN KEY (user_id) REFERENCES principal (id),
    CONSTRAINT invitation_room_fk FOREIGN KEY (room_id) REFERENCES room (id)
) STRICT, WITHOUT ROWID;

-- The messages. No foreign keys: see docs/DATABASE.md. A removed message keeps its row (tombstone)
-- with an empty body, because seq has no gaps.
CREATE TABLE message (
    room_id    INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    sender_id  INTEGER NOT NULL,
    file_id    INTEGER NULL,
    rev        INTEGER NOT NULL, -- room_head.rev of its last change; 0: never changed
    changed_at INTEGER NULL,
    changed_by INTEGER NULL,
    change     INTEGER NOT NULL, -- 0 as sent, 1 removed, 2 replaced
    kind       INTEGER NOT NULL, -- 1 text, 2 alert, 3 story
    format     INTEGER NOT NULL, -- 1 text, 2 rtf
    transit    INTEGER NOT NULL, -- 1: category without history, deleted after ten minutes
    subject    TEXT NULL,
    body       TEXT NOT NULL,
    CONSTRAINT message_pk PRIMARY KEY (room_id, seq),
    CONSTRAINT message_change_ck CHECK (change BETWEEN 0 AND 2),
    CONSTRAINT message_kind_ck CHECK (kind BETWEEN 1 AND 3),
    CONSTRAINT message_format_ck CHECK (format BETWEEN 1 AND 2),
    CONSTRAINT message_transit_ck CHECK (transit IN (0, 1)),
    CONSTRAINT message_subject_ck CHECK (length(subject) <= 256),
    CONSTRAINT message_body_ck CHECK (length(body) <= 65536)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_change_ix ON message (room_id, rev) WHERE rev > 0;
CREATE INDEX message_transit_ix ON message (at, room_id, seq) WHERE transit = 1;

-- Keys of the last 24 hours or more, so that a message sent twice is stored once.
CREATE TABLE message_key (
    sender_id    INTEGER NOT NULL,
    key_hash     TEXT NOT NULL, -- SHA-256 of the client's key
    room_id      INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    content_hash TEXT NOT NULL, -- tells a repeat from a key used again
    CONSTRAINT message_key_pk PRIMARY KEY (sender_id, key_hash),
    CONSTRAINT message_key_key_hash_ck CHECK (length(key_hash) = 64),
    CONSTRAINT message_key_content_hash_ck CHECK (length(content_hash) = 64)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_key_at_ix ON message_key (at);

CREATE TABLE mention (
    user_id INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    CONSTRAINT mention_pk PRIMARY KEY (user_id, room_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX mention_message_ix ON mention (room_id, seq);

CREATE TABLE read_mark (
    user_id INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    CONSTRAINT read_mark_pk PRIMARY KEY (user_id, room_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE keyword_watch (
    user_id     INTEGER NOT NULL,
    keyword_key TEXT NOT NULL,
    keyword     TEXT NOT NULL,
    CONSTRAINT keyword_watch_pk PRIMARY KEY (user_id, keyword_key),
    CONSTRAINT keyword_watch_user_fk FOREIGN KEY (user_id) REFERENCES principal (id),
    CONSTRAINT keyword_watch_keyword_key_ck CHECK (length(keyword_key) = 64),
    CONSTRAINT keyword_watch_keyword_ck CHECK (length(keyword) <= 64)
) STRICT, WITHOUT ROWID;

-- What the file store holds under the uuid; the name is for display.
CREATE TABLE stored_file (
    id          INTEGER NOT NULL,
    uuid        TEXT NOT NULL,
    room_id     INTEGER NOT NULL,
    uploader_id INTEGER NOT NULL,
    state       INTEGER NOT NULL, -- 1 arriving, 2 stored, 3 removed
    size_bytes  INTEGER NOT NULL,
    sha256      TEXT NULL,
    name        TEXT NOT NULL,
    media_type  TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    removed_at  INTEGER NULL,
    CONSTRAINT stored_file_pk PRIMARY KEY (id),
    CONSTRAINT stored_file_uuid_uq UNIQUE (uuid),
    CONSTRAINT stored_file_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT stored_file_state_ck CHECK (state BETWEEN 1 AND 3),
    CONSTRAINT stored_file_sha256_ck CHECK (length(sha256) = 64),
    CONSTRAINT stored_file_name_ck CHECK (length(name) <= 256),
    CONSTRAINT stored_file_media_type_ck CHECK (length(media_type) <= 127)
) STRICT;
CREATE INDEX stored_file_room_ix ON stored_file (room_id, id);
CREATE INDEX stored_file_arriving_ix ON stored_file (created_at) WHERE state = 1;

-- Sign-ins, API tokens and tickets, by the hash of the secret only.
CREATE TABLE token (
    id          INTEGER NOT NULL,
    uuid        TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    user_id     INTEGER NOT NULL,
    parent_id   INTEGER NULL, -- the sign-in a ticket belongs to
    kind        INTEGER NOT NULL, -- 1 sign-in, 2 API, 3 ticket
    role_mask   INTEGER NULL, -- narrows the user's roles; none: all of them
    scope       TEXT NULL, -- JSON, narrows further
    label       TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NULL,
    used_at     INTEGER NULL,
    revoked_at  INTEGER NULL,
    CONSTRAINT token_pk PRIMARY KEY (id),
    CONSTRAINT token_uuid_uq UNIQUE (uuid),
    CONSTRAINT token_secret_uq UNIQUE (secret_hash),
    CONSTRAINT token_user_fk FOREIGN KEY (user_id) REFERENCES principal (id),
    CONSTRAINT token_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT token_secret_hash_ck CHECK (length(secret_hash) = 64),
    CONSTRAINT token_kind_ck CHECK (kind BETWEEN 1 AND 3),
    CONSTRAINT token_label_ck CHECK (length(label) <= 256)
) STRICT;
CREATE INDEX token_user_ix ON token (user_id, id);
CREATE INDEX token_expiry_ix ON token (expires_at) WHERE expires_at IS NOT NULL;

-- Who is connected now, and to which life of which server.
CREATE TABLE session (
    id           INTEGER NOT NULL,
    uuid         TEXT NOT NULL,
    server_id    INTEGER NOT NULL,
    epoch        INTEGER NOT NULL,
    user_id      INTEGER NOT NULL,
    token_id     INTEGER NULL,
    protocol     INTEGER NOT NULL, -- 1 WebSocket, 2 SIP
    address      TEXT NOT NULL,
    agent        TEXT NOT NULL,
    connected_at INTEGER NOT NULL,
    CONSTRAINT session_pk PRIMARY KEY (id),
    CONSTRAINT session_uuid_uq UNIQUE (uuid),
    CONSTRAINT session_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT session_protocol_ck CHECK (protocol BETWEEN 1 AND 2),
    CONSTRAINT session_address_ck CHECK (length(address) <= 64),
    CONSTRAINT session_agent_ck CHECK (length(agent) <= 256)
) STRICT;
CREATE INDEX session_server_ix ON session (server_id, epoch);
CREATE INDEX session_user_ix ON session (user_id, id);

-- Who is in which room by way of which server. When a server is lost, compliance gets a PART for
-- each.
CREATE TABLE participant (
    room_id   INTEGER NOT NULL,
    user_id   INTEGER NOT NULL,
    server_id INTEGER NOT NULL,
    epoch     INTEGER NOT NULL,
    joined_at INTEGER NOT NULL,
    CONSTRAINT participant_pk PRIMARY KEY (room_id, user_id, server_id, epoch)
) STRICT, WITHOUT ROWID;
CREATE INDEX participant_server_ix ON participant (server_id, epoch);

CREATE TABLE audit (
    id          INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    server_id   INTEGER NULL,
    actor_id    INTEGER NULL, -- none: pchatctl on the database
    actor_name  TEXT NOT NULL,
    address     TEXT NOT NULL,
    request     TEXT NOT NULL,
    action      TEXT NOT NULL,
    outcome     INTEGER NOT NULL, -- 1 done, 2 refused
    object_kind INTEGER NOT NULL, -- grows with the program
    object_id   INTEGER NULL,
    object_name TEXT NOT NULL,
    old_value   TEXT NULL, -- JSON
    new_value   TEXT NULL, -- JSON
    CONSTRAINT audit_pk PRIMARY KEY (id),
    CONSTRAINT audit_actor_name_ck CHECK (length(actor_name) <= 384),
    CONSTRAINT audit_address_ck CHECK (length(address) <= 64),
    CONSTRAINT audit_request_ck CHECK (length(request) <= 64),
    CONSTRAINT audit_action_ck CHECK (length(action) <= 64),
    CONSTRAINT audit_outcome_ck CHECK (outcome BETWEEN 1 AND 2),
    CONSTRAINT audit_object_kind_ck CHECK (object_kind > 0),
    CONSTRAINT audit_object_name_ck CHECK (length(object_name) <= 384)
) STRICT;
CREATE INDEX audit_at_ix ON audit (at, id);
CREATE INDEX audit_actor_ix ON audit (actor_id, at, id);
CREATE INDEX audit_object_ix ON audit (object_kind, object_id, at, id);

-- What compliance must see, written in the transaction it tells of; the shipper moves it out.
CREATE TABLE compliance_outbox (
    origin_id INTEGER NOT NULL,
    n         INTEGER NOT NULL,
    uuid      TEXT NOT NULL, -- the event's identity from here to the adapter
    at        INTEGER NOT NULL,
    kind      INTEGER NOT NULL, -- as compliance event.kind
    body      TEXT NOT NULL, -- JSON, byte for byte what the hash covers
    CONSTRAINT compliance_outbox_pk PRIMARY KEY (origin_id, n),
    CONSTRAINT compliance_outbox_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT compliance_outbox_kind_ck CHECK (kind > 0)
) STRICT, WITHOUT ROWID;
