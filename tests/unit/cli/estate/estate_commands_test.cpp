// SPDX-License-Identifier: Apache-2.0
// `estate plan`, `apply`, `drift`, `export` over a transport that is not one.
#include "cli/client/transport.h"
#include "tests/support/catch.h"
#include "tests/support/cli_session.h"
#include "tests/support/temp_dir.h"

#include <nlohmann/json.hpp>

#include <deque>
#include <fstream>
#include <sstream>

using namespace pchat;
using namespace pchat::cli;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

struct Exchange {
    std::vector<HttpRequest> requests;
    std::deque<Json> replies;
};

class FakeTransport : public Transport {
public:
    explicit FakeTransport(Exchange& exchange) : exchange_(exchange) {}
    Result<HttpReply> send(const HttpRequest& request) override {
        exchange_.requests.push_back(request);
        if (exchange_.replies.empty())
            return fail(Errc::unreachable, "no reply was prepared");
        HttpReply reply{200, {}, exchange_.replies.front().dump()};
        exchange_.replies.pop_front();
        return reply;
    }

private:
    Exchange& exchange_;
};

const Json nothing = {{"plan", "p0"}, {"changes", Json::array()}, {"problems", Json::array()}};
const Json room = Json::parse(R"({"plan": "p1", "problems": [], "changes": [
    {"action": "create", "noun": "room", "name": "Lobby", "losses": [], "fields": [
        {"field": "file_upload", "after": true},
        {"field": "members", "added": ["group:a"], "removed": []}]}]})");
const Json losing = Json::parse(R"({"plan": "p2", "problems": [], "changes": [
    {"action": "set", "noun": "room", "name": "Lab", "fields": [
        {"field": "privacy", "before": "open", "after": "closed"},
        {"field": "members", "added": [], "removed": ["group:a"]}],
     "losses": [{"kind": "membership", "of": "room", "name": "Lab", "list": "members",
                 "principal": "group:a"}]},
    {"action": "remove", "noun": "room", "name": "Old", "fields": [],
     "losses": [{"kind": "messages", "of": "room", "name": "Old", "messages": 3}]}]})");

struct Session {
    test::TempDir home;
    test::CliSession cli;
    Exchange exchange;
    std::string file;

    Session() {
        cli.variables = {
            {"HOME", home.path().string()},
            {"PCHATCTL_SERVER", "https://pc1.contoso.example"},
            {"PCHATCTL_TOKEN", "pct_1"}};
        cli.transport = [this](const Endpoint&) {
            return std::make_unique<FakeTransport>(exchange);
        };
        file = (home.path() / "e.yaml").string();
        std::ofstream{file} << "apiVersion: pchat/v1\nkind: Estate\nrooms:\n  - {name: Lobby}\n";
    }

    int run(const std::string& verb, const std::vector<Json>& replies) {
        exchange.requests.clear();
        exchange.replies.assign(replies.begin(), replies.end());
        return cli.run("estate " + verb + " -f " + file);
    }
};

}  // namespace

TEST_CASE("estate plan: shows every field and every loss", "[estate]") {
    Session session;
    CHECK(session.run("plan", {room}) == 0);
    CHECK(
        session.cli.out.str() == "+ room Lobby\n"
                                 "    fileUpload: true\n"
                                 "    members:\n"
                                 "      + group:a\n"
                                 "\n"
                                 "1 change: 1 to create, 0 to change, 0 to remove\n"
    );
    CHECK(session.exchange.requests.at(0).target == "/v1/apply?dry_run=true");
    CHECK(session.exchange.requests.at(0).body == R"({"rooms":[{"name":"Lobby"}]})");
    CHECK(session.run("plan", {losing}) == 0);
    CHECK(
        session.cli.out.str() == "~ room Lab\n"
                                 "    privacy: \"open\" -> \"closed\"\n"
                                 "    members:\n"
                                 "      - group:a\n"
                                 "    ! group:a is no longer in members of room 'Lab'\n"
                                 "- room Old\n"
                                 "    ! messages of room 'Old': 3\n"
                                 "\n"
                                 "2 changes: 0 to create, 1 to change, 1 to remove; 2 losses (!)\n"
    );
}

TEST_CASE("estate plan and drift: the exit code tells whether there are changes", "[estate]") {
    Session session;
    CHECK(session.run("plan --exit-code", {room}) == 8);
    CHECK(session.run("plan --exit-code", {nothing}) == 0);
    CHECK(session.cli.out.str() == "no changes\n");
    CHECK(session.run("drift", {room}) == 8);
    CHECK_THAT(session.cli.out.str(), Contains("is not as " + session.file + " says"));
    CHECK(session.run("drift", {nothing}) == 0);
    CHECK(session.run("drift -o json", {room}) == 8);
    CHECK(Json::parse(session.cli.out.str()) == room);
}

TEST_CASE("estate apply: carries out the plan that takes nothing away unasked", "[estate]") {
    Session session;
    CHECK(session.run("apply", {room, room}) == 0);
    REQUIRE(session.exchange.requests.size() == 2);
    CHECK(session.exchange.requests[0].target == "/v1/apply?dry_run=true");
    CHECK(session.exchange.requests[1].target == "/v1/apply?plan=p1");
    CHECK_THAT(session.cli.out.str(), Contains("1 created, 0 changed, 0 removed"));
    CHECK(session.run("apply", {nothing}) == 0);
    CHECK(session.exchange.requests.size() == 1);
    CHECK(session.cli.out.str() == "no changes\n");
    CHECK(session.run("apply --dry-run", {losing}) == 0);
    CHECK(session.exchange.requests.size() == 1);
}

TEST_CASE("estate apply: asks before somebody loses something", "[estate]") {
    Session session;
    CHECK(session.run("apply", {losing}) == 2);
    CHECK_THAT(session.cli.err.str(), Contains("- room Old"));
    CHECK_THAT(session.cli.err.str(), Contains("--yes"));
    CHECK(session.exchange.requests.size() == 1);
    CHECK(session.run("apply --yes", {losing}) == 0);
    REQUIRE(session.exchange.requests.size() == 1);
    CHECK(session.exchange.requests[0].target == "/v1/apply");
}

TEST_CASE("estate apply: --prune names the sections that the document has", "[estate]") {
    Session session;
    CHECK(session.run("apply --prune --yes", {nothing}) == 0);
    CHECK(Json::parse(session.exchange.requests.at(0).body)["prune"] == Json{"rooms"});
}

TEST_CASE("estate apply: what the server finds wrong stands in the document", "[estate]") {
    Session session;
    Json wrong = nothing;
    wrong["problems"] = Json::parse(R"([{"section": "rooms", "item": 0, "field": "category",
        "value": "", "code": "category-not-found", "message": "no such category", "hint": "h"}])");
    CHECK(session.run("apply", {wrong}) == 3);
    CHECK_THAT(
        session.cli.err.str(),
        Contains("e.yaml:4:12: error[category-not-found]: no such category") && Contains("hint: h")
    );
    std::ofstream{session.file} << "rooms: all\n";
    CHECK(session.run("plan", {}) == 3);
    CHECK(session.exchange.requests.empty());
    session.file += ".not";
    CHECK(session.run("plan", {}) == 3);
    CHECK_THAT(session.cli.err.str(), Contains("pchatctl estate export"));
}

TEST_CASE("estate export: a document, also into a file", "[estate]") {
    Session session;
    const Json tree = {{"rooms", {{{"name", "Lobby"}, {"disabled", false}}}}};
    session.exchange.replies = {tree, tree, tree};
    CHECK(session.cli.run("estate export") == 0);
    const std::string text = session.cli.out.str();
    CHECK(text == "apiVersion: pchat/v1\nkind: Estate\nrooms:\n- disabled: false\n  name: Lobby\n");
    CHECK(session.exchange.requests.at(0).target == "/v1/estate");
    const std::string file = (session.home.path() / "out.yaml").string();
    CHECK(session.cli.run("estate export --file " + file + " --dry-run") == 0);
    CHECK_FALSE(std::ifstream{file}.good());
    CHECK(session.cli.run("estate export --file " + file) == 0);
    std::ostringstream written;
    written << std::ifstream{file}.rdbuf();
    CHECK(written.str() == text);
}
