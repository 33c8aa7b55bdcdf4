// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/estate.h"
#include "server/service/room_admin.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pchat::test {

using Texts = std::vector<std::string>;

inline EstateItem item(std::string name, std::map<std::string_view, EstateValue> has = {}) {
    EstateItem out = estate_item(std::move(name));
    out.has = std::move(has);
    return out;
}

inline EstateValue text(std::string value) {
    return value;
}

/// ann researches, bob trades; room Lab in category Bank is ann's.
struct Bank {
    Bank() {
        research = world.group("research");
        traders = world.group("traders");
        world.user("ann", {research});
        world.user("bob", {traders});
        world.category("Bank", {.allowed = {research, traders}});
        world.room("Lab", "Bank", {.members = {research}});
    }

    Result<EstateOutcome> apply(const Estate& estate, std::string_view expected = {}) {
        return apply_estate(*world.changes, world.as("admin"), estate, expected);
    }
    Result<EstateOutcome> plan(const Estate& estate) {
        AdminCall call = world.as("admin");
        call.dry_run = true;
        return apply_estate(*world.changes, call, estate);
    }
    Texts members(const std::string& room) {
        const Estate all = read_estate(*world.chat).value();
        return all.find(EstateNoun::room, estate_item(room).key)->texts("members");
    }

    ChatWorld world;
    PrincipalId research;
    PrincipalId traders;
};

inline Estate one_room(EstateItem room) {
    Estate out;
    out[EstateNoun::room].items.push_back(std::move(room));
    return out;
}

}  // namespace pchat::test
