// SPDX-License-Identifier: Apache-2.0
// Who is connected here, for lists.
#include "server/api/chat_session.h"
#include "server/api/hub.h"

#include <algorithm>
#include <utility>

namespace pchat::api {
namespace {

using List = Guarded<std::vector<SessionFacts>>;
/// The place of a session that lives as long as its thread does nothing else.
using Placed = std::pair<std::pair<Microseconds, std::string_view>, const ChatSession*>;

void append(List& list, std::vector<SessionFacts> more) {
    list.with([&](auto& all) {
        all.insert(
            all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end())
        );
    });
}

std::vector<SessionFacts> take(List& list) {
    return list.with([](auto& all) { return std::move(all); });
}

}  // namespace

std::vector<SessionFacts> Hub::list() {
    List out;
    everywhere([&](Shard& shard) {
        std::vector<SessionFacts> here;
        shard.each([&](ChatSession& session) {
            if (session.is_signed_in())
                here.push_back(session.facts());
        });
        append(out, std::move(here));
    });
    return take(out);
}

// Each thread looks at all of its sessions, and writes down those alone that may be wanted.
std::vector<SessionFacts> Hub::list(const SessionPlace& after, std::size_t limit) {
    List out;
    const Placed::first_type begin{after.connected_at, after.uuid};
    everywhere([&](Shard& shard) {
        std::vector<Placed> behind;
        shard.each([&](ChatSession& session) {
            const Placed::first_type place{session.connected_at(), session.uuid()};
            if (session.is_signed_in() && place > begin)
                behind.emplace_back(place, &session);
        });
        const auto end =
            behind.begin() + static_cast<std::ptrdiff_t>(std::min(limit, behind.size()));
        std::nth_element(behind.begin(), end, behind.end());
        std::vector<SessionFacts> here;
        std::transform(behind.begin(), end, std::back_inserter(here), [](const Placed& one) {
            return one.second->facts();
        });
        append(out, std::move(here));
    });
    return take(out);
}

std::vector<SessionFacts> Hub::list(PrincipalId user) {
    List out;
    everywhere([&](Shard& shard) {
        std::vector<SessionFacts> here;
        shard.each_of(user, [&](const ChatSession& session) { here.push_back(session.facts()); });
        append(out, std::move(here));
    });
    return take(out);
}

}  // namespace pchat::api
