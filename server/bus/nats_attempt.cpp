// SPDX-License-Identifier: Apache-2.0
#include "server/bus/nats_attempt.h"

#include <thread>
#include <utility>

namespace pchat::bus {

std::shared_ptr<NatsAttempt> NatsAttempt::start(
    std::shared_ptr<const NatsOptions> options, const NodeAddress& node, NatsEar& ear
) {
    auto made = std::make_shared<NatsAttempt>();
    std::thread{[made, options = std::move(options), node, &ear] {
        Outcome outcome = NatsLink::open(options, node, ear);
        {
            const std::lock_guard lock{made->mutex_};
            made->outcome_ = std::move(outcome);
            made->is_over_ = true;
            made->over_.notify_all();
        }
        ear.tell([](NatsEvents& events) { events.changed(); });
    }}.detach();
    return made;
}

std::optional<NatsAttempt::Outcome> NatsAttempt::outcome() {
    const std::lock_guard lock{mutex_};
    return std::exchange(outcome_, {});
}

void NatsAttempt::wait_until(std::chrono::steady_clock::time_point limit) {
    std::unique_lock lock{mutex_};
    over_.wait_until(lock, limit, [this] { return is_over_; });
}

}  // namespace pchat::bus
