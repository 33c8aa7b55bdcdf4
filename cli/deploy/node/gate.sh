# shellcheck shell=dash
# SPDX-License-Identifier: Apache-2.0
# Whether a change that was put in force is good: its services run, the server is ready for users, and stays so.

steady=3         # seconds for which nothing may end
most_turns=4     # ends of a service after which waiting is of no use
patience_back=30 # seconds at least for the change before: there is nothing better to go to

probe_server() { # change, seconds
    local line said
    set -- "$1" "$2" --within "$2s"
    while IFS= read -r line; do
        set -- "$@" "$line"
    done <"$state/changes/$1/probe"
    # Without contexts of the administrator, and without our turn: it may outlive us.
    said=$(
        seconds=$2
        shift 2
        HOME=$state timeout --kill-after=5 "$((seconds + 10))" "$current/bin/pchatctl" test ready "$@" 2>&1 </dev/null 9>&-
    ) && return 0
    why=$(one_line "${said%%"$newline"hint:*}")
    return 1
}

# What all services are like, in the form "STATE PID TURNS" a line; faulty is the first that does not run.
look_at_units() { # change
    local unit active sub pid turns since
    seen_pids='' seen_turns='' faulty=''
    for unit in $(units_of "$1"); do
        read -r active sub pid turns since <<LINE
$(unit_state "$unit")
LINE
        seen_pids="$seen_pids $unit:$pid"
        seen_turns="$seen_turns $unit:$turns"
        if [ "$active" != active ] && [ -z "$faulty" ]; then
            faulty=$unit why="$unit is $active ($sub)"
        fi
    done
    [ -z "$faulty" ]
}

gate() { # change, seconds
    local end pids turns='' ends=0 left
    [ -z "$at_start" ] || return 0
    end=$(($(uptime_seconds) + $2))
    while :; do
        look_at_units "$1" || :
        if [ -n "$turns" ] && [ "$seen_turns" != "$turns" ]; then
            ends=$((ends + 1))
        fi
        turns=$seen_turns
        left=$((end - $(uptime_seconds)))
        if [ -z "$faulty" ]; then
            pids=$seen_pids
            [ "$left" -le 2 ] || left=2
            [ "$left" -ge 1 ] || left=1
            if probe_server "$1" "$left" && stays "$1" "$pids"; then
                return 0
            fi
        fi
        if [ "$ends" -ge "$most_turns" ]; then
            why="${faulty:-a service} ended $ends times: $why"
            return 1
        fi
        if [ "$(uptime_seconds)" -ge "$end" ]; then
            why="not ready within $2 s: $why"
            return 1
        fi
        sleep 0.3
    done
}

stays() { # change, pids
    sleep "$steady"
    look_at_units "$1" && [ "$seen_pids" = "$2" ] && return 0
    why="a service was ready and ended:$seen_pids, before:$2"
    return 1
}

tell_why() { # change
    local unit line
    progress why "$why"
    for unit in ${faulty:-$(units_of "$1" | tail -n 1)}; do
        unit_log "$unit" "$began" | while IFS= read -r line; do
            progress log "$unit" "$(one_line "$line")"
        done
    done
}
