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

do_provision() { # release, pool; stdin: the topology
    local program="$releases/$1/bin/pchatctl" folder verb
    is_name "$1" || fail "'$(one_line "$1")' is no release"
    [ -x "$program" ] || fail "release $1 is not here" "unpack it first"
    folder=$(mktemp -d "$state/provision.XXXXXX") || fail "$state cannot be written" "look at the disk: df /var/lib"
    # shellcheck disable=SC2064  # the folder of now
    trap "rm -rf '$folder'" EXIT
    cat >"$folder/topology.yaml"
    for verb in provision migrate; do
        "$program" db "$verb" -f "$folder/topology.yaml" --pool "$2" --yes </dev/null >"$folder/said" 2>&1 ||
            fail_as_told "$folder/said"
    done
    say provisioned "$2"
}
