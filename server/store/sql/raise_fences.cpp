// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/raise_fences.h"

#include <fmt/format.h>

namespace pchat::sql {
namespace {

// Where a clock was set back, the numbers of the backup are ahead of the time: this far above them
// nobody comes between two restores.
constexpr std::int64_t step = 1'000'000'000;

constexpr std::string_view floor_of =
    "(select cast(value as bigint) from deployment where name = 'fence_floor')";

}  // namespace

std::vector<std::string> raise_fences(Microseconds at) {
    return {
        "delete from deployment where name = 'fence_floor'",
        fmt::format(
            "insert into deployment (name, value) select 'fence_floor', cast(max(t.n) as "
            "varchar(20)) from (select cast({} as bigint) as n union all select fencing_token + {} "
            "from lease union all select epoch + {} from server) t",
            at,
            step,
            step
        ),
        fmt::format("update lease set fencing_token = {}, expires_at = 0", floor_of),
        // What earlier lives left behind belongs to the one that is found lost. Somebody whom two
        // of them had in a room is there once.
        "delete from participant where exists (select 1 from participant later where later.room_id "
        "= participant.room_id and later.user_id = participant.user_id and later.server_id = "
        "participant.server_id and later.epoch > participant.epoch)",
        fmt::format("update participant set epoch = {}", floor_of),
        fmt::format("update session set epoch = {}", floor_of),
        fmt::format("update server set epoch = {}, expires_at = 0", floor_of)};
}

}  // namespace pchat::sql
