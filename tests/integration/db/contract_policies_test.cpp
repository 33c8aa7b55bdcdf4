// SPDX-License-Identifier: Apache-2.0
#include "server/domain/name.h"
#include "tests/integration/db/contract.h"

#include <limits>
#include <tuple>

using namespace pchat;
using namespace pchat::test;

namespace {

using Ids = std::vector<PrincipalId>;

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr PrincipalId ann{1};
constexpr PrincipalId ben{2};

Policy a_policy(std::int64_t id, PolicyScope scope, const std::string& name) {
    Policy out;
    out.id = PolicyId{id};
    out.scope = scope;
    out.name = name;
    out.name_key = name_key(name);
    out.updated_by = ann;
    return out;
}

ContentWork insert(const Policy& policy) {
    return [policy](ContentTransaction& tx) { return tx.policies().insert(policy); };
}

ContentWork update(const Policy& policy) {
    return [policy](ContentTransaction& tx) { return tx.policies().update(policy); };
}

ContentWork remove(std::int64_t id) {
    return [id](ContentTransaction& tx) { return tx.policies().remove(PolicyId{id}); };
}

ContentWork grant(PrincipalId user, std::int64_t policy, Microseconds at = 1) {
    return [=](ContentTransaction& tx) {
        return tx.policies().grant({user, PolicyId{policy}, at, ann});
    };
}

std::optional<Policy> find(Content& content, PolicyScope scope, const std::string& name) {
    return content.read([&](ContentTransaction& tx) {
        return tx.policies().find(scope, name_key(name));
    });
}

Ids granted(Content& content, std::int64_t policy) {
    return content.read([&](ContentTransaction& tx) {
        return tx.policies().granted(PolicyId{policy});
    });
}

auto fields(const Policy& p) {
    return std::tuple_cat(
        std::tie(p.id, p.scope, p.name_key, p.name, p.description, p.enabled),
        std::tie(p.revision, p.updated_at, p.updated_by)
    );
}

/// Two users; policies 1 (global) and 2 (tag "Traders").
void prepare(Content& content) {
    const Principal users[] = {a_user(1, "ann@contoso.example"), a_user(2, "ben@contoso.example")};
    content.write([&](ContentTransaction& tx) { return tx.principals().insert(users); });
    content.write(insert(a_policy(1, PolicyScope::global, "")));
    content.write(insert(a_policy(2, PolicyScope::tag, "Traders")));
}

}  // namespace

TEST_CASE("policies: every field comes back", "[policies]") {
    Content content{GENERATE(from_range(backends()))};
    Policy wanted = a_policy(most, PolicyScope::site, "Gen\xC3\xA8ve \xF0\x9F\x8F\x94");
    wanted.description = "f\xC3\xBCr \xE4\xB8\xAD";
    wanted.enabled = true;
    wanted.revision = 3;
    wanted.updated_at = most;
    content.write(insert(wanted));
    const auto found = find(content, PolicyScope::site, "gen\xC3\xA8ve \xF0\x9F\x8F\x94");
    REQUIRE(found);
    CHECK((fields(*found) == fields(wanted)));
    CHECK_FALSE(find(content, PolicyScope::tag, wanted.name));
}

TEST_CASE("policies: names are unique in their scope, whatever their case", "[policies]") {
    Content content{GENERATE(from_range(backends()))};
    prepare(content);
    content.write(insert(a_policy(4, PolicyScope::site, "traders")));
    content.write(insert(a_policy(3, PolicyScope::site, "Berlin")));
    REQUIRE_ERR(
        content.try_write(insert(a_policy(5, PolicyScope::site, "BERLIN"))), Errc::conflict, ""
    );
    REQUIRE_ERR(
        content.try_write(insert(a_policy(5, PolicyScope::global, ""))), Errc::conflict, ""
    );
    REQUIRE_ERR(
        content.try_write(update(a_policy(3, PolicyScope::site, "TRADERS"))), Errc::conflict, ""
    );
    std::vector<std::int64_t> ids;
    for (const Policy& one :
         content.read([](ContentTransaction& tx) { return tx.policies().list(); }))
        ids.push_back(one.id.value);
    CHECK(ids == std::vector<std::int64_t>{1, 2, 3, 4});
}

TEST_CASE("policies: a change counts only upon the revision that was read", "[policies]") {
    Content content{GENERATE(from_range(backends()))};
    prepare(content);
    Policy changed = a_policy(2, PolicyScope::site, "Brokers");  // the scope stays
    changed.enabled = true;
    content.write(update(changed));
    changed.enabled = false;
    REQUIRE_ERR(content.try_write(update(changed)), Errc::conflict, "");
    REQUIRE_ERR(
        content.try_write(update(a_policy(9, PolicyScope::tag, "None"))), Errc::conflict, ""
    );
    CHECK_FALSE(find(content, PolicyScope::tag, "Traders"));
    const auto now = find(content, PolicyScope::tag, "brokers");
    REQUIRE(now);
    CHECK(now->enabled);
    CHECK(now->revision == 2);
}

TEST_CASE("policies: one that is granted stays", "[policies]") {
    Content content{GENERATE(from_range(backends()))};
    prepare(content);
    content.write(grant(ann, 2));
    REQUIRE_ERR(content.try_write(remove(2)), Errc::conflict, "");
    CHECK(find(content, PolicyScope::tag, "Traders"));

    // Granted a moment before: that is no race with others, so nothing is tried again.
    int runs = 0;
    const Result<void> refused = content.try_write([&](ContentTransaction& tx) -> Result<void> {
        ++runs;
        if (Result<void> done = grant(ben, 2)(tx); !done)
            return done;
        return remove(2)(tx);
    });
    REQUIRE_ERR(refused, Errc::conflict, "");
    CHECK(runs == 1);
    CHECK((granted(content, 2) == Ids{ann}));

    for (int twice = 0; twice < 2; ++twice)
        content.write([](ContentTransaction& tx) { return tx.policies().revoke(ann); });
    content.write(remove(2));
    CHECK_FALSE(find(content, PolicyScope::tag, "Traders"));
    REQUIRE_ERR(content.try_write(remove(2)), Errc::conflict, "");
}

TEST_CASE("policies: a user has one, the last that was granted", "[policies]") {
    Content content{GENERATE(from_range(backends()))};
    prepare(content);
    content.write(grant(ben, 1));
    content.write(grant(ann, 1));
    CHECK((granted(content, 1) == Ids{ann, ben}));
    const auto of_ann = [&] {
        return content.read([](ContentTransaction& tx) { return tx.policies().granted_to(ann); });
    };
    CHECK(of_ann() == PolicyId{1});
    content.write(grant(ben, 2, most));
    CHECK((granted(content, 1) == Ids{ann}));
    CHECK((granted(content, 2) == Ids{ben}));
    REQUIRE_ERR(content.try_write(grant(PrincipalId{77}, 1)), Errc::conflict, "");
    REQUIRE_ERR(content.try_write(grant(ann, 77)), Errc::conflict, "");
    CHECK((granted(content, 1) == Ids{ann}));

    std::vector<PolicyGrant> seen;
    const auto read_until = [&](std::size_t enough) {
        return content.try_write([&](ContentTransaction& tx) {
            return tx.policies().each_grant([&](const PolicyGrant& one) -> Result<void> {
                seen.push_back(one);
                if (seen.size() == enough)
                    return fail(Errc::interrupted, "that is enough");
                return {};
            });
        });
    };
    REQUIRE_ERR(read_until(1), Errc::interrupted, "that is enough");
    CHECK(seen.size() == 1);
    seen.clear();
    REQUIRE_OK(read_until(0));
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].user == ann);
    CHECK(seen[1].policy == PolicyId{2});
    CHECK(seen[1].granted_at == most);
    CHECK(seen[1].granted_by == ann);
}

TEST_CASE("configuration: one object a kind and scope, changed as a whole", "[policies]") {
    Content content{GENERATE(from_range(backends()))};
    const auto object = [](ConfigKind kind, ConfigScope scope, const std::string& name) {
        ConfigObject out;
        out.kind = kind;
        out.scope = scope;
        out.scope_name = name;
        out.scope_key = name_key(name);
        out.body = R"({"motd":"gr\u00fc\u00df \uD83D\uDC4B"})";
        return out;
    };
    const auto put = [](const ConfigObject& wanted) {
        return [wanted](ContentTransaction& tx) { return tx.config().insert(wanted); };
    };
    const auto list = [&] {
        return content.read([](ContentTransaction& tx) { return tx.config().list(); });
    };
    ConfigObject site = object(ConfigKind::chat, ConfigScope::site, "K\xC3\xB6ln");
    site.body = std::string(9000, '{').append("\xF0\x9F\x91\x8B");
    site.updated_at = most;
    content.write(put(object(ConfigKind::compliance, ConfigScope::global, "")));
    content.write(put(site));
    content.write(put(object(ConfigKind::chat, ConfigScope::global, "")));
    REQUIRE_ERR(
        content.try_write(put(object(ConfigKind::chat, ConfigScope::site, "K\xC3\x96LN"))),
        Errc::conflict,
        ""
    );
    REQUIRE(list().size() == 3);  // chat before compliance, global before site
    CHECK(list()[0].scope_name.empty());
    CHECK(list()[1].scope_name == site.scope_name);
    CHECK((list()[1].body == site.body));
    CHECK(list()[1].updated_at == most);
    CHECK(list()[2].kind == ConfigKind::compliance);

    site.body = "{}";
    const auto update = [&](ContentTransaction& tx) { return tx.config().update(site); };
    content.write(update);
    REQUIRE_ERR(content.try_write(update), Errc::conflict, "");
    CHECK(list()[1].body == "{}");
    CHECK(list()[1].revision == 2);

    const auto remove = [&](ContentTransaction& tx) {
        return tx.config().remove(ConfigKind::chat, ConfigScope::site, site.scope_key);
    };
    content.write(remove);
    REQUIRE_ERR(content.try_write(remove), Errc::conflict, "");
    CHECK(list().size() == 2);
}
