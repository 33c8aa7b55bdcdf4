-- SPDX-License-Identifier: Apache-2.0
-- Content database, version 4: contact objects.

-- Further addresses of pools, for legacy clients. Made and removed, never changed.
CREATE TABLE endpoint (
    id           BIGINT NOT NULL,
    uuid         VARCHAR(36) COLLATE "C" NOT NULL,
    name_key     VARCHAR(64) COLLATE "C" NOT NULL,
    name         VARCHAR(384) NOT NULL, -- user@domain
    pool         VARCHAR(255) NOT NULL, -- lower case
    display_name VARCHAR(256) NOT NULL,
    created_at   BIGINT NOT NULL,
    created_by   BIGINT NOT NULL,
    CONSTRAINT endpoint_pk PRIMARY KEY (id),
    CONSTRAINT endpoint_uuid_uq UNIQUE (uuid),
    CONSTRAINT endpoint_name_uq UNIQUE (name_key),
    CONSTRAINT endpoint_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT endpoint_name_key_ck CHECK (length(name_key) = 64)
);
