// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/commit_queue.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace pchat {

enum class Fate : std::uint8_t {
    open,
    stored,    // by this transaction
    repeated,  // it was stored before
    reused,    // its key stands for another message
    dropped,   // refused as too late, and not stored
    denied,    // may not be sent any more
};

/// What became of one message.
struct GroupItem {
    Posting* posting = nullptr;
    Fate fate = Fate::open;
    std::int64_t seq = 0;
    Microseconds at = 0;
    bool known_before = false;           // before our first try
    bool refused = false;                // as too late, but an earlier try may have stored it
    std::optional<std::size_t> same_as;  // the first of the group with its key
    std::optional<Error> denial;
};

/// What one transaction is to store.
struct CommitQueue::Group {
    std::vector<GroupItem> items;
    std::vector<Recording*> recordings;
    bool unsure = false;  // an earlier try may have been committed
    bool looks = false;   // for keys that are stored already, before it writes
    bool fenced = false;
    bool tried_again = false;
    std::optional<RoomId> missing_room;
    std::map<RoomId, std::int64_t> numbered;  // the first of each room, by any try
    LogNews logged;                           // by the last try

    [[nodiscard]] std::size_t size() const { return items.size() + recordings.size(); }
    /// Takes out what fits.
    template <class F>
    std::vector<GroupItem> take_items(F&& fits);
    /// The second half, which leaves this one.
    Group split();
};

template <class F>
std::vector<GroupItem> CommitQueue::Group::take_items(F&& fits) {
    std::vector<GroupItem> out;
    std::vector<GroupItem> rest;
    for (GroupItem& item : items)
        (fits(item) ? out : rest).push_back(item);
    items = std::move(rest);
    return out;
}

}  // namespace pchat
