// SPDX-License-Identifier: Apache-2.0
#include "cli/parse.h"
#include "tests/support/expect.h"
#include "tests/support/sample_table.h"

using namespace pchat;
using namespace pchat::cli;
using Words = std::vector<std::string>;

namespace {

/// `room create` of the sample table, parsed.
struct Create {
    test::SampleSeen seen;
    CommandTable table = test::sample_table(seen);
    BoundCommand bound{*table.find("room create")};

    Result<void> parse(const Words& words) { return cli::parse(bound, words); }
};

}  // namespace

TEST_CASE("parse: every kind of argument gets its value", "[parse]") {
    Create create;
    REQUIRE_OK(create.parse(
        {"lobby",
         "--topic",
         "a b",
         "-m",
         "ann",
         "--member=bob",
         "--size",
         "-5",
         "--active=false",
         "--privacy",
         "closed",
         "--strict",
         "-n"}
    ));
    CHECK(create.seen.name == "lobby");
    CHECK(create.seen.topic == "a b");
    CHECK(create.seen.members == Words{"ann", "bob"});
    CHECK(create.seen.size == -5);
    CHECK(create.seen.active == false);
    CHECK(create.seen.privacy == "closed");
    CHECK(create.seen.strict);
    CHECK(create.bound.options().dry_run);
}

TEST_CASE("parse: a boolean without value is true and eats no word", "[parse]") {
    Create create;
    REQUIRE_OK(create.parse({"--active", "lobby"}));
    CHECK(create.seen.active == true);
    CHECK(create.seen.name == "lobby");
}

TEST_CASE("parse: an empty file name is refused", "[parse]") {
    Create create;
    REQUIRE_ERR(create.parse({"lobby", "--file="}), Errc::usage, "--file is empty");
    REQUIRE_ERR(create.parse({"lobby", "-f", ""}), Errc::usage, "--file is empty");
}

TEST_CASE("parse: an empty value is a value", "[parse]") {
    Create create;
    create.seen.topic = "old";
    REQUIRE_OK(create.parse({"--topic=", "lobby"}));
    CHECK(create.seen.topic.empty());
    CHECK(create.seen.name == "lobby");
}

TEST_CASE("parse: brackets, commas and percent signs are left alone", "[parse]") {
    Create create;
    REQUIRE_OK(create.parse({"[a,b]", "-m", "[::1]", "-m", "x,y", "--topic", "50%%"}));
    CHECK(create.seen.name == "[a,b]");
    CHECK(create.seen.members == Words{"[::1]", "x,y"});
    CHECK(create.seen.topic == "50%%");
}

TEST_CASE("parse: a list of positionals is taken as it is typed", "[parse]") {
    test::SampleSeen seen;
    const CommandTable table = test::sample_table(seen);
    BoundCommand list(*table.find("room list"));
    REQUIRE_OK(cli::parse(list, {"a", "-q", "[b,c]", "-", "--", "-d"}));
    CHECK(seen.members == Words{"a", "[b,c]", "-", "-d"});
}

TEST_CASE("parse: --what-if is --dry-run", "[parse]") {
    Create create;
    REQUIRE_OK(create.parse({"lobby", "--what-if", "-y"}));
    CHECK(create.bound.options().dry_run);
    CHECK(create.bound.options().yes);
}

TEST_CASE("parse: an unknown flag is named with the nearest one", "[parse]") {
    Create create;
    REQUIRE_ERR(
        create.parse({"lobby", "--strct"}),
        Errc::usage,
        "unknown flag '--strct', did you mean '--strict'?"
    );
    CHECK(create.parse({"lobby", "--strct=1"}).error().hint == "pchatctl room create --help");
    REQUIRE_ERR(create.parse({"lobby", "-x"}), Errc::usage, "unknown flag '-x'");
    REQUIRE_ERR(create.parse({"lobby", "-n=3"}), Errc::usage, "unknown flag '-n=3'");
    REQUIRE_ERR(create.parse({"lobby", "--bananas"}), Errc::usage, "unknown flag '--bananas'");
    CHECK(create.parse({"--bananas"}).error().message == "unknown flag '--bananas'");
}

TEST_CASE("parse: flags are not understood by their beginning", "[parse]") {
    Create create;
    REQUIRE_ERR(create.parse({"lobby", "--topi", "x"}), Errc::usage, "unknown flag '--topi'");
}

TEST_CASE("parse: what is missing or too much is named", "[parse]") {
    REQUIRE_ERR(Create().parse({}), Errc::usage, "<name> is missing");
    REQUIRE_ERR(Create().parse({"a", "b"}), Errc::usage, "unexpected argument 'b'");
    REQUIRE_ERR(Create().parse({"a", "--topic"}), Errc::usage, "--topic needs a value");
    REQUIRE_ERR(Create().parse({"a", "-m"}), Errc::usage, "--member needs a value");
    REQUIRE_ERR(
        Create().parse({"a", "--topic", "x", "--topic=y"}), Errc::usage, "--topic is given 2 times"
    );
}

TEST_CASE("parse: a value of the wrong kind is shown", "[parse]") {
    REQUIRE_ERR(
        Create().parse({"a", "--size", "12x"}),
        Errc::usage,
        "--size takes a whole number, got '12x'"
    );
    REQUIRE_ERR(Create().parse({"a", "--size", "99999999999999999999"}), Errc::usage, "smaller");
    REQUIRE_ERR(
        Create().parse({"a", "--active=maybe"}),
        Errc::usage,
        "--active takes true or false, got 'maybe'"
    );
    REQUIRE_ERR(
        Create().parse({"a", "--strict=yes"}), Errc::usage, "--strict takes no value, got 'yes'"
    );
    REQUIRE_ERR(
        Create().parse({"a", "--privacy", "close"}),
        Errc::usage,
        "--privacy takes one of open, closed, secret, got 'close', did you mean 'closed'?"
    );
    REQUIRE_ERR(Create().parse({"a", "-o", "jsn"}), Errc::usage, "did you mean 'json'?");
}

TEST_CASE(
    "parse: -o is known only where a command has formats, --dry-run only where it changes things",
    "[parse]"
) {
    test::SampleSeen seen;
    const CommandTable table = test::sample_table(seen);
    BoundCommand version(*table.find("version"));
    REQUIRE_ERR(cli::parse(version, {"-o", "json"}), Errc::usage, "unknown flag '-o'");
    BoundCommand list(*table.find("room list"));
    REQUIRE_ERR(cli::parse(list, {"--dry-run"}), Errc::usage, "unknown flag '--dry-run'");
    REQUIRE_ERR(cli::parse(list, {"-y"}), Errc::usage, "unknown flag '-y'");
}

TEST_CASE("parse: control characters of a mistyped word do not reach the terminal", "[parse]") {
    const auto refused = Create().parse({"lobby", "--\x1b[31mred"});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.find('\x1b') == std::string::npos);
}
