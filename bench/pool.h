// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "bench/chat/load.h"
#include "tests/support/nats_server.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace pchat::bench {

/// One database, one bus, so many servers.
struct Pool {
    Pool(std::size_t servers, std::size_t users, std::size_t rooms);
    [[nodiscard]] std::vector<std::uint16_t> ports() const;
    /// Of the servers and the bus.
    [[nodiscard]] double cpu_seconds() const;

    test::PrivateContent database;
    test::World world;
    std::unique_ptr<test::NatsServer> bus;
    std::vector<std::unique_ptr<test::PrivateServer>> running;
};

/// The published user model on four servers.
void crowd();

}  // namespace pchat::bench
