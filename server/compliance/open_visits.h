// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/compliance.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace pchat {

/// How far joins and parts were looked at: up to number `n` all who came have left, but for those
/// who came with `joins`.
struct VisitMark {
    std::int64_t n = 0;
    std::vector<std::int64_t> joins;
};

/// As a fact of the registry holds it: "12034 7 311". What cannot be read is where all begins.
VisitMark read_visit_mark(std::string_view text);
std::string write_visit_mark(const VisitMark& mark);

/// Who is in which room, from the joins and parts of one server in the order of their numbers. Only
/// who is there now takes memory, however long the story is.
class OpenVisits {
public:
    void add(const ArchivedEvent& event);

    /// After everything up to number `n` was added: from where somebody may begin who is to come to
    /// the same end. Not each time: those who were there at such a point must have left, but for a
    /// few.
    std::optional<VisitMark> settle(std::int64_t n);
    [[nodiscard]] bool empty() const { return visits_.empty(); }
    /// Takes up to `most` out: the bodies of their joins.
    std::vector<std::string> take(std::size_t most);

private:
    struct Join {
        std::int64_t n = 0;
        std::string body;
    };
    struct Visit {
        std::vector<Join> joins;              // a user may be there with several devices
        std::vector<std::int64_t> at_settle;  // the joins there were then
    };
    using RoomAndUser = std::pair<std::string, std::string>;

    bool is_new(const std::string& uuid);

    std::map<RoomAndUser, Visit> visits_;
    // The point that becomes a mark once few of those are left who were there then.
    std::optional<std::int64_t> settling_;
    std::size_t unsettled_ = 0;
    // Of the last events: what is written twice is written soon after.
    std::unordered_set<std::string> seen_;
    std::unordered_set<std::string> seen_before_;
};

}  // namespace pchat
