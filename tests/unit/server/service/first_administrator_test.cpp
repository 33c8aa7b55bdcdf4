// SPDX-License-Identifier: Apache-2.0
#include "base/password.h"
#include "server/domain/name.h"
#include "server/service/first_administrator.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/memory/content_database.h"

using namespace pchat;

namespace {

FirstAdministrator wanted(const std::string& user, const std::string& password = "long enough") {
    return {{PrincipalKind::user, user}, Secret{password}};
}

std::optional<Principal> user_named(ContentDatabase& content, const std::string& name) {
    std::optional<Principal> out;
    REQUIRE_OK(content.read("looking", [&](ContentTransaction& tx) -> Result<void> {
        out = *tx.principals().find_name(PrincipalKind::user, name_key(name));
        return {};
    }));
    return out;
}

}  // namespace

TEST_CASE("first administrator: is made once, with password, role and audit", "[admin]") {
    const auto content = test::memory_content();
    const auto made =
        make_first_administrator(*content, wanted("Ann@contoso.example"), SystemClock{});
    REQUIRE_OK(made);
    CHECK(*made == Made::made);
    const auto again = make_first_administrator(
        *content, wanted("ann@CONTOSO.example", "another one"), SystemClock{}
    );
    REQUIRE_OK(again);
    CHECK(*again == Made::already);

    REQUIRE_OK(content->read("looking", [&](ContentTransaction& tx) -> Result<void> {
        const auto user =
            *tx.principals().find_name(PrincipalKind::user, name_key("ann@contoso.example"));
        REQUIRE(user);
        CHECK(user->display_name == "Ann");
        const auto account = *tx.accounts().find(user->id);
        REQUIRE(account);
        CHECK(password_matches(Secret{"long enough"}, account->password_hash));
        AuditQuery query;
        query.up_to = SystemClock{}.now();
        const auto audit = *tx.audit().list(query);
        REQUIRE(audit.size() == 1);
        CHECK(audit[0].action == "administrator.grant");
        CHECK(audit[0].object_id == user->id.value);
        return {};
    }));
}

TEST_CASE("first administrator: a second one is made by the first", "[admin]") {
    const auto content = test::memory_content();
    REQUIRE_OK(make_first_administrator(*content, wanted("ann@contoso.example"), SystemClock{}));
    REQUIRE_ERR(
        make_first_administrator(*content, wanted("bob@contoso.example"), SystemClock{}),
        Errc::conflict,
        "sip:ann@contoso.example"
    );
    CHECK_FALSE(user_named(*content, "bob@contoso.example"));
}

TEST_CASE("first administrator: one who was disabled does not lock everybody out", "[admin]") {
    const auto content = test::memory_content();
    REQUIRE_OK(make_first_administrator(*content, wanted("ann@contoso.example"), SystemClock{}));
    auto ann = user_named(*content, "ann@contoso.example");
    REQUIRE(ann);
    ann->state = PrincipalState::disabled;
    REQUIRE_OK(content->write("disabling", [&](ContentTransaction& tx) {
        return tx.principals().update(*ann);
    }));
    const auto made =
        make_first_administrator(*content, wanted("bob@contoso.example"), SystemClock{});
    REQUIRE_OK(made);
    CHECK(*made == Made::made);
}

TEST_CASE("first administrator: a group or a weak password makes none", "[admin]") {
    const auto content = test::memory_content();
    REQUIRE_ERR(
        make_first_administrator(
            *content, {{PrincipalKind::group, "admins"}, Secret{"long enough"}}, SystemClock{}
        ),
        Errc::invalid,
        "group:admins"
    );
    REQUIRE_ERR(
        make_first_administrator(*content, wanted("ann@contoso.example", "short"), SystemClock{}),
        Errc::invalid,
        "5 characters"
    );
    CHECK_FALSE(user_named(*content, "ann@contoso.example"));
}
