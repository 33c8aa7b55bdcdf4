// SPDX-License-Identifier: Apache-2.0
#include "server/domain/policy_effective.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <array>
#include <random>

using namespace pchat;

namespace {

Policy policy(std::int64_t id, PolicyScope scope, std::string key, bool enabled) {
    Policy made;
    made.id = {id};
    made.scope = scope;
    made.name_key = std::move(key);
    made.enabled = enabled;
    return made;
}

ConfigObject config(ConfigKind kind, ConfigScope scope, std::string key, std::string body) {
    ConfigObject made;
    made.kind = kind;
    made.scope = scope;
    made.scope_key = std::move(key);
    made.body = std::move(body);
    return made;
}

template <class Effective>
std::vector<ScopeOutcome> outcomes(const Effective& effective) {
    std::vector<ScopeOutcome> all;
    for (const auto& step : effective.steps)
        all.push_back(step.outcome);
    return all;
}

using Outcomes = std::vector<ScopeOutcome>;
constexpr auto not_asked = ScopeOutcome::not_asked;
constexpr auto absent = ScopeOutcome::absent;
constexpr auto chosen = ScopeOutcome::chosen;
constexpr auto overridden = ScopeOutcome::overridden;

const std::vector policies{
    policy(1, PolicyScope::global, "", false),
    policy(2, PolicyScope::site, "paris", true),
    policy(3, PolicyScope::tag, "traders", true),
    policy(4, PolicyScope::tag, "paris", false),
};

}  // namespace

TEST_CASE("policy: the granted tag wins over site, the site over global", "[policy]") {
    const auto by_tag = effective_policy(policies, PolicyId{4}, "paris");
    CHECK(by_tag.object == &policies[3]);
    CHECK_FALSE(policy_enabled(by_tag));  // although the site says yes
    CHECK(outcomes(by_tag) == Outcomes{chosen, overridden, overridden});

    const auto by_site = effective_policy(policies, std::nullopt, "paris");
    CHECK(by_site.object == &policies[1]);
    CHECK(policy_enabled(by_site));
    CHECK(outcomes(by_site) == Outcomes{not_asked, chosen, overridden});

    const auto by_global = effective_policy(policies, std::nullopt, "");
    CHECK(by_global.object == &policies[0]);
    CHECK_FALSE(policy_enabled(by_global));
    CHECK(outcomes(by_global) == Outcomes{not_asked, not_asked, chosen});
}

TEST_CASE("policy: holders of a removed tag fall back to what is automatic", "[policy]") {
    const auto effective = effective_policy(policies, PolicyId{9}, "paris");
    CHECK(effective.object == &policies[1]);
    CHECK(outcomes(effective) == Outcomes{absent, chosen, overridden});
}

TEST_CASE("policy: a grant reaches tags only, a site's name sites only", "[policy]") {
    CHECK(effective_policy(policies, PolicyId{2}, "").object == &policies[0]);
    CHECK(effective_policy(policies, std::nullopt, "traders").object == &policies[0]);
}

TEST_CASE("policy: where nothing is set chat is off", "[policy]") {
    const auto effective = effective_policy({}, PolicyId{3}, "paris");
    CHECK(effective.object == nullptr);
    CHECK_FALSE(policy_enabled(effective));
    CHECK(outcomes(effective) == Outcomes{absent, absent, absent});
}

TEST_CASE("config: the service wins over its site, the site over global, each kind", "[policy]") {
    for (const ConfigKind kind : {ConfigKind::chat, ConfigKind::compliance}) {
        const ConfigKind other =
            kind == ConfigKind::chat ? ConfigKind::compliance : ConfigKind::chat;
        const std::vector objects{
            config(other, ConfigScope::service, "pool", "other"),
            config(kind, ConfigScope::global, "", "global"),
            config(kind, ConfigScope::site, "paris", "site"),
            config(kind, ConfigScope::service, "pool", "service"),
            config(kind, ConfigScope::service, "paris", "another pool"),
        };
        CHECK(effective_config(objects, kind, "pool", "paris").object->body == "service");
        CHECK(effective_config(objects, kind, "pool9", "paris").object->body == "site");
        CHECK(effective_config(objects, kind, "pool9", "rome").object->body == "global");
        CHECK(effective_config(objects, kind, "", "").object->body == "global");
        CHECK(
            outcomes(effective_config(objects, kind, "pool9", "paris")) ==
            Outcomes{absent, chosen, overridden}
        );
        CHECK(
            outcomes(effective_config(objects, other, "pool", "")) ==
            Outcomes{chosen, not_asked, absent}
        );
    }
}

TEST_CASE("policy: random sets agree with asking scope after scope", "[policy]") {
    std::mt19937 random{20131};
    const auto below = [&](int limit) {
        return static_cast<int>(random() % static_cast<unsigned>(limit));
    };
    std::array<int, 4> seen{};
    for (int round = 0; round < 100'000; ++round) {
        std::vector<Policy> set;
        std::int64_t id = 0;
        if (below(4) != 0)
            set.push_back(policy(++id, PolicyScope::global, "", below(2) != 0));
        for (const std::string key : {"a", "b"}) {
            if (below(2) != 0)
                set.push_back(policy(++id, PolicyScope::site, key, below(2) != 0));
            if (below(2) != 0)
                set.push_back(policy(++id, PolicyScope::tag, key, below(2) != 0));
        }
        std::shuffle(set.begin(), set.end(), random);
        const std::string site = std::array{"", "a", "b", "c"}[static_cast<std::size_t>(below(4))];
        std::optional<PolicyId> granted;
        if (below(2) != 0)
            granted = PolicyId{1 + below(6)};

        const Policy* expected = nullptr;
        for (const Policy& one : set)
            if (one.scope == PolicyScope::global)
                expected = &one;
        for (const Policy& one : set)
            if (one.scope == PolicyScope::site && one.name_key == site)
                expected = &one;
        for (const Policy& one : set)
            if (one.scope == PolicyScope::tag && granted == one.id)
                expected = &one;

        const EffectivePolicy effective = effective_policy(set, granted, site);
        if (effective.object != expected ||
            policy_enabled(effective) != (expected != nullptr && expected->enabled))
            FAIL("round " << round);
        ++seen.at(expected == nullptr ? 0 : static_cast<std::size_t>(expected->scope));
    }
    for (const int times : seen)
        CHECK(times > 1'000);
}
