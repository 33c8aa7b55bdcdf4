// SPDX-License-Identifier: Apache-2.0
#include "server/service/search.h"

#include "server/domain/name.h"
#include "server/domain/principal_name.h"
#include "server/service/attached_files.h"
#include "server/service/audit_text.h"
#include "server/service/fetch.h"
#include "server/service/list_cursor.h"
#include "server/service/named_object.h"
#include "server/service/search_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <limits>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace pchat {
namespace {

constexpr std::size_t most_words = 32;
// So many rooms are looked for like words; among more, most of what is found is in one of them.
constexpr std::size_t few_rooms = 32;

/// "at.room.seq": the latest that has not been looked at.
std::string cursor_at(const Occurrence& place) {
    return fmt::format("{}.{}.{}", place.at, place.room.value, place.seq);
}

Result<Occurrence> read_cursor(std::string_view text) {
    Occurrence out;
    const char* at = text.data();
    const char* end = at + text.size();
    for (std::int64_t* number : {&out.at, &out.room.value, &out.seq}) {
        const auto [stopped, problem] = std::from_chars(at, end, *number);
        const bool last = number == &out.seq;
        if (problem != std::errc{} || (last ? stopped != end : stopped == end || *stopped != '.'))
            return bad_cursor();
        at = stopped + (last ? 0 : 1);
    }
    return out;
}

Occurrence before(Occurrence place) {
    --place.seq;
    return place;
}

/// A query that makes sense, for this user.
struct Plan {
    SearchPattern pattern;
    std::unordered_set<RoomId> rooms;
    std::optional<PrincipalId> sender;
    Occurrence begin;
    Microseconds oldest = 0;
    std::size_t limit = 0;
};

/// Every room, or those that are named.
Result<std::unordered_set<RoomId>> rooms_of_all(Chat& chat, const std::vector<std::string>& names) {
    if (Result<void> known = chat.may_read(); !known)
        return pass(std::move(known).error());
    std::unordered_set<RoomId> out;
    Result<void> found = chat.directory().read([&](const DirectoryState& state) -> Result<void> {
        for (const std::string& name : names) {
            const KnownRoom* room = state.find_room(name);
            if (room == nullptr)
                return room_not_found(name);
            out.insert(room->room.id);
        }
        if (names.empty())
            state.each_room([&](const KnownRoom& room) { out.insert(room.room.id); });
        return {};
    });
    if (!found)
        return pass(std::move(found).error());
    return out;
}

Result<std::unordered_set<RoomId>> rooms_of(
    Chat& chat, PrincipalId user, const std::vector<std::string>& names
) {
    std::unordered_set<RoomId> out;
    for (const std::string& name : names) {
        const Result<Chat::Seen> room = chat.see(user, name);
        if (!room)
            return pass(room.error());
        if (!room->rights.has(Right::history))
            return fail_as(
                "not-allowed",
                Errc::denied,
                fmt::format("you may not read what was said in room '{}'", name),
                "a manager of the room can add you",
                "rooms"
            );
        out.insert(room->id);
    }
    if (names.empty())
        chat.directory().read([&](const DirectoryState& state) {
            const Person person = state.person(user);
            state.each_room([&](const KnownRoom& room) {
                if (state.rights(person, room).has(Right::history))
                    out.insert(room.room.id);
            });
            return 0;
        });
    return out;
}

Result<PrincipalId> sender_named(Chat& chat, const std::string& text) {
    const Result<PrincipalName> name = parse_principal(text, "from");
    if (!name)
        return pass(name.error());
    const PrincipalId out = chat.directory().read([&](const DirectoryState& state) {
        const KnownPrincipal* known = state.principal_named(name->kind, name_key(name->name));
        return known == nullptr ? PrincipalId{} : known->id;
    });
    if (!out || name->kind != PrincipalKind::user)
        return fail_as(
            "user-not-found",
            Errc::not_found,
            fmt::format("user '{}' does not exist", text),
            "list users: pchatctl user list",
            "from"
        );
    return out;
}

Result<Plan> plan(Chat& chat, const SearchQuery& query, Result<std::unordered_set<RoomId>> rooms) {
    Plan out{SearchPattern{query.text, query.match, query.match_case}, {}, {}, {}, 0, 0};
    const std::size_t words = out.pattern.word_count();
    if (words == 0)
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("'{}' holds nothing that can be searched for", query.text),
            "search for words, numbers or emoji",
            "text"
        );
    if (words > most_words)
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("a search takes up to {} words, got {}", most_words, words),
            "leave out the common ones",
            "text"
        );
    if (!rooms)
        return pass(std::move(rooms).error());
    out.rooms = std::move(*rooms);
    if (query.from) {
        const Result<PrincipalId> sender = sender_named(chat, *query.from);
        if (!sender)
            return pass(sender.error());
        out.sender = *sender;
    }
    out.begin = end_of(query.to_time.value_or(std::numeric_limits<Microseconds>::max()));
    if (query.cursor) {
        const Result<Occurrence> cursor = read_cursor(*query.cursor);
        if (!cursor)
            return pass(cursor.error());
        out.begin = std::min(out.begin, *cursor);
    }
    out.oldest = query.from_time.value_or(std::numeric_limits<Microseconds>::min());
    out.limit = static_cast<std::size_t>(std::clamp(query.limit, 1, chat.facts().search_limit));
    return out;
}

/// Walks the index from the latest to the oldest and lets the texts decide.
class Finder {
public:
    Finder(ContentTransaction& tx, const Plan& plan, SearchLimits limits)
        : tx_(tx), plan_(plan), messages_(limits.messages), budget_{limits.blocks},
          walk_(walks(), budget_) {}

    Result<SearchHits> run() {
        SearchHits out;
        Occurrence bound = plan_.begin;
        while (true) {
            const auto found = walk_.latest(bound);
            if (!found)
                return pass(found.error());
            if (budget_.spent() && walk_.reached().at >= plan_.oldest)
                out.cursor = cursor_at(walk_.reached());
            if (!*found || (*found)->at < plan_.oldest)
                return out;
            bound = before(**found);
            if (plan_.rooms.count((*found)->room) == 0)
                continue;
            auto message = read(**found);
            if (!message)
                return pass(std::move(message).error());
            if (*message)
                out.messages.push_back(std::move(**message));
            if (out.messages.size() == plan_.limit || --messages_ <= 0) {
                out.cursor = cursor_at(bound);
                return out;
            }
        }
    }

private:
    std::unique_ptr<SearchWalk> word(WordKey key) {
        return std::make_unique<WordWalk>(tx_.search(), key, budget_);
    }

    SearchWalks walks() {
        SearchWalks out;
        if (plan_.rooms.size() <= few_rooms) {
            SearchWalks rooms;
            for (const RoomId room : plan_.rooms)
                rooms.push_back(word(room_key(room)));
            out.push_back(std::make_unique<AnyWalk>(std::move(rooms)));
        }
        if (plan_.sender)
            out.push_back(word(sender_key(*plan_.sender)));
        SearchWalks units;
        for (const auto& unit : plan_.pattern.units()) {
            SearchWalks words;
            for (const SearchWord& one : unit)
                words.push_back(word(word_key(one.folded)));
            units.push_back(std::make_unique<AllWalk>(std::move(words), budget_));
        }
        if (plan_.pattern.match() == SearchMatch::any)
            out.push_back(std::make_unique<AnyWalk>(std::move(units)));
        else
            std::move(units.begin(), units.end(), std::back_inserter(out));
        return out;
    }

    /// The message when it still is what was looked for.
    Result<std::optional<Message>> read(const Occurrence& place) {
        auto known = firsts_.find(place.room);
        if (known == firsts_.end()) {
            const auto head = tx_.messages().head(place.room);
            if (!head)
                return pass(head.error());
            const std::int64_t first =
                *head ? (*head)->first_seq : std::numeric_limits<std::int64_t>::max();
            known = firsts_.emplace(place.room, first).first;
        }
        if (place.seq < known->second)
            return std::nullopt;
        auto message = tx_.messages().find(place.room, place.seq);
        if (!message)
            return pass(std::move(message).error());
        if (!*message || (*message)->transit || (*message)->change == MessageChange::removed ||
            (plan_.sender && (*message)->sender != *plan_.sender) ||
            !plan_.pattern.fits(searchable_text(**message)))
            return std::nullopt;
        return std::move(*message);
    }

    ContentTransaction& tx_;
    const Plan& plan_;
    int messages_;
    SearchBudget budget_;
    AllWalk walk_;
    std::unordered_map<RoomId, std::int64_t> firsts_;
};

/// Returns once compliance knows which rooms were searched.
Result<void> record_views(Chat& chat, PrincipalId user, const std::vector<Message>& messages) {
    if (!chat.facts().compliance)
        return {};
    std::unordered_set<RoomId> rooms;
    for (const Message& message : messages)
        rooms.insert(message.room);
    struct Waiting {
        std::mutex mutex;
        std::condition_variable settled;
        std::size_t left = 0;
        Result<void> outcome;
    };
    const auto waiting = std::make_shared<Waiting>();
    waiting->left = rooms.size();
    for (const RoomId room : rooms)
        chat.record(compliance_search, user, room, {}, [waiting](const Result<void>& done) {
            const std::lock_guard lock{waiting->mutex};
            if (!done && waiting->outcome)
                waiting->outcome = done;
            if (--waiting->left == 0)
                waiting->settled.notify_all();
        });
    std::unique_lock lock{waiting->mutex};
    waiting->settled.wait(lock, [&] { return waiting->left == 0; });
    return waiting->outcome;
}

/// Returns once compliance knows which rooms were searched.
Result<SearchHits> find(Chat& chat, PrincipalId user, const Plan& plan, SearchLimits limits) {
    using Hits = Result<SearchHits>;
    Hits out = fetch(chat.content(), "searching messages", [&](ContentTransaction& tx) -> Hits {
        Hits hits = Finder{tx, plan, limits}.run();
        if (!hits)
            return hits;
        if (Result<void> attached = attach_files(tx, hits->messages); !attached)
            return pass(std::move(attached).error());
        return hits;
    });
    if (!out)
        return out;
    if (Result<void> recorded = record_views(chat, user, out->messages); !recorded)
        return pass(std::move(recorded).error());
    return out;
}

}  // namespace

Result<SearchHits> search(
    Chat& chat, PrincipalId user, const SearchQuery& query, SearchLimits limits
) {
    const Result<Plan> wanted = plan(chat, query, rooms_of(chat, user, query.rooms));
    if (!wanted)
        return pass(wanted.error());
    Result<SearchHits> out = find(chat, user, *wanted, limits);
    if (!out)
        return out;
    // Access may have been lost meanwhile.
    std::unordered_map<RoomId, bool> readable;
    std::erase_if(out->messages, [&](const Message& message) {
        const auto [known, fresh] = readable.try_emplace(message.room, false);
        if (fresh) {
            const Result<Chat::Seen> room = chat.see(user, message.room);
            known->second = room && room->rights.has(Right::history);
        }
        return !known->second;
    });
    return out;
}

Result<SearchHits> search_everywhere(
    Changes& changes, const AdminCall& call, const SearchQuery& query, SearchLimits limits
) {
    if (!call.person.has(AdminRole::compliance_officer))
        return fail_as(
            "role-missing",
            Errc::denied,
            "to search in the rooms of others is for compliance officers",
            "ask somebody with the role compliance-officer, or search in your own rooms",
            "everywhere"
        );
    Chat& chat = changes.chat();
    // What cannot be searched for is nothing to be audited.
    const Result<Plan> wanted = plan(chat, query, rooms_of_all(chat, query.rooms));
    if (!wanted)
        return pass(wanted.error());
    // Every page by itself: a cursor can be made by hand.
    Result<void> audited =
        changes.run("auditing a search", call.actor, [&](Change& change) -> Result<void> {
            AuditText text;
            text.text("text", {}, query.text);
            if (query.from)
                text.text("from", {}, *query.from);
            if (!query.rooms.empty())
                text.text("rooms", {}, fmt::format("{}", fmt::join(query.rooms, ", ")));
            change.audit("searched", audit_object_message, 0, "", text.before(), text.after());
            return {};
        });
    if (!audited)
        return pass(std::move(audited).error());
    return find(chat, call.person.id, *wanted, limits);
}

}  // namespace pchat
