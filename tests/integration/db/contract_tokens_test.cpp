// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/db/contract.h"

#include <fmt/format.h>

#include <limits>
#include <tuple>

using namespace pchat;
using namespace pchat::test;

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr PrincipalId ann{1};
constexpr PrincipalId ben{2};

std::string hash_of(std::int64_t id) {
    return fmt::format("{:064x}", id);
}

Token a_token(std::int64_t id, PrincipalId user, std::optional<Microseconds> expires_at = {}) {
    Token out;
    out.id = TokenId{id};
    out.uuid = uuid_of(id);
    out.secret_hash = hash_of(id);
    out.user = user;
    out.label = "laptop";
    out.expires_at = expires_at;
    return out;
}

ContentWork insert(const Token& token) {
    return [token](ContentTransaction& tx) { return tx.tokens().insert(token); };
}

std::optional<Token> find(Content& content, std::int64_t id) {
    return content.read([&](ContentTransaction& tx) { return tx.tokens().find_secret(hash_of(id)); }
    );
}

/// What `change` counts, in a transaction that is committed.
template <class F>
std::int64_t counted(Content& content, F&& change) {
    std::int64_t out = -1;
    content.write([&](ContentTransaction& tx) -> Result<void> {
        const Result<std::int64_t> count = change(tx.tokens());
        if (!count)
            return pass(count.error());
        out = *count;
        return {};
    });
    return out;
}

void add_users(Content& content) {
    const Principal users[] = {a_user(1, "ann@contoso.example"), a_user(2, "ben@contoso.example")};
    content.write([&](ContentTransaction& tx) { return tx.principals().insert(users); });
}

auto fields(const Token& t) {
    return std::tuple_cat(
        std::tie(t.id, t.uuid, t.secret_hash, t.user, t.parent, t.kind, t.role_mask, t.scope),
        std::tie(t.label, t.created_at, t.expires_at, t.used_at, t.revoked_at)
    );
}

}  // namespace

TEST_CASE("tokens: every field comes back, the absent ones as absent", "[presence]") {
    Content content{GENERATE(from_range(backends()))};
    add_users(content);
    Token full = a_token(most, ann, most);
    full.uuid = uuid_of(1);
    full.parent = TokenId{7};
    full.kind = TokenKind::ticket;
    full.role_mask = 0;
    full.scope = "";
    full.label = "T\xC3\xA9l\xC3\xA9phone \xF0\x9F\x93\xB1";
    full.created_at = most;
    full.used_at = 0;
    full.revoked_at = most;
    content.write(insert(full));
    content.write(insert(a_token(2, ben)));
    REQUIRE(find(content, most));
    CHECK((fields(*find(content, most)) == fields(full)));
    REQUIRE(find(content, 2));
    CHECK((fields(*find(content, 2)) == fields(a_token(2, ben))));
    CHECK_FALSE(find(content, 3));
}

TEST_CASE("tokens: secrets and uuids are unique, users exist", "[presence]") {
    Content content{GENERATE(from_range(backends()))};
    add_users(content);
    content.write(insert(a_token(1, ann)));
    Token same_secret = a_token(2, ben);
    same_secret.secret_hash = hash_of(1);
    Token same_uuid = a_token(2, ben);
    same_uuid.uuid = uuid_of(1);
    for (const Token& wrong : {same_secret, same_uuid, a_token(2, PrincipalId{9})})
        REQUIRE_ERR(content.try_write(insert(wrong)), Errc::conflict, "");
    content.write(insert(a_token(2, ben)));
}

TEST_CASE("tokens: a user sees the own ones, and when each was used", "[presence]") {
    Content content{GENERATE(from_range(backends()))};
    add_users(content);
    for (const std::int64_t id : {9, 3, 5})
        content.write(insert(a_token(id, id == 5 ? ben : ann)));
    content.write([](ContentTransaction& tx) -> Result<void> {
        if (Result<void> done = tx.tokens().used(TokenId{9}, most); !done)
            return done;
        return tx.tokens().used(TokenId{77}, 1);  // forgotten meanwhile
    });
    const auto tokens = content.read([](ContentTransaction& tx) {
        return tx.tokens().in_force(ann, TokenKind::sign_in, 1);
    });
    REQUIRE(tokens.size() == 2);
    CHECK(tokens[0].id == TokenId{3});
    CHECK_FALSE(tokens[0].used_at);
    CHECK(tokens[1].used_at == most);
}

TEST_CASE("tokens: revoking counts what was in force until now", "[presence]") {
    Content content{GENERATE(from_range(backends()))};
    add_users(content);
    content.write(insert(a_token(1, ann)));
    content.write(insert(a_token(2, ann, 500)));
    content.write(insert(a_token(3, ann, 501)));
    content.write(insert(a_token(4, ann, most)));
    content.write(insert(a_token(5, ben)));
    const auto revoke = [&](std::int64_t id) {
        return counted(content, [&](TokenStore& tokens) {
            return tokens.revoke(uuid_of(id), 500);
        });
    };
    const auto revoke_all = [&] {
        return counted(content, [](TokenStore& tokens) { return tokens.revoke_all(ann, 500); });
    };
    CHECK(revoke(1) == 1);
    CHECK(revoke(1) == 0);
    CHECK(revoke(2) == 0);  // has just expired
    CHECK(revoke(77) == 0);
    CHECK(find(content, 1)->revoked_at == 500);
    CHECK(revoke_all() == 2);
    CHECK(revoke_all() == 0);
    CHECK(find(content, 3)->revoked_at == 500);
    CHECK(find(content, 4)->revoked_at == 500);
    CHECK_FALSE(find(content, 5)->revoked_at);
}

TEST_CASE("tokens: expired ones are forgotten in portions, the oldest first", "[presence]") {
    Content content{GENERATE(from_range(backends()))};
    add_users(content);
    for (std::int64_t id = 1; id <= 7; ++id)
        content.write(insert(a_token(id, ann, 1000 - id)));
    content.write(insert(a_token(8, ann)));
    const auto forget = [&](Microseconds at, int limit) {
        return counted(content, [&](TokenStore& tokens) {
            return tokens.forget_expired(at, limit);
        });
    };
    CHECK(forget(993, 10) == 0);
    CHECK(forget(999, 4) == 4);
    CHECK_FALSE(find(content, 4));
    CHECK(find(content, 3));
    CHECK(forget(999, 4) == 2);
    CHECK(find(content, 1));  // expires at 999, not before
    CHECK(forget(most, 4) == 1);
    CHECK(forget(most, 4) == 0);
    CHECK(find(content, 8));
}

TEST_CASE("tokens: a user's are found by kind, while they are in force", "[presence]") {
    Content content{GENERATE(from_range(backends()))};
    add_users(content);
    const auto add = [&](std::int64_t id, PrincipalId user, TokenKind kind, Microseconds until) {
        Token token = a_token(id, user, until);
        token.kind = kind;
        content.write(insert(token));
    };
    add(1, ann, TokenKind::ticket, 500);
    add(2, ann, TokenKind::ticket, 501);
    add(3, ann, TokenKind::ticket, 600);
    add(4, ann, TokenKind::api, 600);
    add(5, ben, TokenKind::ticket, 600);
    counted(content, [](TokenStore& tokens) { return tokens.revoke(uuid_of(3), 100); });
    const auto live = content.read([](ContentTransaction& tx) {
        return tx.tokens().in_force(ann, TokenKind::ticket, 500);
    });
    REQUIRE(live.size() == 1);
    CHECK(live[0].id == TokenId{2});
    const auto one =
        content.read([](ContentTransaction& tx) { return tx.tokens().find(TokenId{4}); });
    REQUIRE(one);
    CHECK(one->kind == TokenKind::api);
    CHECK_FALSE(content.read([](ContentTransaction& tx) { return tx.tokens().find(TokenId{9}); }));
    const auto forget = [&](Microseconds at, int limit) {
        return counted(content, [&](TokenStore& tokens) {
            return tokens.forget_tickets(at, limit);
        });
    };
    CHECK(forget(501, 10) == 1);
    CHECK(forget(most, 2) >= 2);
    CHECK(forget(most, 10) <= 1);
    CHECK(find(content, 4));
    CHECK_FALSE(find(content, 5));
}
