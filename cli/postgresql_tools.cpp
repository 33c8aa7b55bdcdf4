// SPDX-License-Identifier: Apache-2.0
#include "cli/postgresql_tools.h"

#include "base/unicode.h"
#include "cli/signals_held.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace pchat::cli {
namespace {

constexpr std::string_view password_variable = "PGPASSWORD";

// libpq takes all of this from the environment; whatever PG... stands in ours is kept from it.
Child connected(const std::string& program, const sql::Target& target) {
    const std::string_view ssl = target.encryption == sql::Encryption::verify    ? "verify-full"
                                 : target.encryption == sql::Encryption::require ? "require"
                                                                                 : "disable";
    Child out;
    out.program = program;
    out.hidden_prefix = "PG";
    out.environment = {
        {"PGHOST", target.host},
        {"PGPORT", std::to_string(target.port)},
        {"PGUSER", target.login.user},
        {"PGSSLMODE", std::string{ssl}},
        {"PGCONNECT_TIMEOUT", std::to_string(target.connect_timeout.count())},
        {"PGAPPNAME", "pchatctl"},
        {std::string{password_variable}, std::string{target.login.password.reveal()}}};
    if (!target.ca_file.empty())
        out.environment.emplace_back("PGSSLROOTCERT", target.ca_file);
    out.stop = SignalsHeld::asked_to_stop;
    return out;
}

// A database's name may look like a connection string, or like a flag.
std::string database_argument(const sql::Target& target) {
    std::string value;
    for (const char c : target.database) {
        if (c == '\'' || c == '\\')
            value += '\\';
        value += c;
    }
    return fmt::format("--dbname=dbname='{}'", value);
}

std::string quoted_for_shell(const std::string& word) {
    const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{"-_./=:@%+,"}.find(c) != std::string_view::npos;
    });
    if (plain)
        return word;
    std::string out = "'";
    for (const char c : word)
        out += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return out + "'";
}

int major_of(std::string_view version) {
    int major = 0;
    std::from_chars(version.data(), version.data() + version.size(), major);
    return major;
}

// "pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"
Result<int> major_of_program(const std::string& program) {
    Child child;
    child.program = program;
    child.arguments = {"--version"};
    const Result<ChildResult> said = run_tool(child);
    if (!said)
        return pass(said.error());
    const std::size_t at = said->out.find(") ");
    const int major =
        at == std::string::npos ? 0 : major_of(std::string_view{said->out}.substr(at + 2));
    if (major > 0)
        return major;
    return fail(Errc::invalid, fmt::format("{} does not tell its version", program));
}

std::string file_name(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

}  // namespace

Result<PostgresqlTools> find_postgresql_tools(
    const std::string& path, const std::string& server_version
) {
    const auto dump = find_program("pg_dump", path);
    const auto restore = find_program("pg_restore", path);
    if (!dump || !restore)
        return fail(
            Errc::not_found,
            fmt::format("{} is not on the PATH", dump ? "pg_restore" : "pg_dump"),
            "apt install postgresql-client"
        );
    const Result<int> own = major_of_program(*dump);
    if (!own)
        return pass(own.error());
    const int server = major_of(server_version);
    if (*own < server)
        return fail(
            Errc::invalid,
            fmt::format("{} is version {}, the server {}", *dump, *own, server),
            fmt::format("apt install postgresql-client-{}", server)
        );
    return PostgresqlTools{*dump, *restore};
}

Child dump_command(
    const PostgresqlTools& tools,
    const sql::Target& owner,
    const std::string& snapshot,
    const std::string& file
) {
    Child out = connected(tools.dump, owner);
    out.arguments = {
        "--format=custom",
        "--no-password",
        "--lock-wait-timeout=60s",
        "--schema=public",
        "--file=" + file,
        database_argument(owner)};
    if (!snapshot.empty())
        out.arguments.insert(out.arguments.begin(), "--snapshot=" + snapshot);
    return out;
}

Child restore_command(
    const PostgresqlTools& tools, const sql::Target& owner, const std::string& file
) {
    Child out = connected(tools.restore, owner);
    // Owner and rights are not the dump's to give: db provision knows them.
    out.arguments = {
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        "--no-password",
        "--schema=public",
        database_argument(owner),
        "--",
        file};
    return out;
}

std::string shown(const Child& child) {
    std::string out;
    for (const auto& [name, value] : child.environment)
        out += fmt::format(
            "{}={} ", name, name == password_variable ? "'***'" : quoted_for_shell(value)
        );
    out += quoted_for_shell(child.program);
    for (const std::string& argument : child.arguments)
        out += " " + quoted_for_shell(argument);
    return out;
}

Result<ChildResult> run_tool(const Child& child) {
    Result<ChildResult> done = run_child(child);
    if (!done || done->exit_code == 0)
        return done;
    if (SignalsHeld::asked_to_stop())
        return fail(Errc::interrupted, fmt::format("{} was interrupted", file_name(child.program)));
    std::string said = done->err;
    while (said.ends_with('\n'))
        said.pop_back();
    Error error;
    error.code = Errc::invalid;
    error.message = fmt::format(
        "{} failed with exit code {}: {}",
        file_name(child.program),
        done->exit_code,
        printable(said.substr(said.rfind('\n') + 1))
    );
    error.context.push_back(printable(said));
    return pass(std::move(error));
}

Result<void> check_archive(const PostgresqlTools& tools, const std::string& file) {
    Child child;
    child.program = tools.restore;
    child.arguments = {"--list", "--", file};
    child.stop = SignalsHeld::asked_to_stop;
    const Result<ChildResult> listed = run_tool(child);
    if (!listed)
        return pass(listed.error(), "reading the archive");
    if (listed->out.find("TABLE DATA public schema_migration") != std::string::npos)
        return {};
    return fail(
        Errc::bad_file,
        fmt::format("{} holds no table schema_migration", file),
        "it is not a dump of a database of ours, or the schema was never made"
    );
}

}  // namespace pchat::cli
