// SPDX-License-Identifier: Apache-2.0
#include "server/app/release_files.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace pchat::app {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
    std::error_code problem;
    return fs::exists(path, problem);
}

void name(const char* variable, const fs::path& path) {
    if (is_there(path))
        ::setenv(variable, path.c_str(), /*replace=*/0);
}

}  // namespace

void use_release_files(const std::string& program) {
    const fs::path release = fs::path{program}.parent_path().parent_path();
    if (release.empty() || !is_there(release / "MANIFEST"))
        return;
    name("ODBCSYSINI", release / "share/odbc");
    if (!is_there("/etc/ssl/certs/ca-certificates.crt"))
        name("SSL_CERT_FILE", release / "share/certificates/ca-certificates.crt");
    if (!is_there("/usr/share/zoneinfo"))
        name("TZDIR", release / "share/zoneinfo");
}

void use_release_files() {
    std::error_code problem;
    const fs::path program = fs::read_symlink("/proc/self/exe", problem);
    if (!problem)
        use_release_files(program.string());
}

}  // namespace pchat::app
