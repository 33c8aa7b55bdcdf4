// SPDX-License-Identifier: Apache-2.0
// What the protocol promises to one session, at a whole server.
#include "tests/integration/chat/scene.h"

#include <algorithm>
#include <set>

using namespace pchat;
using namespace pchat::test;

namespace {

std::vector<std::int64_t> numbers(const Json& messages) {
    std::vector<std::int64_t> out;
    for (const Json& message : messages)
        out.push_back(message["seq"]);
    return out;
}

using Numbers = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("session: requests about one room are answered in order", "[session]") {
    Scene scene;
    ChatClient ann = scene.client(0);
    const std::string& room = scene.room(0);
    ann.send({{"type", "join"}, {"id", "1"}, {"room", room}});
    ann.send(send_request("2", room, "a", "first"));
    ann.send(send_request("3", room, "b", "second"));
    ann.send({{"type", "history"}, {"id", "4"}, {"room", room}, {"limit", 10}});
    ann.send({{"type", "leave"}, {"id", "5"}, {"room", room}});
    ann.send(send_request("6", room, "c", "too late"));
    std::vector<std::string> order;
    while (order.size() < 6) {
        const Json frame = ann.next().value();
        if (!frame.contains("id"))
            continue;
        order.push_back(frame["id"]);
        if (frame["id"] == "4")
            CHECK(numbers(frame["messages"]) == Numbers{1, 2});
        if (frame["id"] == "6")
            CHECK(frame["code"] == "not-joined");
    }
    CHECK(order == std::vector<std::string>{"1", "2", "3", "4", "5", "6"});
}

TEST_CASE("session: the answer comes before one's own message, each in order", "[session]") {
    Scene scene;
    ChatClient ann = scene.client(0);
    REQUIRE(ann.join(scene.room(0))["type"] == "ok");
    for (int i = 1; i <= 50; ++i)
        ann.send(send_request(std::to_string(i), scene.room(0), std::to_string(i), "text"));
    std::set<std::int64_t> answered;
    std::int64_t last = 0;
    while (last < 50) {
        const Json frame = ann.next().value();
        if (frame["type"] == "ok")
            answered.insert(frame["seq"].get<std::int64_t>());
        if (frame["type"] != "msg")
            continue;
        CHECK(frame["seq"] == ++last);
        CHECK(answered.count(last) == 1);
    }
}

TEST_CASE("session: a key stands for one message", "[session]") {
    Scene scene;
    ChatClient ann = scene.client(0);
    ann.join(scene.room(0));
    CHECK(ann.post(scene.room(0), "k", "text") == 1);
    CHECK(ann.post(scene.room(0), "k", "text") == 1);
    CHECK(ann.ask(send_request("", scene.room(0), "k", "other"))["code"] == "key-reused");
    ChatClient bob = scene.client(1);
    bob.join(scene.room(0));
    CHECK(bob.post(scene.room(0), "k", "text") == 2);  // a sender's keys are its own
}

TEST_CASE("session: joins several rooms, and says which it cannot", "[session]") {
    Scene scene;
    const std::string hidden = scene.closed_room("Hidden", {1});
    ChatClient ann = scene.client(0);
    ann.join(scene.room(1));
    ann.post(scene.room(1), "a", "one");
    const Json joined = ann.ask(
        {{"type", "join"},
         {"rooms",
          {{{"room", scene.room(0)}}, {{"room", hidden}}, {{"room", scene.room(1)}, {"since", 0}}}}}
    );
    REQUIRE(joined["type"] == "ok");
    REQUIRE(joined["rooms"].size() == 3);
    CHECK(joined["rooms"][0]["head"] == 0);
    CHECK(joined["rooms"][1]["asked"] == hidden);
    CHECK(joined["rooms"][1]["code"] == "not-allowed");
    CHECK(numbers(joined["rooms"][2]["messages"]) == Numbers{1});
}

TEST_CASE("session: what was removed is told, and is told again by since_rev", "[session]") {
    Scene scene;
    ChatClient ann = scene.client(0);
    const std::int64_t rev = ann.join(scene.room(0))["rev"];
    for (const char* key : {"a", "b", "c"})
        ann.post(scene.room(0), key, std::string{"text "} + key);
    const std::string target = "/v1/rooms/" + scene.room(0) + "/messages/";
    REQUIRE(scene.admin("DELETE", target + "2").status == 200);
    REQUIRE(scene.admin("PATCH", target + "3", {{"body", "better"}}).status == 200);
    const Json removed = ann.wait_for("removed");
    CHECK(removed["seqs"] == Json{2});
    const Json replaced = ann.wait_for("removed");
    CHECK(replaced["seqs"] == Json{3});
    CHECK(replaced["replacement"] == "better");
    ChatClient bob = scene.client(1);
    const Json back =
        bob.ask({{"type", "join"}, {"room", scene.room(0)}, {"since", 3}, {"since_rev", rev}});
    REQUIRE(back["removed"].size() == 2);
    CHECK(back["removed"][0]["seqs"] == Json{2});
    CHECK(back["removed"][1]["replacement"] == "better");
    CHECK(back["messages"].empty());
    const Json all = bob.ask({{"type", "history"}, {"room", scene.room(0)}, {"limit", 10}});
    CHECK(all.dump().find("text b") == std::string::npos);
    CHECK(all.dump().find("text c") == std::string::npos);
}

TEST_CASE("session: whoever was away while a room was cleared learns of the gap", "[session]") {
    Scene scene;
    ChatClient ann = scene.client(0);
    ann.join(scene.room(0));
    for (const char* key : {"a", "b", "c"})
        ann.post(scene.room(0), key, "text");
    REQUIRE(
        scene.admin("POST", "/v1/rooms/" + scene.room(0) + "/clear", {{"before_seq", 3}}).status ==
        200
    );
    CHECK(ann.wait_for("cleared")["first"] == 3);
    ChatClient bob = scene.client(1);
    const Json missed = bob.join(scene.room(0), 1);
    CHECK(missed["gap"] == true);
    CHECK(missed["first"] == 3);
    CHECK(numbers(missed["messages"]) == Numbers{3});
    CHECK(bob.join(scene.room(0), 2)["gap"] == false);
}

TEST_CASE("session: resumes from memory and from the database alike", "[session]") {
    Scene scene;
    fill_room(scene.database.content(), scene.world, 0, 5'000);
    ChatClient ann = scene.client(0);
    const Json page = ann.join(scene.room(0), 4'000);
    REQUIRE(page["messages"].size() == 500);
    CHECK(page["messages"][0]["seq"] == 4'001);
    CHECK(page["more"] == true);
    CHECK(page["head"] == 5'000);
    const Json rest =
        ann.ask({{"type", "history"}, {"room", scene.room(0)}, {"after", 4'500}, {"limit", 500}});
    CHECK(rest["messages"].back()["seq"] == 5'000);
    CHECK(rest["more"] == false);
    const Json near = ann.join(scene.room(0), 4'990);
    CHECK(near["messages"].size() == 10);
    CHECK(near["more"] == false);
    CHECK(ann.join(scene.room(0), 4'700)["messages"].size() == 300);
    CHECK(ann.join(scene.room(0), 5'001)["gap"] == true);  // of another history
}

TEST_CASE("session: rosters are gathered and end in the truth", "[session]") {
    Scene scene{40};
    ChatClient ann = scene.client(0);
    ann.join(scene.room(0));
    std::vector<ChatClient> others;
    for (std::size_t i = 1; i < 40; ++i) {
        others.push_back(scene.client(i));
        others.back().join(scene.room(0));
    }
    std::set<std::string> here;
    std::size_t events = 0;
    const auto follow = [&](std::size_t count) {
        while (here.size() != count) {
            const Json event = ann.wait_for("roster");
            ++events;
            for (const Json& who : event["joined"])
                here.insert(who["user"]);
            for (const Json& who : event["left"])
                here.erase(who.get<std::string>());
            CHECK(event["count"] == here.size());
        }
    };
    follow(40);
    others.clear();
    follow(1);
    CHECK(events < 40);  // not one for each
    CHECK(here.count(Scene::user_name(0)) == 1);
}

TEST_CASE("session: who joins while somebody comes or goes is told in the end", "[session]") {
    Scene scene{4};
    const std::string& room = scene.room(0);
    const std::string bobs = Scene::user_name(1);
    const auto hear = [&](std::set<std::string>& here, ChatClient& client, bool there) {
        while ((here.count(bobs) == 1) != there) {
            const Json event = client.wait_for("roster");
            for (const Json& who : event["joined"])
                here.insert(who["user"]);
            for (const Json& who : event["left"])
                here.erase(who.get<std::string>());
        }
    };
    ChatClient ann = scene.client(0);
    ChatClient bob = scene.client(1);
    ann.join(room);
    std::set<std::string> told;
    const auto turn = [&](bool in) { bob.ask({{"type", in ? "join" : "leave"}, {"room", room}}); };
    for (const bool there : {false, true, false, true, false}) {
        if (there != (told.count(bobs) == 1))
            turn(there);
        hear(told, ann, there);
        ChatClient eve = scene.client(2);
        turn(!there);
        std::set<std::string> here;
        const Json reply = eve.join(room);
        for (const Json& who : reply["participants"])
            here.insert(who["user"]);
        CHECK((here.count(bobs) == 1) == !there);
        turn(there);  // before anybody is told, unless the machine is very slow
        hear(here, eve, there);
    }
}

TEST_CASE("session: unread marks and mentions", "[session]") {
    Scene scene;
    ChatClient ann = scene.client(0);
    ChatClient bob = scene.client(1);
    const std::string& room = scene.room(0);
    ann.join(room);
    bob.join(room);
    ann.post(room, "a", "for @USER1, as said");
    ann.post(room, "b", "for somebody@user1.example");
    ann.post(room, "c", "and again @user1.");
    const Json before = bob.ask({{"type", "unread"}});
    CHECK(before["rooms"][room]["unread"] == 3);
    CHECK(before["rooms"][room]["mentions"] == 2);
    const Json after = bob.ask({{"type", "unread"}, {"marks", {{room, 2}}}});
    CHECK(after["rooms"][room]["unread"] == 1);
    CHECK(after["rooms"][room]["mentions"] == 1);
    CHECK(bob.ask({{"type", "unread"}, {"marks", {{room, 1}}}})["rooms"][room]["read"] == 2);
}

TEST_CASE("session: invitations come at once and stay in the list", "[session]") {
    Scene scene;
    ChatClient bob = scene.client(1);
    const std::string room = scene.closed_room("Invited", {1});
    const Json event = bob.wait_for("invited");
    CHECK(event["room"] == room);
    const Json list = bob.ask({{"type", "invitations"}});
    REQUIRE(list["invitations"].size() == 1);
    CHECK(list["invitations"][0]["sequence"] == event["sequence"]);
    CHECK(bob.ask({{"type", "invitations"}, {"after", list["last"]}})["invitations"].empty());
}
