// SPDX-License-Identifier: Apache-2.0
#include "server/service/audit_list.h"

#include "server/domain/name_filter.h"
#include "server/service/fetch.h"
#include "server/service/list_cursor.h"
#include "server/service/principal_lookup.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace pchat {
namespace {

constexpr int portion = 500;
constexpr int most_portions = 40;  // for one page

/// What the store narrows down to, and what is left to look at here.
struct Search {
    AuditQuery query;
    NameFilter actor{""};
    NameFilter object{""};
    NameFilter action{""};
    std::optional<std::int64_t> kind;
    Microseconds since = 0;

    [[nodiscard]] bool fits(const AuditEntry& entry) const {
        return (!kind || entry.object_kind == *kind) && actor.fits(entry.actor_name) &&
               object.fits(entry.object_name) && action.fits(entry.action);
    }
};

/// "at:id" of the entry that the page before ended with.
Result<void> begin_after(const std::string& cursor, AuditQuery& query) {
    const std::size_t colon = std::min(cursor.find(':'), cursor.size());
    const char* middle = cursor.data() + colon;
    const char* end = cursor.data() + cursor.size();
    const auto [at_end, at_problem] = std::from_chars(cursor.data(), middle, query.up_to);
    const auto [id_end, id_problem] =
        std::from_chars(std::min(middle + 1, end), end, query.before.value);
    if (at_problem == std::errc{} && id_problem == std::errc{} && at_end == middle && id_end == end)
        return {};
    return bad_cursor();
}

/// The number of the thing as memory or the database has it; none when its name says nothing.
Result<std::optional<AuditQuery>> find_object(
    Chat& chat, ContentTransaction& tx, const AuditFilter& filter
) {
    AuditQuery out;
    const auto found = [&](std::int64_t kind, std::int64_t id) {
        out.object_kind = kind;
        out.object_id = id;
        return std::optional{out};
    };
    const std::int64_t kind = filter.kind.value_or(audit_object_principal);
    if (kind == audit_object_principal) {
        const Result<Principal> row = find_principal(tx, chat.directory(), filter.object, "object");
        if (row)
            return found(kind, row->id.value);
        if (row.error().code != Errc::not_found && row.error().code != Errc::invalid)
            return pass(row.error());
        return std::optional<AuditQuery>{};
    }
    return chat.directory().read([&](const DirectoryState& state) -> std::optional<AuditQuery> {
        if (kind == audit_object_room)
            if (const KnownRoom* room = state.find_room(filter.object))
                return found(kind, room->room.id.value);
        if (kind == audit_object_category)
            if (const KnownCategory* category = state.find_category(filter.object))
                return found(kind, category->category.id.value);
        return std::nullopt;
    });
}

Result<Search> search_for(Chat& chat, ContentTransaction& tx, const AuditFilter& filter) {
    Search out;
    out.kind = filter.kind;
    out.action = NameFilter{filter.action};
    out.since = filter.since.value_or(0);
    if (!filter.object.empty()) {
        const auto object = find_object(chat, tx, filter);
        if (!object)
            return pass(object.error());
        if (*object)
            out.query = **object;
        else
            out.object = NameFilter{filter.object};
    }
    if (!filter.actor.empty()) {
        const Result<Principal> actor = find_principal(tx, chat.directory(), filter.actor, "actor");
        if (actor)
            out.query.actor = actor->id;
        else if (actor.error().code != Errc::not_found && actor.error().code != Errc::invalid)
            return pass(actor.error());
        else
            out.actor = NameFilter{filter.actor};
    }
    out.query.up_to = filter.until.value_or(std::numeric_limits<Microseconds>::max());
    out.query.limit = portion;
    if (filter.cursor)
        if (Result<void> good = begin_after(*filter.cursor, out.query); !good)
            return pass(std::move(good).error());
    return out;
}

std::string position_of(const AuditQuery& query) {
    return fmt::format("{}:{}", query.up_to, query.before.value);
}

Result<AuditPage> read_page(ContentTransaction& tx, Search search, int limit) {
    AuditPage out;
    for (int read = 0; read < most_portions; ++read) {
        auto entries = tx.audit().list(search.query);
        if (!entries)
            return pass(std::move(entries).error());
        for (AuditEntry& entry : *entries) {
            if (entry.at < search.since)
                return out;
            if (search.fits(entry)) {
                if (out.entries.size() == static_cast<std::size_t>(limit)) {
                    out.cursor = position_of(search.query);
                    return out;
                }
                out.entries.push_back(entry);
            }
            search.query.up_to = entry.at;
            search.query.before = entry.id;
        }
        if (entries->size() < static_cast<std::size_t>(portion))
            return out;
    }
    out.cursor = position_of(search.query);
    return out;
}

}  // namespace

std::string_view audit_kind(std::int64_t kind) {
    const auto at = static_cast<std::size_t>(kind - 1);
    return at < audit_kind_words.size() ? audit_kind_words[at] : std::string_view{"other"};
}

Result<AuditPage> list_audit(Chat& chat, const AuditFilter& filter) {
    using Page = Result<AuditPage>;
    return fetch(chat.content(), "reading the audit log", [&](ContentTransaction& tx) -> Page {
        Result<Search> search = search_for(chat, tx, filter);
        if (!search)
            return pass(std::move(search).error());
        return read_page(tx, std::move(*search), filter.limit);
    });
}

}  // namespace pchat
