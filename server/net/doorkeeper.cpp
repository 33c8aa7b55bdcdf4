// SPDX-License-Identifier: Apache-2.0
#include "server/net/doorkeeper.h"

#include "base/address_block.h"

namespace pchat::net {

Doorkeeper::Doorkeeper(const ConnectionLimits& limits)
    : most_(limits.connections), most_waiting_(limits.waiting_per_address) {}

Doorkeeper::Verdict Doorkeeper::admit(const std::string& peer) {
    const std::string address = address_block(peer);
    return seen_.with([&](Seen& seen) {
        const auto known = seen.waiting.find(address);
        const std::size_t waiting = known == seen.waiting.end() ? 0 : known->second;
        if (seen.open >= most_ || waiting >= most_waiting_) {
            ++seen.refused;
            return seen.open >= most_ ? Verdict::full : Verdict::too_many_of_address;
        }
        ++seen.accepted;
        ++seen.open;
        ++seen.waiting[address];
        return Verdict::welcome;
    });
}

void Doorkeeper::proved_itself(const std::string& address) {
    seen_.with([&](Seen& seen) { wait_no_longer(seen, address_block(address)); });
}

void Doorkeeper::left(const std::string& address, Was was) {
    seen_.with([&](Seen& seen) {
        --seen.open;
        if (was == Was::waiting)
            wait_no_longer(seen, address_block(address));
    });
}

void Doorkeeper::wait_no_longer(Seen& seen, const std::string& address) {
    const auto found = seen.waiting.find(address);
    if (found != seen.waiting.end() && --found->second == 0)
        seen.waiting.erase(found);
}

void Doorkeeper::add_to(ListenerCounts& counts) const {
    seen_.with([&](const Seen& seen) {
        counts.accepted += seen.accepted;
        counts.refused += seen.refused;
        counts.open += seen.open;
    });
}

}  // namespace pchat::net
