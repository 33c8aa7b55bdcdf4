// SPDX-License-Identifier: Apache-2.0
#include "server/domain/compliance.h"
#include "server/service/listing.h"
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

namespace {

struct Rig {
    std::unique_ptr<ContentDatabase> memory = memory_content();
    ChatWorld world{nullptr, std::make_unique<FaultyContent>(*memory)};
    FaultyContent& content = static_cast<FaultyContent&>(*world.content);
    PrincipalId ann = world.user("ann");
    RoomId lobby = world.room("Lobby", "General", {{ann}});
};

}  // namespace

TEST_CASE("chat: a join that was refused, and stored all the same, has its end", "[chat]") {
    Rig rig;
    rig.content.hold();
    std::promise<bool> answered;
    rig.world.chat->record(compliance_join, rig.ann, rig.lobby, {}, [&](const Result<void>& done) {
        answered.set_value(done.has_value());
    });
    rig.content.wait_for_writer();
    rig.world.clock.pass(6s);
    rig.world.chat->refuse_late();
    CHECK_FALSE(answered.get_future().get());
    rig.content.release();
    while (rig.world.chat->commit_counts().database_away)
        std::this_thread::yield();
    rig.world.chat->wait_until_stored();
    std::vector<std::int64_t> kinds;
    for (const OutboxEntry& entry : rig.world.outbox())
        kinds.push_back(entry.kind);
    CHECK(kinds == std::vector{compliance_join, compliance_part});
}

TEST_CASE("chat: what is committed while a page is read is not on it", "[chat]") {
    Rig rig;
    for (int i = 0; i < 5; ++i)
        rig.world.post(rig.ann, rig.lobby, "text");
    const auto check = [&](auto&& read) {
        rig.content.date_head(2);
        const Result<Chat::Page> page = read(*rig.world.chat);
        REQUIRE_OK(page);
        CHECK(page->head == 3);
        CHECK_FALSE(page->gap);
        CHECK_FALSE(page->more);
        REQUIRE(page->messages.size() == 3);
        CHECK(page->messages.back().seq == 3);
    };
    check([&](Chat& chat) { return chat.missed(rig.lobby, 0, 10, Transit::hidden); });
    check([&](Chat& chat) { return chat.missed(rig.lobby, 0, 10, Transit::shown); });
    check([&](Chat& chat) { return chat.after(rig.lobby, 0, 10); });
}

TEST_CASE("chat: what is committed while unread messages are counted is not among them", "[chat]") {
    Rig rig;
    for (int i = 0; i < 5; ++i)
        rig.world.post(rig.ann, rig.lobby, "text for @ann");
    rig.content.date_head(2);
    const auto rooms = unread(*rig.world.chat, rig.ann, {rig.lobby});
    REQUIRE_OK(rooms);
    REQUIRE(rooms->size() == 1);
    CHECK(rooms->front().head == 3);
    CHECK(rooms->front().unread == 3);
    CHECK(rooms->front().mentions == 3);
}
