// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/guarded.h"
#include "server/net/listener.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

namespace pchat::net {

/// Counts who is in, and keeps one address from taking all places. From any thread.
class Doorkeeper {
public:
    explicit Doorkeeper(const ConnectionLimits& limits);

    enum class Verdict : std::uint8_t { welcome, full, too_many_of_address };
    Verdict admit(const std::string& address);
    void proved_itself(const std::string& address);
    enum class Was : std::uint8_t { waiting, known };
    void left(const std::string& address, Was was);

    void add_to(ListenerCounts& counts) const;

private:
    struct Seen {
        std::uint64_t accepted = 0;
        std::uint64_t refused = 0;
        std::size_t open = 0;
        // By address: connections that have sent no whole request yet.
        std::unordered_map<std::string, std::size_t> waiting;
    };
    static void wait_no_longer(Seen& seen, const std::string& address);

    std::size_t most_;
    std::size_t most_waiting_;
    Guarded<Seen> seen_;
};

}  // namespace pchat::net
