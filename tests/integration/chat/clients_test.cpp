// SPDX-License-Identifier: Apache-2.0
// WebSocket clients that others wrote, and frames that none would send.
#include "generated/folders.h"
#include "tests/integration/chat/scene.h"
#include "tests/integration/net/certificate.h"
#include "tests/support/skip.h"

#include <cstdlib>

using namespace pchat;
using namespace pchat::test;

namespace {

void check(const std::string& client, const std::string& scheme) {
    TempDir dir;
    ServerOptions options;
    options.limits = "sessions: 1000";
    if (scheme == "wss") {
        write_certificate(dir, "server");
        options.tls_folder = dir.path().string();
    }
    Scene scene{1, options};
    // May touch the network the first time, to fetch the package of its lock file.
    const std::string command =
        std::string{PCHAT_SOURCE_DIR "/tests/integration/chat/ws_clients/check "} + client +
        " " PCHAT_BINARY_DIR "/ws_clients " + scheme +
        "://127.0.0.1:" + std::to_string(scene.server.port()) + "/v1/ws " + scene.world.tokens[0] +
        " " + scene.room(0);
    const int status = std::system(command.c_str());
    const int exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (exit == skipped_exit)
        return skip(client + "'s WebSocket client is missing");
    CHECK(exit == 0);
    CHECK(scene.server.wait(std::chrono::milliseconds{0}) == -1);  // it lives
}

}  // namespace

TEST_CASE("clients: the npm package ws chats", "[clients]") {
    check("node", "ws");
}

TEST_CASE("clients: the npm package ws chats over TLS", "[clients]") {
    check("node", "wss");
}

TEST_CASE(
    "clients: Python's websockets chats, and hostile frames end as RFC 6455 says", "[clients]"
) {
    check("python", "ws");
}

TEST_CASE("clients: the same over TLS", "[clients]") {
    check("python", "wss");
}
