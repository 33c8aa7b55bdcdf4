// SPDX-License-Identifier: Apache-2.0
// Searching, and watching for keywords.
#include "server/api/hub.h"
#include "server/api/session_away.h"
#include "server/api/wire_names.h"
#include "server/service/search.h"

#include <utility>

namespace pchat::api {
namespace {

SearchMatch domain_match(wire::Search::Match match) {
    switch (match) {
    case wire::Search::Match::all:
        return SearchMatch::all;
    case wire::Search::Match::any:
        return SearchMatch::any;
    case wire::Search::Match::exact:
        return SearchMatch::exact;
    }
    return SearchMatch::all;
}

SearchQuery query_of(wire::Search& request) {
    SearchQuery out;
    out.text = std::move(request.text);
    out.rooms = std::move(request.rooms);
    out.from = std::move(request.from);
    out.from_time = request.from_time;
    out.to_time = request.to_time;
    out.match = domain_match(request.match);
    out.match_case = request.match_case;
    out.limit = request.limit;
    out.cursor = std::move(request.cursor);
    return out;
}

}  // namespace

void ChatSession::on(const std::string& id, wire::Search& request) {
    Chat& chat = shard_.chat();
    away<wire::SearchReply>(
        id,
        [&chat, user = identity_.user, query = query_of(request)]() -> Result<wire::SearchReply> {
            Result<SearchHits> hits = search(chat, user, query);
            if (!hits)
                return pass(std::move(hits).error());
            wire::SearchReply out;
            chat.directory().read([&](const DirectoryState& state) {
                for (const Message& message : hits->messages)
                    if (const KnownRoom* room = state.room(message.room))
                        out.messages.push_back(
                            {room->room.uuid,
                             std::make_shared<const std::string>(message_text(state, message))}
                        );
                return 0;
            });
            out.cursor = std::move(hits->cursor);
            return out;
        },
        [id](ChatSession& self, wire::SearchReply found) {
            self.answer(id, wire::reply(id, found));
        }
    );
}

void ChatSession::on(const std::string& id, wire::Watch& request) {
    Chat& chat = shard_.chat();
    away<wire::Done>(
        id,
        [&chat,
         &watches = shard_.hub().watches(),
         user = identity_.user,
         keywords = std::move(request.keywords)]() -> Result<wire::Done> {
            if (Result<void> kept = watches.watch(chat, user, keywords); !kept)
                return pass(std::move(kept).error());
            return wire::Done{};
        },
        [id](ChatSession& self, wire::Done done) { self.answer(id, wire::reply(id, done)); }
    );
}

}  // namespace pchat::api
