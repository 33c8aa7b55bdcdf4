// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/db/command_case.h"

#include "tests/support/expect.h"
#include "tests/support/postgres.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat::test {
namespace {

const std::string admin = "postgres";

std::string password(const std::string& role) {
    return "pass of " + role + " :;'\"";
}

}  // namespace

CommandCase::CommandCase(sql::Engine engine) : engine_(engine), base_(fresh_name("cmd")) {
    dir_.write("topology.yaml", topology());
    std::filesystem::create_directory(path("backups"));
    session.variables["PATH"] = "/usr/bin:/bin";
    if (engine_ == sql::Engine::sqlite)
        return;
    session.variables["PROVISION"] =
        admin + ":" + std::string{Postgres::shared()->superuser("").login.password.reveal()};
    for (const char* role : {"owner", "run", "reader"})
        session.variables[role] = login(role) + ":" + password(role);
}

CommandCase::~CommandCase() {
    if (engine_ == sql::Engine::sqlite)
        return;
    sql::Database server{Postgres::shared()->superuser("postgres")};
    const Result<void> dropped =
        server.outside_transaction("drop", [&](sql::Session& opened) -> Result<void> {
            for (const char* end : {"_content", "_compliance"})
                opened.raw() << "drop database if exists " + base_ + end + " with (force)";
            for (const char* end : {"_owner", "_run", "_reader"})
                opened.raw() << "drop role if exists " + base_ + end;
            return {};
        });
    CHECK(dropped.has_value());
}

std::string CommandCase::topology() const {
    std::string instances;
    if (engine_ == sql::Engine::sqlite)
        instances = fmt::format(
            "    - {{name: a, engine: sqlite, path: {0}/a}}\n"
            "    - {{name: b, engine: sqlite, path: {0}/b}}\n",
            dir_.path().string()
        );
    else
        instances = fmt::format(
            "    - {{name: a, engine: postgresql, server: 127.0.0.1, port: {}, version: \"15\",\n"
            "       credentials: {{provision: \"env:PROVISION\", owner: \"env:owner\", run: "
            "\"env:run\", reader: \"env:reader\"}}}}\n",
            Postgres::shared()->superuser("").port
        );
    return "apiVersion: pchat/v1\nkind: Topology\nmetadata: {name: t}\nspec:\n"
           "  domain: localhost.example\n"
           "  sites: [{name: here, defaultPool: pc.localhost.example}]\n"
           "  frontEnds:\n"
           "    - {fqdn: se.localhost.example, edition: standard, site: here,\n"
           "       machines: [{fqdn: se.localhost.example}]}\n"
           "  sqlInstances:\n" +
           instances +
           "  fileStores: [{name: files, path: /var/lib/pchat/files, site: here}]\n"
           "  pools:\n"
           "    - fqdn: pc.localhost.example\n"
           "      displayName: Rooms\n"
           "      kind: single\n"
           "      site: here\n"
           "      nextHop: se.localhost.example\n"
           "      machines: [{fqdn: pc.localhost.example, ssh: {host: 127.0.0.1}}]\n"
           "      databases: {content: a, compliance: " +
           (engine_ == sql::Engine::sqlite
                ? "b"
                : fmt::format("a, contentName: {0}_content, complianceName: {0}_compliance", base_)
           ) +
           "}\n"
           "      compliance: {enabled: true, outputDirectory: /var/lib/pchat/out}\n"
           "      fileStore: files\n";
}

int CommandCase::db(const std::vector<std::string>& words) {
    std::vector<std::string> line{"db"};
    line.insert(line.end(), words.begin(), words.end());
    line.insert(line.end(), {"-f", path("topology.yaml").string()});
    const int code = session.run_words(line);
    UNSCOPED_INFO(fmt::format("{}: {}", words.front(), session.err.str()));
    return code;
}

int CommandCase::content(std::vector<std::string> words) {
    words.insert(words.end(), {"--database", "content"});
    return db(words);
}

std::filesystem::path CommandCase::path(const std::string& name) const {
    return dir_.path() / name;
}

std::string CommandCase::name(sql::Purpose purpose) const {
    const std::string end{sql::to_string(purpose)};
    if (engine_ == sql::Engine::postgresql)
        return base_ + "_" + end;
    return path((purpose == sql::Purpose::content ? "a/" : "b/") + end + ".db").string();
}

sql::Target CommandCase::target(sql::Purpose purpose) const {
    if (engine_ == sql::Engine::postgresql)
        return Postgres::shared()->as(name(purpose), login("owner"), password("owner"));
    sql::Target out;
    out.database = name(purpose);
    return out;
}

void CommandCase::add_event(int number) {
    sql::Database database{target()};
    REQUIRE_OK(run(
        database,
        fmt::format(
            "insert into compliance_outbox (origin_id, n, uuid, at, kind, body) values (1, {0}, "
            "'01234567-89ab-cdef-0123-{0:012}', 0, 1, '{{}}')",
            number
        )
    ));
}

int CommandCase::events() {
    sql::Database database{target()};
    return test::number(database, "select count(*) from compliance_outbox");
}

std::vector<std::string> names_in(const std::filesystem::path& directory) {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator{directory})
        out.push_back(entry.path().filename().string());
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace pchat::test
