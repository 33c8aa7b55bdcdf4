# shellcheck shell=dash
# SPDX-License-Identifier: Apache-2.0
# Services under systemd and under runit, by the same words. $supervisor says which; names are those without ".service".
# With $at_start, which is before the services of a machine are started, nothing waits for them: it would be for ever.

supervisor=systemd
at_start=

has_systemd() {
    [ -d /run/systemd/system ]
}

has_runit() {
    grep -qsx runsvdir /proc/[0-9]*/comm
}

# Where runit finds what it shall run.
runit_links() {
    local folder
    for folder in /etc/service /etc/runit/runsvdir/default /service; do
        [ -d "$folder" ] && printf '%s' "$folder" && return
    done
    printf '/etc/service'
}

is_supervised() {
    [ -p "/etc/sv/$1/supervise/ok" ] && sv status "/etc/sv/$1" >/dev/null 2>&1
}

# STATE SUB PID TURNS SINCE; another value of TURNS says that it ended and was started again.
unit_state() {
    local said active='' sub='' pid=0 turns=0 since=0 line
    if [ "$supervisor" = systemd ]; then
        said=$(systemctl show --timestamp=unix --property=ActiveState,SubState,MainPID,NRestarts,ActiveEnterTimestamp "$1.service")
        while IFS= read -r line; do
            case $line in
                ActiveState=*) active=${line#*=} ;;
                SubState=*) sub=${line#*=} ;;
                MainPID=*) pid=${line#*=} ;;
                NRestarts=*) turns=${line#*=} ;;
                ActiveEnterTimestamp=@*) since=${line#*=@} ;;
            esac
        done <<LINES
$said
LINES
    else
        said=$(sv status "/etc/sv/$1" 2>/dev/null)
        active=inactive sub=down
        case $said in
            run:*)
                active=active sub=running
                pid=${said#*pid } pid=${pid%%)*}
                since=${said#*) } since=${since%%s*} since=$(($(date +%s) - since))
                turns=$pid
                ;;
        esac
    fi
    echo "$active $sub $pid $turns $since"
}

unit_enabled() {
    if [ "$supervisor" = systemd ]; then
        systemctl is-enabled "$1.service" 2>/dev/null || :
    elif [ -e "$(runit_links)/$1" ]; then
        echo enabled
    else
        echo disabled
    fi
}

# Its end is waited for: an orderly one takes its time, and each supervisor knows when to lose patience.
unit_stop() {
    local state
    if [ "$supervisor" = systemd ]; then
        [ -z "$at_start" ] || return 0
        state=$(systemctl show --property=LoadState --value "$1.service")
        [ "$state" != not-found ] || return 0
        timeout 150 systemctl stop "$1.service" 2>/dev/null
        state=$(systemctl show --property=ActiveState --value "$1.service")
        [ "$state" = inactive ] || [ "$state" = failed ]
    elif [ -d "/etc/sv/$1" ]; then
        # Nobody starts it again while its files are changed, not even a machine that is started again.
        touch "/etc/sv/$1/down"
        ! is_supervised "$1" || { sv -w 70 force-stop "/etc/sv/$1" >/dev/null && runit_has_heard "$1"; }
    fi
}

# What has just crashed is down already, and for a second runit hears nothing. Until it has heard that it shall stay
# down, sv takes it for what shall be up, and asks nobody for it.
runit_has_heard() {
    local left=100
    while :; do
        case $(sv status "/etc/sv/$1") in
            *'want up'* | run:*) ;;
            *) return 0 ;;
        esac
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 0.1
    done
}

# Asks for it, and does not wait until it is up.
unit_start() {
    local left
    if [ "$supervisor" = systemd ]; then
        systemctl start --no-block "$1.service"
        return
    fi
    rm -f "/etc/sv/$1/down"
    left=30
    while ! is_supervised "$1"; do # runsvdir looks every five seconds
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 0.5
    done
    sv up "/etc/sv/$1" >/dev/null
}

unit_reload() {
    if [ "$supervisor" = runit ]; then
        ! is_supervised "$1" || sv hup "/etc/sv/$1" >/dev/null
    elif [ -z "$at_start" ] && systemctl is-active --quiet "$1.service"; then
        timeout 100 systemctl reload "$1.service"
    fi
}

# It takes a second, in which nobody is served: only when a unit is another one than systemd knows.
reload_supervisor() { # change
    local unit said
    [ "$supervisor" = systemd ] || return 0
    for unit in $(units_of "$1"); do
        said=$(systemctl show --property=LoadState,NeedDaemonReload "$unit.service")
        case $said in
            *=not-found* | *=yes*)
                systemctl daemon-reload
                return
                ;;
        esac
    done
}

# Starts with the machine from now on.
unit_enable() {
    if [ "$supervisor" = systemd ]; then
        [ -e "/etc/systemd/system/multi-user.target.wants/$1.service" ] ||
            { systemctl enable --quiet "$1.service" && sync -f /etc/systemd/system; }
    elif [ ! -e "$(runit_links)/$1" ]; then
        mkdir -p "$(runit_links)" && ln -s "/etc/sv/$1" "$(runit_links)/$1"
    fi
}

unit_disable() {
    if [ "$supervisor" = systemd ]; then
        [ -z "$at_start" ] || systemctl stop --no-block "$1.service" 2>/dev/null
        systemctl disable --quiet "$1.service" 2>/dev/null
        systemctl reset-failed "$1.service" 2>/dev/null # the bus calls its orderly end a failure
        rm -f "/etc/systemd/system/multi-user.target.wants/$1.service"
    else
        rm -f "$(runit_links)/$1"
        ! is_supervised "$1" || sv -w 70 force-shutdown "/etc/sv/$1" >/dev/null 2>&1
    fi
}

# The last that it said, since a time.
unit_log() {
    if [ "$supervisor" = systemd ]; then
        journalctl --unit="$1.service" --since="@$2" --lines=20 --output=cat --no-pager 2>/dev/null
    else
        tail -n 20 "/var/log/pchat/$1/current" 2>/dev/null
    fi
}

# Before the server starts, a machine that went down in the middle of an activation takes it back.
install_recovery() {
    local unit=/etc/systemd/system/pchat-recover.service text
    if [ "$supervisor" = runit ]; then
        install_runit_recovery
        return
    fi
    text="[Unit]
Description=Take back a change of the persistent chat server that was cut off
ConditionPathExists=$state/activation
RequiresMountsFor=$top $state
Before=pchatd.service pchat-nats.service

[Service]
Type=oneshot
ExecStart=/bin/sh $state/agent recover-at-start

[Install]
WantedBy=multi-user.target"
    if [ "$(cat "$unit" 2>/dev/null)" != "$text" ]; then
        put_text "$unit" "$text" && chmod 0644 "$unit" && systemctl daemon-reload || return 1
    fi
    unit_enable pchat-recover
}

# runit knows no order: until it is taken back, what was stopped for it stays down.
install_runit_recovery() {
    local run=/etc/sv/pchat-recover/run text
    text="#!/bin/sh
exec 2>&1
[ ! -f $state/activation ] || /bin/sh $state/agent recover-here
exec sv down ."
    if [ "$(cat "$run" 2>/dev/null)" != "$text" ]; then
        (umask 022 && mkdir -p "${run%/*}") && put_text "$run" "$text" && chmod 0755 "$run" || return 1
    fi
    unit_enable pchat-recover
}
