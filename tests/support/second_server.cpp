// SPDX-License-Identifier: Apache-2.0
#include "tests/support/second_server.h"

#include "tests/support/expect.h"

#include <utility>

namespace pchat::test {
namespace {

Life enrol(ChatWorld& world) {
    Life out;
    world.write([&](ContentTransaction& tx) -> Result<void> {
        Enrolment wanted;
        wanted.id = ServerId{2};
        wanted.uuid = "00000000-0000-7000-8000-000000000099";
        wanted.fqdn = "pc2.contoso.example";
        wanted.lifetime = 60'000'000;
        const auto server = tx.registry().enrol(wanted);
        if (!server)
            return pchat::pass(server.error());
        out = {server->id, server->epoch};
        return {};
    });
    return out;
}

}  // namespace

SecondServer::SecondServer(ChatWorld& world, ContentDatabase& content, Audience& audience)
    : directory(Home{"hq", "pchat.contoso.example"}),
      book(content, [](const Message& message) { return message.body; }), workers(1, 10),
      life(enrol(world)), follower(life.server) {
    REQUIRE_OK(follower.begin(content));
    REQUIRE_OK(directory.load(content));
    ServerFacts facts;
    facts.fqdn = "pc2.contoso.example";
    facts.life = life;
    chat = std::make_unique<Chat>(
        content, directory, book, workers, audience, world.clock, std::move(facts)
    );
    follower.attach(*chat, watches);
}

}  // namespace pchat::test
