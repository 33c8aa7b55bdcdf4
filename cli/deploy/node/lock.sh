# shellcheck shell=dash
# SPDX-License-Identifier: Apache-2.0
# Who deploys. The lock is a file with its owner in it, last touched when somebody said that the owner still lives; what
# looks at it and then changes it holds lock.guard for that moment.

work=/run/pchat-deploy.lock # held by the call that works, and gone with the machine's start
patience_work=170           # seconds to wait for another call

lock_owner() {
    text_of "$state/lock"
}

lock_age() {
    local touched age
    touched=$(stat -c %Y "$state/lock" 2>/dev/null) || touched=$(date +%s)
    age=$(($(date +%s) - touched))
    [ "$age" -ge 0 ] || age=0 # the clock was put back
    printf '%s' "$age"
}

say_held() {
    say held "$(lock_owner)" "$(lock_age)"
    exit 3
}

guard_lock() {
    make_state
    exec 8>"$state/lock.guard"
    flock -w 10 8 || fail "the lock of this machine cannot be looked at" "somebody else does so for 10 s: try again"
}

do_lock() {
    local owner other="${2-}" found
    owner=$(one_line "$1")
    [ -n "$owner" ] || fail "a lock needs an owner"
    guard_lock
    found=$(lock_owner)
    # Taken from the one that was seen, not from who came in between.
    if [ -n "$found" ] && [ "$found" != "$owner" ] && [ "$found" != "$other" ]; then
        say_held
    fi
    put_text "$state/lock" "$owner" || fail "the lock cannot be written" "look at the disk: df $state"
    say locked "$owner"
}

check_owner() { # owner
    local found
    found=$(lock_owner)
    if [ -z "$found" ]; then
        say free
        exit 3
    fi
    [ "$found" = "$(one_line "$1")" ] || say_held
}

do_touch_lock() {
    guard_lock
    check_owner "$1"
    touch "$state/lock"
    say locked "$(lock_owner)"
}

# Not before stdin is read: nobody shall wait for a link that is broken.
begin_work() { # owner, or nothing
    exec 7>>"$work"
    flock --wait "$patience_work" 7 ||
        fail "another call of a deployment is at work here for $patience_work s" "wait for it, and run it again"
    [ -z "$1" ] || check_owner "$1"
}

do_unlock() {
    local found
    if [ -d "$state" ]; then
        guard_lock
        found=$(lock_owner)
        [ -z "$found" ] || [ "$found" = "$(one_line "$1")" ] || say_held
        rm -f "$state/lock"
    fi
    say free
}
