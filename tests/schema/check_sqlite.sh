#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The SQLite files in SQLite: they load, refuse what they must, and serve the queries of
# docs/DATABASE.md by the index named there. `check_sqlite.sh --plans` prints the plans.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
source "$here/lib.sh"

command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
sqlite3 :memory: 'CREATE TABLE strict_table (a INTEGER) STRICT' 2>/dev/null ||
    skip "sqlite3 is older than 3.37: it has no STRICT tables"
print_plans=${1-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run() { # <database>: statements on standard input
    sqlite3 -bail -cmd 'PRAGMA foreign_keys = ON' -cmd 'PRAGMA synchronous = OFF' "$work/$1.db"
}

# What SQLite calls the index: a unique constraint has a generated name, a primary key has none.
plan_words() { # <database> <index>
    local columns
    case $2 in
        *_ix) echo "INDEX $2 " ;;
        *_pk) echo "PRIMARY KEY " ;;
        *)
            columns=$(schema "$1" sqlite | sed -n "s/^ *CONSTRAINT $2 UNIQUE (\(.*\)).*/\1/p")
            run "$1" <<<"SELECT 'INDEX ' || i.name || ' ' FROM sqlite_schema t, pragma_index_list(t.name) i
                WHERE t.type = 'table' AND i.origin = 'u' AND '$2' LIKE t.name || '_%' AND '$columns' =
                    (SELECT group_concat(name, ', ') FROM pragma_index_info(i.name));"
            ;;
    esac
}

check_plans() { # <database>
    local index query plan
    while IFS='|' read -r index query; do
        plan=$(run "$1" <<<"EXPLAIN QUERY PLAN $query;" | sed '1d; s/^[ |`*-]*//')
        if [[ $print_plans == --plans ]]; then
            echo "$index|${plan//$'\n'/ + }"
        fi
        grep -qF "$(plan_words "$1" "$index")" <<<"$plan" || problem "$query
$plan
expected $index"
        if grep -qE '^SCAN|TEMP B-TREE|AUTOMATIC' <<<"$plan"; then
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
        elif [[ $said != *"$reason"* ]]; then
            problem "$statement: $said"
        fi
    done < <(refused_statements "$1")
}

for database in content compliance; do
    run "$database" < <(schema "$database" sqlite)
    run "$database" <"$here/fill_$database.sql"
    sound=$(run "$database" <<<'PRAGMA integrity_check; PRAGMA foreign_key_check;')
    [[ $sound == ok ]] || problem "$database: $sound"
    check_plans "$database"
    check_refused "$database"
    check_all_documented "$database"
done
# Limits count characters, not bytes: 65,536 that take four bytes each.
run content <<<"UPDATE message SET body = replace(replace(replace('cccccccccccccccc', 'c', 'dddddddddddddddd'),
    'd', 'eeeeeeeeeeeeeeee'), 'e', '😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀') WHERE room_id = 1 AND seq = 2;" ||
    problem "a body of 65,536 characters was refused"
finish "sqlite: $(documented_queries content | wc -l) and $(documented_queries compliance | wc -l) queries, each by its index"
