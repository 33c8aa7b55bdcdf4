// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/name.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"

#include <optional>
#include <set>
#include <string>

// What memory has of somebody. Names of users are given without the domain.
namespace pchat::test {

inline std::optional<KnownPrincipal> known(
    const ChatWorld& world, PrincipalKind kind, const std::string& name
) {
    return world.directory.read([&](const DirectoryState& state) {
        const KnownPrincipal* found = state.principal_named(kind, name_key(name));
        return found == nullptr ? std::nullopt : std::optional{*found};
    });
}

inline KnownPrincipal known_user(const ChatWorld& world, const std::string& user) {
    const auto self = known(world, PrincipalKind::user, user + "@contoso.example");
    INFO("user " << user);
    REQUIRE(self);
    return *self;
}

/// All that the user is in, as people write it.
inline std::set<std::string> above(const ChatWorld& world, const std::string& user) {
    const PrincipalId self = known_user(world, user).id;
    return world.directory.read([&](const DirectoryState& state) {
        std::set<std::string> out;
        for (const PrincipalId id : state.person(self).affiliations)
            if (id != self)
                out.insert(state.principal(id)->written());
        return out;
    });
}

}  // namespace pchat::test
