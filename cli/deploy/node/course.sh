# shellcheck shell=dash
# SPDX-License-Identifier: Apache-2.0
# The course of an activation, in its own process: forward, and back when it is no good, or what was cut off before. It
# says how it ended only when that is so; what could not be brought to an end keeps its record for whoever comes next.

do_activation() {
    exec 9>>"$state/turn"
    flock --wait 15 9 || fail "another activation has not ended"
    progress note "begins"
    if read_record "$state/activation"; then
        only_first=yes
        recover_record
        only_first='' touched=''
        # The new one may be the way out.
        [ ! -f "$state/activation" ] || stop_left "$to"
    fi
    read_record "$state/wish"
    from=$(change_in_force)
    if ! { write_ahead && write_record forward; }; then
        ended failed "nothing can be written to $state; nothing was changed" "make room there: df $state"
        exit 1
    fi
    step begin
    go_forward
}

go_forward() {
    if bring "$to" "$from" '' && gate "$to" "$within" && step gate && place_record kept; then
        keep
    else
        take_back
    fi
}

# Whoever finds the record of one that is kept does this again.
keep() {
    if { [ "$from" = - ] || [ "$from" = "$to" ] || place_book previous "$from"; } && place_book active "$to"; then
        step keep
        ended ok "$to is in force" && remove_record
    else
        ended failed "$to is ready, and that cannot be written to $state" "make room there, and deploy again: df $state"
    fi
}

take_back() {
    if [ -z "$touched" ]; then
        leave_all
        return
    fi
    tell_why "$to"
    if [ "$from" = "$to" ]; then
        ended failed "$to was in force before, and the server does not get ready: $why" && remove_record
    elif [ "$from" = - ]; then
        leave_nothing
    else
        go_back "$why"
    fi
}

# Nothing runs otherwise than before.
leave_all() {
    progress why "$why"
    drop_new_files
    if [ "$from" = - ]; then
        ended failed "nothing was changed: $why" && remove_record
    else
        ended undone "nothing was changed: $why" && remove_record
    fi
}

go_back() { # why
    write_record back || : # with the record that is there it goes back, too
    step back
    if ! bring "$from" "$to" back-; then
        tell_why "$from"
        # The record stays: whoever comes next tries again. Until then no mixture is started.
        [ -z "$at_start" ] || stop_all "$from"
        ended failed "$from cannot be put back: $why$(idle_text "$from")" \
            "put that right, and deploy again, or deploy a release that is whole"
    elif gate "$from" "$((within > patience_back ? within : patience_back))"; then
        step back-gate
        ended undone "$1" && remove_record
    else
        tell_why "$from"
        ended failed "$from is back, and the server does not get ready with it either: $why" && remove_record
    fi
}

# Which of its services do not run, to end a line with.
idle_text() { # change
    local unit idle=''
    for unit in $(units_of "$1"); do
        case $(unit_state "$unit") in
            active' '*) ;;
            *) idle="$idle $unit" ;;
        esac
    done
    printf '%s' "${idle:+; not running:$idle}"
}

# What is left of a change that cannot be taken back.
stop_left() { # change
    local unit
    touched=yes
    progress note "what was cut off before cannot be taken back: $why"
    supervisor=$(text_of "$state/changes/$1/supervisor")
    for unit in $(units_of "$1" | tac); do
        unit_stop "$unit" || :
    done
}

stop_all() {
    local unit
    for unit in $(units_of "$1"); do
        systemctl stop --no-block "$unit.service"
    done
}

# The first change of a machine, which is not good, stays where it was staged.
leave_nothing() {
    local unit path
    write_record back || : # it would begin anew
    step back
    supervisor=$(text_of "$state/changes/$to/supervisor")
    for unit in $(units_of "$to" | tac); do
        unit_stop "$unit"
        unit_disable "$unit"
    done
    step back-stop
    cut -f1 "$state/changes/$to/files" | while IFS= read -r path; do
        rm -f "$path" "$path.pchat-new"
    done
    rm -f "$current"
    if [ "$supervisor" = systemd ]; then
        systemctl daemon-reload
    else
        for unit in $(units_of "$to"); do
            rm -rf "/etc/sv/$unit" # with what runit keeps there
        done
    fi
    step back-files
    ended failed "there is no change before it to go back to; the services are stopped: $why" && remove_record
}

# Whether it is good shows when the machine is up. Until then it does not run.
go_on_later() {
    supervisor=$(text_of "$state/changes/$to/supervisor")
    stop_all "$to"
    start_apart recover-when-up
}

recover_record() {
    progress note "what was cut off is made good"
    why="it was cut off"
    touched=yes
    if [ "$phase" = kept ]; then
        keep
    elif [ "$from" = - ] && [ "$phase" = back ]; then
        leave_nothing
    elif [ "$from" != - ] && [ "$from" != "$to" ]; then
        go_back "$why"
    elif [ -n "$at_start" ]; then
        go_on_later
    else
        go_forward
    fi
}

do_recover_here() {
    # Of a machine that goes down nothing can be started; it does this when it comes back.
    [ ! -d /run/systemd/system ] || [ "$(systemctl is-system-running 2>/dev/null)" != stopping ] || return 0
    [ -f "$state/turn" ] || return 0
    exec 9>>"$state/turn"
    flock --wait 600 9 || fail "another activation has not ended"
    recover_left
}

recover_left() {
    if read_record "$state/activation"; then
        recover_record
    else
        end_early
    fi
}

do_recover_at_start() {
    at_start=yes
    do_recover_here
}

do_recover_when_up() {
    exec 9>>"$state/turn"
    flock --wait 600 9 || fail "another activation has not ended"
    progress note "it goes on when the machine is up"
    timeout 600 systemctl is-system-running --wait >/dev/null 2>&1
    recover_left
}
