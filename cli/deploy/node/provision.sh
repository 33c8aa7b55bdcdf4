# shellcheck shell=dash
# SPDX-License-Identifier: Apache-2.0
# Databases that are files of the machine itself.

# What pchatctl says of a failure: "pchatctl: MESSAGE", "hint: TEXT".
fail_as_told() {
    local message hint
    message=$(sed -n 's/^pchatctl: //p' "$1" | tail -n 1)
    hint=$(sed -n 's/^hint: //p' "$1" | tail -n 1)
    fail "$(one_line "${message:-the databases cannot be made: $(tail -n 1 "$1")}")" "$(one_line "$hint")"
}

backups=/var/lib/pchat/backups # only root may enter
backups_kept=3                 # of each database

# A schema that is brought up to date is no longer one for the release before: a copy is the way back with the data.
keep_copy() { # pool, content|compliance
    local old
    of_database "$1" "$2" migrate --dry-run --output json >"$folder/said" 2>/dev/null || return 0 # there is none
    grep -q '"pending": \[$' "$folder/said" || return 0
    install -d -m 0700 "$backups" || fail "$backups cannot be made" "look at the disk: df /var/lib"
    of_database "$1" "$2" backup --to "$backups/" >"$folder/said" 2>&1 || fail_as_told "$folder/said"
    find "$backups" -name "$2-$1-*.db" | sort -r | tail -n "+$((backups_kept + 1))" | while IFS= read -r old; do
        rm -f "$old" "$old.json"
    done
}

of_database() { # pool, content|compliance or nothing for both, words after `db`
    local pool="$1" database="$2" verb="$3"
    shift 3
    "$program" db "$verb" --file "$folder/topology.yaml" --pool "$pool" ${database:+--database "$database"} "$@" </dev/null
}

do_provision() { # release, pool or pool/database, administrator or -, owner; stdin: the password in a line, the topology
    local program="$releases/$1/bin/pchatctl" pool="${2%%/*}" only='' folder verb password
    [ "$pool" = "$2" ] || only=${2#*/}
    case $only in
        '' | content | compliance) ;;
        *) fail "'$(one_line "$only")' is no database of a pool" ;;
    esac
    is_name "$1" || fail "'$(one_line "$1")' is no release"
    [ -x "$program" ] || fail "release $1 is not here" "unpack it first"
    folder=$(mktemp -d "$state/provision.XXXXXX") || fail "$state cannot be written" "look at the disk: df /var/lib"
    # shellcheck disable=SC2064  # the folder of now
    trap "rm -rf '$folder'" EXIT
    if [ "$3" != - ]; then
        IFS= read -r password
        printf '%s\n' "$password" >"$folder/password"
    fi
    cat >"$folder/topology.yaml"
    begin_work "${4-}"
    for verb in ${only:-content compliance}; do
        keep_copy "$pool" "$verb"
    done
    for verb in provision migrate; do
        of_database "$pool" "$only" "$verb" --yes >"$folder/said" 2>&1 || fail_as_told "$folder/said"
    done
    if [ "$3" != - ]; then # now that the tables are those of the release
        of_database "$pool" "$only" provision --yes --admin "$3" --admin-password-file "$folder/password" \
            >"$folder/said" 2>&1 || fail_as_told "$folder/said"
    fi
    say provisioned "$2"
}
