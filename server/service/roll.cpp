// SPDX-License-Identifier: Apache-2.0
#include "server/service/roll.h"

#include <utility>

namespace pchat {

Result<Roll> read_roll(ContentTransaction& tx) {
    auto servers = tx.registry().list();
    if (!servers)
        return pass(std::move(servers).error());
    const Result<Microseconds> now = tx.registry().now();
    if (!now)
        return pass(now.error());
    return Roll{std::move(*servers), *now};
}

}  // namespace pchat
