// SPDX-License-Identifier: Apache-2.0
#include "bench/store_work.h"

#include "server/domain/name.h"

#include <fmt/format.h>

namespace pchat::bench {
namespace {

std::string uuid_of(std::int64_t number) {
    return fmt::format("01890a5d-ac96-774b-bcce-{:012x}", number);
}

}  // namespace

Group& Feed::next(std::size_t messages) {
    group_.origin = origin_;
    group_.messages.resize(messages);
    group_.outbox.resize(messages);
    for (std::size_t i = 0; i < messages; ++i) {
        ++n_;
        Message& message = group_.messages[i];
        const auto place = static_cast<std::int64_t>(i * busy_rooms / messages);
        message.room = RoomId{first_busy_room + place};
        message.at = n_;
        message.sender = PrincipalId{1 + n_ % 1000};
        message.body = fmt::format("{:0>120}", n_);
        group_.outbox[i] = {
            ServerId{origin_},
            n_,
            uuid_of(origin_ * 1'000'000'000 + n_),
            n_,
            1,
            fmt::format(R"({{"kind":"chat","text":"{}"}})", message.body)};
    }
    return group_;
}

Result<void> furnish(ContentDatabase& content) {
    return content.write("furnishing", [](ContentTransaction& tx) -> Result<void> {
        Category category;
        category.id = CategoryId{1};
        category.uuid = uuid_of(1);
        category.name = "Bench";
        category.name_sort = name_sort(category.name);
        if (Result<void> done = tx.categories().insert(category); !done)
            return done;
        for (std::int64_t id = 1; id < first_busy_room + busy_rooms; ++id) {
            Room room;
            room.id = RoomId{id};
            room.uuid = uuid_of(id);
            room.category = category.id;
            room.name = fmt::format("room {}", id);
            room.name_sort = name_sort(room.name);
            if (Result<void> done = tx.rooms().insert(room); !done)
                return done;
        }
        return {};
    });
}

Result<void> commit(ContentDatabase& content, Group& work) {
    return content.write("committing", [&](ContentTransaction& tx) -> Result<void> {
        Result<void> failed;
        number(work, [&](RoomId room, std::int64_t count) {
            const auto head = tx.messages().raise({room, count, count * 120, work.messages[0].at});
            if (!head)
                failed = pass(head.error());
            return head ? head->last_seq : count;
        });
        if (!failed)
            return failed;
        if (Result<void> done = tx.messages().insert(work.messages); !done)
            return done;
        return tx.log().append_outbox(work.outbox);
    });
}

}  // namespace pchat::bench
