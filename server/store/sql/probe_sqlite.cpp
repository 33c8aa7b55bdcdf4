// SPDX-License-Identifier: Apache-2.0
#include "base/file_write.h"
#include "server/store/sql/database.h"
#include "server/store/sql/probe_checks.h"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

namespace pchat::sql {
namespace {

struct Setting {
    std::string_view what;
    std::string_view pragma;
    std::string_view expected;
};

// The first is the file's, asked by a session that leaves it alone; the others each connection of
// the server sets; 2 is FULL.
constexpr std::array settings{
    Setting{"write-ahead log", "pragma journal_mode", "wal"},
    Setting{"synchronous writes (2: full)", "pragma synchronous", "2"},
    Setting{"foreign keys (1: on)", "pragma foreign_keys", "1"},
};

const std::vector<std::string>& writing() {
    static const std::vector<std::string> statements{
        "create table pchat_probe (x integer)",
        "insert into pchat_probe values (1)",
        "drop table pchat_probe"};
    return statements;
}

ProbeResult result_of(std::string_view what, std::string_view expected, std::string found) {
    ProbeResult out;
    out.role = "file";
    out.user = "-";
    out.what = what;
    out.expected = expected;
    out.ok = found == expected;
    out.found = std::move(found);
    return out;
}

std::string mode_of(const std::string& file) {
    struct stat facts {};
    return ::stat(file.c_str(), &facts) == 0 ? fmt::format("{:04o}", facts.st_mode & 07777U) : "?";
}

std::string name_of(uid_t user) {
    std::array<char, 1024> room{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(user, &entry, room.data(), room.size(), &found) == 0 && found != nullptr)
        return found->pw_name;
    return fmt::format("uid {}", user);
}

// Root opens everything, so its own success says nothing about the service: that owns the directory
// where SQLite makes files, and must own each file in it. Anybody else is the service.
ProbeResult owner_of_files(const std::string& file) {
    struct stat facts {};
    uid_t service = ::geteuid();
    if (service == 0 && ::stat(directory_of(file).c_str(), &facts) == 0)
        service = facts.st_uid;
    constexpr std::string_view right = "the service's";
    std::string found{right};
    for (const char* end : {"", "-wal", "-shm"})
        if (::stat((file + end).c_str(), &facts) == 0 && facts.st_uid != service)
            found = fmt::format("{} ({}{})", name_of(facts.st_uid), file, end);
    return result_of("owner of the files", right, std::move(found));
}

ProbeResult try_writing(Database& database) {
    const Result<void> done = database.write("trying it", [](Session& session) -> Result<void> {
        for (const std::string& statement : writing())
            session.raw() << statement;
        return fail(Errc::pending, "rolled back on purpose");
    });
    const bool rolled_back = done.error().code == Errc::pending;
    return result_of(
        "create, write and drop a table", "allowed", rolled_back ? "allowed" : done.error().message
    );
}

}  // namespace

std::vector<ProbeCheck> sqlite_checks() {
    std::vector<ProbeCheck> out;
    const auto add = [&](std::string_view what, std::vector<std::string> statements) {
        out.push_back({"file", "-", std::string{what}, true, true, std::move(statements)});
    };
    for (const Setting& setting : settings)
        add(setting.what, {std::string{setting.pragma}});
    add("create, write and drop a table", writing());
    return out;
}

Result<std::vector<ProbeResult>> probe_sqlite(const Wanted& wanted) {
    Target target = wanted.target.without_login();
    target.create = false;
    target.as_found = true;
    const std::string mode = mode_of(target.database);
    const ProbeResult owner = owner_of_files(target.database);
    Database database{std::move(target), {.sessions = 1, .attempts = 1}};
    std::vector<ProbeResult> out;
    const Result<void> asked =
        database.outside_transaction("looking at it", [&](Session& session) -> Result<void> {
            out = {owner, result_of("mode of the file", "0600", mode)};
            for (const Setting& setting : settings) {
                std::string found;
                session.raw() << std::string{setting.pragma}, soci::into(found);
                out.push_back(result_of(setting.what, setting.expected, std::move(found)));
            }
            return {};
        });
    if (!asked)
        return pass(asked.error());
    out.push_back(try_writing(database));
    return out;
}

}  // namespace pchat::sql
