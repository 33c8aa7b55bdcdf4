// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres.h"

#include "server/store/sql/libpq_environment.h"
#include "tests/support/child_program.h"
#include "tests/support/skip.h"
#include "tests/support/temp_dir.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace pchat::test {
namespace fs = std::filesystem;
namespace {

constexpr auto longest_start = std::chrono::seconds{30};
const std::string superuser_name = "postgres";
const std::string superuser_password = "super;} 'secret'";

// The newest that is installed.
fs::path find_programs() {
    std::vector<fs::path> found;
    std::error_code ignored;
    for (const auto& version : fs::directory_iterator{"/usr/lib/postgresql", ignored})
        if (fs::exists(version.path() / "bin/initdb"))
            found.push_back(version.path() / "bin");
    return found.empty() ? fs::path{} : *std::max_element(found.begin(), found.end());
}

// Who runs the server: it refuses to be root.
struct Account {
    uid_t user = ::geteuid();
    gid_t group = ::getegid();
};

Account unprivileged() {
    Account out;
    if (out.user != 0)
        return out;
    const passwd* entry = ::getpwnam("postgres");
    if (entry == nullptr)
        entry = ::getpwnam("nobody");
    if (entry == nullptr)
        throw std::runtime_error("root may not run PostgreSQL, and there is no user postgres");
    return {entry->pw_uid, entry->pw_gid};
}

// In the child: from here on only what is safe between fork and exec.
[[noreturn]] void become(const Account& account, int log, char* const* words) {
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::prctl(PR_SET_PDEATHSIG, SIGINT);  // whatever happens to the test, the server goes with it
    if (::geteuid() == 0 && (::setgroups(0, nullptr) != 0 || ::setgid(account.group) != 0 ||
                             ::setuid(account.user) != 0))
        ::_exit(126);
    ::prctl(PR_SET_PDEATHSIG, SIGINT);  // changing the user forgets it
    ::execv(words[0], words);
    ::_exit(127);
}

pid_t start_program(const Account& account, const fs::path& log, std::vector<std::string> words) {
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    const pid_t child = ::fork();
    if (child == 0)
        become(account, file, argv.data());
    ::close(file);
    if (child < 0)
        throw std::runtime_error("fork failed");
    return child;
}

std::vector<pid_t> children_of(pid_t parent) {
    const std::string number = std::to_string(parent);
    std::ifstream list{"/proc/" + number + "/task/" + number + "/children"};
    return {std::istream_iterator<pid_t>{list}, std::istream_iterator<pid_t>{}};
}

class PrivatePostgres : public Postgres {
public:
    explicit PrivatePostgres(fs::path programs)
        : programs_(std::move(programs)), account_(unprivileged()), port_(free_port()) {
        const fs::path password = dir_.write("password", superuser_password + "\n");
        fs::create_directory(data());
        for (const fs::path& path : {dir_.path(), data(), password})
            if (::chown(path.c_str(), account_.user, account_.group) != 0)
                throw std::runtime_error("cannot give away " + path.string());
        const pid_t child = start_program(
            account_,
            log(),
            {(programs_ / "initdb").string(),
             "--pgdata=" + data().string(),
             "--username=" + superuser_name,
             "--auth=scram-sha-256",
             "--pwfile=" + password.string(),
             "--encoding=UTF8",
             "--no-locale",
             "--no-sync"}
        );
        if (wait_for_program(child) != 0)
            throw std::runtime_error("initdb failed: " + read_file(log()));
        PrivatePostgres::start("");
    }
    ~PrivatePostgres() override { PrivatePostgres::stop(); }
    PrivatePostgres(const PrivatePostgres&) = delete;
    PrivatePostgres& operator=(const PrivatePostgres&) = delete;
    PrivatePostgres(PrivatePostgres&&) = delete;
    PrivatePostgres& operator=(PrivatePostgres&&) = delete;

    [[nodiscard]] sql::Target superuser(const std::string& database) const override {
        sql::Target out;
        out.engine = sql::Engine::postgresql;
        out.host = "127.0.0.1";
        out.port = port_;
        out.database = database;
        out.encryption = sql::Encryption::off;
        out.login = {superuser_name, Secret{superuser_password}};
        return out;
    }

    [[nodiscard]] fs::path data() const override { return dir_.path() / "data"; }
    [[nodiscard]] fs::path programs() const override { return programs_; }

    void start(const std::string& settings) override {
        std::vector<std::string> words{
            (programs_ / "postgres").string(),
            "-D",
            data().string(),
            "-p",
            std::to_string(port_),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=" + dir_.path().string()};
        if (!settings.empty())
            words.insert(words.end(), {"-c", settings});
        const auto deadline = std::chrono::steady_clock::now() + longest_start;
        server_ = start_program(account_, log(), words);
        while (!ready()) {
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
            int status = 0;
            const bool ended = ::waitpid(server_, &status, WNOHANG) == server_;
            if (ended)
                server_ = 0;
            if (std::chrono::steady_clock::now() > deadline)
                throw std::runtime_error("postgres does not start: " + read_file(log()));
            // After kill9 the last of the old processes may still hold the shared memory.
            if (ended)
                server_ = start_program(account_, log(), words);
        }
    }

    void stop() override { end(SIGINT); }

    void kill9() override {
        if (server_ == 0)
            return;                // number 0 would be our own group
        ::kill(server_, SIGSTOP);  // it starts no more of them
        const std::vector<pid_t> children = children_of(server_);
        end(SIGKILL);
        for (const pid_t child : children)
            ::kill(child, SIGKILL);
    }

private:
    [[nodiscard]] fs::path log() const { return dir_.path() / "log"; }

    // The server writes "ready" into this file when it takes connections.
    [[nodiscard]] bool ready() const {
        std::error_code missing;
        const fs::path file = data() / "postmaster.pid";
        if (!fs::exists(file, missing))
            return false;
        const std::string text = read_file(file);
        return text.starts_with(std::to_string(server_) + "\n") &&
               text.find("\nready") != std::string::npos;
    }

    void end(int signal) {
        if (server_ == 0)
            return;
        ::kill(server_, signal);
        wait_for_program(std::exchange(server_, 0));
    }

    TempDir dir_;
    fs::path programs_;
    Account account_;
    int port_;
    pid_t server_ = 0;
};

}  // namespace

Postgres* Postgres::shared() {
    static const std::unique_ptr<Postgres> server = []() -> std::unique_ptr<Postgres> {
        const fs::path programs = find_programs();
        if (programs.empty())
            return nullptr;
        sql::forget_libpq_environment();  // as the programs do, and as early
        return std::make_unique<PrivatePostgres>(programs);
    }();
    if (server == nullptr)
        skip("there are no PostgreSQL server programs (Debian: postgresql)");
    return server.get();
}

sql::Target Postgres::as(
    const std::string& database, const std::string& user, const std::string& password
) const {
    sql::Target out = superuser(database);
    out.login = {user, Secret{password}};
    return out;
}

}  // namespace pchat::test
