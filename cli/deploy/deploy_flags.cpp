// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/deploy_flags.h"

#include "cli/ssh/ssh_link.h"
#include "cli/ui/prompt.h"
#include "topology/rules/directory.h"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace pchat::cli {
namespace {

/// One question at a time, and none twice.
class Asker {
public:
    explicit Asker(Context& ctx) : ctx_(ctx) {}

    bool operator()(const HostKeyQuestion& question) {
        const std::lock_guard guard{mutex_};
        const std::string key = question.host + " " + question.fingerprint;
        if (const auto known = answers_.find(key); known != answers_.end())
            return known->second;
        ctx_.err << fmt::format(
            "{} is not known yet. Its {} key is\n  {}\n",
            question.host,
            question.key_type,
            question.fingerprint
        );
        // --yes answers for the roll-out, not for whom one talks to.
        Context asking = ctx_;
        asking.global.yes = false;
        return answers_[key] = confirm(asking, "Is that the right machine?").has_value();
    }

private:
    Context& ctx_;
    std::mutex mutex_;
    std::map<std::string, bool> answers_;
};

}  // namespace

void SshFlags::declare(Args& args) {
    args.option_list(
            "identity", identities, "FILE", "private key to sign in with; default: those of ~/.ssh"
    )
        .kind = ValueKind::file;
    args.option("ssh-user", user, "NAME", "who signs in; default: the topology's, or root");
    args.option("jump", jump, "HOST", "reach machines through this one: [user@]host[:port]");
    args.option("known-hosts", known_hosts, "FILE", "host keys; default: ~/.ssh/known_hosts").kind =
        ValueKind::file;
    args.flag(
        "accept-new-host-keys", accept_new, "trust machines that are not known yet, without asking"
    );
}

Result<MachineLinks> SshFlags::links(Context& ctx) const {
    SshWish wish;
    wish.home = ctx.variable("HOME");
    wish.identities = identities;
    wish.agent = ctx.variable("SSH_AUTH_SOCK");
    wish.known_hosts = known_hosts;
    const bool can_ask = ctx.terminal.in_is_tty && ctx.terminal.err_is_tty && !ctx.global.no_input;
    wish.new_host_keys = accept_new ? NewHostKeys::accept
                         : can_ask  ? NewHostKeys::ask
                                    : NewHostKeys::refuse;
    if (!jump.empty()) {
        const std::string own = ctx.variable("USER");
        Result<SshPoint> point = parse_ssh_point(jump, own.empty() ? "root" : own);
        if (!point)
            return pass(std::move(point).error(), "--jump");
        wish.jump = std::move(*point);
    }
    const auto asker = std::make_shared<Asker>(ctx);
    return [wish, asker, user = user](const topology::Machine& machine) {
        SshWish one = wish;
        one.machine.host = topology::stated(machine.ssh.host) ? *machine.ssh.host : *machine.fqdn;
        one.machine.port = static_cast<std::uint16_t>(*machine.ssh.port);
        one.machine.user = user.empty() ? *machine.ssh.user : user;
        return connect_ssh(one, [asker](const HostKeyQuestion& asked) { return (*asker)(asked); });
    };
}

}  // namespace pchat::cli
