// SPDX-License-Identifier: Apache-2.0
#include "server/service/search_walk.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat {

Result<bool> WordWalk::read_block(Microseconds at) {
    if (--budget_.blocks < 0)
        return false;
    const auto found = store_.block(word_, at);
    if (!found)
        return pass(found.error());
    begun_ = true;
    if (!*found) {
        ended_ = true;
        return false;
    }
    auto list = unpack_occurrences((*found)->occurrences);
    if (!list)
        return fail(
            Errc::internal,
            fmt::format("block {} of word {} of the search index is damaged", at, word_),
            "empty search_block, search_entry and search_progress: the index is made anew"
        );
    from_at_ = (*found)->from_at;
    block_ = std::move(*list);
    return true;
}

Result<std::optional<Occurrence>> WordWalk::latest(const Occurrence& bound) {
    Microseconds at = bound.at;
    while (!ended_ && !budget_.spent()) {
        if (!begun_ || at < from_at_) {
            const Result<bool> read = read_block(at);
            if (!read)
                return pass(read.error());
            if (!*read)
                break;
        }
        const auto after = std::upper_bound(block_.begin(), block_.end(), bound);
        if (after != block_.begin())
            return *(after - 1);
        if (from_at_ == 0)
            ended_ = true;
        at = from_at_ - 1;
    }
    return std::nullopt;
}

Result<std::optional<Occurrence>> AnyWalk::latest(const Occurrence& bound) {
    std::optional<Occurrence> out;
    for (const auto& walk : walks_) {
        const auto found = walk->latest(bound);
        if (!found)
            return pass(found.error());
        if (*found && (!out || *out < **found))
            out = *found;
    }
    return out;
}

Result<std::optional<Occurrence>> AllWalk::latest(const Occurrence& bound) {
    reached_ = bound;
    std::size_t agreed = 0;
    while (agreed < walks_.size()) {
        agreed = 0;
        for (const auto& walk : walks_) {
            const auto found = walk->latest(reached_);
            if (!found)
                return pass(found.error());
            // What is found once the budget is spent may not be the latest.
            if (!*found || budget_.spent())
                return std::nullopt;
            if (**found == reached_)
                ++agreed;
            reached_ = **found;
        }
    }
    return reached_;
}

}  // namespace pchat
