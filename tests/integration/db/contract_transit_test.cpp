// SPDX-License-Identifier: Apache-2.0
// Messages of categories without history, and what comes and goes for compliance.
#include "tests/integration/db/contract.h"

#include <span>

using namespace pchat;
using namespace pchat::test;

namespace {

constexpr RoomId lobby{1};
using Numbers = std::vector<std::int64_t>;

Numbers numbers(const std::vector<Message>& messages) {
    Numbers out;
    for (const Message& message : messages)
        out.push_back(message.seq);
    return out;
}

/// 1 to 6, of which 3 and 4 are in transit and 4 mentions the user.
void fill(Content& content) {
    furnish(content);
    content.write([](ContentTransaction& tx) -> Result<void> {
        if (const auto head = tx.messages().raise({lobby, 6, 10, 6000}); !head)
            return pass(head.error());
        std::vector<Message> messages;
        for (std::int64_t seq = 1; seq <= 6; ++seq) {
            messages.push_back(a_message(lobby, seq, "text"));
            messages.back().transit = seq == 3 || seq == 4;
        }
        if (Result<void> done = tx.messages().insert(messages); !done)
            return done;
        const Mention mentions[] = {{PrincipalId{1}, lobby, 4}, {PrincipalId{1}, lobby, 5}};
        return tx.messages().insert_mentions(mentions);
    });
}

OutboxEntry an_entry(std::int64_t n) {
    return {ServerId{1}, n, uuid_of(n), n, compliance_join, "{}"};
}

}  // namespace

TEST_CASE("transit: what is kept is found without them, from both ends", "[contract]") {
    Content content{GENERATE(from_range(backends()))};
    fill(content);
    const auto from = [&](std::int64_t seq, int limit) {
        return numbers(content.read([&](ContentTransaction& tx) {
            return tx.messages().kept_after(lobby, seq, limit);
        }));
    };
    CHECK(from(0, 10) == Numbers{1, 2, 5, 6});
    CHECK(from(1, 2) == Numbers{2, 5});
    const auto up_to = [&](std::int64_t seq, int limit) {
        return numbers(content.read([&](ContentTransaction& tx) {
            return tx.messages().kept_up_to(lobby, seq, limit);
        }));
    };
    CHECK(up_to(6, 3) == Numbers{2, 5, 6});
    CHECK(up_to(4, 10) == Numbers{1, 2});
    const auto said = [&](std::int64_t seq, int limit) {
        Numbers out;
        for (const Utterance& one : content.read([&](ContentTransaction& tx) {
                 return tx.messages().uttered(lobby, seq, limit);
             })) {
            CHECK(one.at == a_message(lobby, one.seq, "").at);
            CHECK(one.sender == a_message(lobby, one.seq, "").sender);
            out.push_back(one.seq);
        }
        return out;
    };
    CHECK(said(6, 3) == Numbers{6, 5, 2});
    CHECK(said(4, 10) == Numbers{2, 1});
    CHECK(said(0, 10).empty());
    const auto count = [&](Stretch numbers, int most) {
        return content.read([&](ContentTransaction& tx) {
            return tx.messages().count_kept(lobby, numbers, most);
        });
    };
    CHECK(count({0, 6}, 10) == 4);
    CHECK(count({2, 6}, 10) == 2);
    CHECK(count({0, 6}, 3) == 3);
    CHECK(count({0, 5}, 10) == 3);
    CHECK(count({1, 4}, 10) == 1);
    CHECK(count({6, 6}, 3) == 0);
    CHECK(content.read([&](ContentTransaction& tx) {
        return tx.marks().mentions(PrincipalId{1}, lobby, {0, 6});
    }) == 1);
}

TEST_CASE("transit: only they are erased, with their mentions", "[contract]") {
    Content content{GENERATE(from_range(backends()))};
    fill(content);
    const auto erase = [&](std::int64_t seq) {
        std::int64_t out = 0;
        content.write([&](ContentTransaction& tx) -> Result<void> {
            out = *tx.messages().erase_transit(lobby, seq);
            return {};
        });
        return out;
    };
    CHECK(erase(2) == 0);
    CHECK(erase(3) == 1);
    CHECK(erase(6) == 1);
    CHECK(numbers(content.read([](ContentTransaction& tx) {
              return tx.messages().after(lobby, 0, 10);
          })) == Numbers{1, 2, 5, 6});
    CHECK(content.read([](ContentTransaction& tx) {
        return tx.marks().mentions(PrincipalId{1}, lobby, {0, 6});
    }) == 1);
}

TEST_CASE("outbox: read on behind a number", "[contract]") {
    Content content{GENERATE(from_range(backends()))};
    content.write([](ContentTransaction& tx) {
        const OutboxEntry entries[] = {an_entry(1), an_entry(2), an_entry(3)};
        return tx.log().append_outbox(entries);
    });
    const auto rest = content.read([](ContentTransaction& tx) {
        return tx.log().outbox_after(ServerId{1}, 1, 1);
    });
    REQUIRE(rest.size() == 1);
    CHECK(rest.front().n == 2);
    CHECK(content
              .read([](ContentTransaction& tx) { return tx.log().outbox_after(ServerId{2}, 0, 10); }
              )
              .empty());
}

TEST_CASE("archive: who came and went, of one origin, in its order", "[contract]") {
    Archive archive{GENERATE(from_range(backends()))};
    archive.write([](ArchiveStore& store) -> Result<void> {
        std::vector<ArchivedEvent> events;
        for (std::int64_t id = 1; id <= 5; ++id) {
            ArchivedEvent event;
            event.id = id;
            event.uuid = uuid_of(id);
            event.origin = ServerId{id == 4 ? 2 : 1};
            event.n = 10 - id;
            event.kind = id == 2 ? compliance_chat : id == 3 ? compliance_part : compliance_join;
            event.body = "{}";
            events.push_back(std::move(event));
        }
        return store.insert(events);
    });
    const auto visits =
        archive.read([](ArchiveStore& store) { return store.visits(ServerId{1}, 5, 10); });
    REQUIRE(visits.size() == 2);
    CHECK(visits[0].n == 7);
    CHECK(visits[0].kind == compliance_part);
    CHECK(visits[1].n == 9);
}

TEST_CASE("principals: a lock is of one that exists, and changes nothing", "[contract]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    content.write([](ContentTransaction& tx) { return tx.principals().lock(PrincipalId{1}); });
    REQUIRE_ERR(
        content.try_write([](ContentTransaction& tx) {
            return tx.principals().lock(PrincipalId{77});
        }),
        Errc::not_found,
        "77"
    );
    const auto user =
        content.read([](ContentTransaction& tx) { return tx.principals().find(PrincipalId{1}); });
    CHECK(user->revision == a_user(1, "ann@contoso.example").revision);
}
