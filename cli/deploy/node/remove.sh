# shellcheck shell=dash
# SPDX-License-Identifier: Apache-2.0
# What is not needed any longer, and all of it.

is_kept() { # change
    [ "$1" = "$(text_of "$state/active")" ] || [ "$1" = "$(text_of "$state/previous")" ] ||
        { read_record "$state/activation" && { [ "$1" = "$from" ] || [ "$1" = "$to" ]; }; }
}

# Newest first.
folders_by_age() {
    find "$1" -mindepth 1 -maxdepth 1 -type d ! -name '.*' -printf '%T@ %f\n' 2>/dev/null | sort -rn | cut -d' ' -f2-
}

do_prune() {
    local keep="$1" change release needed="" count
    begin_work "${2-}"
    is_number "$keep" || fail "'$(one_line "$keep")' is no number of changes"
    drop_parts
    [ ! -d "$state/incoming" ] || find "$state/incoming" -type f -mmin +1440 -delete
    # Of calls that were killed.
    [ ! -d "$state" ] || find "$state" -maxdepth 1 \( -name 'input.*' -o -name 'provision.*' \) -mmin +1440 -exec rm -rf {} +
    needed="$(current_release)$newline"
    for change in $(folders_by_age "$state/changes"); do
        ! is_kept "$change" || needed="$needed$(text_of "$state/changes/$change/release")$newline"
    done
    count=0
    for release in $(folders_by_age "$releases"); do
        count=$((count + 1))
        if [ "$count" -gt "$keep" ] && ! has_line "$needed" "$release"; then
            drop_folder "$releases/$release"
            say removed release "$release"
        fi
    done
    count=0
    for change in $(folders_by_age "$state/changes"); do
        count=$((count + 1))
        ! is_kept "$change" || continue
        if [ "$count" -gt "$keep" ] || [ ! -d "$releases/$(text_of "$state/changes/$change/release")" ]; then
            drop_folder "$state/changes/$change"
            say removed change "$change"
        fi
    done
}

# Half of it under its name would be taken for all of it.
drop_folder() {
    local aside="${1%/*}/.part-${1##*/}"
    mv -T "$1" "$aside" && rm -rf "$aside" || fail "$1 cannot be removed"
}

# Where something is mounted, that place stays: emptied itself, and what is mounted further in is not touched, for it may
# be what other machines use, too.
remove_path() {
    local left mounted
    [ -e "$1" ] || [ -L "$1" ] || return 0
    if rm -rf --one-file-system "$1" 2>/dev/null; then
        say removed "$1"
        return
    fi
    left=$(find "$1" -xdev ! -type d)
    mounted=$(find "$1" -xdev -type d -exec mountpoint -q {} \; -print)
    [ -z "$left" ] && [ -n "$mounted" ] || fail "$1 cannot be removed" "see what is in the way: rm -r $1"
    say stays "$1" "$(one_line "$mounted") is mounted"
}

# Data that nobody but an administrator can know to be of no use.
say_what_stays() { # folders of databases, a line each
    local path
    printf '%s\n' "$1" | while IFS= read -r path; do
        [ -z "$path" ] || [ ! -d "$path" ] || say stays "$path" "databases outside of /var/lib/pchat"
    done
    ! has_systemd || say stays journal "what the services said: journalctl --unit=pchatd"
}

remove_services() {
    local path unit
    supervisor=systemd
    if has_systemd; then
        for unit in $({ our_units && echo pchat-recover; } | sort -r); do # pchatd before what it needs
            path=/etc/systemd/system/$unit.service
            remove_path "$path.d"
            [ -e "$path" ] || [ -L "$path" ] || continue
            unit_stop "$unit" || fail "$unit does not end" "systemctl status $unit"
            unit_disable "$unit"
            remove_path "$path"
            systemctl reset-failed "$unit.service" 2>/dev/null
        done
        systemctl daemon-reload
    fi
    supervisor=runit
    for unit in $({ our_units && echo pchat-recover; } | sort -r); do
        path=/etc/sv/$unit
        [ -e "$path" ] || continue
        unit_stop "$unit" || fail "$unit does not end" "sv status $unit"
        unit_disable "$unit"
        remove_path "$path"
    done
}

do_remove() {
    local what='' folders='' known=''
    if [ "${1-}" = purge ]; then
        what=purge
        shift
    fi
    [ $# -le 1 ] || fail "'$(one_line "$1")' is nothing that remove knows"
    begin_work "${1-}"
    ! is_running || say_running
    [ "$what" != purge ] || [ ! -d "$state" ] || known=yes
    folders=$(cat "$state/folders" 2>/dev/null)
    remove_services
    remove_path /etc/pchat
    remove_path "$top"
    if [ "$what" = purge ]; then
        remove_path /var/lib/pchat
        remove_path /var/log/pchat
        if getent passwd pchat >/dev/null; then
            userdel pchat || fail "the user pchat cannot be removed" "see above"
            say removed user pchat
        fi
        if getent group pchat >/dev/null; then
            groupdel pchat || fail "the group pchat cannot be removed" "see above"
            say removed group pchat
        fi
    fi
    remove_path "$state"
    [ -z "$known" ] || say_what_stays "$folders"
}
