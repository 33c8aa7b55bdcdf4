// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "tests/support/catch.h"
#include "tests/support/chat_client.h"
#include "tests/support/private_server.h"

#include <chrono>
#include <functional>
#include <string>
#include <thread>

namespace pchat::test {

using Json = nlohmann::json;

/// A server with users and open rooms, and people who have signed in.
struct Scene {
    explicit Scene(
        std::size_t users = 4, ServerOptions options = {}, const std::string& engine = "sqlite"
    )
        : database(engine), world(make_world(database.content(), users, 3)),
          server(database, std::move(options)) {}

    ChatClient client(std::size_t user) {
        ChatClient out{server.port(), world.tokens[user]};
        out.wait_for("welcome");
        return out;
    }
    /// As the administrator.
    HttpAnswer admin(
        const std::string& method, const std::string& target, const Json& body = nullptr
    ) {
        return http(server.port(), method, target, world.admin, body);
    }
    [[nodiscard]] const std::string& room(std::size_t number) const {
        return world.room_uuids[number];
    }
    /// A closed room with these users as members; its id.
    std::string closed_room(const std::string& name, const std::vector<std::size_t>& members) {
        Json list = Json::array();
        for (const std::size_t user : members)
            list.push_back(user_name(user));
        const HttpAnswer made =
            admin("POST", "/v1/rooms", {{"name", name}, {"privacy", "closed"}, {"members", list}});
        INFO(made.text);
        REQUIRE(made.status == 201);
        return made.body["id"];
    }
    static std::string user_name(std::size_t user) {
        return "sip:user" + std::to_string(user) + "@bench.example";
    }

    PrivateContent database;
    World world;
    PrivateServer server;
};

/// Asks again until it is so.
inline void wait_until(const std::function<bool()>& is_so) {
    for (int i = 0; i < 1'800; ++i) {
        if (is_so())
            return;
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
    FAIL("it did not become so within 90 s");
}

inline Json send_request(
    const std::string& id, const std::string& room, const std::string& key, const std::string& body
) {
    return {{"type", "send"}, {"id", id}, {"room", room}, {"key", key}, {"body", body}};
}

}  // namespace pchat::test
