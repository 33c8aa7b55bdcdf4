// SPDX-License-Identifier: Apache-2.0
// Two servers of a pool: which of them takes users, where the others are sent, and how people and
// the command line move by themselves.
#include "tests/integration/chat/scene.h"
#include "tests/support/child_program.h"
#include "tests/support/expect.h"

#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

namespace {

ServerOptions named(
    const std::string& name, const std::string& limits = {}, const std::string& more = {}
) {
    ServerOptions out;
    out.name = name;
    out.more = more;
    if (!limits.empty())
        out.limits = limits;
    return out;
}

struct Duo {
    explicit Duo(const std::string& limits_of_first = {}, const std::string& more = {})
        : first(4, named("one", limits_of_first, more), "postgresql"),
          second(first.database, named("two", {}, more)) {
        wait_until([&] { return discovered(first.server).size() == 2; });
    }

    static std::string url(const PrivateServer& server) {
        return "http://127.0.0.1:" + std::to_string(server.port());
    }
    Json discovered(const PrivateServer& server) {
        return http(server.port(), "GET", "/v1/discover", first.world.admin).body["servers"];
    }
    ChatClient at(const PrivateServer& server, std::size_t user) {
        ChatClient out{server.port(), first.world.tokens[user]};
        welcome = out.wait_for("welcome");
        return out;
    }
    /// By way of the first server.
    HttpAnswer patch(const std::string& below, const Json& body) {
        HttpAnswer out = first.admin("PATCH", "/v1/pools/bench.example" + below, body);
        INFO(out.text);
        REQUIRE(out.status == 200);
        return out;
    }
    void wait_for_state(const PrivateServer& server, const std::string& state) {
        wait_until([&] { return http(server.port(), "GET", "/readyz").body["state"] == state; });
    }

    /// Starts pchatctl as that user, who has a token; its output goes to a file.
    pid_t pchatctl(const std::string& token, std::vector<std::string> words) {
        const std::filesystem::path folder = first.database.folder();
        const std::filesystem::path secret = folder / "token";
        std::filesystem::remove(secret);
        std::ofstream{secret} << token << '\n';
        std::filesystem::permissions(
            secret, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write
        );
        log = folder / "pchatctl.log";
        std::filesystem::remove(log);
        words.insert(
            words.begin(),
            (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "pchatctl").string()
        );
        words.insert(words.end(), {"--token-file", secret.string()});
        return start_program(log, std::move(words));
    }
    [[nodiscard]] std::string said() const {
        std::ifstream in{log};
        std::stringstream out;
        out << in.rdbuf();
        return out.str();
    }
    /// The exit code of a command that an administrator gives to that server.
    int command(const PrivateServer& server, std::vector<std::string> words) {
        words.insert(words.end(), {"--server", url(server)});
        return WEXITSTATUS(wait_for_program(pchatctl(first.world.admin, std::move(words))));
    }

    Scene first;
    PrivateServer second;
    Json welcome;
    std::filesystem::path log;
};

std::size_t times(const std::string& text, const std::string& part) {
    std::size_t out = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++out;
    return out;
}

}  // namespace

TEST_CASE("members: everybody is told the servers that take users", "[members]") {
    Duo duo;
    const std::string one = Duo::url(duo.first.server);
    const std::string two = Duo::url(duo.second);
    duo.at(duo.second, 0);
    Json told = duo.welcome["servers"];
    std::sort(told.begin(), told.end());
    Json both{one, two};
    std::sort(both.begin(), both.end());
    CHECK(told == both);
    // Who goes because the server ends has the other one first.
    ChatClient bob = duo.at(duo.second, 1);
    duo.second.signal(SIGTERM);
    const Json moved = bob.wait_for("moved");
    CHECK(moved["reason"] == "shutdown");
    CHECK(moved["servers"] == Json{one, two});
    duo.second.wait(20s);
    wait_until([&] { return duo.discovered(duo.first.server) == Json{one}; });
}

TEST_CASE("members: a standby server sends people to the active one", "[members]") {
    Duo duo;
    const std::string one = Duo::url(duo.first.server);
    const std::string two = Duo::url(duo.second);
    ChatClient ann = duo.at(duo.second, 0);
    const std::string& room = duo.first.room(0);
    REQUIRE(ann.join(room)["type"] == "ok");
    duo.patch("", {{"remove_active", {"two.example"}}});
    // Who is there is asked to go, and may finish.
    const Json moved = ann.wait_for("moved");
    CHECK(moved["reason"] == "standby");
    CHECK(moved["servers"] == Json{one, two});
    CHECK(ann.post(room, "k", "still here") == 1);
    CHECK(http(duo.second.port(), "GET", "/readyz").status == 503);
    ChatClient bob{duo.second.port(), duo.first.world.tokens[1]};
    CHECK(bob.wait_for("moved")["servers"].front() == one);
    CHECK(bob.wait_for_end() == 4013);
    // Administration goes on there, and leads back.
    const HttpAnswer back = http(
        duo.second.port(),
        "PATCH",
        "/v1/pools/bench.example",
        duo.first.world.admin,
        {{"add_active", {"two.example"}}}
    );
    CHECK(back.body["changes"][0]["to"] == "active");
    duo.at(duo.second, 1);
}

TEST_CASE("members: a drain asks, waits and ends; it outlives a restart", "[members]") {
    Duo duo;
    const std::string& room = duo.first.room(0);
    ChatClient ann = duo.at(duo.second, 0);
    REQUIRE(ann.join(room)["type"] == "ok");
    duo.patch("/servers/two.example", {{"draining", true}, {"within_seconds", 3'600}});
    CHECK(ann.wait_for("moved")["reason"] == "drain");
    CHECK(ann.post(room, "k", "still here") == 1);
    duo.patch("/servers/two.example", {{"draining", true}, {"within_seconds", 0}});
    CHECK(ann.wait_for_end() == 1012);
    duo.second.signal(SIGTERM);
    REQUIRE(duo.second.wait(20s) == 0);
    duo.second.start();
    CHECK(http(duo.second.port(), "GET", "/readyz").body["state"] == "draining");
    duo.patch("/servers/two.example", {{"draining", false}});
    duo.wait_for_state(duo.second, "active");
    duo.at(duo.second, 0);
}

TEST_CASE("members: a full server names the one that has room", "[members]") {
    Duo duo{"sessions: 2"};
    const ChatClient ann = duo.at(duo.first.server, 0);
    const ChatClient bob = duo.at(duo.first.server, 1);
    ChatClient cid{duo.first.server.port(), duo.first.world.tokens[2]};
    const Json moved = cid.wait_for("moved");
    CHECK(moved["reason"] == "full");
    CHECK(moved["servers"].front() == Duo::url(duo.second));
    CHECK(cid.wait_for_end() == 4013);
}

TEST_CASE(
    "members: message tail moves to another server, and shows each message once", "[members]"
) {
    Duo duo;
    const std::string& room = duo.first.room(0);
    ChatClient ann = duo.at(duo.second, 0);
    REQUIRE(ann.join(room)["type"] == "ok");
    const pid_t tail = duo.pchatctl(
        duo.first.world.tokens[1],
        {"message", "tail", room, "--limit", "40", "--server", Duo::url(duo.first.server)}
    );
    const auto post = [&](ChatClient& who, int from, int to) {
        for (int i = from; i <= to; ++i)
            who.post(room, "k" + std::to_string(i), "message " + std::to_string(i) + ".");
    };
    post(ann, 1, 10);
    wait_until([&] { return times(duo.said(), "message 10.") == 1; });
    // A drain, which it follows to the other server; then the death of that one.
    duo.patch("/servers/one.example", {{"draining", true}, {"within_seconds", 3'600}});
    wait_until([&] { return times(duo.said(), "connected again") == 1; });
    post(ann, 11, 20);
    wait_until([&] { return times(duo.said(), "message 20.") == 1; });
    duo.patch("/servers/one.example", {{"draining", false}});
    duo.wait_for_state(duo.first.server, "active");
    duo.second.kill9();
    ChatClient again = duo.at(duo.first.server, 0);
    REQUIRE(again.join(room)["type"] == "ok");
    post(again, 21, 40);
    CHECK(WEXITSTATUS(wait_for_program(tail)) == 0);
    const std::string said = duo.said();
    INFO(said);
    for (int i = 1; i <= 40; ++i)
        CHECK(times(said, "message " + std::to_string(i) + ".") == 1);
}

TEST_CASE("members: pool commands change once, and show what is so", "[members]") {
    Duo duo;
    const PrivateServer& server = duo.first.server;
    REQUIRE(duo.command(server, {"pool", "status", "-o", "json"}) == 0);
    const Json pool = Json::parse(duo.said());
    CHECK(pool["active"] == Json{"one.example", "two.example"});
    CHECK(pool["servers"][1]["urls"] == Json{Duo::url(duo.second)});
    CHECK(duo.command(server, {"pool", "drain", "two.example", "--within", "1h"}) == 0);
    CHECK_THAT(duo.said(), Catch::Contains("server/two.example is draining, was active"));
    CHECK(duo.command(duo.second, {"pool", "drain", "two.example"}) == 0);
    CHECK(duo.said() == "no changes\n");
    CHECK(duo.command(server, {"pool", "status"}) == 0);
    CHECK_THAT(duo.said(), Catch::Contains("draining") && Catch::Contains("ENDS-IN"));
    CHECK_THAT(duo.said(), Catch::Contains("FOLLOWS") && Catch::Contains(" yes "));
    CHECK(duo.command(server, {"pool", "undrain", "two.example"}) == 0);
    CHECK(duo.command(server, {"pool", "state", "set", "two.example", "standby"}) == 0);
    CHECK_THAT(duo.said(), Catch::Contains("server/two.example is standby, was active"));
    CHECK(duo.command(server, {"pool", "state", "set", "two.example", "standby"}) == 0);
    CHECK(duo.said() == "no changes\n");
    CHECK(duo.command(server, {"pool", "state", "get", "two.example", "-o", "json"}) == 0);
    CHECK(Json::parse(duo.said())[0]["state"] == "standby");
    CHECK(
        duo.command(server, {"pool", "state", "set", "two.example", "active", "--within", "5m"}) ==
        2
    );
    CHECK(duo.command(duo.second, {"pool", "state", "set", "two.example", "active"}) == 0);
    CHECK(duo.command(server, {"pool", "state", "get"}) == 0);
    CHECK(times(duo.said(), "active") == 2);
    CHECK(duo.command(server, {"pool", "active", "clear", "--no-input"}) == 2);  // nobody to ask
    CHECK(duo.command(server, {"pool", "active", "clear", "--yes"}) == 0);
    CHECK(duo.command(server, {"pool", "active", "list", "-o", "json"}) == 0);
    CHECK(duo.said() == "[]\n");
    CHECK(duo.command(server, {"pool", "active", "set", "two.example"}) == 0);
    CHECK(duo.command(server, {"pool", "active", "swap"}) == 0);
    CHECK(duo.command(server, {"pool", "active", "list", "-o", "name"}) == 0);
    CHECK(duo.said() == "server/one.example\n");
    CHECK(duo.command(server, {"pool", "active", "add", "tow.example"}) == 1);
    CHECK_THAT(duo.said(), Catch::Contains("did you mean 'two.example'?"));
}

TEST_CASE("members: a server that is gone for good is removed", "[members]") {
    Duo duo{{}, "registry: { lifetimeSeconds: 5 }\n"};
    const PrivateServer& server = duo.first.server;
    const auto remove = [&](const std::string& flag) {
        return duo.command(server, {"pool", "remove", "two.example", flag});
    };
    CHECK(remove("--yes") == 1);
    CHECK_THAT(duo.said(), Catch::Contains("server 'two.example' lives"));
    duo.second.signal(SIGTERM);
    REQUIRE(duo.second.wait(30s) == 0);
    CHECK(remove("--no-input") == 2);  // nobody to ask
    // Until the other one has put away what it left.
    wait_until([&] { return remove("--dry-run") == 0; });
    CHECK_THAT(duo.said(), Catch::Contains("server/two.example would be removed, is active"));
    CHECK(remove("--yes") == 0);
    CHECK_THAT(duo.said(), Catch::Contains("server/two.example is removed, was active"));
    CHECK(duo.command(server, {"pool", "status", "-o", "json"}) == 0);
    CHECK(Json::parse(duo.said())["servers"].size() == 1);
    CHECK(remove("--yes") == 1);
    CHECK_THAT(duo.said(), Catch::Contains("does not belong to this pool"));
    duo.second.start();
    wait_until([&] { return duo.discovered(server).size() == 2; });
}

TEST_CASE("members: people of a server that ends find room in a full pool", "[members]") {
    Duo duo{{}, "registry: { lifetimeSeconds: 5 }\n"};
    const auto counted = [&] {
        std::int64_t out = -1;
        REQUIRE_OK(duo.first.database.content()
                       .read("looking", [&](ContentTransaction& tx) -> Result<void> {
                           const auto servers = tx.registry().list();
                           if (!servers)
                               return pass(servers.error());
                           for (const pchat::Server& one : *servers)
                               if (one.fqdn == "two.example")
                                   out = one.session_count;
                           return {};
                       }));
        return out;
    };
    ChatClient ann = duo.at(duo.second, 0);
    wait_until([&] { return counted() == 1; });
    duo.second.signal(SIGTERM);
    CHECK(ann.wait_for("moved")["reason"] == "shutdown");
    CHECK(counted() == 0);  // while she is there still
}

TEST_CASE("members: pool status --watch goes on until Ctrl-C", "[members]") {
    Duo duo;
    const pid_t watch = duo.pchatctl(
        duo.first.world.admin,
        {"pool", "status", "--watch", "-o", "json", "--server", Duo::url(duo.first.server)}
    );
    wait_until([&] { return times(duo.said(), "\n") >= 2; });
    duo.patch("/servers/two.example", {{"draining", true}});
    wait_until([&] { return times(duo.said(), "\"draining\"") >= 1; });
    ::kill(watch, SIGINT);
    CHECK(WEXITSTATUS(wait_for_program(watch)) == 130);
}
