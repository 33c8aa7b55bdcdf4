// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/chat.h"
#include "server/service/log_reader.h"

#include <optional>
#include <set>
#include <vector>

namespace pchat {

/// The rooms that the search index may lack something of, as one server of the pool knows them: by
/// what the servers' logs name, and now and then by a look at all rooms. What was named stays so
/// until the database says that it is done, by whomever: who gets the lease knows what the one
/// before has left. For one thread that may wait.
class SearchBacklog {
public:
    explicit SearchBacklog(Chat& chat) : chat_(chat) {}

    /// Reads what is new in the logs, and looks at all rooms when it is time.
    Result<void> look();
    Result<void> read_logs();
    /// Forgets what another server has done meanwhile.
    Result<void> drop_done();

    [[nodiscard]] bool empty() const { return !has_rooms() && !may_have_gone_; }
    [[nodiscard]] bool has_rooms() const { return !(named_.empty() && long_ones_.empty()); }
    [[nodiscard]] bool has_long_ones() const { return !long_ones_.empty(); }
    /// Rooms that are in the index may no longer exist.
    [[nodiscard]] bool may_have_gone() const { return may_have_gone_; }
    void cleaned() { may_have_gone_ = false; }

    /// Rooms for one transaction: those that were named or, when there are none, the next ones of
    /// those with much to do.
    [[nodiscard]] std::vector<RoomId> next() const;
    /// Of these rooms, only the unfinished ones lack something now; `last` had its turn.
    void worked(
        const std::vector<RoomId>& rooms,
        const std::set<RoomId>& unfinished,
        const std::optional<RoomId>& last
    );

private:
    Result<Microseconds> looked_by_others();
    Result<void> find_all();

    Chat& chat_;
    LogReader logs_;
    std::set<RoomId> named_;      // and not known to be done
    std::set<RoomId> long_ones_;  // that no single transaction brings up to date
    RoomId last_room_;            // of those, the one that had its turn
    bool everything_ = false;     // is to be looked at
    bool may_have_gone_ = false;
    Microseconds looked_at_ = 0;  // at all rooms, by whichever server
};

}  // namespace pchat
