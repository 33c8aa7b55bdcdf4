#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The PostgreSQL files in a private cluster without network: they load, refuse what they must, and
# serve the queries of docs/DATABASE.md by the index named there, planned without knowing the
# parameters, as a prepared statement is in the long run. `check_postgresql.sh --plans` prints them.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
source "$here/lib.sh"

shopt -s nullglob
installed=(/usr/bin/initdb /usr/local/pgsql/bin/initdb /usr/lib/postgresql/*/bin/initdb)
[[ ${#installed[@]} -gt 0 && -x ${installed[-1]} ]] || skip "no PostgreSQL server programs (Debian: postgresql)"
bin=${installed[-1]%/initdb}
print_plans=${1-}
work=$(mktemp -d)
chmod 755 "$work"

# The server refuses to run as root.
as_server() {
    if [[ $EUID -eq 0 ]]; then
        setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"
    else
        "$@"
    fi
}
stop() {
    [[ ! -f $work/cluster/data/postmaster.pid ]] ||
        as_server "$bin/pg_ctl" -D "$work/cluster/data" -m immediate stop >"$work/stop.log" 2>&1 || cat "$work/stop.log"
    rm -rf "$work"
}
trap stop EXIT

mkdir "$work/cluster"
[[ $EUID -ne 0 ]] || chown nobody:nogroup "$work/cluster"
cd "$work/cluster"
as_server "$bin/initdb" -D data -U pchat -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$work/initdb.log" ||
    { cat "$work/initdb.log" && exit 1; }
as_server "$bin/pg_ctl" -D data -w -l log -o "-F -k $work/cluster -c listen_addresses=''" start >"$work/start.log" ||
    { cat "$work/start.log" log && exit 1; }
# Tables this small would be sorted rather than read in order; the question is whether an index has it.
export PGOPTIONS='-c client_min_messages=warning -c random_page_cost=1.1 -c enable_bitmapscan=off'
export PGHOST=$work/cluster PGUSER=pchat
unset PGPORT PGSERVICE PGPASSFILE

run() { # <database>: statements on standard input
    "$bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 -d "$1"
}

# Parameters become $1, $2, ... of a prepared statement whose plan may not look at their values.
explain() { # <query>
    local text=$1 nulls='' n=0
    while [[ $text == *'?'* ]]; do
        n=$((n + 1))
        text=${text/'?'/\$$n}
        nulls+=${nulls:+, }NULL
    done
    echo "SET plan_cache_mode = force_generic_plan; PREPARE q AS $text;"
    echo "EXPLAIN (COSTS OFF) EXECUTE q${nulls:+($nulls)};"
}

check_plans() { # <database>
    local index query plan
    while IFS='|' read -r index query; do
        plan=$(explain "$query" | run "$1")
        if [[ $print_plans == --plans ]]; then
            echo "$index|$(grep -oE '[A-Z][A-Za-z ]+ (using|on) [a-z_]+' <<<"$plan" | paste -sd+)"
        fi
        grep -qE "(using|Bitmap Index Scan on) $index( |$)" <<<"$plan" || problem "$query
$plan
expected $index"
        if grep -qE 'Seq Scan|Sort' <<<"$plan"; then
            problem "$query
$plan"
        fi
    done < <(documented_queries "$1")
}

check_refused() { # <database>
    local reason statement said
    while IFS='|' read -r reason statement; do
        if said=$(run "$1" <<<"$statement;" 2>&1); then
            problem "$statement: was done"
        elif [[ ${said,,} != *"${reason,,}"* ]]; then
            problem "$statement: $said"
        fi
    done < <(refused_statements "$1")
}

# The engine does not index foreign keys; without one, a DELETE of the parent reads the whole child.
check_foreign_keys() { # <database>
    local name
    while IFS= read -r name; do
        problem "$name: no index begins with its column"
    done < <(run "$1" <<<"SELECT conname FROM pg_constraint WHERE contype = 'f' AND NOT EXISTS (SELECT FROM
        pg_index WHERE indrelid = conrelid AND indkey[0] = conkey[1]);")
}

for database in content compliance; do
    run postgres <<<"CREATE DATABASE $database;"
    run "$database" < <(schema "$database" postgresql)
    run "$database" <"$here/fill_$database.sql"
    check_plans "$database"
    check_refused "$database"
    check_foreign_keys "$database"
    check_all_documented "$database"
done
# Limits count characters, not bytes: 65,536 that take four bytes each.
run content <<<"UPDATE message SET body = repeat('😀', 65536) WHERE room_id = 1 AND seq = 2;" ||
    problem "a body of 65,536 characters was refused"
finish "postgresql: $(documented_queries content | wc -l) and $(documented_queries compliance | wc -l) queries, each by its index"
