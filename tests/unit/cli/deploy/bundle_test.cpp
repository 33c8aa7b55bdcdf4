// SPDX-License-Identifier: Apache-2.0
#include "cli/child_process.h"
#include "cli/deploy/bundle.h"
#include "tests/support/expect.h"
#include "tests/support/temp_dir.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace fs = std::filesystem;
using namespace pchat;
using namespace pchat::cli;

namespace {

/// A folder of bundles, as $PCHATCTL_BUNDLE names it.
struct Folder {
    test::TempDir dir;
    std::ostringstream out;
    std::ostringstream err;
    std::istringstream in;
    Context ctx{
        out,
        err,
        in,
        {},
        {},
        [this](const std::string& name) -> std::optional<std::string> {
            if (name == "PATH")
                return "/usr/bin:/bin";
            return name == "PCHATCTL_BUNDLE" ? std::optional<std::string>{dir.path()}
                                             : std::nullopt;
        },
        {2026, 1, 1}};

    /// `hours`: how long ago it was made.
    std::string pack(const std::string& release, const std::string& required, int hours) {
        const fs::path top = dir.path() / "work" / release;
        fs::create_directories(top);
        std::ofstream{top / "REQUIRES"} << required;
        const fs::path file = dir.path() / ("pchat-" + release + ".tar.gz");
        Child tar;
        tar.program = "/bin/tar";
        tar.arguments = {"-C", top.parent_path(), "-czf", file, release};
        const Result<ChildResult> done = run_child(tar);
        REQUIRE_OK(done);
        REQUIRE(done->exit_code == 0);
        fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours{hours});
        return file;
    }
};

const std::string good = "architecture amd64\nglibc 2.34\n";

}  // namespace

TEST_CASE("bundle: the newest is taken, and says what it is and needs", "[deploy]") {
    Folder folder;
    folder.pack("0.1.0-aaaaaaaaaaaa", good, 2);
    const std::string newest = folder.pack("0.2.0-bbbbbbbbbbbb", good, 1);
    folder.pack("0.3.0-cccccccccccc", good, 3);
    std::ofstream{folder.dir.path() / "pchat-debug-0.4.0-dddddddddddd.tar.gz"} << "newer, and none";
    const Result<Bundle> bundle = open_bundle(folder.ctx, {});
    REQUIRE_OK(bundle);
    CHECK(bundle->path == newest);
    CHECK((bundle->release == "0.2.0-bbbbbbbbbbbb" && bundle->version == "0.2.0"));
    CHECK((bundle->architecture == "amd64" && bundle->glibc == "2.34"));
    CHECK((bundle->schema.content == 0 && bundle->schema.compliance == 0));  // it does not say
    CHECK(bundle->sha256.size() == 64);
    CHECK(bundle->bytes == static_cast<std::int64_t>(fs::file_size(newest)));
}

TEST_CASE("bundle: it says which schemas it knows", "[deploy]") {
    Folder folder;
    folder.pack("0.1.0-aaaaaaaaaaaa", good + "content-schema 7\ncompliance-schema 3\n", 1);
    const Result<Bundle> bundle = open_bundle(folder.ctx, {});
    REQUIRE_OK(bundle);
    CHECK((bundle->schema.content == 7 && bundle->schema.compliance == 3));
}

TEST_CASE("bundle: what is none is refused by name and by content", "[deploy]") {
    Folder folder;
    REQUIRE_ERR(open_bundle(folder.ctx, {}), Errc::not_found, folder.dir.path().string());
    REQUIRE_ERR(open_bundle(folder.ctx, "/nowhere/x.tar.gz"), Errc::not_found, "/nowhere/x.tar.gz");
    const std::string other = folder.dir.path() / "other.tar.gz";
    std::ofstream{other} << "x";
    REQUIRE_ERR(open_bundle(folder.ctx, other), Errc::bad_file, "not named");
    const std::string rubbish = folder.dir.path() / "pchat-0.1.0-aaaaaaaaaaaa.tar.gz";
    std::ofstream{rubbish} << "x";
    REQUIRE_ERR(open_bundle(folder.ctx, rubbish), Errc::bad_file, "no release bundle");
    const std::string silent = folder.pack("0.2.0-bbbbbbbbbbbb", "architecture amd64\n", 0);
    REQUIRE_ERR(open_bundle(folder.ctx, silent), Errc::bad_file, "requires");
}

TEST_CASE("bundle: a name that could lead elsewhere is no release", "[deploy]") {
    CHECK(release_of("pchat-0.1.0-0123456789ab.tar.gz") == "0.1.0-0123456789ab");
    CHECK(release_of("pchat-0.1.0~rc1-0123456789ab.tar.gz") == "0.1.0~rc1-0123456789ab");
    for (const char* name :
         {"pchat-0.1.0-0123456789AB.tar.gz",
          "pchat-0.1.0-0123456789a.tar.gz",
          "pchat-0.1.0.tar.gz",
          "pchat-.tar.gz",
          "pchat-../../x-0123456789ab.tar.gz",
          "pchat-0.1.0 x-0123456789ab.tar.gz",
          "pchat-debug-0.1.0-0123456789ab.tar.gz",
          "pchat-0.1.0-0123456789ab.tar"})
        CHECK(release_of(name).empty());
}

TEST_CASE("bundle: versions are compared by their numbers", "[deploy]") {
    CHECK(numbers_of("2.36") > numbers_of("2.4"));
    CHECK(numbers_of("0.10.0") > numbers_of("0.9.9"));
    CHECK(numbers_of("12") < numbers_of("12.1"));
    CHECK(numbers_of("0.1.0-0123456789ab") == std::vector<int>{0, 1, 0});
    CHECK(numbers_of("").empty());
}
