// SPDX-License-Identifier: Apache-2.0
#include "server/service/lease_hold.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace pchat {

LeaseHold::LeaseHold(
    ContentDatabase& content,
    std::string name,
    Life life,
    const std::string& server_name,
    std::chrono::microseconds lifetime
)
    : content_(content), lifetime_(lifetime) {
    lease_.name = std::move(name);
    lease_.owner = life.server;
    // Another life of this server is another owner.
    lease_.owner_name = fmt::format("{} {}", server_name, life.epoch);
}

Result<bool> LeaseHold::take() {
    std::optional<Lease> held;
    Result<void> asked = content_.write(
        "taking the lease " + lease_.name,
        [&](ContentTransaction& tx) -> Result<void> {
            auto lease = tx.registry().acquire(lease_, lifetime_.count());
            if (!lease)
                return pass(std::move(lease).error());
            held = std::move(*lease);
            return {};
        }
    );
    if (!asked)
        return pass(std::move(asked).error());
    if (!held || held->owner_name != lease_.owner_name)
        return false;
    lease_ = *held;
    return true;
}

Result<bool> LeaseHold::renew(ContentTransaction& tx) {
    const auto held = tx.registry().acquire(lease_, lifetime_.count());
    if (!held)
        return pass(held.error());
    return *held && (*held)->fencing_token == lease_.fencing_token;
}

void LeaseHold::let_go() {
    // Whether it works does not matter: the lease runs out by itself.
    (void)content_.write("letting the lease " + lease_.name + " go", [&](ContentTransaction& tx) {
        return let_go(tx);
    });
}

Result<void> LeaseHold::let_go(ContentTransaction& tx) {
    return tx.registry().release(lease_);
}

}  // namespace pchat
