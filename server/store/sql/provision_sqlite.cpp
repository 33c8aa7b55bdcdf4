// SPDX-License-Identifier: Apache-2.0
#include "base/file_write.h"
#include "server/store/sql/provision_engines.h"
#include "server/store/sql/raw_sqlite.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace pchat::sql {
namespace fs = std::filesystem;
namespace {

// Only what is missing: an existing directory keeps its mode, it may be shared on purpose.
Result<void> create_directories(const fs::path& path, mode_t mode) {
    std::error_code ignored;
    if (path.empty() || fs::is_directory(path, ignored))
        return {};
    if (Result<void> parent = create_directories(path.parent_path(), 0755); !parent)
        return parent;
    if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST)
        return file_error("create directory", path.string(), errno);
    return {};
}

// Asks through a session that leaves it as it is.
Result<bool> has_write_ahead_log(Database& database) {
    return database.outside_transaction("looking at it", [](Session& session) -> Result<bool> {
        std::string mode;
        session.raw() << "pragma journal_mode", soci::into(mode);
        return mode == "wal";
    });
}

Result<void> switch_to_write_ahead_log(const std::string& file) {
    constexpr int busy_ms = 10'000;
    Result<RawSqlite> opened = RawSqlite::open(file, SQLITE_OPEN_READWRITE, busy_ms);
    if (!opened)
        return pass(std::move(opened).error());
    return opened->run("switching it to the write-ahead log", "pragma journal_mode = wal");
}

}  // namespace

Result<void> create_sqlite_file(const Wanted& wanted) {
    const std::string& file = wanted.target.database;
    if (Result<void> made = create_directories(directory_of(file), 0700); !made)
        return made;
    FileOwner owner = owner_for(file);
    owner.mode &= 0700U;
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return file_error("create", file, errno);
    const Result<void> given = give_to(descriptor, owner, file);
    const off_t size = ::lseek(descriptor, 0, SEEK_END);
    ::close(descriptor);
    if (!given)
        return given;
    return size > 0 ? switch_to_write_ahead_log(file) : Result<void>{};
}

Result<std::vector<ProvisionStep>> plan_sqlite(const Wanted& wanted) {
    std::vector<ProvisionStep> steps;
    const std::string& file = wanted.target.database;
    std::vector<Step> pending = built_in_steps(Engine::sqlite, wanted.purpose);
    const auto add_file_step = [&](std::string what) {
        ProvisionStep step = plain_step(std::move(what), {}, file);
        step.action = Action::file;
        steps.push_back(std::move(step));
    };
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0) {
        if (errno != ENOENT)
            return file_error("look at", file, errno);
        add_file_step(fmt::format("create file {}", file));
    } else {
        if ((found.st_mode & 077U) != 0)
            add_file_step(fmt::format("let only the owner read {}", file));
        if (found.st_size > 0) {
            Target looked = target_as(wanted, wanted.logins.provision, file);
            looked.as_found = true;
            Database database{std::move(looked)};
            const Result<bool> logged = has_write_ahead_log(database);
            if (!logged)
                return pass(logged.error());
            if (!*logged)
                add_file_step(fmt::format("switch {} to the write-ahead log", file));
            const Result<std::vector<AppliedStep>> applied = applied_steps(database);
            if (!applied)
                return pass(applied.error());
            Result<std::vector<Step>> missing = pending_steps(wanted.target, *applied, pending);
            if (!missing)
                return pass(std::move(missing).error());
            pending = std::move(*missing);
        }
    }
    add_migration(steps, wanted, pending);
    return steps;
}

}  // namespace pchat::sql
