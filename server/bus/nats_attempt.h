// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/bus/nats_link.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

namespace pchat::bus {

/// Connecting, on a thread of its own that nobody has to wait for: looking up a name and shaking
/// hands have no limit in cnats. The ear hears of the end.
class NatsAttempt {
public:
    using Outcome = Result<std::unique_ptr<NatsLink>>;

    static std::shared_ptr<NatsAttempt> start(
        std::shared_ptr<const NatsOptions> options, const NodeAddress& node, NatsEar& ear
    );
    /// Nothing while it is under way; once.
    std::optional<Outcome> outcome();
    /// Waits until it is over, but not for ever. A process must not end while somebody shakes
    /// hands: OpenSSL would be taken away under it.
    void wait_until(std::chrono::steady_clock::time_point limit);

private:
    std::mutex mutex_;
    std::condition_variable over_;
    bool is_over_ = false;
    std::optional<Outcome> outcome_;
};

}  // namespace pchat::bus
