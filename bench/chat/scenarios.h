// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "bench/bare.h"
#include "tests/support/private_server.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace pchat::bench {

/// What the scenarios share: one database of one engine, with users and rooms.
struct Scene {
    explicit Scene(const std::string& its_engine) : engine(its_engine), database(its_engine) {}

    std::string engine;
    test::PrivateContent database;
    test::World world;

    /// The same engine without our store.
    [[nodiscard]] std::unique_ptr<Bare> bare() const;
    [[nodiscard]] std::int64_t id_of_room(std::size_t room);
};

// Each prints its lines. Rooms that one fills are used by no other.
void idle(Scene& scene);
void joins(Scene& scene);
void fan_out(Scene& scene, std::size_t members);
void many_rooms(Scene& scene);
void latency(Scene& scene);
void model(Scene& scene);
void last_50(Scene& scene);
void history_curve(Scene& scene);
void idle_rooms_curve(const std::string& engine);
void search(const std::string& engine);
void kills(const std::string& engine);

}  // namespace pchat::bench
