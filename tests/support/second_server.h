// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/pool_follower.h"
#include "tests/support/chat_world.h"

#include <memory>

namespace pchat::test {

/// Another server of the pool over the database of a ChatWorld: it has a memory of its own, and
/// follows what the world's server does. `audience` hears what its people would hear.
class SecondServer {
public:
    SecondServer(ChatWorld& world, ContentDatabase& content, Audience& audience);

    Directory directory;
    RoomBook book;
    Workers workers;
    KeywordWatches watches;
    Life life;
    PoolFollower follower;
    std::unique_ptr<Chat> chat;
};

}  // namespace pchat::test
