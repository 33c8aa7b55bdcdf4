# SPDX-License-Identifier: Apache-2.0
"""What the compliance database of a pool holds, as rows, so that archive_judge.py can judge it."""

import dataclasses
import json


@dataclasses.dataclass(slots=True)
class Event:
    id: int
    uuid: str
    origin: int
    n: int
    at: int
    kind: int
    room: str | None
    user: str | None
    seq: int | None
    body: str  # byte for byte what the hash covers


@dataclasses.dataclass(slots=True)
class Batch:
    id: int
    first: int
    last: int
    previous: str
    hash: str


@dataclasses.dataclass
class Archive:
    events: list  # in the order of their ids
    batches: list
    head: tuple  # last event, last batch, its hash, as the database has it
    servers: dict  # URL -> number


EVENTS = (
    "select json_build_array(id, uuid, origin_id, n, at, kind, room_uuid, user_uuid, seq, body) from event order by id"
)
BATCHES = "select json_build_array(id, first_event_id, last_event_id, prev_hash, hash) from batch order by id"
HEAD = "select json_build_array(last_event_id, last_batch_id, last_batch_hash) from chain_head"
SERVERS = "select json_build_array(split_part(fqdn, '.', 1), id) from server"
OPEN = "select coalesce(sum(case kind when 2 then 1 when 3 then -1 else 0 end), 0) from event"


def read_archive(pool, database):
    """`database`: the name of the archive's."""

    def rows(text, where):
        return [json.loads(line) for line in pool.database.sql(text, where).splitlines()]

    numbers = dict(rows(SERVERS, "pchat"))
    urls = {server.host.name: url for server, url in zip(pool.servers, pool.urls(), strict=True)}
    return Archive(
        [Event(*row) for row in rows(EVENTS, database)],
        [Batch(*row) for row in rows(BATCHES, database)],
        tuple(rows(HEAD, database)[0]),
        {url: numbers[name] for name, url in urls.items()},
    )


def is_at_rest(pool, database):
    """Nothing is on its way any more, and whoever came has left."""
    waiting = pool.database.sql("select count(*) from compliance_outbox")
    return int(waiting) == 0 and int(pool.database.sql(OPEN, database)) == 0
