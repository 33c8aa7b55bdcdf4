// SPDX-License-Identifier: Apache-2.0
#include "cli/local_server/private_postgres.h"

#include "base/file_write.h"
#include "cli/child_process.h"
#include "cli/local_server/secret_file.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace pchat::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view owner = "pchat";  // of the database, and its name
constexpr int most_tries = 5;                // of ports, which others may take meanwhile

std::string read_all(const fs::path& path) {
    std::ifstream in{path};
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
}

/// 0 when there is none.
int free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    void* const place = &address;
    const bool bound = socket >= 0 && ::bind(socket, static_cast<sockaddr*>(place), size) == 0 &&
                       ::getsockname(socket, static_cast<sockaddr*>(place), &size) == 0;
    if (socket >= 0)
        ::close(socket);
    return bound ? ntohs(address.sin_port) : 0;
}

Result<std::optional<Account>> account_to_run_as() {
    if (::geteuid() != 0)
        return std::optional<Account>{};
    const passwd* entry = ::getpwnam("postgres");
    if (entry == nullptr)
        return fail(
            Errc::not_found,
            "PostgreSQL does not run as root, and there is no user postgres",
            "run this as an ordinary user, or give a database by --database"
        );
    return std::optional{Account{entry->pw_uid, entry->pw_gid}};
}

class Maker {
public:
    Maker(ProcessGroup& group, const DataDirectory& directory, std::string programs)
        : group_(group), directory_(directory), programs_(std::move(programs)),
          folder_(fs::path{directory.path()} / "postgres"),
          log_(directory.path() + "/postgres.log") {}

    Result<PrivatePostgres> start();

private:
    [[nodiscard]] fs::path data() const { return folder_ / "data"; }
    [[nodiscard]] fs::path made() const { return folder_ / "made"; }

    Result<void> take_password();
    Result<void> make_folder();
    Result<void> give_away(const fs::path& path, mode_t mode);
    Result<void> initialize();
    Result<ProcessGroup::Number> start_server();
    Result<void> make_database();
    Result<void> run_to_end(const std::string& name, ServerProgram program);
    [[nodiscard]] bool is_ready(pid_t pid) const;

    ProcessGroup& group_;
    const DataDirectory& directory_;
    std::string programs_;
    fs::path folder_;
    std::string log_;
    std::optional<Account> account_;
    Secret password_;
    int port_ = 0;
};

Result<void> Maker::take_password() {
    const std::string file = directory_.path() + "/postgres-password";
    Result<std::optional<Secret>> there = read_secret_file(file);
    if (!there)
        return pass(std::move(there).error());
    if (*there) {
        password_ = std::move(**there);
        return {};
    }
    Result<Secret> fresh = random_secret();
    if (!fresh)
        return pass(std::move(fresh).error());
    password_ = std::move(*fresh);
    return write_secret_file(file, fmt::format("{}\n", password_.reveal()), 0600);
}

Result<void> Maker::give_away(const fs::path& path, mode_t mode) {
    if (::chmod(path.c_str(), mode) != 0 ||
        (account_ && ::chown(path.c_str(), account_->user, account_->group) != 0))
        return file_error("use", path.string(), errno);
    return {};
}

Result<void> Maker::make_folder() {
    // It is not said what lies in it, only let through.
    if (account_ && ::chmod(directory_.path().c_str(), 0711) != 0)
        return file_error("use", directory_.path(), errno);
    std::error_code problem;
    if (!fs::exists(made()))
        fs::remove_all(folder_, problem);  // what was never ready
    fs::create_directory(folder_, problem);
    if (problem)
        return file_error("create", folder_.string(), problem.value());
    return give_away(folder_, 0700);
}

Result<void> Maker::run_to_end(const std::string& name, ServerProgram program) {
    const auto number = group_.start(name, std::move(program), log_);
    if (!number)
        return pass(number.error());
    const Result<bool> ended = group_.wait_until(*number, [] { return false; });
    if (!ended)
        return pass(ended.error());
    if (group_.went_well(*number))
        return {};
    return fail(
        Errc::internal,
        group_.last_words(*number),
        account_ ? fmt::format("the user postgres must reach {}", folder_.string()) : ""
    );
}

Result<void> Maker::initialize() {
    const fs::path secret = folder_ / "password";
    const std::string text = fmt::format("{}\n", password_.reveal());
    if (Result<void> put = write_secret_file(secret.string(), text, 0600); !put)
        return put;
    if (Result<void> given = give_away(secret, 0600); !given)
        return given;
    ServerProgram initdb;
    initdb.program = programs_ + "/initdb";
    initdb.arguments = {
        "--pgdata=" + data().string(),
        fmt::format("--username={}", owner),
        "--auth=scram-sha-256",
        "--pwfile=" + secret.string(),
        "--encoding=UTF8",
        "--no-locale"};
    initdb.account = account_;
    Result<void> done = run_to_end("initdb", std::move(initdb));
    std::error_code ignored;
    fs::remove(secret, ignored);
    return done;
}

/// It writes "ready" into this file when it takes connections.
bool Maker::is_ready(pid_t pid) const {
    const std::string text = read_all(data() / "postmaster.pid");
    return text.rfind(fmt::format("{}\n", pid), 0) == 0 &&
           text.find("\nready") != std::string::npos;
}

Result<ProcessGroup::Number> Maker::start_server() {
    for (int tries = 1;; ++tries) {
        port_ = free_port();
        ServerProgram server;
        server.program = programs_ + "/postgres";
        server.arguments = {
            "-D",
            data().string(),
            "-p",
            std::to_string(port_),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories="};
        server.account = account_;
        const auto number = group_.start("postgres", std::move(server), log_, SIGINT);
        if (!number)
            return number;
        const Result<bool> ready =
            group_.wait_until(*number, [&] { return is_ready(group_.pid(*number)); });
        if (!ready)
            return pass(ready.error());
        if (*ready)
            return number;
        const std::string said = group_.last_words(*number);
        if (tries == most_tries || said.find("already in use") == std::string::npos)
            return fail(Errc::internal, said);
    }
}

Result<void> Maker::make_database() {
    ServerProgram createdb;
    createdb.program = programs_ + "/createdb";
    createdb.arguments = {
        "--host=127.0.0.1",
        fmt::format("--port={}", port_),
        fmt::format("--username={}", owner),
        std::string{owner}};
    createdb.environment = {{"PGPASSWORD", std::string{password_.reveal()}}};
    if (Result<void> done = run_to_end("createdb", std::move(createdb)); !done)
        return done;
    return write_secret_file(made().string(), "\n", 0600);
}

Result<PrivatePostgres> Maker::start() {
    Result<std::optional<Account>> account = account_to_run_as();
    if (!account)
        return pass(std::move(account).error());
    account_ = *account;
    for (const auto step : {&Maker::take_password, &Maker::make_folder})
        if (Result<void> done = (this->*step)(); !done)
            return pass(std::move(done).error());
    const bool fresh = !fs::exists(made());
    if (fresh)
        if (Result<void> done = initialize(); !done)
            return pass(std::move(done).error());
    const auto number = start_server();
    if (!number)
        return pass(number.error());
    if (fresh)
        if (Result<void> done = make_database(); !done)
            return pass(std::move(done).error());
    PrivatePostgres out;
    out.number = *number;
    out.target.engine = sql::Engine::postgresql;
    out.target.host = "127.0.0.1";
    out.target.port = port_;
    out.target.database = owner;
    out.target.encryption = sql::Encryption::off;
    out.target.login = {std::string{owner}, password_.copy()};
    return out;
}

}  // namespace

Result<std::string> find_postgres(const std::string& search_path) {
    int newest = 0;
    std::string out;
    std::error_code problem;
    for (const fs::directory_entry& one : fs::directory_iterator{"/usr/lib/postgresql", problem}) {
        const std::string name = one.path().filename().string();
        int version = 0;
        std::from_chars(name.data(), name.data() + name.size(), version);
        const std::string place = (one.path() / "bin").string();
        if (version > newest && find_program("initdb", place)) {
            newest = version;
            out = place;
        }
    }
    if (newest > 0)
        return out;
    if (const auto found = find_program("initdb", search_path))
        return fs::path{*found}.parent_path().string();
    return fail(
        Errc::not_found,
        "PostgreSQL is neither in /usr/lib/postgresql nor on the PATH",
        "install the package postgresql, or give a database by --database"
    );
}

Result<PrivatePostgres> start_postgres(
    ProcessGroup& group, const DataDirectory& directory, const std::string& programs
) {
    return Maker{group, directory, programs}.start();
}

}  // namespace pchat::cli
