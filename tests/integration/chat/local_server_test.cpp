// SPDX-License-Identifier: Apache-2.0
// `pchatctl server run` over a database of somebody else's.
#include "server/store/sql/database.h"
#include "tests/support/catch.h"
#include "tests/support/chat_client.h"
#include "tests/support/expect.h"
#include "tests/support/postgres.h"
#include "tests/support/skip.h"
#include "tests/support/temp_dir.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

using namespace pchat;
using namespace pchat::test;
using Json = nlohmann::json;

namespace {

/// A pchatctl of this build. `said` is what it wrote on both streams.
class Program {
public:
    explicit Program(std::vector<std::string> words) {
        words.insert(
            words.begin(),
            (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "pchatctl").string()
        );
        std::vector<char*> argv;
        for (std::string& word : words)
            argv.push_back(word.data());
        argv.push_back(nullptr);
        std::array<int, 2> pipe{};
        REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGTERM);
            ::alarm(100);  // whatever it does, it does not hang the test
            ::dup2(pipe[1], STDOUT_FILENO);
            ::dup2(pipe[1], STDERR_FILENO);
            ::execv(argv[0], argv.data());
            ::_exit(127);
        }
        ::close(pipe[1]);
        output_ = pipe[0];
    }
    ~Program() {
        if (pid_ > 0)
            end(SIGKILL);
        ::close(output_);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    /// The line of JSON that says it is ready; discarded when it ends without.
    Json ready() {
        for (;;) {
            const std::size_t begin = said.rfind('\n') + 1;
            char byte = 0;
            if (!read(byte))
                return Json::value_t::discarded;
            said += byte;
            if (byte == '\n' && said[begin] == '{')
                return Json::parse(said.substr(begin), nullptr, false);
        }
    }
    /// The exit code; reads what is left.
    int end(int signal) {
        ::kill(pid_, signal);
        return wait();
    }
    int wait() {
        for (char byte = 0; read(byte);)
            said += byte;
        int status = 0;
        ::waitpid(std::exchange(pid_, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    [[nodiscard]] pid_t pid() const { return pid_; }

    std::string said;

private:
    bool read(char& byte) const {
        pollfd waiting{output_, POLLIN, 0};
        constexpr int patience = 90'000;
        return ::poll(&waiting, 1, patience) > 0 && ::read(output_, &byte, 1) == 1;
    }

    pid_t pid_ = -1;
    int output_ = -1;
};

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in{file};
    std::string out;
    std::getline(in, out);
    return out;
}

std::uint16_t port_of(const std::string& url) {
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

std::vector<std::string> server_run(const TempDir& dir, const std::string& reference) {
    return {
        "server",
        "run",
        "--data",
        (dir.path() / "data").string(),
        "--listen",
        "127.0.0.1:0",
        "--plain",
        "--database",
        reference,
        "-o",
        "json"};
}

std::string secret_file(const TempDir& dir, const std::string& name, const std::string& text) {
    dir.write(name, text + "\n");
    const std::filesystem::path path = dir.path() / name;
    std::filesystem::permissions(path, std::filesystem::perms::owner_read);
    return "file:" + path.string();
}

/// Says something in a room, is told who holds the directory, and finds it all again.
void live_twice(const TempDir& dir, const std::string& first, const std::string& second) {
    const std::string messages = "/v1/rooms/Lobby/messages";
    std::string token;
    {
        Program server{server_run(dir, first)};
        const Json ready = server.ready();
        INFO(server.said);
        REQUIRE(ready.is_object());
        token = text_of(ready["token_file"].get<std::string>());
        const std::uint16_t port = port_of(ready["url"]);
        const Json room{{"name", "Lobby"}, {"members", {ready["admin"]}}};
        REQUIRE(http(port, "POST", "/v1/rooms", token, room).status == 201);
        REQUIRE(http(port, "POST", messages, token, {{"body", "kept"}}).status == 201);

        Program late{server_run(dir, first)};
        CHECK(late.wait() == 1);
        CHECK_THAT(
            late.said,
            Catch::Contains(fmt::format("in use by pchatctl with pid {} since 2", server.pid()))
        );
        CHECK(server.end(SIGTERM) == 0);
    }
    Program again{server_run(dir, second)};
    const Json ready = again.ready();
    INFO(again.said);
    REQUIRE(ready.is_object());
    CHECK(text_of(ready["token_file"].get<std::string>()) == token);
    const HttpAnswer history = http(port_of(ready["url"]), "GET", messages, token);
    REQUIRE(history.status == 200);
    REQUIRE(history.body["messages"].size() == 1);
    CHECK(history.body["messages"][0]["body"] == "kept");
    CHECK(again.end(SIGINT) == 130);
}

}  // namespace

TEST_CASE("server run: keeps its messages in the SQLite file that it is given", "[local]") {
    const TempDir dir;
    const std::string place = "sqlite:" + (dir.path() / "own.db").string();
    live_twice(dir, place, secret_file(dir, "reference", place));
    CHECK(std::filesystem::exists(dir.path() / "own.db"));
    CHECK_FALSE(std::filesystem::exists(dir.path() / "data" / "content.db"));
}

TEST_CASE("server run: fills an empty PostgreSQL database and finds it again", "[local]") {
    Postgres* server = Postgres::shared();
    if (server == nullptr)
        return;
    sql::Database all{server->superuser("postgres")};
    REQUIRE_OK(all.outside_transaction("create database", [](sql::Session& session) {
        session.raw() << "create database local_server";
        return Result<void>{};
    }));
    const sql::Target target = server->superuser("local_server");
    const TempDir dir;
    // As ODBC writes it: braces around what holds a semicolon, closing ones twice.
    std::string password{target.login.password.reveal()};
    for (std::size_t at = 0; (at = password.find('}', at)) != std::string::npos; at += 2)
        password.insert(at, 1, '}');
    const std::string text = fmt::format(
        "Driver=PostgreSQL Unicode;Server={};Port={};Database=local_server;Uid={};Pwd={{{}}}",
        target.host,
        target.port,
        target.login.user,
        password
    );
    ::setenv("PCHAT_TEST_LOCAL_DATABASE", text.c_str(), 1);
    live_twice(dir, secret_file(dir, "reference", text), "env:PCHAT_TEST_LOCAL_DATABASE");
    ::unsetenv("PCHAT_TEST_LOCAL_DATABASE");
    CHECK_FALSE(std::filesystem::exists(dir.path() / "data" / "content.db"));

    // The password is in no file of the directory.
    for (const auto& entry : std::filesystem::directory_iterator{dir.path() / "data"}) {
        std::ifstream in{entry.path(), std::ios::binary};
        const std::string all_of_it{std::istreambuf_iterator<char>{in}, {}};
        CHECK_THAT(all_of_it, !Catch::Contains(std::string{target.login.password.reveal()}));
    }
}
