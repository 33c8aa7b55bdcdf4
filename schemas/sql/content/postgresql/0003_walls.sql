-- SPDX-License-Identifier: Apache-2.0
-- Content database, version 3: ethical walls, and what changes took off the lists of rooms.

-- Two sides that must never be in one room.
CREATE TABLE wall (
    id          BIGINT NOT NULL,
    uuid        VARCHAR(36) COLLATE "C" NOT NULL,
    name_key    VARCHAR(64) COLLATE "C" NOT NULL,
    name        VARCHAR(256) NOT NULL,
    description VARCHAR(256) NOT NULL,
    revision    BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    created_by  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    updated_by  BIGINT NOT NULL,
    CONSTRAINT wall_pk PRIMARY KEY (id),
    CONSTRAINT wall_uuid_uq UNIQUE (uuid),
    CONSTRAINT wall_name_uq UNIQUE (name_key),
    CONSTRAINT wall_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT wall_name_key_ck CHECK (length(name_key) = 64)
);

CREATE TABLE wall_principal (
    wall_id      BIGINT NOT NULL,
    side         SMALLINT NOT NULL, -- 1 a, 2 b
    principal_id BIGINT NOT NULL,
    CONSTRAINT wall_principal_pk PRIMARY KEY (wall_id, side, principal_id),
    CONSTRAINT wall_principal_wall_fk FOREIGN KEY (wall_id) REFERENCES wall (id),
    CONSTRAINT wall_principal_principal_fk FOREIGN KEY (principal_id) REFERENCES principal (id),
    CONSTRAINT wall_principal_side_ck CHECK (side BETWEEN 1 AND 2)
);
CREATE INDEX wall_principal_principal_ix ON wall_principal (principal_id, wall_id, side);

-- A change that took entries off lists of rooms because they no longer fit; kept for a month.
CREATE TABLE membership_purge (
    id          BIGINT NOT NULL,
    uuid        VARCHAR(36) COLLATE "C" NOT NULL,
    at          BIGINT NOT NULL,
    actor_id    BIGINT NOT NULL,
    action      VARCHAR(64) COLLATE "C" NOT NULL, -- as in audit
    object_name VARCHAR(256) NOT NULL,
    CONSTRAINT membership_purge_pk PRIMARY KEY (id),
    CONSTRAINT membership_purge_uuid_uq UNIQUE (uuid),
    CONSTRAINT membership_purge_uuid_ck CHECK (length(uuid) = 36)
);
CREATE INDEX membership_purge_at_ix ON membership_purge (at, id);

-- What it took, and nobody has put back yet.
CREATE TABLE purged_role (
    purge_id     BIGINT NOT NULL,
    room_id      BIGINT NOT NULL,
    role         SMALLINT NOT NULL, -- as in room_role
    principal_id BIGINT NOT NULL,
    CONSTRAINT purged_role_pk PRIMARY KEY (purge_id, room_id, role, principal_id),
    CONSTRAINT purged_role_purge_fk FOREIGN KEY (purge_id) REFERENCES membership_purge (id),
    CONSTRAINT purged_role_room_fk FOREIGN KEY (room_id) REFERENCES room (id),
    CONSTRAINT purged_role_role_ck CHECK (role BETWEEN 1 AND 3)
);
CREATE INDEX purged_role_room_ix ON purged_role (room_id, purge_id, role, principal_id);
