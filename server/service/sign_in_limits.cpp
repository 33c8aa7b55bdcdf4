// SPDX-License-Identifier: Apache-2.0
// How often a user or an address may try to sign in.
#include "server/service/sign_in.h"

#include <fmt/format.h>

namespace pchat {
namespace {

constexpr std::size_t remembered = 100'000;  // users and addresses

std::string of_user(const std::string& name) {
    return "user " + name;
}

std::string of_address(const std::string& address) {
    return "from " + address;
}

}  // namespace

/// Whether it has had its tries within the window.
bool SignIns::exhausted(TriesOf& tries, const std::string& who, int most) {
    const auto found = tries.find(who);
    if (found == tries.end())
        return false;
    if (clock_.steady() - found->second.since <= limits_.window)
        return found->second.count >= most;
    tries.erase(found);
    return false;
}

Result<void> SignIns::admit(const std::string& user, const std::string& address) {
    return memory_.with([&](Memory& memory) -> Result<void> {
        const auto refused = [&](std::string_view why) {
            return fail_as(
                "too-many-attempts",
                Errc::too_many,
                std::string{why},
                fmt::format("wait {} seconds", limits_.window.count())
            );
        };
        if (exhausted(memory.failures, of_user(user), limits_.failures) ||
            exhausted(memory.failures, of_address(address), limits_.failures))
            return refused("too many sign-ins failed lately");
        if (exhausted(memory.successes, of_user(user), limits_.of_user) ||
            exhausted(memory.successes, of_address(address), limits_.of_address))
            return refused("too many sign-ins lately; keep the token of one, or make one for it");
        return {};
    });
}

void SignIns::count(TriesOf Memory::*tries, const std::string& user, const std::string& address) {
    const auto now = clock_.steady();
    memory_.with([&](Memory& memory) {
        TriesOf& counted = memory.*tries;
        if (counted.size() > remembered)
            counted.clear();
        for (const std::string& who : {of_user(user), of_address(address)}) {
            Tries& one = counted[who];
            if (one.count == 0 || now - one.since > limits_.window)
                one = {0, now};
            ++one.count;
        }
    });
}

}  // namespace pchat
