// SPDX-License-Identifier: Apache-2.0
#include "server/domain/compliance.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"
#include "tests/support/faulty_content.h"

#include <future>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

TEST_CASE("chat: a join that was refused, and stored all the same, has its end", "[chat]") {
    const std::unique_ptr<ContentDatabase> memory = memory_content();
    auto stored = std::make_unique<FaultyContent>(*memory);
    FaultyContent& content = *stored;
    ChatWorld world{nullptr, std::move(stored)};
    const PrincipalId ann = world.user("ann");
    const RoomId lobby = world.room("Lobby", "General", {{ann}});
    content.hold();
    std::promise<bool> answered;
    world.chat->record(compliance_join, ann, lobby, {}, [&](const Result<void>& done) {
        answered.set_value(done.has_value());
    });
    content.wait_for_writer();
    world.clock.pass(6s);
    world.chat->refuse_late();
    CHECK_FALSE(answered.get_future().get());
    content.release();
    while (world.chat->commit_counts().database_away)
        std::this_thread::yield();
    world.chat->wait_until_stored();
    std::vector<std::int64_t> kinds;
    for (const OutboxEntry& entry : world.outbox())
        kinds.push_back(entry.kind);
    CHECK(kinds == std::vector{compliance_join, compliance_part});
}

TEST_CASE("chat: what is committed while a page is read is not on it", "[chat]") {
    const std::unique_ptr<ContentDatabase> memory = memory_content();
    auto stored = std::make_unique<FaultyContent>(*memory);
    FaultyContent& content = *stored;
    ChatWorld world{nullptr, std::move(stored)};
    const PrincipalId ann = world.user("ann");
    const RoomId lobby = world.room("Lobby", "General", {{ann}});
    for (int i = 0; i < 5; ++i)
        world.post(ann, lobby, "text");
    Result<Chat::Page> page = fail(Errc::internal, "nothing was read");
    const auto read = GENERATE(0, 1, 2);
    content.date_head(2);
    switch (read) {
    case 0:
        page = world.chat->missed(lobby, 0, 10, Transit::hidden);
        break;
    case 1:
        page = world.chat->missed(lobby, 0, 10, Transit::shown);
        break;
    default:
        page = world.chat->after(lobby, 0, 10);
    }
    REQUIRE_OK(page);
    CHECK(page->head == 3);
    CHECK_FALSE(page->gap);
    CHECK_FALSE(page->more);
    REQUIRE(page->messages.size() == 3);
    CHECK(page->messages.back().seq == 3);
}
