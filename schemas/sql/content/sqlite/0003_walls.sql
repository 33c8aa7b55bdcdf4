-- SPDX-License-Identifier: Apache-2.0
-- Content database, version 3: ethical walls, and what changes took off the lists of rooms.

-- Two sides that must never be in one room.
CREATE TABLE wall (
    id          INTEGER NOT NULL,
    uuid        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    created_by  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    updated_by  INTEGER NOT NULL,
    CONSTRAINT wall_pk PRIMARY KEY (id),
    CONSTRAINT wall_uuid_uq UNIQUE (uuid),
    CONSTRAINT wall_name_uq UNIQUE (name_key),
    CONSTRAINT wall_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT wall_name_key_ck CHECK (length(name_key) = 64),
    CONSTRAINT wall_name_ck CHECK (length(name) <= 256),
    CONSTRAINT wall_description_ck CHECK (length(description) <= 256)
) STRICT;

CREATE TABLE wall_principal (
    wall_id      INTEGER NOT NULL,
    side         INTEGER NOT NULL, -- 1 a, 2 b
    principal_id INTEGER NOT NULL,
    CONSTRAINT wall_principal_pk PRIMARY KEY (wall_id, side, principal_id),
    CONSTRAINT wall_principal_wall_fk FOREIGN KEY (wall_id) REFERENCES wall (id),
    CONSTRAINT wall_principal_principal_fk FOREIGN KEY (principal_id) REFERENCES principal (id),
    CONSTRAINT wall_principal_side_ck CHECK (side BETWEEN 1 AND 2)
) STRICT, WITHOUT ROWID;
CREATE INDEX wall_principal_principal_ix ON wall_principal (principal_id, wall_id, side);

-- A change that took entries off lists of rooms because they no longer fit; kept for a month.
CREATE TABLE membership_purge (
    id          INTEGER NOT NULL,
    uuid        TEXT NOT NULL,
    at          INTEGER NOT NULL,
    actor_id    INTEGER NOT NULL,
    action      TEXT NOT NULL, -- as in audit
    object_name TEXT NOT NULL,
    CONSTRAINT membership_purge_pk PRIMARY KEY (id),
    CONSTRAINT membership_purge_uuid_uq UNIQUE (uuid),
    CONSTRAINT membership_purge_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT membership_purge_action_ck CHECK (length(action) <= 64),
    CONSTRAINT membership_purge_object_name_ck CHECK (length(object_name) <= 256)
) STRICT;
CREATE INDEX membership_purge_at_ix ON membership_purge (at, id);

-- What it took, and nobody has put back yet.
CREATE TABLE purged_role (
    purge_id     INTEGER NOT NULL,
    room_id      INTEGER NOT NULL,
    role         INTEGER NOT NULL, -- as in room_role
    principal_id INTEGER NOT NULL,
    CONSTRAINT purged_role_pk PRIMARY KEY (purge_id, room_id, role, principal_id),
    CONSTRAINT purged_role_purge_fk FOREIGN KEY (purge_id) REFERENCES membership_purge (id),
    CONSTRAINT purged_role_room_fk FOREIGN KEY (room_id) REFERENCES room (id),
    CONSTRAINT purged_role_role_ck CHECK (role BETWEEN 1 AND 3)
) STRICT, WITHOUT ROWID;
CREATE INDEX purged_role_room_ix ON purged_role (room_id, purge_id, role, principal_id);
