// SPDX-License-Identifier: Apache-2.0
#include "base/uuid.h"
#include "server/api/wire_names.h"
#include "server/domain/compliance.h"
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

#include <future>
#include <memory>
#include <string>

using namespace pchat;
using test::ApiWorld;

namespace {

/// Lobby with its member bob; eve is no member.
struct Library {
    Library() {
        bob = api.world.user("bob");
        api.world.user("eve");
        lobby = api.world.room("Lobby", "General", {{bob}});
    }

    StoredFile file(const std::string& name, FileState state = FileState::stored) {
        StoredFile out;
        out.uuid = make_uuid(api.world.clock.now());
        out.room = lobby;
        out.uploader = bob;
        out.name = name;
        out.media_type = "application/pdf";
        out.created_at = api.world.clock.now();
        api.world.write([&](ContentTransaction& tx) -> Result<void> {
            const auto id = tx.registry().take_ids(IdKind::file, 1);
            if (!id)
                return pass(id.error());
            out.id = FileId{*id};
            if (Result<void> made = tx.files().insert(out); !made || state == FileState::arriving)
                return made;
            out.state = FileState::stored;
            out.size_bytes = 1234;
            return tx.files().complete(out.id, out.size_bytes, std::string(64, 'a'));
        });
        return out;
    }

    std::int64_t post(const StoredFile& file) {
        Chat::Draft draft;
        draft.sender = bob;
        draft.room = lobby;
        draft.body = "see " + file.name;
        draft.file = std::make_shared<const StoredFile>(file);
        std::promise<Result<Posted>> stored;
        const Result<void> taken =
            api.world.chat->post(std::move(draft), [&](const Result<Posted>& posted) {
                stored.set_value(posted);
            });
        REQUIRE(taken.has_value());
        const Result<Posted> posted = stored.get_future().get();
        REQUIRE(posted.has_value());
        return posted->seq;
    }

    ApiWorld api;
    PrincipalId bob;
    RoomId lobby;
};

constexpr const char* list = "/v1/rooms/Lobby/files";

}  // namespace

TEST_CASE("api files: those of a room, page by page, to its readers", "[api]") {
    Library library;
    ApiWorld& api = library.api;
    const StoredFile plan = library.file("plan.pdf");
    library.file("half.pdf", FileState::arriving);
    const StoredFile map = library.file("map of the \"west\".pdf");

    const auto all = api.send("bob", "GET", list);
    REQUIRE(all.status == 200);
    CHECK(all.body["room"] == api.world.room_now("Lobby").room.uuid);
    REQUIRE(all.body["files"].size() == 2);
    const auto& first = all.body["files"][0];
    CHECK(first["id"] == plan.uuid);
    CHECK(first["name"] == "plan.pdf");
    CHECK(first["size"] == 1234);
    CHECK(first["type"] == "application/pdf");
    CHECK(first["from"] == test::sip("bob"));
    CHECK(first.contains("at"));
    CHECK(all.body["files"][1]["name"] == map.name);
    CHECK_FALSE(all.body.contains("cursor"));

    const auto page = api.send("bob", "GET", std::string{list} + "?limit=1");
    REQUIRE(page.body["files"].size() == 1);
    const std::string cursor = page.body["cursor"];
    const auto rest = api.send("bob", "GET", std::string{list} + "?limit=1&cursor=" + cursor);
    REQUIRE(rest.body["files"].size() == 1);
    CHECK(rest.body["files"][0]["id"] == map.uuid);
    CHECK_FALSE(rest.body.contains("cursor"));
}

TEST_CASE("api files: others learn neither the list nor a file", "[api]") {
    Library library;
    ApiWorld& api = library.api;
    const StoredFile plan = library.file("plan.pdf");
    const StoredFile half = library.file("half.pdf", FileState::arriving);
    const auto info = [](const std::string& id) { return "/v1/files/" + id + "/info"; };

    const auto told = api.send("bob", "GET", info(plan.uuid));
    REQUIRE(told.status == 200);
    CHECK(told.body["name"] == "plan.pdf");
    CHECK(told.body["room"] == api.world.room_now("Lobby").room.uuid);
    // Its name is part of what was said: compliance knows who has seen it.
    REQUIRE(api.world.outbox().size() == 1);
    CHECK(api.world.outbox().front().kind == compliance_view);

    CHECK(api.send("eve", "GET", list).code() == "not-allowed");
    CHECK(api.send("eve", "GET", info(plan.uuid)).code() == "file-not-found");
    CHECK(api.send("bob", "GET", info(half.uuid)).code() == "file-not-found");
    CHECK(api.send("bob", "GET", info("no-such-file")).status == 404);
    CHECK(api.send("bob", "GET", "/v1/rooms/Nowhere/files").code() == "room-not-found");
    CHECK(api.send("bob", "GET", std::string{list} + "?cursor=x").code() == "bad-cursor");
    CHECK(api.send("bob", "GET", std::string{list} + "?limit=0").code() == "bad-value");
    CHECK(api.send("", "GET", list).status == 401);
}

TEST_CASE("api files: a cursor of another room is refused", "[api]") {
    Library library;
    const StoredFile plan = library.file("plan.pdf");
    library.api.world.room("Attic", "General", {{library.bob}});
    CHECK(
        library.api.send("bob", "GET", "/v1/rooms/Attic/files?cursor=" + plan.uuid).code() ==
        "bad-cursor"
    );
}

TEST_CASE("api files: a message tells of its file until it is removed", "[api]") {
    Library library;
    ApiWorld& api = library.api;
    const StoredFile plan = library.file("plan.pdf");
    const std::int64_t seq = library.post(plan);
    const std::string messages = "/v1/rooms/Lobby/messages";
    const auto file_of_last = [&] {
        const auto history = api.send("bob", "GET", messages);
        REQUIRE(history.status == 200);
        return history.body["messages"].back().value("file", nlohmann::json{});
    };
    const nlohmann::json expected{
        {"id", plan.uuid}, {"name", "plan.pdf"}, {"size", 1234}, {"type", "application/pdf"}};
    CHECK(file_of_last() == expected);

    const std::string one = messages + "/" + std::to_string(seq);
    REQUIRE(api.send("admin", "PATCH", one, {{"body", "the plan"}}).status == 200);
    CHECK(file_of_last() == expected);
    REQUIRE(api.send("admin", "DELETE", one).status == 200);
    CHECK(file_of_last().is_null());
    CHECK(api.send("bob", "GET", list).body["files"].empty());
}

TEST_CASE("api files: what is remembered of a room tells of files as well", "[api]") {
    Library library;
    ApiWorld& api = library.api;
    const StoredFile plan = library.file("plan.pdf");
    library.post(plan);
    const auto last_text = [&](RoomBook& book) {
        REQUIRE(book.warm_up(library.lobby).has_value());
        return book.with(library.lobby, [](LiveRoom& room) { return *room.recent.back().text; });
    };
    RoomBook another{*api.world.content, [&](const Message& message) {
                         return api.world.directory.read([&](const DirectoryState& state) {
                             return api::message_text(state, message);
                         });
                     }};
    const std::string file = R"("file":{"id":")" + plan.uuid + R"(","name":"plan.pdf","size":1234)";
    CHECK(last_text(api.world.book).find(file) != std::string::npos);  // as it was committed
    CHECK(last_text(another).find(file) != std::string::npos);         // as it is read
}
