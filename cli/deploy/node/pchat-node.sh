# shellcheck shell=dash
# SPDX-License-Identifier: Apache-2.0
# What a deployment runs on a node, as root: `/bin/sh -c TEXT pchat-node VERB WORD...`, where TEXT is all files of this
# folder and then `node_main "$@"`. It needs what a minimal Debian with an SSH server has, and nothing of a release. The
# same call twice changes nothing the second time; a call that was cut off is made good by the next one.
#
# Answers are lines of words between tabs on stdout, and none where nothing was to be done. What fails says so in the last line on stderr, and ends with 1:
#   error<TAB>message<TAB>hint            the hint may be empty; other programs may have spoken on stderr before
# Status 2: called wrongly. Status 3: somebody else is at it (a lock, an activation), and stdout says who.
# No word and no answer is a secret; what is secret comes on stdin, inside of `stage`, and stays in files of root.
#
# Where [OWNER] may stand at the end, it is who has the lock. When that is somebody else by now, or nobody, nothing is
# done -> held OTHER AGE (3) | free (3). These verbs work one at a time: the same call once more, because the answer to
# the first was lost, waits for the first and finds it done.
#
# look                    stdin: what to look at, one line each. Changes nothing (but for a file in a store that it
#                         writes, reads and removes).
#   file PATH | name HOST | port N | store PATH | reach HOST PORT | instance HOST NAME
#  ->
#   os          debian 12 "Debian GNU/Linux 12 (bookworm)"     id, version, name
#   architecture amd64
#   glibc       2.36
#   supervisor  systemd | runit | none                          what runs
#   uid         0
#   address     10.0.0.1                                        its own, a line each
#   time        1790000000.123456789
#   memory      8323526656                                      bytes
#   open-files  524288 | unlimited                              the most that a service can get
#   free        /opt 10737418240                                bytes; also /var/lib and incoming's own path
#   account     pchat 842 842 | pchat absent                    uid, gid
#   taken       uid 842 NAME | gid 842 NAME                     by somebody else; a line each, or none
#   release     0.1.0-0123456789ab 7 3                          complete ones, a line each; steps of the schemas that
#                                                               it knows, of content and compliance
#   change      CHANGE RELEASE                                  what there is to go back to, newest first, a line each
#   damaged     0.1.0-0123456789ab TEXT                         the current one is not what its list says: to be unpacked
#                                                               again
#   current     0.1.0-0123456789ab | -
#   active      CHANGE | -
#   previous    CHANGE | -
#   activation  none | running FROM TO forward|back|kept RUN WHO | gone FROM TO ... (same)
#   lock        free | held OWNER AGE                           seconds since it was taken or touched
#   unit        pchatd active running enabled 1234 1790000000   of the active change: state, sub state, enabled or not,
#                                                               main pid (0: none), since when (0: not known)
#   file        PATH OWNER GROUP MODE SHA256 | PATH absent      mode as 0640
#   other       PATH                                            ours by its place, and not asked for
#   name        HOST ADDRESS...                                 no address: not known
#   port        443 free | 443 taken UID PROGRAM                program: - when not known
#   store       PATH absent | PATH mount|folder writable|"why not" FSTYPE SOURCE     - - when it does not answer
#   reach       HOST PORT open | refused | timeout | no-route | unknown-name | "what was said"; of an instance of SQL
#               Server with the port that its browser tells, or HOST NAME "no answer"
#   odbc        NAME                                            drivers of the machine, a line each
#
# mark leave|find|take PATH NAME   in a store; whoever leaves one takes it away again -> mark left | found | missing | taken
#                         | "why not"
#
# lock OWNER [OTHER]      takes it, or takes it over from OTHER, word for word who holds it -> locked OWNER
#                         | held OWNER AGE (status 3). Who has it already may take it again.
# touch-lock OWNER        -> locked OWNER | held OTHER AGE (3) | free (3)
# unlock OWNER            -> free | held OTHER AGE (3)
#
# prepare LOGIN [OWNER]   account, folders; LOGIN may write into incoming/, where what others left is removed.
#                         stdin: `folder PATH`, which the server may write into. -> made group|user|folder NAME
# unpack RELEASE SHA256 [OWNER]    incoming/RELEASE.tar.gz -> unpacked RELEASE | present RELEASE
# stage CHANGE [OWNER]    stdin: a tar of what the folder of a change holds -> staged CHANGE | present CHANGE
#     release      its name
#     supervisor   systemd | runit
#     units        names as the supervisor has them, in the order in which they start, a line each
#     files        PATH OWNER GROUP MODE SHA256 EFFECT, between tabs, a line each. EFFECT: what a change of the file asks
#                  for: - or words like restart=pchatd reload=pchat-nats, between commas
#     tree/PATH    what they hold
#     probe        words after `pchatctl test ready`, a line each; --within is added
#     agent        this program
# provision RELEASE POOL[/content|/compliance] SIP [OWNER]   stdin: the topology. Makes the databases that are files here,
#                         all or this one, and brings them up to date; a copy from before is left in
#                         /var/lib/pchat/backups -> provisioned POOL. SIP: who administers the pool when nobody does yet; a
#                         line with the password stands before the topology then. -: nobody is made
#
# activate CHANGE WITHIN RUN WHO [OWNER]   puts it in force, apart from this call, and takes it back when the server is
#                         not ready within so many seconds after its start -> started CHANGE | running CHANGE RUN WHO (3).
#                         RUN is of one activation: once it has begun, the answer is `started`, and nothing is done.
# rollback WITHIN RUN WHO [OWNER]  the same with the change before
# progress                what the last activation did; while one runs as far as it has come:
#   change      TO FROM RUN WHO                                 FROM: - for none
#   step        1790000000.123 NAME                             done, in this order: begin stop files switch units start
#                                                               gate keep; and when it is taken back: back back-stop ...
#   note        TEXT                                            what it is about to do
#   why         TEXT                                            it did not work
#   log         UNIT TEXT                                       the last lines of a service that did not get ready
#   ended       ok | undone | failed TEXT HINT                  undone: the change before is in force and ready. The last
#                                                               one counts, and the last `why`. HINT may be missing.
#   state       none | running | ended | gone                   the last line; gone: it was killed, or could not be brought
#                                                               to an end: call recover
# recover [OWNER]         what an activation left behind that is gone; as progress tells -> started TO | none
#                         | running TO RUN WHO (3). A machine that starts does this by itself, before the server.
#
# prune KEEP [OWNER]      -> removed change|release NAME. The newest KEEP stay, and always the active and the one before.
# remove [purge] [OWNER]  -> removed WHAT | stays WHAT WHY; purge: also data, logs and the account

set -u
umask 077
export LC_ALL=C
export PATH=/usr/sbin:/usr/bin:/sbin:/bin

state=/var/lib/pchat-deploy
top=/opt/pchat
releases=$top/releases
current=$top/current
id=842 # of the account, the same on all nodes: they share a file store
tab=$(printf '\t')
newline='
'

# Words between tabs.
say() {
    local line="$1" word
    shift
    for word in "$@"; do
        line="$line$tab$word"
    done
    printf '%s\n' "$line"
}

fail() {
    say error "$1" "${2-}" >&2
    exit 1
}

one_line() {
    printf '%s' "$*" | tr '\t\n' '  '
}

is_name() {
    case $1 in
        '' | [!A-Za-z0-9]* | *[!A-Za-z0-9._+~-]*) return 1 ;;
    esac
}

is_number() {
    case $1 in
        '' | *[!0-9]*) return 1 ;;
    esac
}

# Its folder is there after a crash, too.
put_text() {
    printf '%s\n' "$2" >"$1.new" && sync "$1.new" && mv -T "$1.new" "$1" && sync "${1%/*}"
}

# What one line in a file says; nothing when there is no file.
text_of() {
    local line=
    [ ! -r "$1" ] || IFS= read -r line <"$1" || :
    printf '%s' "$line"
}

# A time that nobody sets: seconds since the start.
uptime_seconds() {
    local all
    read -r all _ </proc/uptime
    printf '%s' "${all%%.*}"
}

# run, who, step, outcome
note_journal() {
    say "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$@" >>"$state/journal" && sync "$state/journal"
}

# The folders of a deployment itself. Who signs in and is not root passes through to incoming/.
make_state() {
    mkdir -p "$state/changes" && chmod 0711 "$state" && chmod 0700 "$state/changes" ||
        fail "$state cannot be made" "look at the disk: df /var/lib"
}

with_arguments() { # least, most, then what was given
    local least="$1" most="$2"
    shift 2
    [ $# -ge "$least" ] && [ $# -le "$most" ]
}

node_main() {
    local verb="${1-}" least most
    [ $# -eq 0 ] || shift
    case $verb in
        look | progress | activation | recover-at-start | recover-when-up | recover-here) least=0 most=0 ;;
        recover) least=0 most=1 ;;
        lock) least=1 most=2 ;;
        touch-lock | unlock) least=1 most=1 ;;
        prepare | stage | prune) least=1 most=2 ;;
        unpack) least=2 most=3 ;;
        mark) least=3 most=3 ;;
        provision) least=3 most=4 ;;
        activate) least=4 most=5 ;;
        rollback) least=3 most=4 ;;
        remove) least=0 most=2 ;;
        *)
            say error "'$(one_line "$verb")' is nothing that a node does" >&2
            exit 2
            ;;
    esac
    if ! with_arguments "$least" "$most" "$@"; then
        say error "$verb takes $least to $most words" >&2
        exit 2
    fi
    [ "$(id -u)" -eq 0 ] || fail "$verb is not run by root" "sign in as root, or let sudo work without a password"
    "do_$(printf '%s' "$verb" | tr - _)" "$@"
}
