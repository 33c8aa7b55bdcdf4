#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What can be said about the SQL files without an engine: the dialects describe the same databases,
# no name needs quoting in any of them, statements can be split at line ends, and the files for
# SQL Server keep to what 2012 can do.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
source "$here/lib.sh"

# One fact a line: tables, columns, keys, checks and indexes, without what differs on purpose.
# "integer" and "text" facts are for all; "width" and "binary" only where the engine has them.
facts() { # <database> <dialect>
    schema "$1" "$2" | sed -E 's/ *--.*$//; s/[][]//g' | sed -z 's/\n        / /g' | awk '
        function limit(column, n) { print "limit", table, column, n }
        /^CREATE TABLE / { table = $3; print "table", table; next }
        /^CREATE .*INDEX / { print; next }
        / CONSTRAINT / {
            sub(/^ */, ""); sub(/,$/, "")
            if (match($0, /(LEN|length|DATALENGTH)\([a-z_0-9]+\) (=|<=) [0-9]+/)) {
                split(substr($0, RSTART, RLENGTH), part, /[() ]+/)
                limit(part[2], part[1] == "DATALENGTH" ? part[4] / 4 : part[4])
            } else print table, $0
            next
        }
        /^    [a-z]/ {
            column = $1; type = $2
            print "column", ++count[table], table, column, / NOT NULL/ ? "not null" : "null",
                type ~ /INT/ ? "integer" : "text"
            if (match(type, /\([0-9]+\)/)) {
                n = substr(type, RSTART + 1, RLENGTH - 2)
                # NVARCHAR counts UTF-16 units; at its largest it is for long JSON, not for names.
                limit(column, type ~ /^NVARCHAR/ ? n / 2 : n)
            }
            if (type ~ /(BIG|SMALL)INT/) print "width", table, column, type
            if (/ COLLATE /) print "binary", table, column
        }' | sed 's/,$//' | sort -u
}

compare() { # <database> <dialect> <dialect> <facts to leave out>
    local difference
    difference=$(diff <(facts "$1" "$2" | grep -vE "$4") \
        <(facts "$1" "$3" | grep -vE "$4")) ||
        problem "$1: $2 (<) and $3 (>) differ:
$difference"
}

# Run-time queries are one text for all engines, so no name may be reserved in any of them.
reserved=' add all alter analyse analyze and any array as asc asymmetric authorization autoincrement backup begin
 between both break browse bulk by cascade case cast check checkpoint close clustered coalesce collate
 column commit compute constraint contains containstable continue convert create cross current
 current_date current_time current_timestamp current_user cursor database dbcc deallocate declare
 default deferrable delete deny desc disk distinct distributed do double drop dump else end errlvl
 escape except exec execute exists exit external false fetch file fillfactor for foreign freetext
 freetexttable from full function goto grant group having holdlock identity identity_insert
 identitycol if in index initially inner insert intersect into is isnull join key kill lateral
 leading left limit lineno load localtime localtimestamp merge national natural nocheck nonclustered
 not notnull null nullif of off offset offsets on only open opendatasource openquery openrowset
 openxml option or order outer over overlaps percent pivot placing plan precision primary print proc
 procedure public raiserror read readtext reconfigure references replication restore restrict return
 returning revert revoke right rollback rowcount rowguidcol rule save schema securityaudit select
 semantickeyphrasetable semanticsimilaritydetailstable semanticsimilaritytable session_user set
 setuser shutdown similar some statistics symmetric system_user table tablesample textsize then to
 top trailing tran transaction trigger true truncate try_convert tsequal union unique unpivot update
 updatetext use user using values variadic varying verbose view waitfor when where while window with
 within writetext '
check_names() { # <database>
    local name
    while IFS= read -r name; do
        [[ ${reserved//$'\n'/} != *" $name "* ]] || problem "$1: $name is a reserved word of one engine"
    done < <(facts "$1" sqlite |
        awk '$1 == "table" { print $2 } $1 == "column" { print $4 }' | sort -u)
}

# The migrator splits at a semicolon that ends a line.
check_statements() { # <file>
    local hit
    hit=$(grep -nE -- '--.*;$' "$1") && problem "$1: a comment would end a statement: $hit"
    hit=$(grep -nE ';.*[^;]$' "$1" | grep -v -- '--.*;') && problem "$1: a statement ends inside a line: $hit"
    [[ $(grep -vE '^(--|GO$|$)' "$1" | tail -n 1) == *';' ]] || problem "$1: the last statement has no end"
    hit=$(grep -nwiE 'bytea|boolean|bool|bit|blob|varbinary|datetime2?|timestamp|serial|identity|autoincrement' \
        <(sed 's/--.*//' "$1")) && problem "$1: a type that not every engine and driver carries: $hit"
    hit=$(grep -n '::' <(sed 's/--.*//' "$1")) && problem "$1: ODBC takes :: for a parameter: $hit"
    hit=$(awk 'length > 100 { print FNR ": " $0 }' "$1")
    [[ -z $hit ]] || problem "$1: longer than 100 columns: $hit"
}

check_sqlserver() { # <file>
    local hit
    hit=$(grep -nwiE 'if exists|or alter|json_value|json_query|openjson|string_agg|inline|drop_existing' "$1") &&
        problem "$1: newer than SQL Server 2012: $hit"
    hit=$(sed 's/--.*//' "$1" | grep -nE '^CREATE (TABLE|(UNIQUE )?INDEX) [^[]|^    [a-z]') &&
        problem "$1: a name without brackets: $hit"
    hit=$(awk '/^(CREATE TABLE|SET ANSI_NULLS)/ && open { print FNR } /^(CREATE|SET)/ { open = 1 }
        /^GO$/ { open = 0 } END { if (open) print "end" }' "$1")
    [[ -z $hit ]] || problem "$1: no GO before line $hit"
    # An index key may have 900 bytes; more is a warning when it is made and an error when it is used.
    hit=$(sed -E 's/ *--.*$//; s/[][]//g' "$1" | sed -z 's/\n        / /g' | awk '
        function bytes(type, n) {
            if (match(type, /\([0-9]+\)/)) {
                n = substr(type, RSTART + 1, RLENGTH - 2)
                return type ~ /^N/ ? 2 * n : n + 0
            }
            return type == "BIGINT" ? 8 : type == "INT" ? 4 : type == "SMALLINT" ? 2 : 1000
        }
        /^CREATE TABLE / { table = $3 }
        /^    [a-z]/ { size[table, $1] = bytes($2) }
        /PRIMARY KEY|UNIQUE \(|^CREATE .*INDEX/ {
            list = $0; sub(/^[^(]*\(/, "", list); sub(/\).*/, "", list)
            total = 0
            for (i = split(list, column, /, /); i > 0; i--) total += size[table, column[i]]
            if (total > 900 || total == 0) print total " bytes: " $0
        }')
    [[ -z $hit ]] || problem "$1: $hit"
}

for database in content compliance; do
    # What only one side can say: SQLite knows neither widths nor collations, and its rows have no CHAR.
    compare "$database" sqlite postgresql '^(width|binary) '
    compare "$database" postgresql sqlserver '^$'
    check_names "$database"
    for dialect in sqlite postgresql sqlserver; do
        while IFS= read -r file; do
            check_statements "$file"
        done < <(schema_files "$database" "$dialect")
    done
    while IFS= read -r file; do
        check_sqlserver "$file"
    done < <(schema_files "$database" sqlserver)
done
count=$(facts content sqlite | grep -c '^table ')
finish "dialects: $count content tables and $(facts compliance sqlite | grep -c '^table ') compliance tables are the same three times"
