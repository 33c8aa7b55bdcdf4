// SPDX-License-Identifier: Apache-2.0
// Searching without a WebSocket.
#include "base/unicode.h"
#include "server/api/admin_request.h"
#include "server/api/routes.h"
#include "server/api/wire_names.h"
#include "server/service/search.h"
#include "server/wire/json_text.h"

#include <fmt/format.h>

#include <utility>

namespace pchat::api {
namespace {

constexpr std::size_t longest_text = 1000;  // code points, as on the WebSocket

std::optional<std::string> value_of(const Call& call, std::string_view name) {
    const auto found = call.query.find(name);
    return found == call.query.end() ? std::nullopt : std::optional{found->second};
}

tl::unexpected<Error> bad_value(std::string message, std::string hint, std::string_view field) {
    return fail_as("bad-value", Errc::invalid, std::move(message), std::move(hint), field);
}

Result<SearchQuery> query_of(const Call& call) {
    SearchQuery out;
    out.text = value_of(call, "text").value_or("");
    if (out.text.empty())
        return bad_value("'text' is missing", "say what to search for: ?text=...", "text");
    if (count_code_points(out.text) > longest_text)
        return fail_as(
            "too-long",
            Errc::invalid,
            fmt::format("text may have up to {} characters", longest_text),
            {},
            "text"
        );
    const auto [first, last] = call.query.equal_range("room");
    for (auto room = first; room != last; ++room)
        out.rooms.push_back(room->second);
    out.from = value_of(call, "from");
    const auto from_time = time_of(call, "from_time");
    const auto to_time = time_of(call, "to_time");
    const auto match = choice_of(call, "match", {"all", "any", "exact"});
    const auto match_case = flag_of(call, "case");
    const auto limit = call.limit(100, call.services.chat.facts().search_limit);
    for (const Error* problem :
         {from_time ? nullptr : &from_time.error(),
          to_time ? nullptr : &to_time.error(),
          match ? nullptr : &match.error(),
          match_case ? nullptr : &match_case.error(),
          limit ? nullptr : &limit.error()})
        if (problem != nullptr)
            return pass(*problem);
    out.from_time = *from_time;
    out.to_time = *to_time;
    if (out.from_time && out.to_time && *out.from_time > *out.to_time)
        return bad_value("'to_time' is before 'from_time'", "swap them", "to_time");
    out.match = static_cast<SearchMatch>(match->value_or(0));
    out.match_case = match_case->value_or(false);
    out.limit = *limit;
    out.cursor = call.cursor();
    return out;
}

Result<net::HttpResponse> search_messages(Call& call) {
    Chat& chat = call.services.chat;
    const Result<SearchQuery> query = query_of(call);
    if (!query)
        return pass(query.error());
    const auto everywhere = flag_of(call, "everywhere");
    if (!everywhere)
        return pass(everywhere.error());
    Result<SearchHits> hits = SearchHits{};
    if (everywhere->value_or(false)) {
        const Result<AdminCall> officer = admin_call(call);
        if (!officer)
            return pass(officer.error());
        hits = search_everywhere(call.services.changes, *officer, *query);
    } else {
        hits = search(chat, call.person.id, *query);
    }
    if (!hits)
        return pass(hits.error());
    std::string body = "{";
    chat.directory().read([&](const DirectoryState& state) {
        wire::FieldWriter out{body};
        out.list("messages", hits->messages, [&](std::string& text, const Message& message) {
            const KnownRoom* room = state.room(message.room);
            text += '{';
            wire::FieldWriter{text}
                .text("room", room == nullptr ? std::string{} : room->room.uuid)
                .text("room_name", room == nullptr ? std::string{} : room->room.name)
                .fields(message_text(state, message));
            text += '}';
        });
        if (hits->cursor)
            out.text("cursor", *hits->cursor);
        return 0;
    });
    return json_response(200, body + "}");
}

}  // namespace

void add_search_routes(std::vector<Route>& table) {
    table.push_back({"GET", "/v1/search", Gate::signed_in, search_messages});
}

}  // namespace pchat::api
