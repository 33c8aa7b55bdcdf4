// SPDX-License-Identifier: Apache-2.0
#include "server/service/presence_teller.h"

#include "server/service/forget_presence.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace pchat {
namespace {

using namespace std::chrono_literals;

// Whoever was away for a moment does not make everybody tell everything anew.
constexpr std::chrono::microseconds patience = 60s;
// Of one call: then the next one goes on.
constexpr std::chrono::milliseconds turn = 200ms;
constexpr std::int64_t ids_at_once = 500;
constexpr std::size_t longest_address = 64;

RoomVisits& visits_of(PresenceNews& news, RoomId room) {
    if (news.rooms.empty() || news.rooms.back().room != room)
        news.rooms.push_back({room, {}, {}});
    return news.rooms.back();
}

}  // namespace

void PresenceTeller::called(const Roll& roll) {
    const ServerId self = chat_.facts().life.server;
    const bool others =
        std::any_of(roll.servers.begin(), roll.servers.end(), [&](const Server& server) {
            return server.id != self && is_living(server, roll.now);
        });
    if (others) {
        alone_since_ = 0;
        wanted_ = true;
    } else if (alone_since_ == 0) {
        alone_since_ = roll.now;
    } else if (roll.now - alone_since_ > patience.count()) {
        wanted_ = false;
    }
}

Result<void> PresenceTeller::tell() {
    if (!wanted_ && telling_)
        fall_silent();
    if (!wanted_ && !left_something_)
        return {};
    const auto until = std::chrono::steady_clock::now() + turn;
    while (!telling_) {
        const Result<bool> all = left_something_
                                     ? forget_presence(chat_.content(), chat_.facts().life, portion)
                                     : Result<bool>{true};
        if (!all)
            return pass(all.error());
        left_something_ = !*all;
        if (!left_something_ && !wanted_)
            return {};
        if (!left_something_)
            begin();
        else if (std::chrono::steady_clock::now() > until)
            return {};
    }
    gather();
    while (owes_begin_ || !pending_.empty() || !pending_sessions_.empty()) {
        if (Result<void> told = tell_portion(); !told)
            return told;
        if (std::chrono::steady_clock::now() > until)
            break;
    }
    return {};
}

Result<void> PresenceTeller::end() {
    const bool told = std::exchange(telling_, false);
    fall_silent();
    if (!told)
        return {};
    const auto until = std::chrono::steady_clock::now() + 5s;
    while (left_something_ && std::chrono::steady_clock::now() < until) {
        const Result<bool> all = forget_presence(chat_.content(), chat_.facts().life, portion);
        if (!all)
            return pass(all.error());
        left_something_ = !*all;
    }
    Portion nobody;
    nobody.news.begins = true;
    LogNews logged;
    Result<void> written = write(nobody, logged);
    if (written)
        chat_.announce(logged);
    return written;
}

// What happens from the first line on is noted, and what was before is found.
void PresenceTeller::begin() {
    chat_.book().note_visits(true);
    sessions_.note_sessions(true);
    for (const RoomBook::Visit& visit : chat_.book().everybody())
        pending_.emplace(visit, false);
    for (const OpenSession& session : sessions_.all_open())
        note(session, true);
    telling_ = true;
    owes_begin_ = true;
    left_something_ = true;
}

void PresenceTeller::fall_silent() {
    chat_.book().note_visits(false);
    sessions_.note_sessions(false);
    telling_ = false;
    pending_.clear();
    told_.clear();
    pending_sessions_.clear();
    told_sessions_.clear();
    count_untold();
}

void PresenceTeller::gather() {
    for (const RoomBook::Visit& visit : chat_.book().take_noted())
        pending_.emplace(visit, false);
    for (const OpenSessions::Turn& one : sessions_.take_noted())
        note(one.session, one.open);
    count_untold();
}

void PresenceTeller::count_untold() {
    untold_count_ = pending_.size() + pending_sessions_.size();
}

void PresenceTeller::note(const OpenSession& session, bool open) {
    const auto [pending, first] = pending_sessions_.try_emplace(session.uuid);
    if (first)
        if (const auto told = told_sessions_.find(session.uuid); told != told_sessions_.end())
            pending->second.id = told->second;
    if (open)
        pending->second.open = session;
    else
        pending->second.open.reset();
}

Result<void> PresenceTeller::tell_portion() {
    Portion next;
    next.news.begins = owes_begin_;
    add_visits(next);
    if (Result<void> added = add_sessions(next); !added)
        return added;
    const bool writes = !next.news.empty() || !next.connects.empty() || !next.disconnects.empty();
    if (writes) {
        LogNews logged;
        Result<void> written = write(next, logged);
        if (!written && written.error().code == Errc::unknown_outcome) {
            for (const RoomBook::Visit& visit : next.visits)
                pending_[visit] = true;
            for (const std::string& session : next.sessions)
                pending_sessions_[session].uncertain = true;
        }
        if (!written)
            return written;
        chat_.announce(logged);
        owes_begin_ = false;
    }
    settle(next);
    return {};
}

bool PresenceTeller::was_told(const RoomBook::Visit& visit) const {
    const auto room = told_.find(visit.room);
    return room != told_.end() &&
           std::binary_search(room->second.begin(), room->second.end(), visit.user);
}

void PresenceTeller::add_visits(Portion& out) {
    const Life life = chat_.facts().life;
    const Microseconds now = chat_.clock().now();
    for (const auto& [visit, uncertain] : pending_) {
        if (out.joins.size() + out.parts.size() >= portion)
            return;
        out.visits.push_back(visit);
        const bool here = chat_.book().is_here(visit.room, visit.user);
        if (!uncertain && here == was_told(visit))
            continue;
        RoomVisits& told = visits_of(out.news, visit.room);
        (here ? told.joined : told.left).push_back(visit.user);
        (here ? out.joins : out.parts)
            .push_back({visit.room, visit.user, life.server, life.epoch, now});
    }
}

Result<void> PresenceTeller::add_sessions(Portion& out) {
    const Life life = chat_.facts().life;
    for (auto& [uuid, pending] : pending_sessions_) {
        if (out.connects.size() + out.disconnects.size() >= portion)
            return {};
        out.sessions.push_back(uuid);
        const bool has_row = told_sessions_.contains(uuid);
        if (!pending.uncertain && pending.open.has_value() == has_row)
            continue;
        // A row that may be there goes first, whatever comes after it.
        if (pending.id && (pending.uncertain || !pending.open))
            out.disconnects.push_back(pending.id);
        if (!pending.open)
            continue;
        if (!pending.id) {
            const Result<SessionId> id = take_id();
            if (!id)
                return pass(id.error());
            pending.id = *id;
        }
        Connection& row = out.connects.emplace_back();
        row.id = pending.id;
        row.uuid = uuid;
        row.server = life.server;
        row.epoch = life.epoch;
        row.user = pending.open->user;
        row.token = pending.open->token;
        row.address = pending.open->address.substr(0, longest_address);
        row.connected_at = pending.open->connected_at;
    }
    return {};
}

/// In a transaction of its own: numbers of one that failed would be given to others.
Result<SessionId> PresenceTeller::take_id() {
    if (next_id_ > last_id_) {
        Result<void> taken = chat_.content().write(
            "numbering sessions",
            [&](ContentTransaction& tx) -> Result<void> {
                const auto first = tx.registry().take_ids(IdKind::session, ids_at_once);
                if (!first)
                    return pass(first.error());
                next_id_ = *first;
                return {};
            }
        );
        if (!taken)
            return pass(std::move(taken).error());
        last_id_ = next_id_ + ids_at_once - 1;
    }
    return SessionId{next_id_++};
}

// The log comes last: it locks the row of this server, for which messages wait.
Result<void> PresenceTeller::write(const Portion& what, LogNews& logged) {
    const Life life = chat_.facts().life;
    return chat_.content().write(
        "telling who is here",
        [&](ContentTransaction& tx) -> Result<void> {
            if (Result<void> done = tx.presence().part(what.parts); !done)
                return done;
            if (Result<void> done = tx.presence().join(what.joins); !done)
                return done;
            if (Result<void> done = tx.presence().disconnect(what.disconnects); !done)
                return done;
            if (Result<void> done = tx.presence().connect(what.connects); !done)
                return done;
            const Result<Server> self = tx.registry().advance(life.server, life.epoch, 0);
            if (!self)
                return pass(self.error());
            logged = {self->log_n, {{}, {}, what.news}};
            return tx.log().append(
                {life.server, self->log_n, chat_.clock().now(), log_commit, log_text(logged.body)}
            );
        }
    );
}

void PresenceTeller::settle(const Portion& what) {
    for (const RoomVisits& one : what.news.rooms) {
        std::vector<PrincipalId>& users = told_[one.room];
        for (const PrincipalId user : one.left)
            if (const auto at = std::lower_bound(users.begin(), users.end(), user);
                at != users.end() && *at == user)
                users.erase(at);
        for (const PrincipalId user : one.joined)
            if (const auto at = std::lower_bound(users.begin(), users.end(), user);
                at == users.end() || *at != user)
                users.insert(at, user);
        if (users.empty())
            told_.erase(one.room);
    }
    for (const RoomBook::Visit& visit : what.visits)
        pending_.erase(visit);
    for (const std::string& uuid : what.sessions) {
        const auto pending = pending_sessions_.find(uuid);
        if (pending->second.open)
            told_sessions_.insert_or_assign(uuid, pending->second.id);
        else
            told_sessions_.erase(uuid);
        pending_sessions_.erase(pending);
    }
    told_count_ +=
        what.joins.size() + what.parts.size() + what.connects.size() + what.disconnects.size();
    count_untold();
}

}  // namespace pchat
