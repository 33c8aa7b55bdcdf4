// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/db/contract.h"

#include <limits>

using namespace pchat;
using namespace pchat::test;

namespace {

using Ids = std::vector<PrincipalId>;

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr PrincipalId ann{1};
constexpr PrincipalId staff{1000};
constexpr PrincipalId board{1001};

/// 300 users, the first of them ann, and two groups.
void populate(Content& content) {
    std::vector<Principal> all;
    for (std::int64_t id = 1; id <= 300; ++id)
        all.push_back(a_user(id, "user" + std::to_string(id)));
    for (const PrincipalId group : {staff, board}) {
        all.push_back(a_user(group.value, "group" + std::to_string(group.value)));
        all.back().kind = PrincipalKind::group;
    }
    content.write([&](ContentTransaction& tx) { return tx.principals().insert(all); });
}

ContentWork add(std::vector<Membership> members) {
    return [members = std::move(members)](ContentTransaction& tx) {
        return tx.principals().add_members(members);
    };
}

Ids children(Content& content, PrincipalId parent) {
    return content.read([&](ContentTransaction& tx) { return tx.principals().children(parent); });
}

Ids parents(Content& content, PrincipalId child) {
    return content.read([&](ContentTransaction& tx) { return tx.principals().parents(child); });
}

std::vector<AdminGrant> admin_roles(Content& content) {
    std::vector<AdminGrant> out;
    content.write([&](ContentTransaction& tx) {
        return tx.principals().each_role([&](const AdminGrant& grant) -> Result<void> {
            out.push_back(grant);
            return {};
        });
    });
    return out;
}

}  // namespace

TEST_CASE("members: those that are there already stay", "[principals]") {
    Content content{GENERATE(from_range(backends()))};
    populate(content);
    content.write(add({{staff, {7}}, {staff, {3}}, {board, {3}}}));
    content.write(add({{staff, {2}}, {staff, {3}}, {staff, {9}}, {staff, {9}}, {board, staff}}));
    content.write(add({}));
    CHECK((children(content, staff) == Ids{{2}, {3}, {7}, {9}}));
    CHECK((children(content, board) == Ids{{3}, staff}));
    CHECK((parents(content, {3}) == Ids{staff, board}));
    CHECK(parents(content, ann).empty());

    const Membership gone[] = {{staff, {3}}, {staff, {250}}};
    content.write([&](ContentTransaction& tx) { return tx.principals().remove_members(gone); });
    CHECK((children(content, staff) == Ids{{2}, {7}, {9}}));
    CHECK((parents(content, {3}) == Ids{board}));
}

TEST_CASE("members: a group of many is filled at once, or not at all", "[principals]") {
    Content content{GENERATE(from_range(backends()))};
    populate(content);
    std::vector<Membership> members;
    for (std::int64_t id = 300; id >= 1; --id)
        members.push_back({staff, {id}});
    members.push_back({staff, {5000}});  // nobody
    REQUIRE_ERR(content.try_write(add(members)), Errc::conflict, "");
    CHECK(children(content, staff).empty());
    members.pop_back();
    content.write(add(members));
    CHECK(children(content, staff).size() == 300);
    CHECK(children(content, staff).front() == ann);
}

TEST_CASE("members: all of them stream by parent, until one is enough", "[principals]") {
    Content content{GENERATE(from_range(backends()))};
    populate(content);
    content.write(add({{board, {1}}, {staff, {4}}, {staff, {2}}}));
    std::vector<std::pair<PrincipalId, PrincipalId>> seen;
    const Result<void> stopped = content.try_write([&](ContentTransaction& tx) {
        return tx.principals().each_membership([&](const Membership& one) -> Result<void> {
            seen.emplace_back(one.parent, one.child);
            if (seen.size() == 2)
                return fail(Errc::interrupted, "that is enough");
            return {};
        });
    });
    REQUIRE_ERR(stopped, Errc::interrupted, "that is enough");
    const decltype(seen) wanted{{staff, {2}}, {staff, {4}}};
    CHECK((seen == wanted));
}

TEST_CASE("admin roles: each is granted once, the last grant counts", "[principals]") {
    Content content{GENERATE(from_range(backends()))};
    populate(content);
    const auto grant = [](const AdminGrant& wanted) {
        return [wanted](ContentTransaction& tx) { return tx.principals().grant_role(wanted); };
    };
    content.write(grant({board, AdminRole::administrator, 1, ann}));
    content.write(grant({board, AdminRole::viewer, 2, ann}));
    content.write(grant({board, AdminRole::viewer, most, staff}));
    REQUIRE_ERR(content.try_write(grant({{5000}, AdminRole::viewer, 1, ann})), Errc::conflict, "");
    const auto granted = admin_roles(content);
    REQUIRE(granted.size() == 2);
    CHECK(granted[0].role == AdminRole::viewer);
    CHECK(granted[0].granted_at == most);
    CHECK(granted[0].granted_by == staff);
    CHECK(granted[1].role == AdminRole::administrator);

    for (int twice = 0; twice < 2; ++twice)
        content.write([](ContentTransaction& tx) {
            return tx.principals().revoke_role(board, AdminRole::viewer);
        });
    REQUIRE(admin_roles(content).size() == 1);
    CHECK(admin_roles(content)[0].role == AdminRole::administrator);
}

TEST_CASE("accounts: one a user, replaced as a whole", "[principals]") {
    Content content{GENERATE(from_range(backends()))};
    populate(content);
    const auto put = [](const Account& wanted) {
        return [wanted](ContentTransaction& tx) { return tx.accounts().put(wanted); };
    };
    const auto found = [&] {
        return content.read([](ContentTransaction& tx) { return tx.accounts().find(ann); });
    };
    CHECK_FALSE(found());
    Account account;
    account.user = ann;
    account.password_hash = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA";
    account.must_change = true;
    account.failed_count = 3;
    account.failed_at = 0;  // a time like any other, not none
    account.locked_until = most;
    account.changed_at = 12;
    content.write(put(account));
    REQUIRE(found());
    CHECK(found()->password_hash == account.password_hash);
    CHECK(found()->must_change);
    CHECK(found()->failed_count == 3);
    CHECK(found()->failed_at == 0);
    CHECK(found()->locked_until == most);
    CHECK(found()->changed_at == 12);

    Account fresh;
    fresh.user = ann;
    fresh.password_hash = "other";
    content.write(put(fresh));
    CHECK(found()->password_hash == "other");
    CHECK_FALSE(found()->must_change);
    CHECK_FALSE(found()->failed_at);
    CHECK_FALSE(found()->locked_until);

    fresh.user = PrincipalId{5000};
    REQUIRE_ERR(content.try_write(put(fresh)), Errc::conflict, "");
    for (int twice = 0; twice < 2; ++twice)
        content.write([](ContentTransaction& tx) { return tx.accounts().remove(ann); });
    CHECK_FALSE(found());
}

TEST_CASE("accounts: how far a directory was read is kept by domain", "[principals]") {
    Content content{GENERATE(from_range(backends()))};
    const auto found = [&](const std::string& domain) {
        return content.read([&](ContentTransaction& tx) { return tx.accounts().progress(domain); });
    };
    CHECK_FALSE(found("contoso.example"));
    DirectoryProgress progress;
    progress.domain = "contoso.example";
    progress.cookie = std::string(20'000, 'Q');
    progress.next_at = most;
    progress.try_count = 2;
    progress.last_error = "der Server antwortet nicht \xF0\x9F\x98\xB4";
    const auto put = [&] {
        content.write([&](ContentTransaction& tx) { return tx.accounts().put_progress(progress); });
    };
    put();
    CHECK((found("contoso.example")->cookie == progress.cookie));
    CHECK_FALSE(found("contoso.example")->finished_at);
    CHECK(found("contoso.example")->next_at == most);
    CHECK(found("contoso.example")->try_count == 2);
    CHECK(found("contoso.example")->last_error == progress.last_error);

    progress.cookie = "";
    progress.finished_at = 5;
    progress.last_error = std::nullopt;
    put();
    CHECK(found("contoso.example")->cookie == "");
    CHECK(found("contoso.example")->finished_at == 5);
    CHECK_FALSE(found("contoso.example")->last_error);
    CHECK_FALSE(found("fabrikam.example"));
}
