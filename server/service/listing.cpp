// SPDX-License-Identifier: Apache-2.0
#include "server/service/listing.h"

#include "server/domain/name_filter.h"
#include "server/service/fetch.h"
#include "server/service/list_cursor.h"
#include "server/service/principal_lookup.h"
#include "server/service/token_scope.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace pchat {
namespace {

constexpr int most_invitations = 500;

bool names_user(const Person& person, const KnownRoom& room) {
    const auto meets = [&](const std::vector<PrincipalId>& list) {
        return std::any_of(list.begin(), list.end(), [&](PrincipalId one) {
            return std::binary_search(person.affiliations.begin(), person.affiliations.end(), one);
        });
    };
    return meets(room.members) || meets(room.managers) || meets(room.presenters);
}

template <class T>
bool says(const T& object, const NameFilter& filter) {
    return filter.empty() || filter.fits(object.name) || filter.fits(object.description);
}

/// Whose lists stand for a principal that a query names.
struct Asked {
    std::vector<PrincipalId> member;
    std::vector<PrincipalId> manager;
};

bool fits(
    const KnownRoom& known, const RoomListQuery& query, const Asked& asked, bool reads_lists
) {
    const Room& room = known.room;
    if ((query.category && room.category != *query.category) ||
        (query.type && room.type != *query.type) ||
        (query.privacy && room.privacy != *query.privacy) ||
        (query.disabled && room.disabled != *query.disabled) ||
        (query.invitations && room.invitations != *query.invitations) ||
        (query.addin && room.addin != *query.addin) ||
        (query.among && query.among->count(room.id) == 0))
        return false;
    if (!query.member && !query.manager)
        return true;
    return reads_lists && (!query.member || meet(known.members, asked.member)) &&
           (!query.manager || meet(known.managers, asked.manager));
}

/// Numbers alone do not tell: those of messages that were not kept are missing among them.
Result<std::int64_t> count_unread(MessageStore& store, const RoomHead& head, std::int64_t read) {
    constexpr int most = 1'000;  // beyond, numbers are near enough
    const std::int64_t from = std::max(read, head.first_seq - 1);
    if (from >= head.last_seq)
        return 0;
    Result<std::int64_t> out = store.count_kept(head.room, {from, head.last_seq}, most);
    if (out && *out == most)
        return head.last_seq - from;
    return out;
}

bool before(const Room& a, const Room& b) {
    return std::tie(a.name_sort, a.id) < std::tie(b.name_sort, b.id);
}

}  // namespace

Result<RoomList> list_rooms(
    const DirectoryState& state, const Person& person, const RoomListQuery& query
) {
    NamePosition position;
    if (query.cursor) {
        Result<NamePosition> read = read_name_cursor(*query.cursor);
        if (!read)
            return pass(std::move(read).error());
        position = std::move(*read);
    }
    const NameFilter filter{query.filter};
    Asked asked;
    if (query.member)
        asked.member = ancestry(state, *query.member);
    if (query.manager)
        asked.manager = ancestry(state, *query.manager);
    struct Candidate {
        const KnownRoom* room;
        Rights rights;
    };
    std::vector<Candidate> found;
    state.each_room([&](const KnownRoom& room) {
        if (query.cursor && std::tie(room.room.name_sort, room.room.id.value) <=
                                std::tie(position.name_sort, position.id))
            return;
        if (person.scope != nullptr && !person.scope->covers(room.room.category, room.room.id))
            return;
        const Rights rights = state.rights(person, room);
        const bool reads_lists = query.hidden || rights.has(Right::manage);
        if ((query.hidden || rights.has(Right::view)) &&
            (!query.mine || names_user(person, room)) && says(room.room, filter) &&
            fits(room, query, asked, reads_lists))
            found.push_back({&room, rights});
    });
    const auto limit = static_cast<std::size_t>(query.limit);
    const std::size_t shown = std::min(limit, found.size());
    std::partial_sort(
        found.begin(),
        found.begin() + static_cast<std::ptrdiff_t>(shown),
        found.end(),
        [](const Candidate& a, const Candidate& b) { return before(a.room->room, b.room->room); }
    );
    RoomList out;
    for (std::size_t i = 0; i < shown; ++i)
        out.rows.push_back({found[i].room->room.id, found[i].rights});
    if (found.size() > shown && shown > 0) {
        const Room& last = found[shown - 1].room->room;
        out.cursor = fmt::format("{}:{}", last.id.value, last.name_sort);
    }
    return out;
}

Result<CategoryList> list_categories(const DirectoryState& state, const NameList& query) {
    NamePosition position;
    if (query.cursor) {
        Result<NamePosition> read = read_name_cursor(*query.cursor);
        if (!read)
            return pass(std::move(read).error());
        position = std::move(*read);
    }
    const NameFilter filter{query.filter};
    std::vector<const Category*> found;
    state.each_category([&](const KnownCategory& known) {
        const Category& one = known.category;
        if (says(one, filter) && (!query.cursor || std::tie(one.name_sort, one.id.value) >
                                                       std::tie(position.name_sort, position.id)))
            found.push_back(&one);
    });
    std::sort(found.begin(), found.end(), [](const Category* a, const Category* b) {
        return std::tie(a->name_sort, a->id) < std::tie(b->name_sort, b->id);
    });
    CategoryList out;
    const std::size_t shown = std::min(static_cast<std::size_t>(query.limit), found.size());
    for (std::size_t i = 0; i < shown; ++i)
        out.categories.push_back(found[i]->id);
    if (found.size() > shown && shown > 0)
        out.cursor = fmt::format("{}:{}", found[shown - 1]->id.value, found[shown - 1]->name_sort);
    return out;
}

Result<std::vector<UnreadRoom>> unread(
    Chat& chat, PrincipalId user, const std::vector<RoomId>& also
) {
    std::vector<UnreadRoom> out;
    Result<void> read = chat.content().read(
        "counting unread messages",
        [&](ContentTransaction& tx) -> Result<void> {
            out.clear();
            const auto marks = tx.marks().of_user(user);
            if (!marks)
                return pass(marks.error());
            std::unordered_map<RoomId, std::int64_t> rooms;
            for (const RoomId room : also)
                rooms.emplace(room, 0);
            for (const ReadMark& mark : *marks)
                rooms.insert_or_assign(mark.room, mark.seq);
            for (const auto& [room, seq] : rooms) {
                const Result<Chat::Seen> seen = chat.see(user, room);
                if (!seen || !seen->rights.has(Right::history))
                    continue;
                const auto head = tx.messages().head(room);
                if (!head)
                    return pass(head.error());
                if (!*head)
                    continue;
                const auto mentions = tx.marks().mentions(user, room, {seq, (*head)->last_seq});
                if (!mentions)
                    return pass(mentions.error());
                const auto kept = count_unread(tx.messages(), **head, seq);
                if (!kept)
                    return pass(kept.error());
                out.push_back({room, (*head)->last_seq, seq, *kept, *mentions});
            }
            return {};
        }
    );
    if (!read)
        return pass(std::move(read).error());
    return out;
}

Result<void> put_marks(
    Chat& chat, PrincipalId user, const std::vector<std::pair<RoomId, std::int64_t>>& marks
) {
    const Microseconds now = chat.clock().now();
    return chat.content().write("setting read marks", [&](ContentTransaction& tx) -> Result<void> {
        std::vector<ReadMark> rows;
        for (const auto& [room, seq] : marks) {
            const auto head = tx.messages().head(room);
            if (!head)
                return pass(head.error());
            if (*head)
                rows.push_back({user, room, std::min(seq, (*head)->last_seq), now});
        }
        return tx.marks().put(rows);
    });
}

Result<std::vector<Invitation>> invitations_after(
    Chat& chat, PrincipalId user, std::int64_t sequence
) {
    auto out = fetch(chat.content(), "reading invitations", [&](ContentTransaction& tx) {
        return tx.invitations().after(user, sequence, most_invitations);
    });
    if (!out)
        return out;
    std::erase_if(*out, [&](const Invitation& one) { return !chat.see(user, one.room); });
    return out;
}

}  // namespace pchat
