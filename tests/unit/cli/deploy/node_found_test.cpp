// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/node_found.h"
#include "tests/support/expect.h"

using namespace pchat;
using namespace pchat::cli;

namespace {

const std::string least = "os\tdebian\t12\tDebian GNU/Linux 12 (bookworm)\ntime\t1790000000.5\n";

NodeFound found_in(const std::string& text) {
    const Result<NodeFound> out = read_found(least + text);
    REQUIRE_OK(out);
    return *out;
}

}  // namespace

TEST_CASE("found: what a node says of itself is understood", "[deploy]") {
    const NodeFound found = found_in(
        "architecture\tamd64\nglibc\t2.36\nsupervisor\tsystemd\nuid\t0\nmemory\t8323526656\n"
        "open-files\t524288\nfree\t/opt\t10737418240\naccount\tpchat\t842\t842\n"
        "release\t0.1.0-aaaaaaaaaaaa\nrelease\t0.2.0-bbbbbbbbbbbb\t7\t3\n"
        "damaged\t0.3.0-cccccccccccc\tbin/pchatd is missing\n"
        "change\tchange2\t0.2.0-bbbbbbbbbbbb\nchange\tchange1\t0.1.0-aaaaaaaaaaaa\n"
        "current\t0.2.0-bbbbbbbbbbbb\n"
        "active\tchange2\nprevious\tchange1\nactivation\tnone\nlock\theld\tann@desk 1 2\t90\n"
        "unit\tpchatd\tactive\trunning\tenabled\t1234\t1790000000\n"
        "file\t/etc/pchat/pchatd.yaml\troot\troot\t0644\tabcd\nfile\t/etc/pchat/nats.conf\tabsent\n"
        "other\t/etc/pchat/old\nname\tpc1.example\t10.0.0.1\t10.0.0.2\nname\tpc9.example\n"
        "port\t443\tfree\nport\t4222\ttaken\t842\tnats-server\n"
        "store\t/mnt/a\tmount\twritable\tnfs4\tnas:/a\nstore\t/mnt/b\tfolder\tPermission "
        "denied\text4\t/dev/vda\n"
        "store\t/mnt/c\tabsent\nreach\tpg1\t5432\topen\nreach\tpg2\t5432\trefused\nodbc\tFreeTDS\n"
        "something\tnewer\n"
    );
    CHECK(found.os_name == "Debian GNU/Linux 12 (bookworm)");
    CHECK(found.time == Approx(1790000000.5));
    CHECK(found.supervisor == Supervisor::systemd);
    CHECK(found.open_files == 524288);
    CHECK(found.free.at("/opt") == 10737418240);
    CHECK(found.has_account);
    CHECK(found.releases.size() == 2);
    CHECK(found.schemas.count("0.1.0-aaaaaaaaaaaa") == 0);  // of a program that does not count them
    CHECK(found.schemas.at("0.2.0-bbbbbbbbbbbb").content == 7);
    CHECK(found.schemas.at("0.2.0-bbbbbbbbbbbb").compliance == 3);
    CHECK((found.changes.size() == 2 && found.changes[0].id == "change2"));
    CHECK(found.release_of("change1") == "0.1.0-aaaaaaaaaaaa");
    CHECK(found.release_of("change3").empty());
    CHECK(found.damaged.at("0.3.0-cccccccccccc") == "bin/pchatd is missing");
    CHECK((found.current == "0.2.0-bbbbbbbbbbbb" && found.active == "change2"));
    CHECK(found.previous == "change1");
    CHECK(found.activation.state == FoundActivation::State::none);
    REQUIRE(found.lock);
    CHECK((found.lock->owner == "ann@desk 1 2" && found.lock->age == 90));
    REQUIRE(found.unit("pchatd.service") != nullptr);
    CHECK((found.unit("pchatd.service")->enabled && found.unit("pchatd.service")->pid == 1234));
    CHECK(found.files.size() == 1);
    CHECK(found.files.at("/etc/pchat/pchatd.yaml").sha256 == "abcd");
    CHECK(found.others == std::vector<std::string>{"/etc/pchat/old"});
    CHECK(found.names.at("pc1.example").size() == 2);
    CHECK(found.names.at("pc9.example").empty());
    CHECK_FALSE(found.ports.at(443).taken);
    CHECK(found.ports.at(4222).program == "nats-server");
    CHECK((found.stores.at("/mnt/a").mounted && found.stores.at("/mnt/a").writable));
    CHECK(found.stores.at("/mnt/b").problem == "Permission denied");
    CHECK_FALSE(found.stores.at("/mnt/c").there);
    CHECK(found.reached.at("pg2:5432") == "refused");
    CHECK(found.drivers == std::vector<std::string>{"FreeTDS"});
}

TEST_CASE("found: an activation is nobody's, running, or was cut off", "[deploy]") {
    using State = FoundActivation::State;
    const std::string rest = "\tc1\tc2\tforward\trun7\tann@desk 1 2\n";
    CHECK(found_in("activation\trunning" + rest).activation.state == State::running);
    const FoundActivation gone = found_in("activation\tgone" + rest).activation;
    CHECK(gone.state == State::gone);
    CHECK((gone.from == "c1" && gone.to == "c2" && gone.who == "ann@desk 1 2"));
    CHECK(found_in("activation\tgone\t-\tc2\n").activation.from.empty());
}

TEST_CASE("found: too little is refused, not guessed", "[deploy]") {
    REQUIRE_ERR(read_found(""), Errc::invalid, "what it is");
    REQUIRE_ERR(read_found("Welcome to this machine!\n"), Errc::invalid, "what it is");
    REQUIRE_ERR(read_found(least + "unit\tpchatd\n"), Errc::invalid, "unit");
    REQUIRE_ERR(read_found(least + "free\n"), Errc::invalid, "free");
}

TEST_CASE("found: nothing that a node says is a command for a terminal", "[deploy]") {
    const NodeFound found =
        found_in("store\t/mnt/a\tfolder\t\x1b]0;x\x07no\ncurrent\t\x1b[2J0.1.0\n");
    CHECK(found.stores.at("/mnt/a").problem == "\\u{1B}]0;x\\u{7}no");
    CHECK(found.current == "\\u{1B}[2J0.1.0");
    // What services wrote in their logs comes in lines of words, too.
    CHECK(words_of("log\tpchatd\t\x1b[31mred").at(2) == "\\u{1B}[31mred");
}

TEST_CASE("found: a failure is the last line, with its way out", "[deploy]") {
    const Error told = node_error("tar: noise\nerror\t/opt is full\tdf /opt\n", "unpack");
    CHECK((told.message == "/opt is full" && told.hint == "df /opt"));
    CHECK(
        node_error("sh: 1: oh: not found\n", "unpack").message ==
        "unpack failed: sh: 1: oh: not found"
    );
    CHECK(node_error("", "unpack").message == "unpack failed: it does not say why");
    // Nothing that a machine says reaches the terminal as a command for it.
    CHECK(node_error("error\t\x1b[2Jgone\n", "x").message.find('\x1b') == std::string::npos);
}
