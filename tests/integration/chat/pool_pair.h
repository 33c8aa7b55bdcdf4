// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "tests/integration/chat/scene.h"
#include "tests/support/nats_server.h"

#include <cstdint>
#include <string>
#include <utility>

namespace pchat::test {

inline ServerOptions named(const std::string& name, const NatsServer* bus, ServerOptions out = {}) {
    out.name = name;
    if (bus != nullptr)
        out.more +=
            "bus: { nodes: [ { address: 127.0.0.1, port: " + std::to_string(bus->address().port) +
            " } ] }\n";
    return out;
}

/// Two servers over one database.
struct Pair {
    explicit Pair(const NatsServer* bus = nullptr, const ServerOptions& options = {})
        : first(4, named("one", bus, options), "postgresql"),
          second(first.database, named("two", bus, options)) {}

    ChatClient at_second(std::size_t user) {
        ChatClient out{second.port(), first.world.tokens[user]};
        out.wait_for("welcome");
        return out;
    }

    /// The first two users, one at each server.
    std::pair<ChatClient, ChatClient> both_in(const std::string& room) {
        std::pair<ChatClient, ChatClient> out{first.client(0), at_second(1)};
        REQUIRE(out.first.join(room)["type"] == "ok");
        REQUIRE(out.second.join(room)["type"] == "ok");
        return out;
    }

    Scene first;
    PrivateServer second;
};

inline std::uint64_t metric(std::uint16_t port, const std::string& name) {
    const std::string text = http(port, "GET", "/metrics").text;
    const std::size_t at = text.find("\n" + name + " ");
    REQUIRE(at != std::string::npos);
    return std::stoull(text.substr(at + name.size() + 2));
}

inline void wait_for_bus(const Pair& pair, const std::string& state) {
    for (const std::uint16_t port : {pair.first.server.port(), pair.second.port()}) {
        INFO("the bus at port " << port << " is to be " << state);
        wait_until([&] { return http(port, "GET", "/readyz").body["bus"] == state; });
    }
}

}  // namespace pchat::test
