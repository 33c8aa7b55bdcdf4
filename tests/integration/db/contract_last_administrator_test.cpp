// SPDX-License-Identifier: Apache-2.0
// Two servers on one database take administrators away at the same time.
#include "server/service/user_admin.h"
#include "server/store/sql/admin.h"
#include "server/store/sql/content.h"
#include "server/store/sql/schema.h"
#include "tests/integration/db/backend.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

#include <atomic>
#include <thread>

using namespace pchat;
using namespace pchat::test;

namespace {

/// Another server of the pool.
struct Other {
    explicit Other(ChatWorld& world)
        : book(*world.content, [](const Message& message) { return message.body; }),
          chat(*world.content, directory, book, workers, heard, world.clock, facts_of(world)),
          changes(chat) {
        REQUIRE_OK(directory.load(*world.content));
    }
    static ServerFacts facts_of(ChatWorld& world) {
        ServerFacts out;
        world.write([&](ContentTransaction& tx) -> Result<void> {
            Enrolment self;
            self.id = ServerId{2};
            self.uuid = "00000000-0000-7000-8000-000000000002";
            self.fqdn = "pc2.contoso.example";
            self.lifetime = 60'000'000;
            const auto server = tx.registry().enrol(self);
            REQUIRE_OK(server);
            out.life = {server->id, server->epoch};
            return {};
        });
        return out;
    }

    Directory directory{Home{"hq", "pchat.contoso.example"}};
    RoomBook book;
    Workers workers{1, 10};
    RecordingAudience heard;
    Chat chat;
    Changes changes;
};

enum class Way { demote, disable, remove };

Result<UserFacts> take_away(
    Changes& changes, const AdminCall& call, Way way, const std::string& user
) {
    UserFields fields;
    if (way == Way::demote)
        fields.remove_roles = {AdminRole::administrator};
    else if (way == Way::disable)
        fields.disabled = true;
    else
        return remove_user(changes, call, sip(user));
    return change_user(changes, call, sip(user), fields);
}

}  // namespace

TEST_CASE("last administrator: two servers never take away the last two", "[contract]") {
    const sql::Engine engine = GENERATE(from_range(engines()));
    const EmptyDatabase empty{engine};
    REQUIRE_OK(sql::migrate_database(empty.target(), sql::Purpose::content, SystemClock{}));
    ChatWorld world{nullptr, sql::open_content(empty.target())};
    Other other{world};
    const AdminCall admin = world.as("admin");
    for (int round = 0; round < 24; ++round) {
        // The administrator that is left and a new one, each taken away by another server.
        const std::string ann = "ann" + std::to_string(round);
        const std::string bob = "bob" + std::to_string(round);
        UserFields first;
        first.add_roles = {AdminRole::administrator};
        REQUIRE_OK(create_user(*world.changes, admin, sip(ann), first));
        REQUIRE_OK(create_user(*world.changes, admin, sip(bob), first));
        if (round == 0)
            REQUIRE_OK(take_away(*world.changes, admin, Way::demote, "admin"));
        else
            for (const char* name : {"ann", "bob"})
                (void
                )take_away(*world.changes, admin, Way::demote, name + std::to_string(round - 1));
        const Way way = static_cast<Way>(round % 3);
        std::atomic<int> ready{0};
        std::atomic<int> done{0};
        const auto act = [&](Changes& changes, Way how, const std::string& user) {
            return std::thread{[&, how, user] {
                ++ready;
                while (ready < 2)
                    std::this_thread::yield();
                done += take_away(changes, admin, how, user) ? 1 : 0;
            }};
        };
        std::thread one = act(*world.changes, way, ann);
        std::thread two = act(other.changes, Way::demote, bob);
        one.join();
        two.join();
        INFO("round " << round);
        REQUIRE(done == 1);
    }
}
