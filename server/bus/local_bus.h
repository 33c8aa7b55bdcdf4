// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/bus/bus.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace pchat::bus {

/// A bus within one process: for a server alone, and for tests, which can make it lose, delay and
/// cut. Its ends may outlive it.
class LocalBus {
public:
    explicit LocalBus(const Clock& clock, std::size_t max_payload = 1'048'576);
    ~LocalBus();
    LocalBus(const LocalBus&) = delete;
    LocalBus& operator=(const LocalBus&) = delete;
    LocalBus(LocalBus&&) = delete;
    LocalBus& operator=(LocalBus&&) = delete;

    /// A new end, linked from the beginning; the bounds are of what waits for the listener.
    [[nodiscard]] std::unique_ptr<Bus> join(BusListener& listener, Bounds bounds = {});

    /// Whether a message gets lost on its way, asked once for each that arrives; called while
    /// others wait, so it decides from memory.
    using Lose = std::function<bool(std::string_view subject, std::string_view bytes)>;
    void lose(Lose decide);
    void delay(std::chrono::microseconds time);
    /// For an end of this bus: as if its node were gone, and as if it were back.
    void cut(const Bus& end);
    void mend(const Bus& end);

private:
    class End;
    class Exchange;
    std::shared_ptr<Exchange> exchange_;
};

}  // namespace pchat::bus
