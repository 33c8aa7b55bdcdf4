// SPDX-License-Identifier: Apache-2.0
#include "server/app/release_files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <cstdlib>
#include <filesystem>
#include <string>

using namespace pchat;

namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

}  // namespace

TEST_CASE("release files: a program outside a release sees what the machine has", "[app]") {
    const test::TempDir dir;
    dir.write("share/odbc/odbcinst.ini", "[FreeTDS]\n");
    ::unsetenv("ODBCSYSINI");
    app::use_release_files(dir.path() / "bin/pchatd");
    CHECK(variable("ODBCSYSINI").empty());
}

TEST_CASE(
    "release files: a program in a release uses its drivers, unless others are named", "[app]"
) {
    const test::TempDir dir;
    dir.write("share/odbc/odbcinst.ini", "[FreeTDS]\n");
    dir.write("MANIFEST", "");
    ::unsetenv("ODBCSYSINI");
    app::use_release_files(dir.path() / "bin/pchatd");
    CHECK(variable("ODBCSYSINI") == dir.path() / "share/odbc");
    ::setenv("ODBCSYSINI", "/etc", 1);
    app::use_release_files(dir.path() / "bin/pchatd");
    CHECK(variable("ODBCSYSINI") == "/etc");
    ::unsetenv("ODBCSYSINI");
}
