// SPDX-License-Identifier: Apache-2.0
#include "server/service/config_admin.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

using namespace pchat;
using test::ChatWorld;

namespace {

ConfigFields history(std::int64_t count) {
    ConfigFields out;
    out.history = count;
    return out;
}

int history_now(ChatWorld& world) {
    return world.directory.read([](const DirectoryState& state) { return state.config().history; });
}

template <class T>
std::string reason(const Result<T>& result) {
    return result ? "done" : std::string{error_token(result.error())};
}

}  // namespace

TEST_CASE("config set: counts at once, narrowest scope first and as a whole", "[config]") {
    ChatWorld world;
    const AdminCall admin = world.as("admin");
    CHECK(history_now(world) == 30);
    const auto made = put_config(*world.changes, admin, "global", history(50));
    REQUIRE_OK(made);
    CHECK(made->made);
    CHECK(made->values.file_kb == 20'000);
    CHECK(history_now(world) == 50);
    CHECK(world.audit()[0].action == "config.create");
    CHECK(world.audit()[0].new_value == R"({"default_chat_history":50})");
    ConfigFields files;
    files.file_kb = 10;
    REQUIRE_OK(put_config(*world.changes, admin, "service:pchat.contoso.example", files));
    CHECK(history_now(world) == 30);  // built in: the whole object counts
    REQUIRE_OK(put_config(*world.changes, admin, "site:hq", history(7)));
    CHECK(history_now(world) == 30);
    REQUIRE_OK(remove_config(*world.changes, admin, "service:pchat.contoso.example"));
    CHECK(history_now(world) == 7);
    REQUIRE_OK(remove_config(*world.changes, admin, "site:hq"));
    CHECK(history_now(world) == 50);
    REQUIRE_OK(remove_config(*world.changes, admin, "global"));
    CHECK(history_now(world) == 30);
}

TEST_CASE("config set: a second time nothing changes", "[config]") {
    ChatWorld world;
    const AdminCall admin = world.as("admin");
    REQUIRE_OK(put_config(*world.changes, admin, "site:hq", history(30)));  // as built in, but set
    const std::size_t entries = world.audit().size();
    const auto again = put_config(*world.changes, admin, "site:HQ", history(30));
    REQUIRE_OK(again);
    CHECK_FALSE(again->made);
    CHECK(again->object.revision == 1);
    REQUIRE_OK(put_config(*world.changes, admin, "global", history(30)));
    REQUIRE_OK(remove_config(*world.changes, admin, "global"));
    CHECK(world.audit().size() == entries);
    const auto changed = put_config(*world.changes, admin, "site:hq", history(31));
    REQUIRE_OK(changed);
    CHECK(changed->object.revision == 2);
}

TEST_CASE("config set: every limit holds by one", "[config]") {
    ChatWorld world;
    const AdminCall admin = world.as("admin");
    const auto put = [&](const ConfigFields& fields) {
        return reason(put_config(*world.changes, admin, "global", fields));
    };
    CHECK(put(history(0)) == "bad-value");
    CHECK(put(history(501)) == "bad-value");
    CHECK(put(history(1)) == "done");
    CHECK(put(history(500)) == "done");
    ConfigFields fields;
    for (const auto& [good, bad] : {std::pair{1, 0}, {4'000'000, 4'000'001}}) {
        fields.file_kb = bad;
        CHECK(put(fields) == "bad-value");
        fields.file_kb = good;
        CHECK(put(fields) == "done");
    }
    for (const auto& [good, bad] : {std::pair{0, -1}, {100'000, 100'001}}) {
        fields.participants = bad;
        CHECK(put(fields) == "bad-value");
        fields.participants = good;
        CHECK(put(fields) == "done");
    }
    fields.room_management_url = "http://a.example/";
    CHECK(put(fields) == "bad-value");
    fields.allow_http = true;
    CHECK(put(fields) == "done");
    fields.room_management_url = "https://a.example/" + std::string(237, 'x');
    CHECK(put(fields) == "done");
    *fields.room_management_url += "x";
    CHECK(put(fields) == "too-long");
    fields.room_management_url = "";
    CHECK(put(fields) == "done");
}

TEST_CASE("config: a dry run and a stale revision change nothing", "[config]") {
    ChatWorld world;
    AdminCall admin = world.as("admin");
    admin.dry_run = true;
    REQUIRE_OK(put_config(*world.changes, admin, "global", history(50)));
    CHECK(history_now(world) == 30);
    admin.dry_run = false;
    admin.revision = 0;  // as nobody has set it
    REQUIRE_OK(put_config(*world.changes, admin, "global", history(50)));
    CHECK(reason(put_config(*world.changes, admin, "global", history(51))) == "changed-meanwhile");
    CHECK(reason(remove_config(*world.changes, admin, "global")) == "changed-meanwhile");
    CHECK(history_now(world) == 50);
    admin.revision = {};
    CHECK(reason(remove_config(*world.changes, admin, "site:x")) == "config-not-found");
    CHECK(reason(put_config(*world.changes, admin, "x", history(1))) == "bad-value");
}
