-- SPDX-License-Identifier: Apache-2.0
-- Content database, version 2: full-text search. The program makes the words and compares texts,
-- so that all engines find the same; they keep lists. docs/DATABASE.md says why.

-- Where a word occurs: the occurrences from `from_at` up to the next block's, packed.
CREATE TABLE search_block (
    word        BIGINT NOT NULL,
    from_at     BIGINT NOT NULL,
    occurrences TEXT NOT NULL,
    CONSTRAINT search_block_pk PRIMARY KEY (word, from_at)
) WITH (fillfactor = 80);

-- The messages in the index with their words, packed: how a removed one is taken out again.
CREATE TABLE search_entry (
    room_id BIGINT NOT NULL,
    seq     BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    words   TEXT NOT NULL,
    CONSTRAINT search_entry_pk PRIMARY KEY (room_id, seq)
);

-- How far a room is indexed, in the terms of its room_head.
CREATE TABLE search_progress (
    room_id   BIGINT NOT NULL,
    seq       BIGINT NOT NULL,
    rev       BIGINT NOT NULL,
    first_seq BIGINT NOT NULL,
    CONSTRAINT search_progress_pk PRIMARY KEY (room_id)
) WITH (fillfactor = 50);
