// SPDX-License-Identifier: Apache-2.0
#include "server/wire/request.h"

#include "base/suggest.h"
#include "base/unicode.h"
#include "server/wire/object_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pchat::wire {
namespace {

constexpr TextRule room_rule{1, 256};
constexpr TextRule cursor_rule{1, 512};

std::optional<std::string> owned(std::optional<std::string_view> text) {
    return text ? std::optional<std::string>{*text} : std::nullopt;
}

std::string room_of(ObjectReader& in) {
    return std::string{in.required_text("room", room_rule)};
}

int limit_of(ObjectReader& in, int fallback, int most) {
    return static_cast<int>(in.optional_int("limit", {1, most}).value_or(std::min(fallback, most)));
}

RequestBody read_auth(ObjectReader& in, const RequestLimits& /*limits*/) {
    constexpr TextRule rule{1, 1024};
    Auth auth;
    if (in.has("token") && in.has("ticket"))
        in.refuse(
            "ticket",
            "bad-request",
            Errc::usage,
            "'token' and 'ticket' exclude each other",
            "send the one to sign in with"
        );
    auth.by = in.has("ticket") ? Auth::By::ticket : Auth::By::token;
    const std::string_view name = auth.by == Auth::By::ticket ? "ticket" : "token";
    auth.secret = Secret{std::string{in.required_text(name, rule)}};
    return auth;
}

JoinRoom read_join_room(ObjectReader& in) {
    JoinRoom room;
    room.room = room_of(in);
    room.since = in.optional_int("since");
    room.since_rev = in.optional_int("since_rev");
    return room;
}

RequestBody read_join(ObjectReader& in, const RequestLimits& /*limits*/) {
    constexpr std::size_t most_rooms = 200;
    Join join;
    if (const auto history = in.optional_int("history", {0, 500}))
        join.history = static_cast<int>(*history);
    join.several = in.has("rooms");
    if (!join.several) {
        join.rooms.push_back(read_join_room(in));
        return join;
    }
    if (in.has("room"))
        in.refuse(
            "rooms",
            "bad-request",
            Errc::usage,
            "'room' and 'rooms' exclude each other",
            "put every room into 'rooms'"
        );
    for (ObjectReader& item : in.objects("rooms", most_rooms)) {
        join.rooms.push_back(read_join_room(item));
        in.adopt("rooms", item);
    }
    if (join.rooms.empty())
        in.refuse("rooms", "bad-value", Errc::invalid, "'rooms' is empty", "name one at least");
    return join;
}

RequestBody read_leave(ObjectReader& in, const RequestLimits& /*limits*/) {
    return Leave{room_of(in)};
}

RequestBody read_send(ObjectReader& in, const RequestLimits& limits) {
    Send send;
    send.room = room_of(in);
    send.key = in.required_text("key", {1, 64});
    send.content = read_content(in, limits);
    return send;
}

RequestBody read_history(ObjectReader& in, const RequestLimits& /*limits*/) {
    History history;
    history.room = room_of(in);
    history.before = in.optional_int("before", {1});
    history.after = in.optional_int("after");
    if (history.before && history.after)
        in.refuse(
            "after",
            "bad-request",
            Errc::usage,
            "'before' and 'after' exclude each other",
            "page in one direction"
        );
    history.limit = limit_of(in, history.limit, 500);
    return history;
}

RequestBody read_search(ObjectReader& in, const RequestLimits& limits) {
    static const std::vector<std::string_view> matches{"all", "any", "exact"};
    Search search;
    search.text = in.required_text("text", {1, 1000});
    search.rooms = in.text_list("rooms", {200, room_rule}).value_or(std::vector<std::string>{});
    search.from = owned(in.optional_text("from", {1, 512}));
    search.from_time = in.optional_time("from_time");
    search.to_time = in.optional_time("to_time");
    if (search.from_time && search.to_time && *search.from_time > *search.to_time)
        in.refuse(
            "to_time", "bad-value", Errc::invalid, "'to_time' is before 'from_time'", "swap them"
        );
    search.match = static_cast<Search::Match>(in.optional_choice("match", matches).value_or(0));
    search.match_case = in.optional_bool("case").value_or(false);
    search.limit = limit_of(in, search.limit, limits.search);
    search.cursor = owned(in.optional_text("cursor", cursor_rule));
    return search;
}

RequestBody read_rooms(ObjectReader& in, const RequestLimits& /*limits*/) {
    Rooms rooms;
    rooms.filter = owned(in.optional_text("filter", {0, 256}));
    rooms.limit = limit_of(in, rooms.limit, 1000);
    rooms.cursor = owned(in.optional_text("cursor", cursor_rule));
    rooms.mine = in.optional_bool("mine").value_or(false);
    return rooms;
}

RequestBody read_roster(ObjectReader& in, const RequestLimits& /*limits*/) {
    return Roster{room_of(in)};
}

RequestBody read_invitations(ObjectReader& in, const RequestLimits& /*limits*/) {
    return Invitations{in.optional_int("after").value_or(0)};
}

RequestBody read_unread(ObjectReader& in, const RequestLimits& /*limits*/) {
    Unread unread;
    if (auto marks = in.number_map("marks", {1000, room_rule}))
        unread.marks = std::move(*marks);
    return unread;
}

RequestBody read_watch(ObjectReader& in, const RequestLimits& /*limits*/) {
    Watch watch;
    if (auto keywords = in.text_list("keywords", {50, {1, 64}}))
        watch.keywords = std::move(*keywords);
    else
        in.refuse(
            "keywords",
            "bad-request",
            Errc::usage,
            "'keywords' is missing",
            "an empty list ends the watch"
        );
    return watch;
}

RequestBody read_ping(ObjectReader& /*in*/, const RequestLimits& /*limits*/) {
    return Ping{};
}

struct RequestType {
    std::string_view name;
    RequestBody (*read)(ObjectReader& in, const RequestLimits& limits);
};

constexpr std::array types{
    RequestType{"send", read_send},
    RequestType{"join", read_join},
    RequestType{"leave", read_leave},
    RequestType{"history", read_history},
    RequestType{"search", read_search},
    RequestType{"rooms", read_rooms},
    RequestType{"roster", read_roster},
    RequestType{"invitations", read_invitations},
    RequestType{"unread", read_unread},
    RequestType{"watch", read_watch},
    RequestType{"ping", read_ping},
    RequestType{"auth", read_auth},
};

tl::unexpected<Error> unknown_type(std::string_view type) {
    std::vector<std::string_view> names;
    for (const RequestType& known : types)
        names.push_back(known.name);
    const auto near = nearest(type, names);
    return fail_as(
        "unknown-type",
        Errc::usage,
        fmt::format("there is no request type '{}'", printable(type)),
        near ? fmt::format("did you mean '{}'?", *near)
             : fmt::format("known are: {}", fmt::join(names, ", ")),
        "type"
    );
}

bool is_printable_ascii(char c) {
    return c >= ' ' && c <= '~';
}

// The id before all else, so that whatever is wrong behind it can be answered by its name.
std::string id_of(ObjectReader& in) {
    std::string id{in.required_text("id", {1, 64})};
    if (std::all_of(id.begin(), id.end(), is_printable_ascii))
        return id;
    in.refuse(
        "id",
        "bad-value",
        Errc::invalid,
        "'id' holds a character that is not printable ASCII",
        "a counter will do: \"1\", \"2\", ..."
    );
    return {};
}

}  // namespace

Content read_content(ObjectReader& in, const RequestLimits& limits) {
    static const std::vector<std::string_view> kinds{"text", "alert", "story"};
    static const std::vector<std::string_view> formats{"text", "rtf"};
    Content content;
    content.kind = static_cast<MessageKind>(in.optional_choice("kind", kinds).value_or(0));
    content.format = static_cast<MessageFormat>(in.optional_choice("format", formats).value_or(0));
    const bool story = content.kind == MessageKind::story;
    content.body = in.required_text("body", {1, story ? limits.story : limits.message});
    content.subject = owned(in.optional_text("subject", {1, 256}));
    if (content.subject && !story)
        in.refuse(
            "subject",
            "bad-value",
            Errc::invalid,
            "only stories have a subject",
            "leave it out, or send it as \"kind\":\"story\""
        );
    return content;
}

Result<Request> RequestReader::read(std::string_view text) {
    id_.clear();
    const auto root = document_.parse(text);
    if (!root)
        return pass(root.error());
    ObjectReader in{**root};
    id_ = id_of(in);
    const std::string_view name = in.required_text("type", {1, 32});
    if (in.problem())
        return pass(*in.problem());
    const auto* const type =
        std::find_if(types.begin(), types.end(), [&](const RequestType& known) {
            return known.name == name;
        });
    if (type == types.end())
        return unknown_type(name);
    RequestBody body = type->read(in, limits_);
    if (in.problem())
        return pass(*in.problem());
    return Request{id_, std::move(body)};
}

}  // namespace pchat::wire
