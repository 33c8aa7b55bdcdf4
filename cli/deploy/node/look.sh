# shellcheck shell=dash
# SPDX-License-Identifier: Apache-2.0
# What a machine is like. Nothing that it finds is a failure: that is for others to judge.

look_at_machine() {
    local ID='' VERSION_ID='' PRETTY_NAME='' limit
    # shellcheck disable=SC1091  # the machine's
    [ ! -r /etc/os-release ] || . /etc/os-release
    say look 1
    say os "$ID" "$VERSION_ID" "$(one_line "$PRETTY_NAME")"
    say architecture "$(dpkg --print-architecture 2>/dev/null || uname -m)"
    say glibc "$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d' ' -f2)"
    if has_systemd; then
        say supervisor systemd
    elif has_runit; then
        say supervisor runit
    else
        say supervisor none
    fi
    say uid "$(id -u)"
    hostname -I 2>/dev/null | tr -s ' ' '\n' | sed -n "s/^..*/address$tab&/p"
    say time "$(date +%s.%N)"
    say memory "$(awk '/^MemTotal:/ { printf "%.0f", $2 * 1024 }' /proc/meminfo)"
    limit=$(awk '/^Max open files/ { print $5 }' /proc/1/limits)
    say open-files "${limit:-unlimited}"
}

# Of a folder that is not there yet: where it will be.
look_at_disk() {
    local place="$1"
    while [ ! -e "$place" ]; do
        place=${place%/*}
        [ -n "$place" ] || place=/
    done
    say free "$1" "$(df --output=avail --block-size=1 "$place" | tail -n 1 | tr -d ' ')"
}

look_at_account() {
    local line holder
    line=$(getent passwd pchat | cut -d: -f3,4)
    if [ -n "$line" ]; then
        say account pchat "${line%:*}" "${line#*:}"
    else
        say account pchat absent
    fi
    holder=$(getent passwd "$id" | cut -d: -f1)
    [ -z "$holder" ] || [ "$holder" = pchat ] || say taken uid "$id" "$holder"
    holder=$(getent group "$id" | cut -d: -f1)
    [ -z "$holder" ] || [ "$holder" = pchat ] || say taken gid "$id" "$holder"
}

look_at_deployment() {
    local release change unit found
    found=$(current_release)
    for release in $(folders_by_age "$releases"); do
        if [ "$release" = "$found" ]; then
            look_at_release "$release" &
        else
            ! is_release "$release" || say_release "$release"
        fi
    done
    wait
    for change in $(folders_by_age "$state/changes"); do
        ! is_change "$change" || say change "$change" "$(text_of "$state/changes/$change/release")"
    done
    say current "${found:--}"
    change=$(text_of "$state/active")
    say active "${change:--}"
    found=$(text_of "$state/previous")
    say previous "${found:--}"
    look_at_activation
    found=$(lock_owner)
    if [ -n "$found" ]; then
        say lock held "$found" "$(lock_age)"
    else
        say lock free
    fi
    is_change "$change" || return 0
    supervisor=$(text_of "$state/changes/$change/supervisor")
    for unit in $(units_of "$change"); do
        look_at_unit "$unit"
    done
}

# The schema that a release brings; all dialects have the same steps.
steps_of() { # release, content|compliance
    find "$releases/$1/share/schemas/sql/$2/sqlite" -name '*.sql' 2>/dev/null | wc -l
}

say_release() {
    say release "$1" "$(steps_of "$1" content)" "$(steps_of "$1" compliance)"
}

# All that is in it: what was changed by hand is found. That takes a moment; others are looked at before they run.
look_at_release() {
    local fault
    fault=$(fault_of_release "$releases/$1" "$1")
    if [ -n "$fault" ]; then
        say damaged "$1" "$fault"
        return
    fi
    say_release "$1"
    [ "$(text_of "$state/repaired")" != "$1" ] || say damaged "$1" "it was, and what runs was started before it was repaired"
}

look_at_activation() {
    local life=gone
    ! is_running || life=running
    if read_record "$state/activation"; then
        say activation "$life" "$from" "$to" "$phase" "$run" "$who"
    elif [ "$life" = running ] && ! has_ended; then # it is about to write its record
        read_record "$state/wish"
        say activation running "$(change_in_force)" "$to" forward "$run" "$who"
    else
        say activation none
    fi
}

look_at_unit() {
    local active sub pid turns since
    read -r active sub pid turns since <<LINE
$(unit_state "$1")
LINE
    say unit "$1" "$active" "$sub" "$(unit_enabled "$1")" "$pid" "$since"
}

look_at_file() {
    local found
    if [ -f "$1" ] && [ ! -L "$1" ]; then
        found=$(stat -c "%U$tab%G${tab}0%a" "$1")
        say file "$1" "$found" "$(sha256sum <"$1" | cut -d' ' -f1)"
    else
        say file "$1" absent
    fi
}

# What we or somebody else left in our places; what runit keeps there is not ours.
look_at_others() { # the files that were asked for, a line each
    other_paths "$1" | while IFS= read -r path; do
        say other "$path"
    done
}

look_at_name() {
    local found
    found=$(timeout 5 getent ahosts "$1" | awk '!seen[$1]++ { printf "\t%s", $1 }')
    printf 'name\t%s%s\n' "$1" "$found"
}

look_at_port() {
    local found inode owner program=-
    found=$(awk -v port="$(printf ':%04X' "$1")" \
        '$4 == "0A" && substr($2, length($2) - 4) == port { print $8, $10; exit }' /proc/net/tcp /proc/net/tcp6 2>/dev/null)
    if [ -z "$found" ]; then
        say port "$1" free
        return
    fi
    inode=${found#* }
    owner=$(find /proc/[0-9]*/fd -lname "socket:\[$inode\]" 2>/dev/null | head -n 1)
    owner=${owner#/proc/} owner=${owner%%/*}
    [ -z "$owner" ] || program=$(text_of "/proc/$owner/comm")
    say port "$1" taken "${found% *}" "${program:--}"
}

# As the service does it: by the account's numbers, whether it is there yet or not. Other machines do the same there at
# the same time, and numbers of processes are alike on machines that are alike.
as_account() {
    timeout 10 setpriv --reuid="$id" --regid="$id" --clear-groups "$@"
}

write_and_read() {
    # shellcheck disable=SC2016  # for the inner shell
    as_account sh -c '
        file=$(mktemp "$1/.pchat-look-XXXXXXXXXX") || exit 1
        trap "rm -f \"$file\"" EXIT
        echo pchat >"$file" || exit 1
        read -r found <"$file"
        [ "$found" = pchat ] || { echo "what is written is not what is read" >&2 && exit 1; }
    ' sh "$1" 2>&1
}

look_at_store() {
    local kind=folder said mount
    # A server that is gone keeps whoever asks for what is there.
    timeout --kill-after=1 10 test -d "$1"
    case $? in
        0) ;;
        124 | 137)
            say store "$1" mount "does not answer within 10 s" - -
            return
            ;;
        *)
            say store "$1" absent
            return
            ;;
    esac
    ! timeout 10 mountpoint -q "$1" || kind=mount
    if said=$(write_and_read "$1"); then
        said=writable
    elif [ $? -eq 124 ]; then
        said="does not answer within 10 s"
    else
        said=$(one_line "${said##*: }")
    fi
    mount=$(timeout 10 findmnt --noheadings --raw --first-only --output FSTYPE,SOURCE --target "$1")
    say store "$1" "$kind" "$said" "${mount%% *}" "${mount#* }"
}

# Whether several machines see the same files: one of them leaves a mark, the others look for it. What somebody who was
# cut off left behind goes first.
leave_mark() { # folder, name
    local said
    # shellcheck disable=SC2016  # for the inner shell
    if said=$(as_account sh -c '
        find "$1" -maxdepth 1 -name ".pchat-mark-*" -mmin +60 -delete
        : >"$1/.pchat-mark-$2"
    ' sh "$1" "$2" 2>&1); then
        say mark left
    else
        said=$(one_line "${said##*: }")
        say mark "${said:-does not answer within 10 s}"
    fi
}

find_mark() { # folder, name
    if as_account test -e "$1/.pchat-mark-$2"; then
        say mark found
    elif [ $? -eq 124 ]; then
        say mark "does not answer within 10 s"
    else
        say mark missing
    fi
}

take_mark() { # folder, name
    as_account rm -f "$1/.pchat-mark-$2"
    say mark taken
}

do_mark() { # what, folder, name
    is_name "$3" || fail "'$(one_line "$3")' is no name of a mark"
    case $1 in
        leave | find | take) "$1_mark" "$2" "$3" ;;
        *) fail "'$(one_line "$1")' is nothing that is done with a mark" ;;
    esac
}

look_at_way() { # host, port
    local said
    # shellcheck disable=SC2016  # for the inner shell
    if said=$(timeout 3 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2" 2>&1); then
        said=open
    elif [ $? -eq 124 ]; then
        said=timeout
    else
        case $said in
            *'Connection refused'*) said=refused ;;
            *'No route to host'* | *'Network is unreachable'*) said=no-route ;;
            *'Name or service not known'* | *'name resolution'* | *'No address associated'*) said=unknown-name ;;
            *) said=$(one_line "${said##*: }") ;;
        esac
    fi
    say reach "$1" "$2" "$said"
}

# On which port a named instance of SQL Server listens, only the browser on its machine tells: UDP 1434, a byte 4 and the
# name, and the answer has ";tcp;PORT;" in it.
look_at_instance() { # host, name
    local port
    # shellcheck disable=SC2016  # for the inner shell
    port=$(timeout 3 bash -c 'exec 3<>"/dev/udp/$0/1434" && printf "\004%s\0" "$1" >&3 && dd bs=4096 count=1 <&3' "$1" "$2" \
        2>/dev/null | tr -d '\0' | sed -n 's/.*;tcp;\([0-9]*\);.*/\1/p')
    if is_number "$port"; then
        look_at_way "$1" "$port"
    else
        say reach "$1" "$2" "no answer of SQL Server Browser, UDP 1434"
    fi
}

do_look() {
    local kind first second files=''
    look_at_machine
    look_at_disk /opt
    look_at_disk /var/lib
    look_at_disk "$state/incoming"
    look_at_account
    look_at_deployment
    sed -n 's/^[[:space:]]*\[\(.*\)\].*/odbc\t\1/p' /etc/odbcinst.ini 2>/dev/null
    while IFS=$tab read -r kind first second; do
        case $kind in
            file)
                files="$files$first$newline"
                look_at_file "$first"
                ;;
            port) look_at_port "$first" ;;
            name) look_at_name "$first" & ;; # those may wait, all at the same time
            store) look_at_store "$first" & ;;
            reach) look_at_way "$first" "$second" & ;;
            instance) look_at_instance "$first" "$second" & ;;
            *) fail "'$(one_line "$kind")' is nothing to look at" ;;
        esac
    done
    wait
    look_at_others "$files"
}
