// SPDX-License-Identifier: Apache-2.0
#include "cli/ssh/host_keys.h"

#include "cli/ssh/known_hosts.h"
#include "cli/ssh/ssh_session.h"

#include <fmt/format.h>
#include <libssh/libssh.h>

#include <array>
#include <memory>
#include <optional>

namespace pchat::cli {
namespace {

constexpr const char* nothing = "/dev/null";

struct HostKey {
    std::string host;
    std::string type;
    std::string fingerprint;
    std::string base64;
    std::string line;
};

/// What one file says of the key.
struct Verdict {
    std::string file;
    ssh_known_hosts_e state;
};

using Key = std::unique_ptr<ssh_key_struct, decltype(&ssh_key_free)>;
using Text = std::unique_ptr<char, decltype(&ssh_string_free_char)>;

std::string fingerprint_of(ssh_key key) {
    unsigned char* hash = nullptr;
    std::size_t size = 0;
    if (ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &size) != SSH_OK)
        return {};
    const Text text{
        ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size), &ssh_string_free_char};
    ssh_clean_pubkey_hash(&hash);
    return text ? text.get() : "";
}

std::optional<HostKey> key_of(ssh_session session) {
    ssh_key raw = nullptr;
    if (ssh_get_server_publickey(session, &raw) != SSH_OK)
        return std::nullopt;
    const Key key{raw, &ssh_key_free};
    char* line = nullptr;
    if (ssh_session_export_known_hosts_entry(session, &line) != SSH_OK)
        return std::nullopt;
    const Text owned{line, &ssh_string_free_char};
    HostKey out;
    out.line = line;
    out.fingerprint = fingerprint_of(key.get());
    // host, type, key
    const std::size_t first = out.line.find(' ');
    const std::size_t second = out.line.find(' ', first + 1);
    if (second == std::string::npos || out.fingerprint.empty())
        return std::nullopt;
    out.host = out.line.substr(0, first);
    out.type = out.line.substr(first + 1, second - first - 1);
    out.base64 = out.line.substr(second + 1, out.line.find('\n') - second - 1);
    return out;
}

/// libssh tells only what both files say together, so each is shown to it alone.
ssh_known_hosts_e ask_file(ssh_session session, const std::string& file) {
    ssh_options_set(session, SSH_OPTIONS_KNOWNHOSTS, file.c_str());
    ssh_options_set(session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, nothing);
    const ssh_known_hosts_e out = ssh_session_is_known_server(session);
    if (out != SSH_KNOWN_HOSTS_UNKNOWN)
        return out;
    // A line about this host that it cannot read makes it forget all others.
    const bool broken = ssh_session_has_known_hosts_entry(session) == SSH_KNOWN_HOSTS_ERROR;
    return broken ? SSH_KNOWN_HOSTS_ERROR : out;
}

tl::unexpected<Error> other_key(
    const SshSession& session, const HostKey& key, const Verdict& verdict
) {
    const bool other_type = verdict.state == SSH_KNOWN_HOSTS_OTHER;
    return fail_as(
        host_key_reason,
        Errc::conflict,
        fmt::format(
            "{}: the machine shows {} than {} knows: {} {}; it was set up anew, or somebody "
            "listens in",
            session.place(),
            other_type ? "a host key of another type" : "another host key",
            verdict.file,
            key.type,
            key.fingerprint
        ),
        fmt::format(
            "if it was set up anew, forget its old key: ssh-keygen -R '{}' -f '{}'",
            key.host,
            verdict.file
        )
    );
}

Result<void> trust(
    const SshSession& session, const HostKey& key, const SshWish& wish, const HostKeyAsker& asker
) {
    const std::string file = known_hosts_file(wish);
    const HostKeyQuestion question{key.host, key.type, key.fingerprint, file};
    const bool yes = wish.new_host_keys == NewHostKeys::accept ||
                     (wish.new_host_keys == NewHostKeys::ask && asker && asker(question));
    if (yes)
        return add_known_host(file, key.line);
    return fail_as(
        host_key_reason,
        Errc::denied,
        fmt::format(
            "{}: its host key is not known, and not trusted: {} {}",
            session.place(),
            key.type,
            key.fingerprint
        ),
        "compare it with what 'ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub' says on the "
        "machine, then accept it: --accept-new-host-keys"
    );
}

}  // namespace

std::string known_hosts_file(const SshWish& wish) {
    return wish.known_hosts.empty() ? wish.home + "/.ssh/known_hosts" : wish.known_hosts;
}

Result<void> check_host_key(SshSession& session, const SshWish& wish, const HostKeyAsker& asker) {
    const std::optional<HostKey> key = key_of(session.raw());
    if (!key)
        return fail(
            Errc::unreachable, fmt::format("{}: its host key cannot be read", session.place())
        );
    bool known = false;
    std::optional<Verdict> against;
    for (const std::string& file : {known_hosts_file(wish), wish.global_known_hosts}) {
        if (Result<void> good = check_known_hosts(file, key->base64); !good) {
            good.error().reason = host_key_reason;
            return pass(std::move(good).error(), session.place());
        }
        const Verdict verdict{file, ask_file(session.raw(), file)};
        if (verdict.state == SSH_KNOWN_HOSTS_OK)
            known = true;
        else if (verdict.state == SSH_KNOWN_HOSTS_ERROR)
            return fail_as(
                host_key_reason,
                Errc::bad_file,
                fmt::format("{}: a line of {} about it cannot be read", session.place(), file),
                fmt::format("remove the line, or: ssh-keygen -R '{}' -f '{}'", key->host, file)
            );
        else if (verdict.state != SSH_KNOWN_HOSTS_UNKNOWN && !against && verdict.state != SSH_KNOWN_HOSTS_NOT_FOUND)
            against = verdict;
    }
    if (known)
        return {};
    if (against)
        return other_key(session, *key, *against);
    return trust(session, *key, wish, asker);
}

}  // namespace pchat::cli
