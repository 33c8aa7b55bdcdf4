// SPDX-License-Identifier: Apache-2.0
#include "base/secret_reference.h"
#include "tests/support/expect.h"
#include "tests/support/temp_dir.h"

#include <filesystem>

namespace fs = std::filesystem;
using namespace pchat;

namespace {

Result<Secret> read(const std::string& reference, const std::string& folder = {}) {
    const auto environment = [](const std::string& name) -> std::optional<std::string> {
        if (name == "SET")
            return "from the environment\r\n";
        return name == "EMPTY" ? std::optional<std::string>{""} : std::nullopt;
    };
    return read_secret(reference, folder, environment, "the file");
}

constexpr auto for_owner = fs::perms::owner_read | fs::perms::owner_write;

}  // namespace

TEST_CASE("secret reference: is told from a secret", "[secret]") {
    CHECK(is_secret_reference("env:NAME"));
    CHECK(is_secret_reference("file:a"));
    CHECK_FALSE(is_secret_reference("env:"));
    CHECK_FALSE(is_secret_reference("file:"));
    CHECK_FALSE(is_secret_reference("hunter2"));
    CHECK_FALSE(is_secret_reference(""));
}

TEST_CASE("secret reference: leads to a variable, without its line end", "[secret]") {
    const auto secret = read("env:SET");
    REQUIRE_OK(secret);
    CHECK(secret->reveal() == "from the environment");
    REQUIRE_ERR(read("env:EMPTY"), Errc::usage, "EMPTY is not set");
    const auto missing = read("env:MISSING");
    REQUIRE_ERR(missing, Errc::usage, "MISSING is not set");
    CHECK(missing.error().hint == "the file names it as env:MISSING");
}

TEST_CASE("secret reference: leads to a file, from the folder on", "[secret]") {
    const test::TempDir dir;
    const fs::path path = dir.write("secrets/one", "from a file\n");
    fs::permissions(path, for_owner);
    for (const auto& secret :
         {read("file:secrets/one", dir.path().string()), read("file:" + path.string(), "/none")}) {
        REQUIRE_OK(secret);
        CHECK(secret->reveal() == "from a file");
    }
    fs::permissions(path, for_owner | fs::perms::others_read);
    REQUIRE_ERR(read("file:" + path.string()), Errc::denied, "open to everybody");
    REQUIRE_ERR(read("file:none", dir.path().string()), Errc::bad_file, "cannot read");
    REQUIRE_ERR(read("file:" + dir.path().string()), Errc::bad_file, "not a regular file");
    const fs::path longer = dir.write("long", std::string(8193, 'x'));
    fs::permissions(longer, for_owner);
    REQUIRE_ERR(read("file:" + longer.string()), Errc::bad_file, "longer than 8192 bytes");
}

TEST_CASE("secret reference: a secret itself is refused and not repeated", "[secret]") {
    const auto refused = read("hunter2");
    REQUIRE_ERR(refused, Errc::invalid, "env:NAME or file:PATH");
    CHECK(refused.error().message.find("hunter2") == std::string::npos);
}

TEST_CASE("secret reference: what is no secret may be open to everybody", "[secret]") {
    const test::TempDir dir;
    const fs::path path = dir.write("ca.pem", "certificate\n");
    fs::permissions(path, for_owner | fs::perms::others_read);
    const auto open_text = [&](const std::string& reference) {
        return read_referred_text(reference, dir.path(), {}, "the file");
    };
    const auto text = open_text("file:ca.pem");
    REQUIRE_OK(text);
    CHECK(*text == "certificate\n");
    REQUIRE_ERR(read("file:ca.pem", dir.path()), Errc::denied, "open to everybody");
    dir.write("chain.pem", std::string(20'000, 'x'));
    REQUIRE_OK(open_text("file:chain.pem"));
    dir.write("huge.pem", std::string(300'000, 'x'));
    REQUIRE_ERR(open_text("file:huge.pem"), Errc::bad_file, "longer than");
}
