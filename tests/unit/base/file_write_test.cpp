// SPDX-License-Identifier: Apache-2.0
#include "base/file_write.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/temp_dir.h"

#include <cerrno>

using namespace pchat;
using namespace pchat::test;

TEST_CASE("file write: the directory of a path", "[file]") {
    CHECK(directory_of("name") == ".");
    CHECK(directory_of("/name") == "/");
    CHECK(directory_of("a/b/name") == "a/b");
}

TEST_CASE("file write: an errno has one class and one way out", "[file]") {
    const TempDir dir;
    const std::string file = (dir.path() / "name").string();
    const auto error = [&](int code) { return file_error("write", file, code).value(); };
    for (const int code : {ENOSPC, EDQUOT}) {
        CHECK(error(code).code == Errc::io);
        CHECK_THAT(error(code).hint, Catch::Contains("make room in " + dir.path().string()));
    }
    for (const int code : {EACCES, EPERM, EROFS}) {
        CHECK(error(code).code == Errc::denied);
        CHECK_THAT(error(code).hint, Catch::Contains("write permission"));
    }
    CHECK(error(EIO).code == Errc::io);
    CHECK(error(EIO).message == "cannot write " + file + ": Input/output error");
    // Only a directory that lacks can be made.
    CHECK(error(ENOENT).code == Errc::not_found);
    CHECK(error(ENOENT).hint.empty());
    const Error missing = file_error("write", file + "/more", ENOENT).value();
    CHECK(missing.hint == "mkdir -p " + file);
    CHECK(exists_already(file).value().code == Errc::conflict);
}
