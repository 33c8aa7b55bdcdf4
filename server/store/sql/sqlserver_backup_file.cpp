// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/sqlserver_backup_file.h"

#include "server/store/sql/odbc_batch.h"
#include "server/store/sql/provision_engines.h"
#include "server/store/sql/quote.h"

#include <fmt/format.h>

#include <charconv>

namespace pchat::sql {
namespace {

constexpr Engine ms = Engine::sqlserver;

tl::unexpected<Error> unknown_backup(const std::string& file, std::string_view why) {
    return fail(
        Errc::bad_file,
        fmt::format("{} is no backup that pchatctl took: {}", file, why),
        "take one with pchatctl db backup; what other tools wrote they restore themselves, and "
        "pchatctl db provision does the rest"
    );
}

// Whose description this is, and the version behind it; -1 where it is nobody's.
int version_in(std::string_view description, Purpose purpose) {
    const std::string begin = backup_description(purpose);
    int version = -1;
    if (!description.starts_with(begin))
        return version;
    description.remove_prefix(begin.size());
    const char* end = description.data() + description.size();
    if (std::from_chars(description.data(), end, version).ptr != end)
        return -1;
    return version;
}

Purpose other(Purpose purpose) {
    return purpose == Purpose::content ? Purpose::compliance : Purpose::content;
}

Result<std::vector<FileMove>> match_files(
    const std::string& file, const std::vector<ServerFile>& from, const std::vector<ServerFile>& to
) {
    std::vector<FileMove> out;
    for (const bool log : {false, true}) {
        auto place = to.begin();
        for (const ServerFile& one : from) {
            if (one.log != log)
                continue;
            while (place != to.end() && place->log != log)
                ++place;
            if (place == to.end())
                return fail(
                    Errc::conflict,
                    fmt::format(
                        "{} has more {} files than the database: there is no place for '{}'",
                        file,
                        log ? "log" : "data",
                        one.name
                    ),
                    "add files to the database (ALTER DATABASE ... ADD FILE), then repeat this"
                );
            out.push_back({one.name, place->name});
            ++place;
        }
    }
    return out;
}

ServerBackup ask(Session& session, const std::string& database, const std::string& file) {
    const std::string disk = quoted_text(ms, file);
    const auto rows = [&](std::string text, const std::vector<std::string_view>& columns) {
        return run_batch(session.raw(), std::move(text), "looking into the backup", columns);
    };
    ServerBackup out;
    for (BatchRow& row :
         rows("RESTORE HEADERONLY FROM DISK = " + disk, {"BackupType", "BackupDescription"}))
        out.sets.push_back({row["BackupType"], row["BackupDescription"]});
    for (BatchRow& row : rows("RESTORE FILELISTONLY FROM DISK = " + disk, {"LogicalName", "Type"}))
        out.files.push_back({row["LogicalName"], row["Type"] == "L"});
    for (BatchRow& row : rows(
             "SELECT physical_name, type FROM sys.master_files WHERE database_id = DB_ID(" +
                 quoted_text(ms, database) + ") AND type IN (0, 1) ORDER BY file_id",
             {"physical_name", "type"}
         ))
        out.live.push_back({row["physical_name"], row["type"] == "1"});
    return out;
}

}  // namespace

std::string backup_description(Purpose purpose) {
    return fmt::format("pchat-backup/v1 {} schema ", to_string(purpose));
}

Result<std::vector<FileMove>> judge_backup(
    const std::string& file, const ServerBackup& found, Purpose purpose
) {
    if (found.sets.size() != 1)
        return unknown_backup(file, fmt::format("it holds {} backups", found.sets.size()));
    const ServerBackup::Set& set = found.sets.front();
    if (version_in(set.description, other(purpose)) >= 0)
        return fail(
            Errc::conflict,
            fmt::format(
                "{} holds a {} database, not a {} one",
                file,
                to_string(other(purpose)),
                to_string(purpose)
            ),
            fmt::format("choose the other one: --database {}", to_string(other(purpose)))
        );
    const int version = version_in(set.description, purpose);
    if (version < 0)
        return unknown_backup(file, "its description does not say what it holds");
    if (set.type != "1")
        return unknown_backup(file, "it is not a full backup of a database");
    const std::size_t known = built_in_steps(ms, purpose).size();
    if (version > static_cast<int>(known))
        return fail(
            Errc::conflict,
            fmt::format("{} has schema version {}, this program knows {}", file, version, known),
            "restore it with the newer program that took it"
        );
    return match_files(file, found.files, found.live);
}

Result<void> judge_live(
    const Target& live, const std::vector<AppliedStep>& applied, Purpose purpose
) {
    const std::vector<Step> others = built_in_steps(ms, other(purpose));
    if (applied.empty() || others.empty() || applied.front().sha256 != others.front().sha256)
        return {};
    return fail(
        Errc::conflict,
        fmt::format(
            "{} is a {} database, not a {} one",
            live.describe(),
            to_string(other(purpose)),
            to_string(purpose)
        ),
        "look at the names of the databases in the topology: nothing was changed"
    );
}

Result<std::vector<FileMove>> look_into_sqlserver_backup(
    const Wanted& wanted, const std::string& file
) {
    const std::string& name = wanted.target.database;
    Database live{target_as(wanted, owner_of(wanted), name), {.sessions = 1}};
    const Result<std::vector<AppliedStep>> applied = applied_steps(live);
    if (!applied)
        return pass(applied.error());
    if (Result<void> fits = judge_live(live.target(), *applied, wanted.purpose); !fits)
        return pass(std::move(fits).error());
    Database server{
        target_as(wanted, wanted.logins.provision, maintenance_database(ms)), {.sessions = 1}};
    const Result<ServerBackup> found = server.outside_transaction(
        "looking into the backup",
        [&](Session& session) -> Result<ServerBackup> { return ask(session, name, file); }
    );
    if (!found)
        return pass(found.error());
    return judge_backup(file, *found, wanted.purpose);
}

}  // namespace pchat::sql
