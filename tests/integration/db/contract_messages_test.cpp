// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/db/contract.h"

#include <limits>
#include <span>
#include <thread>

using namespace pchat;
using namespace pchat::test;

namespace {

constexpr RoomId lobby{1};
constexpr PrincipalId ann{1};

std::vector<Message> many(std::int64_t from, std::int64_t to) {
    std::vector<Message> out;
    for (std::int64_t seq = from; seq <= to; ++seq)
        out.push_back(a_message(lobby, seq, "message " + std::to_string(seq)));
    return out;
}

void send(Content& content, const std::vector<Message>& messages) {
    content.write([&](ContentTransaction& tx) -> Result<void> {
        const auto head = tx.messages().raise(
            {lobby, static_cast<std::int64_t>(messages.size()), 10, messages.back().at}
        );
        if (!head)
            return pass(head.error());
        return tx.messages().insert(messages);
    });
}

std::vector<std::int64_t> numbers(const std::vector<Message>& messages) {
    std::vector<std::int64_t> out;
    for (const Message& message : messages)
        out.push_back(message.seq);
    return out;
}

MessageKey a_key(char digit, std::int64_t seq) {
    MessageKey out;
    out.sender = ann;
    out.key_hash = std::string(64, digit);
    out.room = lobby;
    out.seq = seq;
    out.at = seq;
    out.content_hash = std::string(64, 'c');
    return out;
}

}  // namespace

TEST_CASE("messages: every field comes back as it was sent", "[messages]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    Message wanted = a_message(lobby, 1, "hello");
    wanted.at = 1'700'000'000'123'456;
    wanted.file = FileId{std::numeric_limits<std::int64_t>::max()};
    wanted.kind = MessageKind::story;
    wanted.format = MessageFormat::rtf;
    wanted.transit = true;
    wanted.subject = "";
    send(content, {wanted});
    const auto found =
        content.read([](ContentTransaction& tx) { return tx.messages().find(lobby, 1); });
    REQUIRE(found);
    CHECK(found->at == wanted.at);
    CHECK(found->sender == ann);
    CHECK(found->file == wanted.file);
    CHECK(found->kind == MessageKind::story);
    CHECK(found->format == MessageFormat::rtf);
    CHECK(found->transit);
    CHECK(found->subject == "");  // empty, not absent
    CHECK_FALSE(found->changed_at);
    CHECK_FALSE(found->changed_by);
    CHECK(found->change == MessageChange::none);
    CHECK(found->body == "hello");
}

TEST_CASE("messages: a room numbers 1, 2, 3 and its clock never runs back", "[messages]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    content.write([](ContentTransaction& tx) -> Result<void> {
        const auto first = tx.messages().raise({lobby, 3, 30, 500});
        REQUIRE_OK(first);
        CHECK(first->last_seq == 3);
        CHECK(first->last_at == 500);
        const auto second = tx.messages().raise({lobby, 1, 12, 400});
        REQUIRE_OK(second);
        CHECK(second->last_seq == 4);
        CHECK(second->last_at == 500);
        CHECK(second->content_bytes == 42);
        return {};
    });
    REQUIRE_ERR(
        content.try_write([](ContentTransaction& tx) -> Result<void> {
            const auto head = tx.messages().raise({RoomId{99}, 1, 1, 1});
            return head ? Result<void>{} : pass(head.error());
        }),
        Errc::not_found,
        "no "
    );
}

TEST_CASE("messages: many rooms are numbered at once, each as if alone", "[messages]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    constexpr std::int64_t rooms = 70;  // more than one statement takes
    content.write([](ContentTransaction& tx) -> Result<void> {
        for (std::int64_t id = 2; id <= rooms; ++id)
            if (Result<void> made =
                    tx.rooms().insert(a_room(id, "room " + std::to_string(id), CategoryId{1}));
                !made)
                return made;
        return {};
    });
    send(content, many(1, 3));  // the lobby stands at 3
    std::vector<HeadRaise> raises;
    for (std::int64_t id = 1; id <= rooms + 1; ++id)  // the last one is not there
        raises.push_back({RoomId{id}, id, 100 * id, 0});
    const std::size_t count = GENERATE(std::size_t{2}, std::size_t{5}, std::size_t{71});
    std::vector<RoomHead> heads;
    content.write([&](ContentTransaction& tx) -> Result<void> {
        auto raised = tx.messages().raise_all(std::span{raises}.last(count), 900);
        REQUIRE_OK(raised);
        heads = std::move(*raised);
        return {};
    });
    CHECK(heads.size() == count - 1);
    for (const RoomHead& head : heads) {
        const bool is_lobby = head.room == lobby;
        CHECK(head.last_seq == (is_lobby ? 3 : 0) + head.room.value);
        CHECK(head.content_bytes == (is_lobby ? 10 : 0) + 100 * head.room.value);
        CHECK(head.last_at >= 900);
    }
}

TEST_CASE("messages: pages are the last up to a number and the first after one", "[messages]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    send(content, many(1, 300));  // more than one INSERT takes
    const auto up_to = [&](std::int64_t seq, int n) {
        return numbers(content.read([&](ContentTransaction& tx) {
            return tx.messages().up_to(lobby, seq, n);
        }));
    };
    const auto after = [&](std::int64_t seq, int n) {
        return numbers(content.read([&](ContentTransaction& tx) {
            return tx.messages().after(lobby, seq, n);
        }));
    };
    CHECK(up_to(300, 3) == std::vector<std::int64_t>{298, 299, 300});
    CHECK(up_to(2, 3) == std::vector<std::int64_t>{1, 2});
    CHECK(up_to(0, 3).empty());
    CHECK(after(297, 500) == std::vector<std::int64_t>{298, 299, 300});
    CHECK(after(0, 2) == std::vector<std::int64_t>{1, 2});
    CHECK(after(300, 2).empty());
    CHECK(after(0, 500).size() == 300);
}

TEST_CASE("messages: a key that was used is known, and taken once", "[messages]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    std::vector<MessageKey> keys;
    for (int i = 0; i < 20; ++i)
        keys.push_back(a_key(static_cast<char>('A' + i), i + 1));
    content.write([&](ContentTransaction& tx) { return tx.messages().insert_keys(keys); });

    std::vector<KeyReference> asked{
        {ann, std::string(64, 'x')}, {PrincipalId{2}, keys[0].key_hash}};
    for (const MessageKey& key : keys)
        asked.push_back({ann, key.key_hash});
    const auto known =
        content.read([&](ContentTransaction& tx) { return tx.messages().known(asked); });
    CHECK(known.size() == 20);
    const auto one = content.read([&](ContentTransaction& tx) {
        return tx.messages().known(std::span{asked}.subspan(2, 1));
    });
    REQUIRE(one.size() == 1);
    CHECK(one[0].seq == 1);
    CHECK(one[0].content_hash == keys[0].content_hash);
    CHECK(content.read([](ContentTransaction& tx) { return tx.messages().known({}); }).empty());

    // What was written before the duplicate goes with it.
    const MessageKey twice[] = {a_key('y', 30), a_key('A', 31)};
    REQUIRE_ERR(
        content.try_write([&](ContentTransaction& tx) { return tx.messages().insert_keys(twice); }),
        Errc::conflict,
        ""
    );
    const KeyReference new_one[] = {{ann, std::string(64, 'y')}};
    CHECK(content.read([&](ContentTransaction& tx) { return tx.messages().known(new_one); }).empty()
    );

    const auto forget = [&](int limit) {
        std::int64_t gone = 0;
        content.write([&](ContentTransaction& tx) -> Result<void> {
            const auto forgotten = tx.messages().forget_keys(5, limit);
            REQUIRE_OK(forgotten);
            gone = *forgotten;
            return {};
        });
        return gone;
    };
    CHECK(forget(3) == 3);
    CHECK(forget(3) == 1);
    CHECK(forget(3) == 0);
}

TEST_CASE("messages: what was changed is found by the room's rev", "[messages]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    send(content, many(1, 5));
    for (const std::int64_t seq : {4, 2})
        content.write([&](ContentTransaction& tx) -> Result<void> {
            const auto head = tx.messages().raise_rev(lobby, -3);
            REQUIRE_OK(head);
            auto message = tx.messages().find(lobby, seq);
            REQUIRE_OK(message);
            (*message)->rev = head->rev;
            (*message)->change = seq == 4 ? MessageChange::removed : MessageChange::replaced;
            (*message)->changed_at = 9;
            (*message)->changed_by = ann;
            (*message)->body = seq == 4 ? "" : "by the administrator";
            return tx.messages().change(**message);
        });
    const auto changed =
        content.read([](ContentTransaction& tx) { return tx.messages().changed(lobby, 0, 10); });
    CHECK(numbers(changed) == std::vector<std::int64_t>{4, 2});
    CHECK(changed[0].body.empty());
    CHECK(changed[1].body == "by the administrator");
    CHECK(changed[1].changed_by == ann);
    CHECK(changed[1].sender == ann);
    CHECK(numbers(content.read([](ContentTransaction& tx) {
              return tx.messages().changed(lobby, 1, 10);
          })) == std::vector<std::int64_t>{2});
    REQUIRE_ERR(
        content.try_write([](ContentTransaction& tx) {
            return tx.messages().change(a_message(lobby, 99, ""));
        }),
        Errc::not_found,
        ""
    );
}

TEST_CASE("messages: a clear raises the first number, and erasing goes in portions", "[messages]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    send(content, many(1, 10));
    const Mention mentions[] = {{ann, lobby, 2}, {ann, lobby, 9}};
    content.write([&](ContentTransaction& tx) -> Result<void> {
        if (Result<void> done = tx.messages().insert_mentions(mentions); !done)
            return done;
        return tx.messages().raise_first(lobby, 7);
    });
    const auto erase = [&](int limit) {
        std::int64_t gone = 0;
        content.write([&](ContentTransaction& tx) -> Result<void> {
            const auto erased = tx.messages().erase(lobby, 7, limit);
            REQUIRE_OK(erased);
            gone = *erased;
            return {};
        });
        return gone;
    };
    CHECK(erase(4) == 4);
    CHECK(erase(4) == 2);
    CHECK(erase(4) == 0);
    const auto head =
        content.read([](ContentTransaction& tx) { return tx.messages().head(lobby); });
    CHECK(head->first_seq == 7);
    CHECK(content.read([](ContentTransaction& tx) {
        return tx.marks().mentions(ann, lobby, {0, 1'000});
    }) == 1);
    content.write([](ContentTransaction& tx) { return tx.messages().raise_first(lobby, 99); });
    content.write([](ContentTransaction& tx) { return tx.messages().raise_first(lobby, 3); });
    CHECK(
        content.read([](ContentTransaction& tx) { return tx.messages().head(lobby); })->first_seq ==
        11
    );
}

TEST_CASE("messages: those in transit are found by their age", "[messages]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    auto messages = many(1, 4);
    messages[1].transit = messages[3].transit = true;
    send(content, messages);
    CHECK(numbers(content.read([](ContentTransaction& tx) {
              return tx.messages().in_transit(4000, 10);
          })) == std::vector<std::int64_t>{2});
}

TEST_CASE("messages: two commits on one room never share a number", "[messages]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    const auto work = [&] {
        for (int i = 0; i < 25; ++i) {
            const Result<void> done =
                content->write("testing", [](ContentTransaction& tx) -> Result<void> {
                    const auto head = tx.messages().raise({lobby, 2, 2, 1});
                    if (!head)
                        return pass(head.error());
                    const Message both[] = {
                        a_message(lobby, head->last_seq - 1, "a"),
                        a_message(lobby, head->last_seq, "b")};
                    return tx.messages().insert(both);
                });
            if (!done)
                throw std::runtime_error(done.error().message);
        }
    };
    std::exception_ptr failed;
    std::thread other{[&] {
        try {
            work();
        } catch (...) {
            failed = std::current_exception();
        }
    }};
    REQUIRE_NOTHROW(work());
    other.join();
    CHECK_FALSE(failed);
    const auto all =
        content.read([](ContentTransaction& tx) { return tx.messages().after(lobby, 0, 1000); });
    REQUIRE(all.size() == 100);
    CHECK(all.back().seq == 100);
}
