// SPDX-License-Identifier: Apache-2.0
#include "server/bus/nats_ear.h"

#include <memory>
#include <vector>

namespace pchat::bus {

NatsEar& NatsEar::for_ever(NatsEvents& events) {
    // Not destroyed at the end of the process either: the threads of cnats are still there then.
    static auto& all = *new Guarded<std::vector<std::unique_ptr<NatsEar>>>;
    return all.with([&](std::vector<std::unique_ptr<NatsEar>>& ears) -> NatsEar& {
        ears.emplace_back(new NatsEar{events});
        return *ears.back();
    });
}

void NatsEar::close() {
    events_.with([](NatsEvents*& events) { events = nullptr; });
}

}  // namespace pchat::bus
