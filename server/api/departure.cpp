// SPDX-License-Identifier: Apache-2.0
#include "server/api/departure.h"

#include "base/log.h"
#include "server/service/pool_drain.h"

#include <algorithm>
#include <utility>

namespace pchat::api {
namespace {

constexpr std::size_t usual_rate = 200;  // sessions a second
constexpr Microseconds second = 1'000'000;

}  // namespace

/// How many are asked in this turn: all in half the time that is left, if that is short.
std::size_t Departure::share(Microseconds left) const {
    const auto turns = static_cast<std::size_t>(std::max(left, second) * turns_a_second / second);
    return std::max(usual_rate / turns_a_second, hub_.sessions() * 2 / turns + 1);
}

void Departure::turn() {
    const ServerState state = chat_.pool().own_state();
    if (state == ServerState::active) {
        end_ = 0;  // of a drain that is over: the next one has its own
        if (std::exchange(leaving_, false))
            log::info("this server takes users again");
        return;
    }
    if (!std::exchange(leaving_, true)) {
        ++round_;
        log::info("this server takes no users now: {} sessions are asked to go", hub_.sessions());
    }
    const bool drains = state == ServerState::draining;
    const Microseconds end = drains ? end_.load() : 0;
    const Microseconds left = end - chat_.pool().now();
    constexpr Microseconds no_end = 3600 * second;
    using Reason = wire::MovedEvent::Reason;
    hub_.ask_to_move(
        drains ? Reason::drain : Reason::standby, round_, share(end == 0 ? no_end : left)
    );
    if (end != 0 && left <= 0 && hub_.sessions() > 0)
        hub_.close_all(ws::CloseCode::restart, "the server is drained: its time is over");
}

Result<void> Departure::learn() {
    if (chat_.pool().own_state() != ServerState::draining) {
        end_ = 0;
        return {};
    }
    return chat_.content().read(
        "reading how long people may stay",
        [&](ContentTransaction& tx) -> Result<void> {
            const auto drain = read_drain(tx, chat_.facts().life.server);
            if (!drain)
                return pass(drain.error());
            end_ = *drain ? (*drain)->until : 0;
            return {};
        }
    );
}

}  // namespace pchat::api
