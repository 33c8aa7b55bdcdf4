// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/deploy/machine_link.h"
#include "cli/ssh/ssh_point.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pchat::cli {

/// What is done about the key of a machine that no file of known hosts names. One that names
/// another key is always a refusal.
enum class NewHostKeys : std::uint8_t { ask, accept, refuse };

/// A key that nobody here has seen yet.
struct HostKeyQuestion {
    std::string host;         // as files of known hosts have it: "node1", "[node1]:2222"
    std::string key_type;     // "ssh-ed25519"
    std::string fingerprint;  // "SHA256:..."
    std::string file;         // where it will be written when the answer is yes
};

/// Whether to trust it for good. Called by whichever thread connects, by several at once: it has to
/// take turns itself. All machines behind one jump host may ask for that host's key, so it does
/// well to remember what was answered.
using HostKeyAsker = std::function<bool(const HostKeyQuestion&)>;

/// How to get to a machine. Nobody's configuration of the program `ssh` is read.
struct SshWish {
    SshPoint machine;
    std::optional<SshPoint> jump = {};         // signed in to first; the rest goes through it
    std::string home = {};                     // of whoever runs this
    std::vector<std::string> identities = {};  // private keys; none: the usual ones of ~/.ssh
    std::string agent = {};                    // its socket (SSH_AUTH_SOCK); empty: none is asked.
                                               // It may take its time to ask its user
    std::string known_hosts = {};              // empty: ~/.ssh/known_hosts
    std::string global_known_hosts = "/etc/ssh/ssh_known_hosts";  // never written
    std::chrono::seconds patience{10};                            // for each step of connecting
    NewHostKeys new_host_keys = NewHostKeys::ask;
};

/// Signs in, and finds out whether commands can be run as root there. Errc::unreachable: no machine
/// or no SSH there, or the link broke; Errc::denied: no key was good enough, the machine's own key
/// was not trusted, or sudo wants a password; Errc::conflict: the machine has another key than the
/// one that is known. The result may go to another thread.
Result<std::unique_ptr<MachineLink>> connect_ssh(const SshWish& wish, const HostKeyAsker& asker);

}  // namespace pchat::cli
