# shellcheck shell=dash
# SPDX-License-Identifier: Apache-2.0
# The account and the folders, a release, a change: what can be there before anything is switched.

# Who has the number, when it is not who shall have it.
check_number() { # passwd|group, uid|gid
    local holder
    holder=$(getent "$1" "$id" | cut -d: -f1)
    [ -z "$holder" ] || [ "$holder" = pchat ] ||
        fail "$2 $id belongs to '$holder', and pchat must have it on every node" \
            "give '$holder' another one: see usermod(8), groupmod(8)"
}

check_account() { # passwd|group, uid|gid
    local found
    found=$(getent "$1" pchat | cut -d: -f3)
    [ -z "$found" ] || [ "$found" = "$id" ] ||
        fail "pchat has the $2 $found, and must have $id on every node" "remove that account when nothing uses it"
}

make_account() {
    local group
    check_account group gid
    check_account passwd uid
    check_number group gid
    check_number passwd uid
    if ! getent group pchat >/dev/null; then
        groupadd --system --gid "$id" pchat || fail "the group pchat cannot be made" "see above"
        say made group pchat
    fi
    if ! getent passwd pchat >/dev/null; then
        useradd --system --uid "$id" --gid pchat --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin pchat ||
            fail "the user pchat cannot be made" "see above"
        say made user pchat
    fi
    group=$(id -g pchat)
    [ "$group" = "$id" ] || fail "the user pchat is of the group $group, and must be of $id" "usermod --gid $id pchat"
}

# Owner and mode are put right where the folder is there already.
make_folder() { # path, owner, group, mode
    local found
    found=$(stat -c '%U:%G:%a' "$1" 2>/dev/null)
    [ "$found" != "$2:$3:${4#0}" ] || return 0
    install -d -o "$2" -g "$3" -m "$4" "$1" || fail "the folder $1 cannot be made" "look at the disk: df $1"
    say made folder "$1"
}

may_write() {
    setpriv --reuid="$id" --regid="$id" --clear-groups test -w "$1" -a -x "$1"
}

# Whether a path in the server's own folder stays there: the server may have laid links.
stays_inside() {
    [ "$(readlink -m "$1")" = "$(readlink -m /var/lib/pchat)/${1#/var/lib/pchat/}" ]
}

# For a database in a file. What belongs to others stays theirs.
make_server_folder() {
    case $1 in
        */./* | */../* | */. | */..) fail "'$(one_line "$1")' is no plain path" "write it without . and .. in it" ;;
        /*) ;;
        *) fail "'$(one_line "$1")' is no absolute path" "write the whole path from / on" ;;
    esac
    case $1 in
        /var/lib/pchat/*) stays_inside "$1" || fail "$1 leads out of /var/lib/pchat" "see what is there: namei -l $1" ;;
    esac
    if [ ! -e "$1" ]; then
        (umask 022 && mkdir -p "${1%/*}")
        make_folder "$1" pchat pchat 0700
    elif ! may_write "$1"; then
        case $1 in
            /var/lib/pchat/*) make_folder "$1" pchat pchat 0700 ;;
            *) fail "pchat may not write into $1" "chown pchat:pchat $1" ;;
        esac
    fi
}

# Whoever removes all of it can say what is left.
note_folder() {
    case $1 in
        /var/lib/pchat/*) ;;
        *) grep -qxsF -e "$1" "$state/folders" || printf '%s\n' "$1" >>"$state/folders" ;;
    esac
}

do_prepare() {
    local login="$1" group kind path folders
    folders=$(cat)
    begin_work "${2-}"
    group=$(id -gn "$login" 2>/dev/null) || fail "there is no user '$(one_line "$login")' on this machine"
    make_account
    make_folder "$top" root root 0755
    make_folder "$releases" root root 0755
    make_folder /etc/pchat root root 0755
    make_folder /etc/pchat/tls root root 0755
    make_folder /etc/pchat/secrets root pchat 0750
    make_folder /var/lib/pchat pchat pchat 0700
    make_state
    make_folder "$state/incoming" "$login" "$group" 0700
    find "$state/incoming" -mindepth 1 ! -user "$login" -delete # what is half there of others is in the way
    while IFS=$tab read -r kind path; do
        [ -n "$kind" ] || continue
        [ "$kind" = folder ] || fail "'$(one_line "$kind")' is nothing that is prepared"
        path=$(printf '%s' "$path" | tr -s /) path=${path%/}
        make_server_folder "$path"
        note_folder "$path"
    done <<LINES
$folders
LINES
    note_journal - "$(lock_owner)" prepare ok
}

# ---- releases

# Named after its list, and so complete when the list is the right one: it gets its name last.
is_release() {
    [ -f "$releases/$1/MANIFEST" ] && [ "$(sha256sum <"$releases/$1/MANIFEST" | cut -c1-12)" = "${1##*-}" ]
}

# What is wrong with a folder that shall be the release; nothing when it is one.
fault_of_release() { # folder, name
    local odd
    [ -f "$1/MANIFEST" ] || { echo "it has no MANIFEST" && return; }
    [ "$(sha256sum <"$1/MANIFEST" | cut -c1-12)" = "${2##*-}" ] || { echo "its MANIFEST is another one" && return; }
    odd=$(find "$1" ! -type f ! -type d | head -n 1)
    [ -z "$odd" ] || { echo "it has ${odd#"$1/"}, which is neither file nor folder" && return; }
    odd=$(find "$1" \( ! -user root -o -perm /022 \) | head -n 1)
    [ -z "$odd" ] || { echo "others than root may change ${odd#"$1/"}" && return; }
    odd=$( {
        sed 's/^[0-9a-f]*  //' "$1/MANIFEST"
        find "$1" -type f ! -path "$1/MANIFEST" -printf '0%m  %P\n'
    } | sort | uniq -u | sed -n '1s/^[0-7]*  //p')
    [ -z "$odd" ] || { echo "$odd is missing, too much, or has another mode" && return; }
    odd=$(cd "$1" && sed 's/^\([0-9a-f]*\)  0[0-7]*  /\1  /' MANIFEST | sha256sum --check --quiet --strict 2>/dev/null |
        sed -n '1s/: FAILED.*//p')
    [ -z "$odd" ] || echo "$odd is not what MANIFEST says"
}

# The names of what did not get that far; nobody else unpacks, for whoever deploys has the lock.
drop_parts() {
    rm -rf "$releases"/.part-* "$state"/changes/.part-*
}

do_unpack() {
    local release="$1" sum="$2" archive part fault said
    begin_work "${3-}"
    is_name "$release" || fail "'$(one_line "$release")' is no name of a release"
    archive=$state/incoming/$release.tar.gz
    part=$releases/.part-$release
    drop_parts
    if [ -d "$releases/$release" ] && [ -z "$(fault_of_release "$releases/$release" "$release")" ]; then
        rm -f "$archive"
        say present "$release"
        return
    fi
    [ -f "$archive" ] && [ ! -L "$archive" ] || fail "there is no $archive" "upload it first"
    if [ "$(sha256sum <"$archive" | cut -d' ' -f1)" != "$sum" ]; then
        rm -f "$archive"
        fail "the archive of $release did not arrive whole" "run it again: it is uploaded once more"
    fi
    mkdir -p "$part" || fail "$part cannot be made" "look at the disk: df $releases"
    if ! said=$(tar --directory="$part" --extract --gzip --file="$archive" --no-same-owner --same-permissions 2>&1); then
        drop_parts
        case $said in
            *'No space left'*) fail "the disk is full: $release does not fit into $releases" "see what is there: df $releases" ;;
        esac
        fail "$release cannot be unpacked: $(one_line "$said")"
    fi
    find "$part" -type d -exec chmod 0755 {} +
    fault=$(fault_of_release "$part/$release" "$release")
    if [ -z "$fault" ] && [ "$(find "$part" -mindepth 1 -maxdepth 1 | wc -l)" -ne 1 ]; then
        fault="the archive holds more than the release"
    fi
    if [ -n "$fault" ]; then
        drop_parts
        rm -f "$archive"
        fail "the archive of $release is no good: $fault" "make it again: scripts/bundle"
    fi
    place_release "$part/$release" "$release"
    drop_parts
    rm -f "$archive"
    note_journal - "$(lock_owner)" "unpack $release" ok
    say unpacked "$release"
}

# Whole and on the disk before it has its name. One that was damaged makes room; what runs of it is started again when
# the next change is put in force.
place_release() { # folder, name
    touch "$1"
    if ! sync -f "$1"; then
        drop_parts
        fail "$2 cannot be written to the disk" "look at it: dmesg, df $releases"
    fi
    if [ -e "$releases/$2" ]; then
        [ "$(current_release)" != "$2" ] || put_text "$state/repaired" "$2" ||
            fail "nothing can be written to $state" "look at the disk: df $state"
        rm -rf "$releases/.part-damaged" && mv -T "$releases/$2" "$releases/.part-damaged"
    fi
    mv -T "$1" "$releases/$2" && sync "$releases" || fail "$2 cannot be put into $releases"
}

# ---- changes

is_change() {
    is_name "$1" && [ -f "$state/changes/$1/files" ]
}

# The places where we have files.
is_our_path() {
    case $1 in
        *//* | */../* | */./* | */.. | */. | */) return 1 ;;
        /etc/pchat/* | /etc/systemd/system/pchat*.service | /etc/sv/pchat*/*) ;;
        *) return 1 ;;
    esac
}

fault_of_change() { # folder
    local one path owner group mode sum effect
    for one in release supervisor units files probe agent; do
        [ -f "$1/$one" ] || { echo "it has no $one" && return; }
    done
    is_name "$(text_of "$1/release")" || { echo "it names no release" && return; }
    case $(text_of "$1/supervisor") in
        systemd | runit) ;;
        *) echo "it names no supervisor" && return ;;
    esac
    while IFS= read -r one; do
        case $one in
            pchat*) is_name "$one" ;;
            *) false ;;
        esac || { echo "'$one' is no service of ours" && return; }
    done <"$1/units"
    while IFS=$tab read -r path owner group mode sum effect; do
        is_our_path "$path" || { echo "'$path' is no place of ours" && return; }
        [ -n "$owner" ] && [ -n "$group" ] && [ -n "$mode" ] && [ -n "$effect" ] || { echo "the line of $path is short" && return; }
        [ "$(sha256sum 2>/dev/null <"$1/tree$path" | cut -d' ' -f1)" = "$sum" ] || { echo "$path is not what its list says" && return; }
    done <"$1/files"
    one=$( {
        cut -f1 "$1/files"
        find "$1/tree" ! -type d -printf '/%P\n'
    } | sort | uniq -u | head -n 1)
    [ -z "$one" ] || echo "$one is not in its list"
}

do_stage() {
    local change="$1" part fault said folder input
    is_name "$change" || fail "'$(one_line "$change")' is no name of a change"
    make_state
    input=$(mktemp "$state/input.XXXXXX") || fail "$state cannot be written" "look at the disk: df $state"
    # shellcheck disable=SC2064  # the file of now
    trap "rm -f '$input'" EXIT
    cat >"$input" || fail "the change $change cannot be written to $state" "look at the disk: df $state"
    begin_work "${2-}"
    part=$state/changes/.part-$change
    folder=$state/changes/$change
    drop_parts
    mkdir "$part" && mkdir "$part/tree" || fail "$part cannot be made" "look at the disk: df $state"
    if ! said=$(tar --directory="$part" --extract --file="$input" --no-same-owner --no-same-permissions 2>&1); then
        drop_parts
        fail "the change $change cannot be unpacked: $(one_line "$said")" "look at the disk: df $state"
    fi
    find "$part" -type d -exec chmod 0700 {} + && find "$part" -type f -exec chmod 0600 {} + && touch "$part"
    fault=$(fault_of_change "$part")
    if [ -n "$fault" ]; then
        drop_parts
        fail "the change $change is no good: $fault"
    fi
    if [ -d "$folder" ] && diff -rq "$part" "$folder" >/dev/null 2>&1; then
        drop_parts
        say present "$change"
        return
    fi
    if [ -d "$folder" ] && is_kept "$change"; then
        drop_parts
        fail "a change $change is in force, or was, and it is another one" "name the new one after what is in it"
    fi
    if ! sync -f "$part"; then
        drop_parts
        fail "the change $change cannot be written to the disk" "look at it: dmesg, df $state"
    fi
    rm -rf "$folder"
    mv -T "$part" "$folder" && sync "$state/changes" || fail "$change cannot be put into $state/changes"
    note_journal - "$(lock_owner)" "stage $change" ok
    say staged "$change"
}
