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

run_db() { # program, folder, verb, words
    local program="$1" folder="$2"
    shift 2
    "$program" db "$@" -f "$folder/topology.yaml" --yes </dev/null >"$folder/said" 2>&1 || fail_as_told "$folder/said"
}

do_provision() { # release, pool, administrator; stdin: their password in a line, the topology
    local program="$releases/$1/bin/pchatctl" folder password
    is_name "$1" || fail "'$(one_line "$1")' is no release"
    [ -x "$program" ] || fail "release $1 is not here" "unpack it first"
    folder=$(mktemp -d "$state/provision.XXXXXX") || fail "$state cannot be written" "look at the disk: df /var/lib"
    # shellcheck disable=SC2064  # the folder of now
    trap "rm -rf '$folder'" EXIT
    if [ -n "${3-}" ]; then
        IFS= read -r password
        printf '%s\n' "$password" >"$folder/password"
    fi
    cat >"$folder/topology.yaml"
    run_db "$program" "$folder" provision --pool "$2"
    run_db "$program" "$folder" migrate --pool "$2"
    if [ -n "${3-}" ]; then # now that the tables are those of the release
        run_db "$program" "$folder" provision --pool "$2" --admin "$3" --admin-password-file "$folder/password"
    fi
    say provisioned "$2"
}
