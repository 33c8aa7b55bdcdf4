// SPDX-License-Identifier: Apache-2.0
#include "server/service/session_limit.h"

#include <fmt/format.h>

namespace pchat {

std::optional<FullReason> why_full(const SessionLimit& limit) {
    const std::int64_t all = limit.here + limit.elsewhere;
    if (limit.planned > 0 && all > limit.planned)
        return FullReason{
            fmt::format("the pool is full: {} sessions are planned for it", limit.planned), true};
    if (all > most_pool_sessions)
        return FullReason{
            fmt::format("the pool is full: no pool has more than {} sessions", most_pool_sessions),
            true};
    if (limit.here > limit.most_here())
        return FullReason{
            fmt::format("the server is full: it takes {} sessions", limit.most_here()), false};
    return std::nullopt;
}

}  // namespace pchat
