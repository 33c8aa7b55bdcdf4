// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "bench/bare.h"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace pchat::bench {

/// The floor of a chat server: what has to be done at any rate. It takes whole frames from sockets
/// and writes them to those who are in the room, one call of the kernel for each socket, from as
/// many threads as there are cores. It knows no users, checks nothing and remembers nothing. The
/// client says by its token which number it has; a message begins with the number of its room.
struct BarePlan {
    /// The rooms of a member; empty: everybody is in the one room.
    std::function<std::vector<std::size_t>(std::size_t)> rooms_of = {};
    std::size_t gather = 1;  // so many messages leave in one write
    /// Stores what has gathered in one commit before it is passed on; empty: nothing is stored.
    std::function<std::unique_ptr<Bare>()> store = {};
    std::int64_t first_room = 1;  // of the store
};

/// A process of its own that does it.
class BareServer {
public:
    explicit BareServer(const BarePlan& plan);
    ~BareServer();
    BareServer(const BareServer&) = delete;
    BareServer& operator=(const BareServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] double cpu_seconds() const;

private:
    pid_t pid_ = -1;
    std::uint16_t port_ = 0;
};

}  // namespace pchat::bench
