// SPDX-License-Identifier: Apache-2.0
#include "server/compliance/chain.h"

#include "base/sha256.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pchat {
namespace {

using nlohmann::json;

std::optional<std::string> uuid_in(const json& body, const char* name) {
    const auto found = body.find(name);
    if (found == body.end() || !found->is_string())
        return std::nullopt;
    return found->get<std::string>();
}

}  // namespace

std::string batch_hash(std::string_view previous, std::span<const ArchivedEvent> events) {
    Sha256 hash;
    hash.add(previous);
    hash.add("\n");
    for (const ArchivedEvent& event : events) {
        hash.add(fmt::format(
            "{} {} {} {} {} {} {}\n",
            event.id,
            event.uuid,
            event.origin.value,
            event.n,
            event.at,
            event.kind,
            event.body.size()
        ));
        hash.add(event.body);
        hash.add("\n");
    }
    return hash.hex();
}

ArchivedEvent archived(const OutboxEntry& entry, Microseconds now) {
    ArchivedEvent out;
    out.uuid = entry.uuid;
    out.origin = entry.origin;
    out.n = entry.n;
    out.at = entry.at;
    out.recorded_at = now;
    out.kind = entry.kind;
    out.body = entry.body;
    // Only for finding it again: a body that cannot be read is kept all the same.
    const json body = json::parse(entry.body, nullptr, false);
    if (!body.is_object())
        return out;
    out.room_uuid = uuid_in(body, "room");
    out.user_uuid = uuid_in(body, "user");
    if (const auto seq = body.find("seq"); seq != body.end() && seq->is_number_integer())
        out.seq = seq->get<std::int64_t>();
    return out;
}

}  // namespace pchat
