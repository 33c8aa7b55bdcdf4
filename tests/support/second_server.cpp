// SPDX-License-Identifier: Apache-2.0
#include "tests/support/second_server.h"

#include "tests/support/expect.h"

#include <utility>

namespace pchat::test {
SecondServer::SecondServer(ChatWorld& world, ContentDatabase& content, Audience& audience)
    : directory(Home{"hq", "pchat.contoso.example"}),
      book(content, [](const Message& message) { return message.body; }), workers(1, 10),
      life(enrolled(*world.content, ServerId{2}, "pc2.contoso.example")), follower(life.server) {
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
