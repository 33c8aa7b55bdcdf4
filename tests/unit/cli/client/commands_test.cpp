// SPDX-License-Identifier: Apache-2.0
// Flags to requests and answers to output, over a transport that is not one.
#include "cli/client/transport.h"
#include "tests/support/catch.h"
#include "tests/support/cli_session.h"
#include "tests/support/temp_dir.h"

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <chrono>
#include <deque>
#include <fstream>

using namespace pchat;
using namespace pchat::cli;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

struct Exchange {
    std::vector<HttpRequest> requests;
    std::deque<HttpReply> replies;
    Errc trouble = Errc::unreachable;  // when there is no reply
    std::vector<std::chrono::milliseconds> patience;
};

class FakeTransport : public Transport {
public:
    explicit FakeTransport(Exchange& exchange) : exchange_(exchange) {}
    Result<HttpReply> send(const HttpRequest& request) override {
        exchange_.requests.push_back(request);
        if (exchange_.replies.empty())
            return fail(exchange_.trouble, "no reply was prepared");
        HttpReply reply = exchange_.replies.front();
        exchange_.replies.pop_front();
        return reply;
    }

private:
    Exchange& exchange_;
};

/// A command line whose server is the list of replies.
struct Session {
    test::TempDir home;
    test::CliSession cli;
    Exchange exchange;

    Session() {
        cli.variables = {
            {"HOME", home.path().string()},
            {"PCHATCTL_SERVER", "https://pc1.contoso.example"},
            {"PCHATCTL_TOKEN", "pct_1"}};
        cli.transport = [this](const Endpoint& endpoint) {
            exchange.patience.push_back(endpoint.timeout);
            return std::make_unique<FakeTransport>(exchange);
        };
    }
    void reply(int status, const Json& body) {
        exchange.replies.push_back({status, {}, body.dump()});
    }
    [[nodiscard]] Json sent(std::size_t index = 0) const {
        return Json::parse(exchange.requests.at(index).body);
    }
};

}  // namespace

TEST_CASE("commands: whoever waited in vain is told what may have become of it", "[client]") {
    Session session;
    session.exchange.trouble = Errc::timeout;
    CHECK(session.cli.run("room create Lobby --category Research --timeout 7") == 1);
    CHECK_THAT(session.cli.err.str(), Contains("it may be done all the same"));
    CHECK(session.cli.run("room list") == 1);
    CHECK_THAT(session.cli.err.str(), !Contains("it may be done all the same"));
    CHECK(session.cli.run("estate export") == 1);
    using namespace std::chrono_literals;
    CHECK(session.exchange.patience == std::vector<std::chrono::milliseconds>{7s, 30s, 600s});
}

TEST_CASE("test ready: asks until the server takes users, signed in or not", "[client]") {
    Session session;
    session.cli.variables.erase("PCHATCTL_TOKEN");
    Json state{
        {"ready", false},
        {"state", "standby"},
        {"database", "ok"},
        {"draining", false},
        {"fenced", false},
        {"bus", "none"}};
    const auto ready = [&](const std::string& flags) {
        return session.cli.run("test ready " + flags);
    };
    session.reply(503, state);
    session.reply(200, {{"ready", true}, {"state", "active"}, {"database", "ok"}, {"bus", "ok"}});
    CHECK(ready("--within 30s") == 0);
    CHECK_THAT(session.cli.out.str(), Contains("is ready: active, database ok, bus ok"));
    REQUIRE(session.exchange.requests.size() == 2);
    CHECK(session.exchange.requests.back().target == "/readyz");

    session.reply(503, state);
    CHECK(ready("--within 0s") == 1);
    CHECK_THAT(session.cli.err.str(), Contains("takes no users: standby, database ok"));
    session.reply(503, state);
    CHECK(ready("--within 0s --standby") == 0);
    const Json ills{{"database", "away"}, {"fenced", true}};
    for (const auto& [key, value] : ills.items()) {
        Json worse = state;
        worse[key] = value;
        session.reply(503, worse);
        CHECK(ready("--within 0s --standby") == 1);
    }
    session.reply(200, {{"welcome", "to another program"}});
    CHECK(ready("--within 0s") == 1);
    CHECK_THAT(session.cli.err.str(), Contains("does not answer as pchatd does"));
    CHECK(ready("--within soon") == 2);
}

TEST_CASE("test ready: what waiting does not mend is said at once", "[client]") {
    Session session;
    session.exchange.trouble = Errc::bad_file;
    CHECK(session.cli.run("test ready --within 1h") == 3);
    CHECK(session.exchange.requests.size() == 1);
}

TEST_CASE("room create: flags become the fields of the request", "[client]") {
    Session session;
    session.reply(201, {{"name", "Lobby"}, {"revision", 1}});
    CHECK(
        session.cli.run("room create Lobby --category Research --privacy closed --type normal "
                        "--member group:analysts --member sip:bob@contoso.example "
                        "--manager sip:ann@contoso.example --invitations=false") == 0
    );
    CHECK(session.cli.out.str() == "room/Lobby created\n");
    REQUIRE(session.exchange.requests.size() == 1);
    const HttpRequest& request = session.exchange.requests.front();
    CHECK(request.method == "POST");
    CHECK(request.target == "/v1/rooms");
    CHECK(
        session.sent() ==
        Json{
            {"name", "Lobby"},
            {"category", "Research"},
            {"privacy", "closed"},
            {"type", "normal"},
            {"members", {"group:analysts", "sip:bob@contoso.example"}},
            {"managers", {"sip:ann@contoso.example"}},
            {"invitations", "off"}}
    );
}

TEST_CASE("room create: one that exists is a failure, or none when it may", "[client]") {
    Session session;
    const Json exists{
        {"error", {{"code", "room-exists"}, {"message", "room 'Lobby' exists"}, {"hint", ""}}}};
    session.reply(409, exists);
    CHECK(session.cli.run("room create Lobby") == 1);
    CHECK_THAT(session.cli.err.str(), Contains("exists") && Contains("--if-not-exists"));
    session.reply(409, exists);
    session.reply(200, {{"name", "Lobby"}});
    CHECK(session.cli.run("room create Lobby --if-not-exists") == 0);
    CHECK_THAT(session.cli.err.str(), Contains("room/Lobby: no changes"));
}

TEST_CASE("room set: lists are edited, replaced or emptied", "[client]") {
    Session session;
    const auto set = [&](const std::string& flags) {
        session.exchange.requests.clear();
        session.reply(200, {{"name", "Lobby"}, {"revision", 1}});
        session.reply(200, {{"name", "Lobby"}, {"revision", 2}});
        CHECK(session.cli.run("room set Lobby " + flags) == 0);
        return session.sent(1);
    };
    CHECK(
        set("--add-member sip:a@b.example --remove-member sip:c@d.example") ==
        Json{{"add_members", {"sip:a@b.example"}}, {"remove_members", {"sip:c@d.example"}}}
    );
    CHECK(set("--set-members everyone") == Json{{"members", {"everyone"}}});
    CHECK(set("--clear-managers") == Json{{"managers", Json::array()}});
    CHECK(session.cli.run("room set Lobby --clear-members --add-member everyone") == 2);
}

TEST_CASE("room remove: asks for the name, and --dry-run only asks the server", "[client]") {
    Session session;
    const Json lobby{{"name", "Lobby"}};
    session.reply(200, lobby);
    CHECK(session.cli.run("room remove Lobby") == 2);
    CHECK_THAT(session.cli.err.str(), Contains("--confirm-name 'Lobby'"));
    session.reply(200, lobby);
    session.reply(200, Json::object());
    CHECK(session.cli.run("room remove Lobby --dry-run") == 0);
    CHECK(session.exchange.requests.back().target == "/v1/rooms/Lobby?dry_run=true");
    session.reply(200, lobby);
    session.reply(200, Json::object());
    CHECK(session.cli.run("room remove Lobby --confirm=Lobby") == 0);
    CHECK(session.exchange.requests.back().target == "/v1/rooms/Lobby");
}

TEST_CASE("lists: pages are put together", "[client]") {
    Session session;
    session.reply(200, {{"rooms", {{{"name", "A"}}}}, {"cursor", "x y"}});
    session.reply(200, {{"rooms", {{{"name", "B"}}}}});
    CHECK(session.cli.run("room list -o name") == 0);
    CHECK(session.cli.out.str() == "room/A\nroom/B\n");
    CHECK(session.exchange.requests.at(1).target == "/v1/rooms?limit=500&cursor=x%20y");
}

TEST_CASE("names: are encoded, whatever they hold", "[client]") {
    Session session;
    session.reply(200, {{"name", "a/b?c"}});
    CHECK(session.cli.run("room get a/b?c") == 0);
    CHECK(session.exchange.requests.front().target == "/v1/rooms/a%2Fb%3Fc");
}

TEST_CASE("errors: class, words and way out of the server reach the user", "[client]") {
    Session session;
    session.reply(
        403,
        {{"error",
          {{"code", "role-missing"}, {"message", "user-admin is needed"}, {"hint", "ask ann"}}}}
    );
    CHECK(session.cli.run("user list -o json") == 4);
    const Json shown = Json::parse(session.cli.out.str());
    CHECK(shown["error"]["code"] == "role-missing");
    CHECK_THAT(
        session.cli.err.str(), Contains("user-admin is needed") && Contains("hint: ask ann")
    );
}

TEST_CASE("login: the token is kept in a file of mode 0600 and used from then on", "[client]") {
    Session session;
    session.cli.variables.erase("PCHATCTL_TOKEN");
    const std::string file = session.home.path() / "password";
    std::ofstream{file} << "secret words\n";
    session.reply(201, {{"token", "pct_2"}, {"expires", "2026-12-01T00:00:00Z"}});
    CHECK(
        session.cli.run(
            "login --user sip:ann@contoso.example --save-as lab --password-file " + file
        ) == 0
    );
    CHECK(session.sent()["password"] == "secret words");
    struct stat facts {};
    const std::string saved = session.home.path() / ".config/pchat/contexts.yaml";
    REQUIRE(::stat(saved.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777U) == 0600U);

    session.reply(200, {{"rooms", Json::array()}});
    session.cli.variables.erase("PCHATCTL_SERVER");
    CHECK(session.cli.run("room list -o json") == 0);
    const auto& headers = session.exchange.requests.back().headers;
    CHECK(
        std::find(
            headers.begin(),
            headers.end(),
            std::pair<std::string, std::string>{"Authorization", "Bearer pct_2"}
        ) != headers.end()
    );
    CHECK(session.cli.run("context show --origin -o json") == 0);
    CHECK(Json::parse(session.cli.out.str())["origin"]["token"] == "context 'lab'");

    // Another server is told nothing.
    CHECK(session.cli.run("room list --server https://other.contoso.example") == 4);
}

TEST_CASE("contexts: a file that others can read is refused", "[client]") {
    Session session;
    std::filesystem::create_directories(session.home.path() / ".config/pchat");
    const std::string file = session.home.path() / ".config/pchat/contexts.yaml";
    std::ofstream{file} << "current: a\n";
    ::chmod(file.c_str(), 0644);
    CHECK(session.cli.run("room list") == 4);
    CHECK_THAT(session.cli.err.str(), Contains("chmod 600"));
}
