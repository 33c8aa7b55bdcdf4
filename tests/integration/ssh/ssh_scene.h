// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/ssh/ssh_link.h"
#include "tests/support/expect.h"
#include "tests/support/ssh_server.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace pchat::test {

using cli::HostKeyQuestion;
using cli::MachineLink;
using cli::Ran;
using cli::SshPoint;
using cli::SshWish;

/// Somebody with a home directory of their own who wants to get to a private server.
struct SshScene {
    TempDir home;
    std::unique_ptr<SshServer> server;
    SshWish wish;
    bool trusts = true;  // keys that nobody has seen yet
    std::vector<HostKeyQuestion> asked;

    explicit SshScene(SshServerOptions options = {})
        : server(SshServer::start(std::move(options))) {
        if (!server)
            return;
        wish.machine = {server->user(), "127.0.0.1", server->port()};
        wish.home = home.path().string();
        wish.identities = {server->key()};
        wish.global_known_hosts = (home.path() / "global").string();
    }

    [[nodiscard]] bool works() const { return server != nullptr; }
    [[nodiscard]] std::string known_hosts() const { return wish.home + "/.ssh/known_hosts"; }

    Result<std::unique_ptr<MachineLink>> try_connect() {
        return cli::connect_ssh(wish, [this](const HostKeyQuestion& question) {
            asked.push_back(question);
            return trusts;
        });
    }
    std::unique_ptr<MachineLink> connect() {
        auto out = try_connect();
        REQUIRE_OK(out);
        return std::move(*out);
    }
};

inline constexpr std::chrono::seconds long_enough{60};

inline Ran run(
    MachineLink& link,
    const std::string& script,
    const std::vector<std::string>& words = {},
    const std::string& input = {}
) {
    auto out = link.run(script, words, input, long_enough);
    REQUIRE_OK(out);
    return std::move(*out);
}

}  // namespace pchat::test
