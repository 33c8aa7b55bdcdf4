// SPDX-License-Identifier: Apache-2.0
#include "cli/local_server/data_directory.h"

#include "base/file_write.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

namespace pchat::cli {
namespace fs = std::filesystem;
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 3s;  // with a pchatd that is about to end, its pchatctl being gone
constexpr std::string_view holder = "pchatctl";

Result<void> make(const std::string& path) {
    std::error_code problem;
    fs::create_directories(fs::path{path}.parent_path(), problem);
    if (problem)
        return file_error("create", path, problem.value());
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return file_error("create", path, errno);
    return {};
}

/// What has our lock was made by us; anything else must be empty, for we would fill it with files
/// and take it from others.
Result<void> check_ours(const std::string& path) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0)
        return file_error("use", path, errno);
    if (!S_ISDIR(facts.st_mode))
        return fail(
            Errc::invalid,
            fmt::format("{} is not a directory", path),
            "--data names a directory, which may not be there yet"
        );
    if (facts.st_uid != ::geteuid())
        return fail(
            Errc::denied,
            fmt::format("{} belongs to another user", path),
            "run this as its owner, or choose another directory"
        );
    std::error_code problem;
    if (!fs::exists(app::DataLock::file(path, holder), problem)) {
        fs::directory_iterator entries{path, problem};
        if (problem)
            return file_error("read", path, problem.value());
        for (const fs::directory_entry& entry : entries)
            if (entry.path().filename() != "lost+found")
                return fail(
                    Errc::conflict,
                    fmt::format(
                        "{} holds '{}', which no local server has made",
                        path,
                        entry.path().filename().string()
                    ),
                    "choose a directory that is empty or not there yet"
                );
    }
    if ((facts.st_mode & 077U) != 0 && ::chmod(path.c_str(), 0700) != 0)
        return file_error("use", path, errno);
    return {};
}

}  // namespace

std::string absolute_path(const std::string& path) {
    std::error_code problem;
    std::string out = fs::weakly_canonical(fs::absolute(path, problem), problem).string();
    if (problem)
        out = path;
    while (out.size() > 1 && out.back() == '/')
        out.pop_back();
    return out;
}

Result<DataDirectory> DataDirectory::take(const std::string& path) {
    std::string absolute = absolute_path(path);
    if (Result<void> made = make(absolute); !made)
        return pass(std::move(made).error());
    if (Result<void> ours = check_ours(absolute); !ours)
        return pass(std::move(ours).error());
    Result<std::unique_ptr<app::DataLock>> lock = app::DataLock::take(absolute, holder);
    if (!lock)
        return pass(std::move(lock).error());
    DataDirectory out{std::move(absolute), std::move(*lock)};
    if (Result<void> unused = out.check_unused(); !unused)
        return pass(std::move(unused).error());
    return out;
}

CertificateFiles DataDirectory::certificates() const {
    return {path_ + "/ca.pem", path_ + "/ca.key", path_ + "/server.crt", path_ + "/server.key"};
}

Result<void> DataDirectory::check_unused() const {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        const Result<std::unique_ptr<app::DataLock>> free = app::DataLock::take(path_);
        if (free)
            return {};
        if (std::chrono::steady_clock::now() > deadline)
            return pass(free.error());
        std::this_thread::sleep_for(50ms);
    }
}

}  // namespace pchat::cli
