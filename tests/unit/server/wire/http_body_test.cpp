// SPDX-License-Identifier: Apache-2.0
#include "server/wire/http_body.h"
#include "tests/support/expect.h"

using namespace pchat::wire;
using pchat::Errc;
using pchat::Secret;

TEST_CASE("http body: sign-in takes a user and a password", "[wire]") {
    const auto sign_in = read_sign_in(R"({"user":"sip:a@b.example","password":"pa\u0073s"})");
    REQUIRE_OK(sign_in);
    CHECK(sign_in->user == "sip:a@b.example");
    CHECK(sign_in->password.reveal() == "pass");
    CHECK_FALSE(sign_in->cookie);
    const auto page = read_sign_in(R"({"user":"a","password":"b","cookie":true})");
    REQUIRE_OK(page);
    CHECK(page->cookie);
    REQUIRE_ERR(read_sign_in(R"({"user":"a","password":"b","cookie":1})"), Errc::usage, "'cookie'");
}

TEST_CASE("http body: sign-in never cites the password", "[wire]") {
    const auto number = read_sign_in(R"({"user":"a","password":12345})");
    REQUIRE_ERR(number, Errc::usage, "'password' must be text, not a number");
    CHECK(number.error().message.find("12345") == std::string::npos);
    REQUIRE_ERR(read_sign_in(R"({"user":"a"})"), Errc::usage, "'password' is missing");
    REQUIRE_ERR(read_sign_in("[1]"), Errc::usage, "no object");
}

TEST_CASE("http body: signed in gives the token and its end", "[wire]") {
    CHECK(
        body(SignedIn{Secret{"t-1"}, 0}) ==
        R"({"token":"t-1","expires":"1970-01-01T00:00:00.000000Z"})"
    );
    CHECK(body(SignedIn{Secret{}, 0}) == R"({"expires":"1970-01-01T00:00:00.000000Z"})");
}

TEST_CASE("http body: a posted message is a send without room, its key may be left out", "[wire]") {
    const auto post = read_post_message(R"({"body":"x","kind":"alert"})", {});
    REQUIRE_OK(post);
    CHECK(post->key.empty());
    CHECK(post->content.kind == MessageKind::alert);
    const auto keyed = read_post_message(R"({"body":"x","key":"k"})", {});
    REQUIRE_OK(keyed);
    CHECK(keyed->key == "k");
    REQUIRE_ERR(read_post_message(R"({"body":"xyz"})", {2, 2, 9}), Errc::invalid, "'body' has 3");
    REQUIRE_ERR(read_post_message(R"({"body":"x","key":""})", {}), Errc::invalid, "'key' is empty");
}

TEST_CASE("http body: errors have one shape", "[wire]") {
    const auto error =
        pchat::fail_as("room-not-found", Errc::not_found, "room 'x' does not exist", "look", "room")
            .value();
    CHECK(
        error_body(error, "q-1") ==
        R"({"error":{"code":"room-not-found","message":"room 'x' does not exist",)"
        R"("hint":"look","field":"room","request":"q-1"}})"
    );
    CHECK(
        error_body(pchat::fail(Errc::internal, "oh").value(), "") ==
        R"({"error":{"code":"internal","message":"oh"}})"
    );
}
