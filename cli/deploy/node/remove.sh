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
    is_number "$keep" || fail "'$(one_line "$keep")' is no number of changes"
    drop_parts
    [ ! -d "$state/incoming" ] || find "$state/incoming" -type f -mmin +1440 -delete
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

remove_path() {
    [ -e "$1" ] || [ -L "$1" ] || return 0
    rm -rf "$1" || fail "$1 cannot be removed"
    say removed "$1"
}

remove_services() {
    local path unit
    supervisor=systemd
    if has_systemd; then
        for unit in $(find /etc/systemd/system -maxdepth 1 -name 'pchat*.service' -printf '%f\n' | sort -r); do
            path=/etc/systemd/system/$unit unit=${unit%.service} # pchatd before what it needs
            unit_stop "$unit" || fail "$unit does not end" "systemctl status $unit"
            unit_disable "$unit"
            remove_path "$path"
        done
        systemctl daemon-reload
        systemctl reset-failed 'pchat*' 2>/dev/null
    fi
    supervisor=runit
    for path in /etc/sv/pchat*; do
        unit=${path##*/}
        [ -e "$path" ] || continue
        unit_stop "$unit" || fail "$unit does not end" "sv status $unit"
        unit_disable "$unit"
        remove_path "$path"
    done
}

do_remove() {
    local what="${1-}" path
    case $what in
        '' | purge) ;;
        *) fail "'$(one_line "$what")' is nothing that remove knows" ;;
    esac
    ! is_running || say_running
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
}
