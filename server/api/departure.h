// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/api/hub.h"

#include <atomic>
#include <cstdint>

namespace pchat::api {

/// Asks the people of a server that is to have none to go elsewhere, a few at a time so that the
/// other servers are not stormed, and disconnects who is still there when the time of a drain is
/// over.
class Departure {
public:
    Departure(Chat& chat, Hub& hub) : chat_(chat), hub_(hub) {}

    static constexpr int turns_a_second = 4;
    /// So often; always by the same thread.
    void turn();
    /// Reads how long people may stay. Waits.
    Result<void> learn();

private:
    [[nodiscard]] std::size_t share(Microseconds left) const;

    Chat& chat_;
    Hub& hub_;
    std::atomic<Microseconds> end_{0};  // 0: not known, or none
    std::uint32_t round_ = 0;
    bool leaving_ = false;
};

}  // namespace pchat::api
