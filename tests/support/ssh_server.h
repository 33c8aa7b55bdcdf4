// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "tests/support/temp_dir.h"

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace pchat::test {

/// What a private SSH server is started with.
struct SshServerOptions {
    std::string config = {};  // lines for the beginning of sshd_config
    std::string sftp = "/usr/lib/openssh/sftp-server";
    std::string user = {};  // known to this server alone; empty: whoever runs the test
};

/// A private sshd on a free port of the loopback address, with a host key of its own; ends with
/// this object. It lets in whoever has `key`.
class SshServer {
public:
    /// Nothing where there is none to start: prints SKIPPED, and fails the test when
    /// PCHAT_TEST_REQUIRE=all. A `user` needs root.
    static std::unique_ptr<SshServer> start(SshServerOptions options = {});
    ~SshServer();
    SshServer(const SshServer&) = delete;
    SshServer& operator=(const SshServer&) = delete;
    SshServer(SshServer&&) = delete;
    SshServer& operator=(SshServer&&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] const std::string& user() const { return user_; }
    /// The file of the private key that it lets in.
    [[nodiscard]] std::string key() const { return (dir_.path() / "key").string(); }
    [[nodiscard]] const TempDir& folder() const { return dir_; }
    /// As ssh-keygen tells it.
    [[nodiscard]] std::string fingerprint() const;

    /// Another host key of this type, as if it was set up anew.
    void change_host_key(const std::string& type);
    /// Everybody who is signed in is cut off.
    void kill_sessions() const;

private:
    SshServer(SshServerOptions options, std::string user);
    void write_config() const;
    void start_on_a_free_port();
    bool try_start();
    void stop();

    TempDir dir_;
    SshServerOptions options_;
    std::string user_;
    std::uint16_t port_ = 0;
    pid_t pid_ = 0;
};

/// A new key without passphrase, and its public half beside it.
void make_key(const std::string& file, const std::string& type = "ed25519");

/// Runs one of OpenSSH's programs to its end; throws when it fails. What it said.
std::string run_ssh_tool(const TempDir& folder, std::vector<std::string> words);

}  // namespace pchat::test
