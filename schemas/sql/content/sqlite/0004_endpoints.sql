-- SPDX-License-Identifier: Apache-2.0
-- Content database, version 4: contact objects.

-- Further addresses of pools, for legacy clients. Made and removed, never changed.
CREATE TABLE endpoint (
    id           INTEGER NOT NULL,
    uuid         TEXT NOT NULL,
    name_key     TEXT NOT NULL,
    name         TEXT NOT NULL, -- user@domain
    pool         TEXT NOT NULL, -- lower case
    display_name TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    created_by   INTEGER NOT NULL,
    CONSTRAINT endpoint_pk PRIMARY KEY (id),
    CONSTRAINT endpoint_uuid_uq UNIQUE (uuid),
    CONSTRAINT endpoint_name_uq UNIQUE (name_key),
    CONSTRAINT endpoint_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT endpoint_name_key_ck CHECK (length(name_key) = 64),
    CONSTRAINT endpoint_name_ck CHECK (length(name) <= 384),
    CONSTRAINT endpoint_pool_ck CHECK (length(pool) <= 255),
    CONSTRAINT endpoint_display_name_ck CHECK (length(display_name) <= 256)
) STRICT;
