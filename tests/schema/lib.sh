# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Read by the checks in this folder.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
problems=0

problem() {
    echo "FAILED: $*"
    problems=$((problems + 1))
}

finish() {
    [[ $problems -eq 0 ]] || exit 1
    echo "$1"
}

# An engine that is missing is no reason to believe the files.
skip() {
    echo "SKIPPED: $*"
    [[ ${PCHAT_TEST_REQUIRE-} != all && ${CI-} != true ]] || exit 1
    exit 77
}

# All steps in the order of their numbers.
schema_files() { # <database> <dialect>
    printf '%s\n' "$root/schemas/sql/$1/$2"/[0-9]*.sql
}

schema() { # <database> <dialect>
    local file
    while IFS= read -r file; do
        cat "$file"
    done < <(schema_files "$1" "$2")
}

# The rows of the index table of docs/DATABASE.md for one database: <index>|<query>
documented_queries() { # <database>
    awk -v wanted="$1" -F' *\\| *' '
        /^### / { in_table = ($0 == "### Indexes of the " wanted " database") }
        in_table && $2 ~ /^`/ { gsub(/`/, "", $2); gsub(/^`|`$/, "", $4); print $2 "|" $4 }
    ' "$root/docs/DATABASE.md"
}

# Every index that is there for a query alone, by name.
declared_indexes() { # <database>
    schema "$1" sqlite | sed -n 's/^CREATE.* INDEX \([a-z_]*_ix\).*/\1/p'
}

check_all_documented() { # <database>
    local index
    while IFS= read -r index; do
        problem "$index: no query in docs/DATABASE.md justifies it"
    done < <(comm -23 <(declared_indexes "$1" | sort) <(documented_queries "$1" | cut -d'|' -f1 | sort -u))
}

# The rows of refused.txt for one database: <what the engine must say>|<statement>
refused_statements() { # <database>
    sed -n "s/^$1|//p" "$here/refused.txt"
}
