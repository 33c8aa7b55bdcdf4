# shellcheck shell=dash
# SPDX-License-Identifier: Apache-2.0
# Puts a change in force, in a process that no link and no call can end. Before the first thing is switched there is a
# record of what is under way, and it is gone after the last: whoever finds one without its process (a kill, a crash)
# knows what to take back. What is restarted is stopped before its files change, so a mixture never runs.
#   forward   on the way to the new one    back   to the old one    kept   the new one is good, and only the books lag behind
# The process holds `turn` for as long as it lives.

phase='' from='' to='' within='' run='' who='' why='' faulty='' began=0
only_first='' # what was cut off is made good before the activation that was asked for: its end is not the end
touched=''    # services were stopped, or may have been
wrong=''      # lines of the files that are written beside their places

progress() {
    say "$@" >>"$state/progress"
}

# A step is done.
step() {
    progress step "$(date +%s.%3N)" "$1"
    note_journal "$run" "$who" "activate $to: $1" ok
    while is_held "$1"; do
        sleep 0.1
    done
}

# So that tests can kill it at a certain step: a file that only root can write names some.
is_held() {
    case " $(text_of "$state/hold") " in
        *" $1 "*) ;;
        *) false ;;
    esac
}

# Fails when nobody can read it: then the record stays, and whoever comes next finds something to do.
ended() { # ok|undone|failed, text, hint
    local said
    if [ -n "$only_first" ]; then
        progress note "$1: $2"
    else
        progress ended "$@"
    fi
    said=$?
    note_journal "$run" "$who" "activate $to: $1" "$2"
    sync "$state/progress"
    return "$said"
}

# ---- the record, and the books: which change is in force, and which was before

record_text() { # phase
    say phase "$1" && say from "$from" && say to "$to" && say within "$within" && say run "$run" && say who "$who"
}

write_record() { # phase
    phase=$1
    put_text "$state/activation" "$(record_text "$1")"
}

# What is written at the end: now, where nothing is changed yet. Later the disk may be full.
write_ahead() {
    put_text "$state/activation.next" "$(record_text kept)" && put_text "$state/previous.next" "$from" &&
        put_text "$state/active.next" "$to"
}

place_book() { # its name, what it shall say
    if [ "$(cat "$state/$1" 2>/dev/null)" = "$2" ]; then
        return
    elif [ "$(cat "$state/$1.next" 2>/dev/null)" = "$2" ]; then
        mv -T "$state/$1.next" "$state/$1" && sync "$state"
    else
        put_text "$state/$1" "$2"
    fi
}

place_record() { # phase
    place_book activation "$(record_text "$1")" || { why="it is ready, and that cannot be written to $state" && return 1; }
    phase=$1
}

# Also the wish, which has the same form.
read_record() { # file
    local key value
    [ -f "$1" ] || return 1
    while IFS=$tab read -r key value; do
        case $key in
            phase) phase=$value ;;
            from) from=$value ;;
            to) to=$value ;;
            within) within=$value ;;
            run) run=$value ;;
            who) who=$value ;;
        esac
    done <"$1"
}

remove_record() {
    rm -f "$state/activation" "$state/activation.next" "$state/previous.next" "$state/active.next" "$state/repaired" &&
        sync "$state"
}

# ---- the steps

# All of them are written before a service is stopped and the first one is put in its place: a full disk changes nothing.
write_files() { # change
    local path owner group mode sum effect
    wrong=$(wrong_files "$1")
    while IFS=$tab read -r path owner group mode sum effect; do
        [ -n "$path" ] || continue
        (umask 022 && mkdir -p "${path%/*}") &&
            install -o "$owner" -g "$group" -m "$mode" "$state/changes/$1/tree$path" "$path.pchat-new" &&
            sync "$path.pchat-new" || { why="$path cannot be written" && return 1; }
    done <<LINES
$wrong
LINES
}

place_files() { # change
    local path owner group mode sum effect unit
    while IFS=$tab read -r path owner group mode sum effect; do
        [ -n "$path" ] || continue
        mv -f -T "$path.pchat-new" "$path" || { why="$path cannot be put in its place" && return 1; }
    done <<LINES
$wrong
LINES
    other_paths "$(cut -f1 "$state/changes/$1/files")" | while IFS= read -r path; do
        rm -f "$path"
        case $path in
            */*.service.d/*) rmdir --ignore-fail-on-non-empty "${path%/*}" ;;
        esac
    done
    for unit in $gone_units; do
        rm -rf "/etc/sv/$unit" # with what runit keeps there
    done
    drop_new_files
    sync -f /etc/pchat || { why="the files cannot be written to the disk" && return 1; }
}

drop_new_files() {
    local path
    for path in /etc/pchat /etc/systemd/system /etc/sv; do
        [ ! -d "$path" ] || find "$path" -name '*.pchat-new' -path '*/pchat*' -delete
    done
}

switch_release() { # change
    local release
    release=$(text_of "$state/changes/$1/release")
    is_release "$release" || { why="the release $release is not on this machine" && return 1; }
    [ "$(readlink "$current" 2>/dev/null)" != "releases/$release" ] || return 0
    rm -f "$current.new"
    ln -s "releases/$release" "$current.new" && mv -T "$current.new" "$current" && sync "$top" ||
        { why="$current cannot be switched" && return 1; }
}

reversed() {
    printf '%s' "$1" | tac
}

stop_units() { # the other change or -
    local unit ours="$supervisor"
    [ "$1" = - ] || supervisor=$(text_of "$state/changes/$1/supervisor")
    for unit in $(reversed "$gone_units"); do
        unit_stop "$unit" || { why="$unit does not end" && return 1; }
        unit_disable "$unit"
    done
    supervisor=$ours
    for unit in $(reversed "$restart_units"); do
        progress note "stops $unit"
        unit_stop "$unit" || { why="$unit does not end" && return 1; }
    done
}

arrange_units() { # change
    local unit
    reload_supervisor "$1" || { why="systemd does not read its units" && return 1; }
    for unit in $(units_of "$1"); do
        unit_enable "$unit" || { why="$unit cannot be enabled" && return 1; }
    done
}

start_units() { # change
    local unit
    began=$(date +%s)
    for unit in $reload_units; do
        unit_reload "$unit" || { why="$unit does not read its files again" faulty=$unit && return 1; }
    done
    for unit in $(units_of "$1"); do # nothing happens to those that run
        unit_start "$unit" || { why="$unit cannot be started" faulty=$unit && return 1; }
    done
}

# All but the wait for readiness. Whatever of it was done before is left as it is.
bring() { # change, the other one or -, what the names of its steps begin with
    local release
    supervisor=$(text_of "$state/changes/$1/supervisor")
    release=$(text_of "$state/changes/$1/release")
    is_release "$release" || { why="the release $release is not on this machine" && return 1; }
    find_effects "$1" "$2"
    write_files "$1" || return 1
    touched=yes
    stop_units "$2" && step "$3stop" &&
        place_files "$1" && step "$3files" &&
        switch_release "$1" && step "$3switch" &&
        arrange_units "$1" && step "$3units" &&
        start_units "$1" && step "$3start"
}
