// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/db/command_case.h"
#include "tests/support/expect.h"
#include "tests/support/postgres.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

using namespace pchat;
using namespace pchat::test;
using Catch::Contains;
using sql::Engine;

namespace {

struct Ready : CommandCase {
    explicit Ready(Engine engine) : CommandCase(engine) {
        REQUIRE(db({"provision", "--yes"}) == 0);
        add_event(1);
        add_event(2);
    }
    [[nodiscard]] std::string file(const std::string& name = "one") const {
        return path("backups/" + name).string();
    }
};

unsigned mode_of(const std::string& file) {
    struct stat facts {};
    REQUIRE(::stat(file.c_str(), &facts) == 0);
    return facts.st_mode & 0777U;
}

// A program of this name that says and does what the script tells.
void fake(const Ready& pchatctl, const std::string& name, const std::string& script) {
    std::filesystem::create_directory(pchatctl.path("bin"));
    const std::filesystem::path file = pchatctl.path("bin") / name;
    std::ofstream{file} << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(file, std::filesystem::perms{0755});
}

}  // namespace

TEST_CASE("db backup: a file and its manifest, for the owner's eyes", "[db-backup]") {
    Ready pchatctl{GENERATE(from_range(engines()))};
    INFO(pchatctl.stderr_text());
    REQUIRE(pchatctl.content({"backup", "--to", pchatctl.file(), "-o", "json"}) == 0);
    CHECK(names_in(pchatctl.path("backups")) == std::vector<std::string>{"one", "one.json"});
    CHECK(mode_of(pchatctl.file()) == 0600);
    CHECK(mode_of(pchatctl.file() + ".json") == 0600);
    const auto manifest = nlohmann::json::parse(read_file(pchatctl.file() + ".json"));
    CHECK(manifest.at("engine") == sql::to_string(pchatctl.engine()));
    CHECK(manifest.at("database") == "content");
    CHECK(manifest.at("schema_version") == 4);
    CHECK(manifest.at("rows").at("compliance_outbox") == 2);
    CHECK(manifest.at("bytes") == std::filesystem::file_size(pchatctl.file()));
    CHECK(pchatctl.content({"status", "-o", "json"}) == 0);
    const auto status = nlohmann::json::parse(pchatctl.stdout_text());
    CHECK(status.at(0).at("last_backup") == manifest.at("created"));
}

TEST_CASE("db backup: into a directory, one file for each database", "[db-backup]") {
    Ready pchatctl{GENERATE(from_range(engines()))};
    CHECK(pchatctl.db({"backup", "--to", pchatctl.path("backups").string()}) == 0);
    const std::vector<std::string> names = names_in(pchatctl.path("backups"));
    REQUIRE(names.size() == 4);
    CHECK_THAT(names[0], Catch::StartsWith("compliance-pc.localhost.example-2"));
    CHECK_THAT(names[2], Catch::StartsWith("content-pc.localhost.example-2"));
    CHECK(pchatctl.db({"backup", "--to", pchatctl.file()}) == 2);
    CHECK_THAT(pchatctl.stderr_text(), Contains("2 databases are chosen"));
}

TEST_CASE("db backup: never writes over another without --force", "[db-backup]") {
    Ready pchatctl{GENERATE(from_range(engines()))};
    REQUIRE(pchatctl.content({"backup", "--to", pchatctl.file()}) == 0);
    const std::string before = read_file(pchatctl.file());
    CHECK(pchatctl.content({"backup", "--to", pchatctl.file()}) == 1);
    CHECK_THAT(pchatctl.stderr_text(), Contains("exists already") && Contains("--force"));
    CHECK(read_file(pchatctl.file()) == before);
    pchatctl.add_event(3);
    CHECK(pchatctl.content({"backup", "--to", pchatctl.file(), "--force"}) == 0);
    CHECK(read_file(pchatctl.file()) != before);
    CHECK(names_in(pchatctl.path("backups")).size() == 2);
}

TEST_CASE("db backup: says what is in the way", "[db-backup]") {
    Ready pchatctl{GENERATE(from_range(engines()))};
    CHECK(pchatctl.content({"backup", "--to", pchatctl.path("none/one").string()}) == 1);
    CHECK_THAT(
        pchatctl.stderr_text(), Contains("No such file or directory") && Contains("hint: mkdir -p")
    );
    CHECK(pchatctl.content({"backup"}) == 2);
    CHECK_THAT(pchatctl.stderr_text(), Contains("--to"));
    const std::string part = pchatctl.file() + ".part";
    const int other = ::open(part.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    REQUIRE(::flock(other, LOCK_EX) == 0);
    CHECK(pchatctl.content({"backup", "--to", pchatctl.file()}) == 1);
    CHECK_THAT(pchatctl.stderr_text(), Contains("somebody else is writing"));
    ::close(other);
    CHECK(pchatctl.content({"backup", "--to", pchatctl.file()}) == 0);
}

TEST_CASE("db backup: nothing is left when the disk is full", "[db-backup]") {
    Ready pchatctl{GENERATE(from_range(engines()))};
    // A limit on the size of files stands for the full disk: it strikes the programs we start too.
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const auto usual = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{8192, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    const int code = pchatctl.content({"backup", "--to", pchatctl.file()});
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, usual);
    INFO(pchatctl.stderr_text());
    CHECK(code != 0);
    CHECK(names_in(pchatctl.path("backups")).empty());
}

TEST_CASE("db backup: others write meanwhile, and the copy is one moment", "[db-backup]") {
    Ready pchatctl{GENERATE(from_range(engines()))};
    std::atomic<bool> stop{false};
    std::atomic<int> written{2};
    std::thread writer{[&] {
        sql::Database database{pchatctl.target()};
        for (int i = 3; !stop && i < 5000; ++i) {
            const Result<void> done =
                run(database,
                    fmt::format(
                        "insert into compliance_outbox (origin_id, n, uuid, at, kind, body) values "
                        "(1, {0}, '01234567-89ab-cdef-0123-{0:012}', 0, 1, '{1}')",
                        i,
                        std::string(2000, 'x')
                    ));
            if (done)
                written = i;
        }
    }};
    const int code = pchatctl.content({"backup", "--to", pchatctl.file()});
    stop = true;
    writer.join();
    INFO(pchatctl.stderr_text());
    CHECK(code == 0);
    const auto manifest = nlohmann::json::parse(read_file(pchatctl.file() + ".json"));
    CHECK(manifest.at("rows").at("compliance_outbox").get<int>() <= written.load());
    CHECK(
        pchatctl.content(
            {"restore", "--from", pchatctl.file(), "--force", "--confirm-name", pchatctl.name()}
        ) == 0
    );
    CHECK(pchatctl.events() == manifest.at("rows").at("compliance_outbox"));
}

TEST_CASE("db backup: without pg_dump it names the package", "[db-backup]") {
    if (Postgres::shared() == nullptr)
        return;
    Ready pchatctl{Engine::postgresql};
    pchatctl.session.variables["PATH"] = "";
    CHECK(pchatctl.content({"backup", "--to", pchatctl.file()}) == 1);
    CHECK_THAT(
        pchatctl.stderr_text(),
        Contains("pg_dump is not on the PATH") && Contains("apt install postgresql-client")
    );
    CHECK(names_in(pchatctl.path("backups")).empty());
}

TEST_CASE("db backup: a pg_dump that is too old or fails leaves nothing", "[db-backup]") {
    if (Postgres::shared() == nullptr)
        return;
    Ready pchatctl{Engine::postgresql};
    pchatctl.session.variables["PATH"] = pchatctl.path("bin").string() + ":/usr/bin";
    fake(pchatctl, "pg_dump", "echo 'pg_dump (PostgreSQL) 9.6.24'");
    CHECK(pchatctl.content({"backup", "--to", pchatctl.file()}) == 1);
    CHECK_THAT(pchatctl.stderr_text(), Contains("is version 9, the server 1"));

    fake(
        pchatctl,
        "pg_dump",
        "[ \"$1\" = --version ] && echo 'pg_dump (PostgreSQL) 99.1' && exit\n"
        "echo \"pg_dump: error: args $* env $PGSSLMODE\" >&2; exit 3"
    );
    CHECK(pchatctl.content({"backup", "--to", pchatctl.file()}) == 1);
    CHECK_THAT(
        pchatctl.stderr_text(),
        Contains("pg_dump failed with exit code 3") && Contains("env disable")
    );
    CHECK_THAT(pchatctl.stderr_text(), !Contains("pass of"));

    fake(
        pchatctl,
        "pg_dump",
        "[ \"$1\" = --version ] && echo 'pg_dump (PostgreSQL) 99.1' && exit\nexit 0"
    );
    CHECK(pchatctl.content({"backup", "--to", pchatctl.file()}) == 1);
    CHECK_THAT(pchatctl.stderr_text(), Contains("pg_restore failed"));
    CHECK(names_in(pchatctl.path("backups")).empty());
}

TEST_CASE("db backup: --dry-run prints the command without the password", "[db-backup]") {
    Ready pchatctl{GENERATE(from_range(engines()))};
    CHECK(pchatctl.content({"backup", "--to", pchatctl.file(), "--dry-run"}) == 0);
    if (pchatctl.engine() == Engine::postgresql)
        CHECK_THAT(
            pchatctl.stdout_text(),
            Contains("PGPASSWORD='***' /usr/bin/pg_dump --format=custom") && !Contains("pass of")
        );
    else
        CHECK_THAT(pchatctl.stdout_text(), Contains("copy " + pchatctl.name()));
    CHECK(names_in(pchatctl.path("backups")).empty());
}
