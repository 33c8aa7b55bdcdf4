// SPDX-License-Identifier: Apache-2.0
// Somebody holds a table of the database, and pchatd waits for it.
#include "tests/integration/chat/scene.h"
#include "tests/support/child_program.h"
#include "tests/support/expect.h"
#include "tests/support/postgres.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

namespace {

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in{file};
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
}

/// As a value of a connection string has it.
std::string quoted(const Secret& text) {
    std::string out = "'";
    for (const char c : text.reveal()) {
        if (c == '\'' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + "'";
}

/// A table that nobody else can use as long as this lives.
class HeldTable {
public:
    HeldTable(const Postgres& postgres, const PrivateContent& database, const std::string& table)
        : postgres_(postgres), database_(database),
          log_(std::filesystem::path{database.folder()} / "held.log"),
          child_(start_program(
              log_,
              psql(
                  {"begin",
                   "lock table " + table + " in access exclusive mode",
                   "select pg_sleep(600)"}
              )
          )) {
        wait_until([&] { return text_of(log_).find("LOCK TABLE") != std::string::npos; });
    }
    ~HeldTable() {
        // Of a client that is killed, the server would go on.
        (void)wait_for_program(start_program(
            log_,
            psql({"select pg_terminate_backend(pid) from pg_stat_activity "
                  "where query = 'select pg_sleep(600)'"})
        ));
        (void)wait_for_program(child_);
    }
    HeldTable(const HeldTable&) = delete;
    HeldTable& operator=(const HeldTable&) = delete;

    /// Whether somebody stands in line for it.
    [[nodiscard]] bool is_waited_for() const {
        const std::filesystem::path out = std::filesystem::path{database_.folder()} / "asked.log";
        std::filesystem::remove(out);
        const pid_t asking = start_program(
            out, psql({"select 'waits for it' from pg_locks where not granted limit 1"})
        );
        return wait_for_program(asking) == 0 &&
               text_of(out).find("waits for it") != std::string::npos;
    }

private:
    [[nodiscard]] std::vector<std::string> psql(const std::vector<std::string>& commands) const {
        const sql::Target at = postgres_.superuser(database_.target().database);
        std::vector<std::string> out{
            (postgres_.programs() / "psql").string(),
            "-tA",
            fmt::format(
                "host={} port={} dbname={} user={} password={}",
                at.host,
                at.port,
                at.database,
                at.login.user,
                quoted(at.login.password)
            )};
        for (const std::string& command : commands)
            out.insert(out.end(), {"-c", command});
        return out;
    }

    const Postgres& postgres_;
    const PrivateContent& database_;
    std::filesystem::path log_;
    pid_t child_;
};

/// As the registry has it.
std::optional<pchat::Server> row_of(PrivateContent& database, const std::string& fqdn) {
    std::optional<pchat::Server> out;
    REQUIRE_OK(database.content().read("looking", [&](ContentTransaction& tx) -> Result<void> {
        const auto servers = tx.registry().list();
        if (!servers)
            return pass(servers.error());
        for (const pchat::Server& one : *servers)
            if (one.fqdn == fqdn)
                out = one;
        return {};
    }));
    return out;
}

/// A server that is not waited for while it starts.
struct Starting {
    explicit Starting(const PrivateContent& database)
        : folder(database.folder()), config(folder / "late.yaml"), log(folder / "late.log") {
        std::filesystem::create_directory(folder / "late");
        std::ofstream{config} << "server: { fqdn: late.example, pool: bench.example }\nlisten:\n"
                              << "  - { address: 127.0.0.1, port: 0, tls: false }\n"
                              << "data: " << (folder / "late").string() << "\n"
                              << database.settings();
    }
    void start() {
        const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path();
        std::filesystem::remove(log);
        child = start_program(
            log, {(program / "pchatd").string(), "--config", config.string(), "--announce"}
        );
    }
    [[nodiscard]] bool serves() const { return text_of(log).find("\"urls\"") != std::string::npos; }
    /// As waitpid(2) has it.
    int end() {
        ::kill(child, SIGTERM);
        return wait_for_program(child);
    }

    std::filesystem::path folder;
    std::filesystem::path config;
    std::filesystem::path log;
    pid_t child = -1;
};

}  // namespace

TEST_CASE("blocked: the heart beats while clean-up waits for a table", "[blocked]") {
    Postgres* postgres = Postgres::shared();
    if (postgres == nullptr)
        return;
    ServerOptions options;
    options.more = "registry: { lifetimeSeconds: 5 }\n";
    Scene scene{1, options, "postgresql"};
    const HeldTable table{*postgres, scene.database, "membership_purge"};
    std::set<Microseconds> beats;  // of one wait
    wait_until([&] {
        if (!table.is_waited_for())
            beats.clear();
        else
            beats.insert(row_of(scene.database, "bench.example")->heartbeat_at);
        return beats.size() >= 4;
    });
    CHECK(http(scene.server.port(), "GET", "/readyz").status == 200);
}

TEST_CASE(
    "blocked: a start that waits ends when it is told to, and can be done again", "[blocked]"
) {
    Postgres* postgres = Postgres::shared();
    if (postgres == nullptr)
        return;
    PrivateContent database{"postgresql"};
    make_world(database.content(), 1, 1);
    Starting server{database};
    const bool before_it_entered = GENERATE(true, false);
    INFO(before_it_entered);
    {
        const HeldTable table{
            *postgres, database, before_it_entered ? "lease, server" : "principal"};
        server.start();
        wait_until([&] { return table.is_waited_for(); });
        const int ended = server.end();
        INFO(text_of(server.log));
        REQUIRE(WIFEXITED(ended));
        CHECK(WEXITSTATUS(ended) == 0);
    }
    const auto left = row_of(database, "late.example");
    CHECK(left.has_value() == !before_it_entered);
    if (left) {
        CHECK(left->expires_at - left->heartbeat_at < 1'000'000);  // nobody counts on it
        CHECK(left->session_count == 0);
    }
    server.start();
    wait_until([&] { return server.serves(); });
    const auto serves = row_of(database, "late.example");
    REQUIRE(serves);
    CHECK(serves->expires_at > serves->heartbeat_at);
    CHECK(server.end() == 0);
}
