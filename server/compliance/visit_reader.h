// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/archive_store.h"
#include "server/store/content_database.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace pchat {

/// Reads what compliance is to know of a server, in the order of its numbers and a portion at a
/// time, while a shipper may move it from the one database to the other. The server adds nothing.
class VisitReader {
public:
    /// Begins behind that number.
    VisitReader(
        ContentDatabase& content, ArchiveDatabase& archive, ServerId server, std::int64_t after
    )
        : content_(content), archive_(archive), server_(server), position_(after) {}

    /// Joins and parts, and what else waits, up to position(). Waits.
    Result<std::vector<ArchivedEvent>> next();
    [[nodiscard]] std::int64_t position() const { return position_; }
    [[nodiscard]] bool at_end() const { return at_end_; }
    /// The one with that number, unless it was pruned.
    Result<std::optional<ArchivedEvent>> find(std::int64_t n);

private:
    Result<void> read_waiting();
    Result<std::vector<ArchivedEvent>> archived_after(std::int64_t n, int limit);

    ContentDatabase& content_;
    ArchiveDatabase& archive_;
    ServerId server_;
    std::int64_t position_;
    bool at_end_ = false;
    std::vector<OutboxEntry> waiting_;
    std::int64_t waiting_up_to_ = 0;  // all that waited up to here was read
};

}  // namespace pchat
