-- SPDX-License-Identifier: Apache-2.0
-- Content database, version 4: contact objects.

-- Further addresses of pools, for legacy clients. Made and removed, never changed.
CREATE TABLE [endpoint] (
    [id]           BIGINT NOT NULL,
    [uuid]         CHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [name_key]     CHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [name]         NVARCHAR(768) NOT NULL, -- user@domain
    [pool]         NVARCHAR(510) NOT NULL, -- lower case
    [display_name] NVARCHAR(512) NOT NULL,
    [created_at]   BIGINT NOT NULL,
    [created_by]   BIGINT NOT NULL,
    CONSTRAINT [endpoint_pk] PRIMARY KEY ([id]),
    CONSTRAINT [endpoint_uuid_uq] UNIQUE ([uuid]),
    CONSTRAINT [endpoint_name_uq] UNIQUE ([name_key]),
    CONSTRAINT [endpoint_uuid_ck] CHECK (LEN([uuid]) = 36),
    CONSTRAINT [endpoint_name_key_ck] CHECK (LEN([name_key]) = 64)
);
GO
