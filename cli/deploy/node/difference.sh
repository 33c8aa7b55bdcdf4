# shellcheck shell=dash
# SPDX-License-Identifier: Apache-2.0
# What has to be done to have a change in force: which files are other ones, and what that asks of the services.

units_of() {
    sed 's/\.service$//' "$state/changes/$1/units"
}

has_line() { # lines, line
    printf '%s\n' "$1" | grep -qxF -e "$2"
}

file_is() { # path, owner, group, mode, sum
    [ -f "$1" ] && [ ! -L "$1" ] && [ "$(stat -c '%U %G %a' "$1")" = "$2 $3 ${4#0}" ] &&
        [ "$(sha256sum <"$1" | cut -d' ' -f1)" = "$5" ]
}

# Lines of its list that the machine does not have so.
wrong_files() { # change
    local path owner group mode sum effect
    while IFS=$tab read -r path owner group mode sum effect; do
        file_is "$path" "$owner" "$group" "$mode" "$sum" || say "$path" "$owner" "$group" "$mode" "$sum" "$effect"
    done <"$state/changes/$1/files"
}

# Services of ours: these, and what any change that is here has. Others may begin with the same letters.
our_units() {
    {
        printf 'pchatd\npchat-nats\n'
        cat "$state"/changes/*/units 2>/dev/null | sed 's/\.service$//'
    } | sort -u
}

# Files where ours are, whoever put them there, that are none of these; also what is laid beside a unit to change it.
other_paths() { # paths, a line each
    local path unit
    {
        find /etc/pchat ! -type d 2>/dev/null
        for unit in $(our_units); do
            find "/etc/systemd/system/$unit.service" "/etc/systemd/system/$unit.service.d" "/etc/sv/$unit" \
                ! -type d ! -path '*/supervise*' ! -name down 2>/dev/null
        done
    } | sort | while IFS= read -r path; do
        has_line "$1" "$path" || printf '%s\n' "$path"
    done
}

# "restart=pchatd" and the like, a line each. Not only what the machine shows counts: whoever was killed may have put the
# files there, and nobody told the services.
wanted_effects() { # change, the other one or -
    {
        wrong_files "$1" | cut -f6
        [ "$2" = - ] || [ "$2" = "$1" ] || sort "$state/changes/$1/files" "$state/changes/$2/files" | uniq -u | cut -f6
        program_effects "$1" "$2"
        other_paths "$(cut -f1 "$state/changes/$1/files")" |
            sed -n 's|^/etc/systemd/system/\(.*\)\.service\.d/.*|restart=\1|p'
    } | tr , '\n' | sort -u
}

line_of_bus() {
    grep '  bin/nats-server$' "$releases/$1/MANIFEST" 2>/dev/null
}

# The server is of the release; the bus is the same program in most of them.
program_effects() { # change, the other one or -
    local release old
    release=$(text_of "$state/changes/$1/release")
    for old in "$(current_release)" "$([ "$2" = - ] || text_of "$state/changes/$2/release")"; do
        [ -n "$old" ] && [ "$old" != "$release" ] || continue
        echo restart=pchatd
        [ "$(line_of_bus "$old")" = "$(line_of_bus "$release")" ] || echo restart=pchat-nats
    done
    # What runs was started from what was damaged.
    [ "$(text_of "$state/repaired")" != "$release" ] || printf 'restart=pchatd\nrestart=pchat-nats\n'
}

current_release() {
    local target
    target=$(readlink "$current" 2>/dev/null)
    printf '%s' "${target##*/}"
}

# Sets restart_units, reload_units and gone_units, a name a line, in the order in which services start.
find_effects() { # change, the other one or -
    local effects unit units
    units=$(units_of "$1")
    effects=$(wanted_effects "$1" "$2")
    restart_units='' reload_units='' gone_units=''
    for unit in $units; do
        if [ "$2" = - ] || has_line "$effects" "restart=$unit"; then
            restart_units="$restart_units$unit$newline"
        elif has_line "$effects" "reload=$unit"; then
            reload_units="$reload_units$unit$newline"
        fi
    done
    [ "$2" != - ] || return 0
    for unit in $(units_of "$2"); do
        has_line "$units" "$unit" && is_same_supervisor "$1" "$2" || gone_units="$gone_units$unit$newline"
    done
}

is_same_supervisor() {
    [ "$(text_of "$state/changes/$1/supervisor")" = "$(text_of "$state/changes/$2/supervisor")" ]
}
