// SPDX-License-Identifier: Apache-2.0
#include "server/service/forget_presence.h"

#include <cstdint>
#include <utility>

namespace pchat {

Result<bool> forget_presence(ContentDatabase& content, Life life, std::size_t portion) {
    bool all = false;
    Result<void> erased =
        content.write("forgetting who was here", [&](ContentTransaction& tx) -> Result<void> {
            const auto rows =
                tx.presence().left_in_rooms(life.server, life.epoch, static_cast<int>(portion));
            if (!rows)
                return pass(rows.error());
            if (Result<void> gone = tx.presence().part(*rows); !gone)
                return gone;
            const auto sessions =
                tx.presence().forget(life.server, life.epoch, static_cast<int>(portion));
            if (!sessions)
                return pass(sessions.error());
            all = rows->size() < portion && *sessions < static_cast<std::int64_t>(portion);
            return {};
        });
    if (!erased)
        return pass(std::move(erased).error());
    return all;
}

}  // namespace pchat
