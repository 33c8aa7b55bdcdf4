// SPDX-License-Identifier: Apache-2.0
#include "server/api/session_cookie.h"
#include "tests/support/api_world.h"
#include "tests/support/expect.h"

#include <variant>

using namespace pchat;
using net::Header;
using nlohmann::json;
using test::ApiWorld;

namespace {

const Header ours{"Origin", "https://pc1.contoso.example"};
const Header pool{"Origin", "https://pchat.contoso.example"};
const Header foreign{"Origin", "https://evil.example"};
const Header json_type{"Content-Type", "application/json"};

/// Somebody with a password, and a page.
struct Page {
    Page() {
        const auto made = api.send(
            "admin", "POST", "/v1/users", {{"user", test::sip("bob")}, {"password", "long enough"}}
        );
        REQUIRE(made.status == 201);
    }

    ApiWorld::Answer sign_in(const std::vector<Header>& headers) {
        return api.send(
            "",
            "POST",
            "/v1/sessions",
            {{"user", test::sip("bob")}, {"password", "long enough"}, {"cookie", true}},
            headers
        );
    }
    /// "__Host-pchat=..." as a browser sends it back.
    std::string cookie() {
        const ApiWorld::Answer answer = sign_in({ours, json_type});
        REQUIRE(answer.status == 201);
        return answer.cookie.substr(0, answer.cookie.find(';'));
    }
    ApiWorld::Answer send(
        const std::string& method,
        const std::string& target,
        const std::vector<Header>& headers,
        const json& body = {}
    ) {
        return api.send("", method, target, body, headers);
    }
    /// Whether a WebSocket is opened; else the answer's status.
    int upgrade(const std::vector<Header>& headers) {
        net::HttpRequest request;
        request.method = "GET";
        request.path = "/v1/ws";
        request.headers = headers;
        const auto answer = api.site.upgrade(request);
        const auto* refused = std::get_if<net::HttpResponse>(&answer);
        return refused == nullptr ? 101 : refused->status;
    }

    ApiWorld api;
};

}  // namespace

TEST_CASE("cookie: signing in sets one that no script reads, and tells no token", "[api]") {
    Page page;
    const auto answer = page.sign_in({ours, json_type});
    REQUIRE(answer.status == 201);
    CHECK_FALSE(answer.body.contains("token"));
    CHECK(answer.body.contains("expires"));
    CHECK(answer.cookie.find("__Host-pchat=") == 0);
    for (const char* attribute : {"; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"})
        CHECK(answer.cookie.find(attribute) != std::string::npos);
    CHECK(answer.cookie.find("; Max-Age=1209600") != std::string::npos);
    CHECK(answer.cookie.find("Domain") == std::string::npos);
}

TEST_CASE("cookie: signing in for one needs a page of ours", "[api]") {
    Page page;
    CHECK(page.sign_in({json_type}).code() == "wrong-origin");
    CHECK(page.sign_in({foreign, json_type}).code() == "wrong-origin");
    CHECK(page.sign_in({{"Origin", "null"}, json_type}).code() == "wrong-origin");
    CHECK(page.sign_in({ours}).code() == "wrong-content-type");
    CHECK(page.sign_in({ours, {"Content-Type", "text/plain"}}).code() == "wrong-content-type");
    CHECK(page.sign_in({pool, {"Content-Type", "Application/JSON; charset=utf-8"}}).status == 201);
    // Without a cookie nothing of this is asked.
    const auto plain = page.send(
        "POST", "/v1/sessions", {foreign}, {{"user", test::sip("bob")}, {"password", "long enough"}}
    );
    CHECK(plain.status == 201);
    CHECK(plain.cookie.empty());
}

TEST_CASE("cookie: reading needs no origin, a wrong one is refused", "[api]") {
    Page page;
    const Header cookie{"Cookie", page.cookie()};
    CHECK(page.send("GET", "/v1/rooms", {cookie}).status == 200);
    CHECK(page.send("GET", "/v1/discover", {cookie, ours}).body["user"] == test::sip("bob"));
    const auto refused = page.send("GET", "/v1/rooms", {cookie, foreign});
    CHECK(refused.status == 403);
    CHECK(refused.code() == "wrong-origin");
    CHECK(page.send("GET", "/v1/rooms", {{"Cookie", "__Host-pchat=pct_wrong"}}).status == 401);
    CHECK(page.send("GET", "/v1/rooms", {{"Cookie", "__Host-pchat="}}).code() == "not-signed-in");
}

TEST_CASE("cookie: a change needs the exact origin and JSON", "[api]") {
    Page page;
    page.api.world.room("Lobby", "General", {{page.api.world.user("bob")}});
    const Header cookie{"Cookie", page.cookie()};
    const auto post = [&](std::vector<Header> headers) {
        headers.push_back(cookie);
        return page.send("POST", "/v1/rooms/Lobby/messages", headers, {{"body", "hello"}});
    };
    CHECK(post({ours, json_type}).status == 201);
    CHECK(post({pool, json_type}).status == 201);
    CHECK(post({json_type}).code() == "wrong-origin");
    CHECK(post({foreign, json_type}).code() == "wrong-origin");
    for (const char* close :
         {"https://pc1.contoso.example/",
          "https://pc1.contoso.example:8443",
          "http://pc1.contoso.example",
          "https://pc1.contoso.example.evil.example",
          "https://PC1.contoso.example"})
        CHECK(post({{"Origin", close}, json_type}).code() == "wrong-origin");
    CHECK(post({ours}).code() == "wrong-content-type");
    CHECK(post({ours, {"Content-Type", "text/plain"}}).code() == "wrong-content-type");
    CHECK(page.send("POST", "/v1/tickets", {cookie, ours}).status == 201);
    CHECK(page.send("POST", "/v1/tickets", {cookie}).code() == "wrong-origin");
}

TEST_CASE("cookie: among others it is found, two of it are refused", "[api]") {
    Page page;
    const std::string cookie = page.cookie();
    const auto status = [&](const std::vector<Header>& headers) {
        return page.send("GET", "/v1/rooms", headers).status;
    };
    CHECK(status({{"Cookie", "theme=dark; " + cookie + ";lang=en"}}) == 200);
    CHECK(status({{"Cookie", "theme=dark"}, {"cookie", cookie}}) == 200);
    CHECK(status({{"Cookie", "x" + cookie}}) == 401);
    CHECK(status({{"Cookie", "pchat" + cookie.substr(cookie.find('='))}}) == 401);
    const auto twice = page.send("GET", "/v1/rooms", {{"Cookie", cookie + "; " + cookie}});
    CHECK(twice.status == 401);
    CHECK(twice.code() == "bad-cookie");
    CHECK(status({{"Cookie", cookie}, {"Cookie", "__Host-pchat=planted"}}) == 401);
}

TEST_CASE("cookie: a token in the header goes before it, from any origin", "[api]") {
    Page page;
    const std::string token = page.api.token("admin");
    const Header bearer{"Authorization", "Bearer " + token};
    const auto found =
        page.send("GET", "/v1/discover", {{"Cookie", page.cookie()}, bearer, foreign});
    CHECK(found.status == 200);
    CHECK(found.body["user"] == test::sip("admin"));
}

TEST_CASE("cookie: signing out makes the browser forget it", "[api]") {
    Page page;
    const Header cookie{"Cookie", page.cookie()};
    CHECK(page.send("DELETE", "/v1/sessions/current", {cookie}).code() == "wrong-origin");
    const auto out = page.send("DELETE", "/v1/sessions/current", {cookie, ours});
    REQUIRE(out.status == 200);
    CHECK(out.cookie.find("__Host-pchat=; ") == 0);
    CHECK(out.cookie.find("Max-Age=0") != std::string::npos);
    CHECK(out.cookie.find("; Secure") != std::string::npos);
    CHECK(page.send("GET", "/v1/rooms", {cookie}).status == 401);
    // Who signed in without a cookie has none to lose.
    CHECK(page.api.send("bob", "DELETE", "/v1/sessions/current").cookie.empty());
}

TEST_CASE("cookie: a WebSocket with it needs the exact origin", "[api]") {
    Page page;
    const Header cookie{"Cookie", page.cookie()};
    CHECK(page.upgrade({cookie, ours}) == 101);
    CHECK(page.upgrade({cookie}) == 403);
    CHECK(page.upgrade({cookie, foreign}) == 403);
    CHECK(page.upgrade({cookie, cookie, ours}) == 401);
    // A first frame of type auth names the user: whoever sends it knows the token.
    CHECK(page.upgrade({foreign}) == 101);
    CHECK(page.upgrade({cookie, foreign, {"Authorization", "Bearer x"}}) == 101);
}
