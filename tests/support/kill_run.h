// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "tests/support/private_server.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace pchat::test {

struct KillPlan {
    int kills = 30;
    std::size_t clients = 6;
    std::size_t rooms = 4;
    std::size_t in_flight = 6;  // of each client
    unsigned seed = 1;
};

struct KillReport {
    std::vector<std::string> faults;  // none: every promise was kept
    std::size_t acknowledged = 0;
    std::size_t sent_again = 0;  // without having been acknowledged before a kill
    std::size_t stored = 0;
    std::size_t sessions = 0;
};

/// Kills the server over and over while clients send and read, lets it come back, and compares what
/// was promised with what is stored and with what every reader saw. World: as many users and rooms
/// at least, with nothing in the rooms.
KillReport kill_under_load(
    PrivateServer& server, ContentDatabase& content, const World& world, const KillPlan& plan
);

}  // namespace pchat::test
