// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/provision_engines.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace pchat::sql {
namespace fs = std::filesystem;
namespace {

Error system_error(std::string_view doing, const fs::path& path) {
    const int number = errno;
    Error error;
    error.code = number == EACCES || number == EPERM || number == EROFS ? Errc::denied : Errc::io;
    error.message = fmt::format("cannot {} {}: {}", doing, path.string(), std::strerror(number));
    error.hint = number == EACCES ? "check owner and permissions of its directory" : "";
    return error;
}

fs::path directory_of(const Wanted& wanted) {
    const fs::path file{wanted.target.database};
    return file.has_parent_path() ? file.parent_path() : fs::path{"."};
}

// Only what is missing: an existing directory keeps its mode, it may be shared on purpose.
Result<void> create_directories(const fs::path& path, mode_t mode) {
    std::error_code ignored;
    if (path.empty() || fs::is_directory(path, ignored))
        return {};
    if (Result<void> parent = create_directories(path.parent_path(), 0755); !parent)
        return parent;
    if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST)
        return pass(system_error("create directory", path));
    return {};
}

}  // namespace

Result<void> create_sqlite_file(const Wanted& wanted) {
    if (Result<void> made = create_directories(directory_of(wanted), 0700); !made)
        return made;
    const fs::path file{wanted.target.database};
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return pass(system_error("create", file));
    const bool narrowed = ::fchmod(descriptor, 0600) == 0;
    ::close(descriptor);
    if (!narrowed)
        return pass(system_error("set the mode of", file));
    return {};
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
            return pass(system_error("look at", file));
        add_file_step(fmt::format("create file {}", file));
    } else {
        if ((found.st_mode & 077U) != 0)
            add_file_step(fmt::format("let only the owner read {}", file));
        if (found.st_size > 0) {
            Database database{target_as(wanted, wanted.logins.provision, file)};
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
