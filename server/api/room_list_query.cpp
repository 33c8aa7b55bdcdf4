// SPDX-License-Identifier: Apache-2.0
#include "server/api/room_list_query.h"

#include "base/unicode.h"
#include "server/api/admin_request.h"
#include "server/service/addin_admin.h"

#include <fmt/format.h>

#include <charconv>

namespace pchat::api {
namespace {

constexpr std::int64_t bytes_of_mb = 1024 * 1024;

/// Only for who may read the settings of all rooms: how much is said in one is no one else's.
Result<std::optional<std::int64_t>> size_of(const Call& call) {
    const std::string text = text_of(call, "content_exceeds_mb");
    if (text.empty())
        return std::optional<std::int64_t>{};
    if (!opens(call.person, Gate::viewer))
        return not_allowed(
            "rooms are not found by the size of their content", "ask somebody with the role viewer"
        );
    std::int64_t mb = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, problem] = std::from_chars(text.data(), end, mb);
    if (problem != std::errc{} || stopped != end || mb < 0 || mb > 1'000'000'000)
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("content_exceeds_mb cannot be '{}'", printable(text)),
            "write a whole number, like 100",
            "content_exceeds_mb"
        );
    return std::optional{mb * bytes_of_mb};
}

Result<std::unordered_set<RoomId>> larger_rooms(ContentDatabase& content, std::int64_t bytes) {
    std::unordered_set<RoomId> out;
    Result<void> read = content.read("measuring rooms", [&](ContentTransaction& tx) {
        out.clear();
        return tx.messages().each_head([&](const RoomHead& head) {
            if (head.content_bytes > bytes)
                out.insert(head.room);
            return Result<void>{};
        });
    });
    if (!read)
        return pass(std::move(read).error());
    return out;
}

}  // namespace

Result<RoomListQuery> read_stored_filters(const Call& call) {
    RoomListQuery out;
    ContentDatabase& content = call.services.chat.content();
    const auto invitations = choice_of(call, "invitations", {"inherit", "off"});
    if (!invitations)
        return pass(invitations.error());
    if (*invitations)
        out.invitations = **invitations == 0;
    if (const std::string addin = text_of(call, "addin"); !addin.empty()) {
        const Result<Addin> known = get_addin(content, addin);
        if (!known)
            return pass(known.error());
        out.addin = known->id;
    }
    const auto size = size_of(call);
    if (!size)
        return pass(size.error());
    if (!*size)
        return out;
    auto larger = larger_rooms(content, **size);
    if (!larger)
        return pass(std::move(larger).error());
    out.among = std::move(*larger);
    return out;
}

}  // namespace pchat::api
