// SPDX-License-Identifier: Apache-2.0
#include "server/service/buried.h"

#include <fmt/format.h>

namespace pchat {

std::string buried_fact(ServerId server) {
    return fmt::format("buried_{}", server.value);
}

Result<bool> says_life(ContentTransaction& tx, const std::string& fact, std::int64_t epoch) {
    const auto text = tx.registry().fact(fact);
    if (!text)
        return pass(text.error());
    return *text == fmt::format("{}", epoch);
}

Result<bool> is_buried(ContentTransaction& tx, const Server& server) {
    return says_life(tx, buried_fact(server.id), server.epoch);
}

}  // namespace pchat
