# shellcheck shell=dash
# SPDX-License-Identifier: Apache-2.0
# The verbs around an activation: to start one, to see how far it is, to clean up after one that was killed.

is_running() {
    [ -f "$state/turn" ] || return 1
    # Shared, so that two who look do not take each other for an activation.
    (flock --shared --nonblock 9) 9<"$state/turn" || return 0
    # Killed, and systemd is about to clean up after it.
    [ -f "$state/activation" ] && has_systemd && case $(systemctl show --property=ActiveState --value pchat-activation.service) in
        '' | inactive | failed) false ;;
    esac
}

has_ended() {
    grep -q "^ended$tab" "$state/progress" 2>/dev/null
}

say_running() {
    read_record "$state/activation" || read_record "$state/wish"
    say running "$to" "$run" "$who"
    exit 3
}

# The old one is the change in force, as long as all of it is there to go back to.
change_in_force() {
    local change
    change=$(text_of "$state/active")
    if is_change "$change" && is_release "$(text_of "$state/changes/$change/release")"; then
        printf '%s' "$change"
    else
        printf -- -
    fi
}

# Apart from the call that asked for it: the SSH connection may end, and its processes with it. When it is killed under
# systemd, what it left is taken back at once.
start_apart() { # verb
    local left=50 said size
    size=$(stat -c %s "$state/progress")
    exec 7>&- 9>&- # its turn
    if [ "$supervisor" = systemd ]; then
        # The unit of the last one may need a moment to be gone.
        while ! said=$(systemd-run --quiet --collect --unit=pchat-activation --property=Type=exec --property=TimeoutStopSec=900 \
            --description="A change of the persistent chat server" \
            --property=ExecStopPost="/bin/sh $state/agent recover-here" /bin/sh "$state/agent" "$1" 2>&1); do
            left=$((left - 1))
            [ "$left" -gt 0 ] || fail "the activation cannot be started: $(one_line "$said")"
            sleep 0.2
        done
    else
        setsid /bin/sh "$state/agent" "$1" </dev/null >/dev/null 2>&1 &
    fi
    # Who looks from now on finds it at work, or what it did.
    while [ "$(stat -c %s "$state/progress")" -eq "$size" ]; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || fail "the activation was started and says nothing" "journalctl --unit=pchat-activation"
        sleep 0.1
    done
}

# What has ended may need a moment to be gone.
take_turn() {
    local left=50
    while is_running; do
        left=$((left - 1))
        has_ended && [ ! -f "$state/activation" ] && [ "$left" -gt 0 ] || say_running
        sleep 0.1
    done
    exec 9>>"$state/turn"
    flock --wait 5 9 || say_running
}

# Whether this run has begun one here, however far that came; then `to` is its change.
has_begun() { # run
    local from of
    IFS=$tab read -r _ to from of _ <"$state/progress" && [ "$of" = "$(one_line "$1")" ]
} 2>/dev/null

# Before it is said that one has started, its account is there to be read.
begin() { # change, the one whose program does it, within, run, who
    local release fault path owner group mode sum effect
    is_change "$1" || fail "there is no change '$(one_line "$1")' on this machine" "stage it first"
    is_number "$3" || fail "'$(one_line "$3")' is no number of seconds"
    release=$(text_of "$state/changes/$1/release")
    fault=$(fault_of_release "$releases/$release" "$release")
    [ -d "$releases/$release" ] || fail "the release $release is not on this machine" "unpack it first"
    if [ -n "$fault" ]; then
        # What is in force is seen to be damaged, and what is not there is sent.
        [ "$release" = "$(current_release)" ] || drop_folder "$releases/$release"
        fail "the release $release is damaged on this machine: $fault" "deploy it again: it is sent once more"
    fi
    while IFS=$tab read -r path owner group mode sum effect; do
        getent passwd "$owner" >/dev/null && getent group "$group" >/dev/null ||
            fail "there is no $owner:$group, whose $path shall be" "prepare the machine first"
    done <"$state/changes/$1/files"
    supervisor=$(text_of "$state/changes/$1/supervisor")
    [ "$supervisor" = runit ] || has_systemd || fail "systemd does not run on this machine"
    [ "$supervisor" = systemd ] || has_runit || fail "runit does not run on this machine" "it is runsvdir that is looked for"
    take_turn
    to=$1 within=$3 run=$(one_line "$4") who=$(one_line "$5") from=$(change_in_force)
    cp "$state/changes/$2/agent" "$state/agent.new" && sync "$state/agent.new" && mv -T "$state/agent.new" "$state/agent" &&
        put_text "$state/wish" "$(say to "$to" && say within "$within" && say run "$run" && say who "$who")" &&
        put_text "$state/progress" "$(say change "$to" "$from" "$run" "$who")" ||
        fail "nothing can be written to $state" "look at the disk: df $state"
    install_recovery || fail "the unit pchat-recover cannot be installed"
    start_apart activation
    say started "$to"
}

do_activate() {
    begin_work "${5-}"
    if has_begun "$3" && [ "$to" = "$1" ]; then
        say started "$1"
    else
        begin "$1" "$1" "$2" "$3" "$4"
    fi
}

# By the program of the newer one, which knows what it did.
do_rollback() {
    local before newer
    begin_work "${4-}"
    # Otherwise the second call of one run would go forward again.
    ! has_begun "$2" || { say started "$to" && return; }
    before=$(text_of "$state/previous")
    newer=$(text_of "$state/active")
    [ -n "$before" ] || fail "there is no change before the one in force" "activate one: deploy pool"
    is_change "$newer" || newer=$before
    begin "$before" "$newer" "$1" "$2" "$3"
}

do_progress() {
    if [ ! -f "$state/progress" ]; then
        say state none
        return
    fi
    # Looked at first: what ends between the two looks has ended. With a record it has not, whatever it said at its end.
    local life=gone
    ! is_running || life=running
    if has_ended && [ ! -f "$state/activation" ]; then
        life=ended
    fi
    cat "$state/progress"
    say state "$life"
}

# Without a record nothing was done yet.
end_early() {
    if [ -f "$state/progress" ] && ! has_ended; then
        read_record "$state/wish"
        ended undone "it was cut off before anything was changed"
    fi
}

do_recover() {
    begin_work "${1-}"
    [ -f "$state/turn" ] || { say none && return; }
    take_turn
    if [ ! -f "$state/activation" ]; then
        end_early
        say none
        return
    fi
    read_record "$state/activation"
    supervisor=$(text_of "$state/changes/$to/supervisor")
    start_apart recover-here
    say started "$to"
}
