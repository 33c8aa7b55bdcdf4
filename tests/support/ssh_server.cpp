// SPDX-License-Identifier: Apache-2.0
#include "tests/support/ssh_server.h"

#include "tests/support/child_program.h"
#include "tests/support/skip.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace pchat::test {
namespace fs = std::filesystem;
namespace {

constexpr const char* program = "/usr/sbin/sshd";
constexpr const char* key_program = "/usr/bin/ssh-keygen";

// With that SHLVL bash does not read the start file of whoever runs the tests, which may take long.
constexpr std::string_view config = R"({0}
Port {1}
ListenAddress 127.0.0.1
HostKey {2}/host_key
AuthorizedKeysFile {2}/key.pub
PidFile none
StrictModes no
UsePAM no
UseDNS no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 100
SetEnv SHLVL=2
)";

std::string current_user() {
    const passwd* entry = ::getpwuid(::geteuid());
    if (entry == nullptr)
        throw std::runtime_error("whoever runs this has no name");
    return entry->pw_name;
}

void kill_children(pid_t parent) {
    std::ifstream children{fmt::format("/proc/{0}/task/{0}/children", parent)};
    for (pid_t child = 0; children >> child;) {
        // It would tell its client how its own children have ended.
        ::kill(child, SIGSTOP);
        kill_children(child);
        ::kill(child, SIGKILL);
    }
}

}  // namespace

std::string run_ssh_tool(const TempDir& folder, std::vector<std::string> words) {
    const fs::path log = folder.path() / "tool.log";
    fs::remove(log);
    const std::string name = words.front();
    if (wait_for_program(start_program(log, std::move(words))) != 0)
        throw std::runtime_error(name + " failed: " + read_file(log));
    return read_file(log);
}

void make_key(const std::string& file, const std::string& type) {
    const TempDir folder;
    fs::remove(file);
    run_ssh_tool(folder, {key_program, "-q", "-t", type, "-N", "", "-f", file});
}

std::unique_ptr<SshServer> SshServer::start(SshServerOptions options) {
    for (const char* needed : {program, key_program})
        if (!fs::exists(needed)) {
            skip(fmt::format("there is no {} (Debian: openssh-server, openssh-client)", needed));
            return nullptr;
        }
    if (!options.user.empty() && ::geteuid() != 0) {
        skip("a server for another user needs root");
        return nullptr;
    }
    std::string user = options.user.empty() ? current_user() : options.user;
    std::unique_ptr<SshServer> out{new SshServer{std::move(options), std::move(user)}};
    out->start_on_a_free_port();
    return out;
}

SshServer::SshServer(SshServerOptions options, std::string user)
    : options_(std::move(options)), user_(std::move(user)) {
    // Other users read their keys, too.
    fs::permissions(dir_.path(), fs::perms{0755});
    make_key((dir_.path() / "host_key").string());
    make_key(key());
    if (!options_.user.empty())
        dir_.write(
            "passwd",
            fmt::format(
                "{}{}:x:4242:4242::{}:/bin/sh\n",
                read_file("/etc/passwd"),
                options_.user,
                dir_.path().string()
            )
        );
    std::error_code ignored;  // only root needs it, and then it can be made
    fs::create_directory("/run/sshd", ignored);
}

SshServer::~SshServer() {
    stop();
}

void SshServer::stop() {
    if (pid_ <= 0)
        return;
    kill_sessions();
    ::kill(pid_, SIGKILL);
    wait_for_program(std::exchange(pid_, 0));
}

void SshServer::write_config() const {
    dir_.write(
        "sshd_config",
        fmt::format(config, options_.config, port_, dir_.path().string()) + "Subsystem sftp " +
            options_.sftp + "\n"
    );
}

void SshServer::start_on_a_free_port() {
    // Somebody else may take it before the server does.
    for (int tries = 0; tries < 5; ++tries) {
        port_ = free_port();
        if (try_start())
            return;
    }
    throw std::runtime_error("sshd does not start: " + read_file(dir_.path() / "log"));
}

bool SshServer::try_start() {
    write_config();
    const std::string file = (dir_.path() / "sshd_config").string();
    std::vector<std::string> words{program, "-D", "-e", "-f", file};
    if (!options_.user.empty())
        words = {
            "/usr/bin/unshare",
            "--mount",
            "/bin/sh",
            "-c",
            fmt::format(
                "mount --bind {}/passwd /etc/passwd && exec {} -D -e -f {}",
                dir_.path().string(),
                program,
                file
            )};
    pid_ = start_program(dir_.path() / "log", words);
    return wait_for_port(pid_, port_);
}

std::string SshServer::fingerprint() const {
    const std::string line =
        run_ssh_tool(dir_, {key_program, "-l", "-f", (dir_.path() / "host_key.pub").string()});
    const std::size_t begin = line.find("SHA256:");
    return line.substr(begin, line.find(' ', begin) - begin);
}

void SshServer::change_host_key(const std::string& type) {
    stop();
    make_key((dir_.path() / "host_key").string(), type);
    if (!try_start())
        throw std::runtime_error("sshd does not start again: " + read_file(dir_.path() / "log"));
}

void SshServer::kill_sessions() const {
    kill_children(pid_);
}

}  // namespace pchat::test
