// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/content_database.h"

#include <string>
#include <vector>

namespace pchat::bench {

constexpr std::size_t group = 128;  // messages in a commit
constexpr int busy_rooms = 8;       // that they are spread over
constexpr std::int64_t first_busy_room = 1001;

/// What one commit writes: messages in room order, and as many entries for the outbox.
struct Group {
    std::int64_t origin = 0;
    std::vector<Message> messages;  // seq is set while committing
    std::vector<OutboxEntry> outbox;
};

/// Makes groups that nobody has seen before.
class Feed {
public:
    explicit Feed(std::int64_t origin) : origin_(origin) {}
    Group& next(std::size_t messages = group);

private:
    std::int64_t origin_;
    std::int64_t n_ = 0;
    Group group_;
};

/// Writes the rooms that the loops use.
Result<void> furnish(ContentDatabase& content);

/// Raises the head of each room, then writes messages and outbox.
Result<void> commit(ContentDatabase& content, Group& work);

/// Calls `raise(room, count)` for each run of messages in one room, which gives the last number,
/// and numbers them by it.
template <class Raise>
void number(Group& work, Raise&& raise) {
    for (std::size_t i = 0; i < work.messages.size();) {
        std::size_t end = i;
        while (end < work.messages.size() && work.messages[end].room == work.messages[i].room)
            ++end;
        std::int64_t seq = raise(work.messages[i].room, static_cast<std::int64_t>(end - i)) -
                           static_cast<std::int64_t>(end - i);
        for (; i < end; ++i)
            work.messages[i].seq = ++seq;
    }
}

}  // namespace pchat::bench
