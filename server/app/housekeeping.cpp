// SPDX-License-Identifier: Apache-2.0
#include "server/app/housekeeping.h"

#include "base/log.h"
#include "server/service/fetch.h"
#include "server/service/pool_admin.h"
#include "server/service/roll.h"

#include <algorithm>
#include <map>
#include <vector>

namespace pchat::app {
namespace {

using namespace std::chrono_literals;

constexpr int portion = 500;
// For each kind of things: all of them together stay below the lease.
constexpr std::chrono::seconds longest_turn{5};

Microseconds ago(const Clock& clock, std::chrono::microseconds age) {
    return clock.now() - age.count();
}

Result<void> without_count(const Result<std::int64_t>& count) {
    return count ? Result<void>{} : Result<void>{pass(count.error())};
}

}  // namespace

Result<void> Housekeeping::announce() {
    const Life life = chat_.facts().life;
    return chat_.content().write(
        "announcing this server",
        [&](ContentTransaction& tx) -> Result<void> {
            if (Result<void> told = tx.registry().announce(
                    life.server, life.epoch, write_addresses({chat_.facts().url})
                );
                !told)
                return told;
            const Result<Roll> roll = read_roll(tx);
            if (!roll)
                return pass(roll.error());
            chat_.pool().take(roll->servers, roll->now);
            return {};
        }
    );
}

Result<void> Housekeeping::heartbeat() {
    const Life life = chat_.facts().life;
    Heartbeat beat;
    beat.id = life.server;
    beat.epoch = life.epoch;
    if (departing_) {
        beat.load_permille = 1000;
    } else {
        beat.session_count = static_cast<std::int64_t>(hub_.sessions());
        beat.load_permille =
            beat.session_count * 1000 / std::max<std::int64_t>(hub_.most_sessions(), 1);
    }
    beat.lifetime = lifetime_.count();
    const std::string figures = figures_ ? figures_() : std::string{};
    return chat_.content().write("sending a heartbeat", [&](ContentTransaction& tx) {
        Result<void> alive = tx.registry().heartbeat(beat);
        if (!alive || figures.empty())
            return alive;
        return tx.registry().put_fact(figures_fact(life.server), figures);
    });
}

Result<void> Housekeeping::depart() {
    departing_ = true;
    return heartbeat();
}

void Housekeeping::sign_off() {
    // At once: where the database does not answer, each question more is seconds more.
    const Result<void> done =
        chat_.content().write("leaving the registry", [&](ContentTransaction& tx) -> Result<void> {
            if (cleans_)
                if (Result<void> gone = cleaning_.let_go(tx); !gone)
                    return gone;
            const Life life = chat_.facts().life;
            return tx.registry().leave(life.server, life.epoch);
        });
    cleans_ = false;
    if (!done)
        log::warning(
            "the registry does not know that this server has ended: {}", done.error().message
        );
}

Result<void> Housekeeping::clean_up() {
    if (Result<void> trimmed = trim_log(); !trimmed)
        return trimmed;
    const Result<bool> ours = cleaning_.take();
    if (!ours)
        return pass(ours.error());
    cleans_ = *ours;
    if (!cleans_)
        return {};
    using Chore = Result<void> (Housekeeping::*)();
    for (const Chore chore :
         {&Housekeeping::trim_others,
          &Housekeeping::forget_keys,
          &Housekeeping::forget_tokens,
          &Housekeeping::erase_transit,
          &Housekeeping::erase_cleared,
          &Housekeeping::purge_rooms,
          &Housekeeping::forget_purges})
        if (Result<void> done = (this->*chore)(); !done)
            return done;
    return {};
}

Result<void> Housekeeping::forget_keys() {
    return in_portions("forgetting old keys", [&](ContentTransaction& tx) {
        return tx.messages().forget_keys(ago(chat_.clock(), 25h), portion);
    });
}

/// Tickets live for seconds and are many.
Result<void> Housekeeping::forget_tokens() {
    Result<void> done = in_portions("forgetting used tickets", [&](ContentTransaction& tx) {
        return tx.tokens().forget_tickets(ago(chat_.clock(), 1min), portion);
    });
    if (!done)
        return done;
    return in_portions("forgetting expired tokens", [&](ContentTransaction& tx) {
        return tx.tokens().forget_expired(ago(chat_.clock(), 24h), portion);
    });
}

/// Whether a kind of things has time left whose turn began then.
bool Housekeeping::has_time(std::chrono::steady_clock::time_point begun) const {
    return !stopping_ && chat_.clock().steady() - begun < longest_turn;
}

/// Until it does less than a portion: what comes faster than it goes would stay for ever.
Result<void> Housekeeping::in_time(const Step& step) {
    const auto begun = chat_.clock().steady();
    while (has_time(begun)) {
        const Result<std::int64_t> count = step();
        if (!count)
            return pass(count.error());
        if (*count < portion)
            return {};
    }
    return {};
}

Result<void> Housekeeping::in_portions(std::string_view doing, const Erase& erase) {
    return in_time([&]() -> Result<std::int64_t> {
        std::int64_t erased = 0;
        Result<void> done = chat_.content().write(doing, [&](ContentTransaction& tx) {
            const Result<std::int64_t> count = erase(tx);
            erased = count ? *count : 0;
            return without_count(count);
        });
        if (!done)
            return pass(std::move(done).error());
        return erased;
    });
}

Result<void> Housekeeping::forget_purges() {
    return in_portions("forgetting what rooms lost", [&](ContentTransaction& tx) {
        return tx.purges().forget(ago(chat_.clock(), 30 * 24h), portion);
    });
}

Result<void> Housekeeping::erase_transit() {
    return in_time([&] { return erase_transit_portion(); });
}

Result<std::int64_t> Housekeeping::erase_transit_portion() {
    std::int64_t found = 0;
    Touched erased;
    LogNews logged;
    Result<void> done = chat_.content().write(
        "erasing messages without history",
        [&](ContentTransaction& tx) -> Result<void> {
            erased = {};
            const auto old = tx.messages().in_transit(ago(chat_.clock(), 10min), portion);
            if (!old)
                return pass(old.error());
            found = static_cast<std::int64_t>(old->size());
            std::map<RoomId, std::int64_t> ends;
            for (const Message& message : *old)
                ends[message.room] = std::max(ends[message.room], message.seq);
            for (const auto& [room, last] : ends) {
                const Result<std::int64_t> first = erase_transit(tx.messages(), room, last);
                if (!first)
                    return pass(first.error());
                erased.expired.push_back({room, last, *first});
            }
            return erased.empty() ? Result<void>{} : note(tx, erased, logged);
        }
    );
    if (!done)
        return pass(std::move(done).error());
    if (erased.empty())
        return found;
    chat_.announce(logged);
    for (const Expiry& one : erased.expired)
        chat_.book().expired(one.room, one.last, one.first);
    return found;
}

/// For the other servers, who remember the messages too.
Result<void> Housekeeping::note(ContentTransaction& tx, const Touched& touched, LogNews& logged) {
    const Life life = chat_.facts().life;
    const Result<pchat::Server> self = tx.registry().advance(life.server, life.epoch, 0);
    if (!self)
        return pass(self.error());
    logged = {self->log_n, {{}, touched}};
    return tx.log().append(
        {life.server, self->log_n, chat_.clock().now(), log_commit, log_text(logged.body)}
    );
}

/// The first message of the room that is still there. What was kept from before its category
/// changed stays, wherever it stands.
Result<std::int64_t> Housekeeping::erase_transit(
    MessageStore& store, RoomId room, std::int64_t last
) {
    if (const auto erased = store.erase_transit(room, last); !erased)
        return pass(erased.error());
    const auto head = store.head(room);
    if (!head)
        return pass(head.error());
    if (!*head)
        return std::int64_t{1};
    const auto next = store.after(room, (*head)->first_seq - 1, 1);
    if (!next)
        return pass(next.error());
    const std::int64_t first = next->empty() ? (*head)->last_seq + 1 : next->front().seq;
    if (first > (*head)->first_seq)
        if (Result<void> raised = store.raise_first(room, first); !raised)
            return pass(std::move(raised).error());
    return first;
}

Result<void> Housekeeping::erase_cleared() {
    std::map<RoomId, std::int64_t> ends;
    Result<void> looked =
        chat_.content().read("looking for cleared rooms", [&](ContentTransaction& tx) {
            ends.clear();
            return tx.messages().each_head([&](const RoomHead& head) {
                const auto known = erased_.find(head.room);
                if (head.first_seq > (known == erased_.end() ? 1 : known->second))
                    ends.emplace(head.room, head.first_seq);
                return Result<void>{};
            });
        });
    if (!looked)
        return looked;
    const auto begun = chat_.clock().steady();
    for (const auto& [room, end] : ends) {
        std::int64_t erased = portion;
        while (erased == portion) {
            if (!has_time(begun))
                return {};  // more of it next time
            Result<void> done = chat_.content().write(
                "erasing what was cleared",
                [&, room = room, end = end](ContentTransaction& tx) {
                    const auto count = tx.messages().erase(room, end, portion);
                    erased = count ? *count : 0;
                    return without_count(count);
                }
            );
            if (!done)
                return done;
        }
        erased_.insert_or_assign(room, end);
    }
    return {};
}

Result<void> Housekeeping::purge_rooms() {
    return in_portions("erasing removed rooms", [](ContentTransaction& tx) -> Result<std::int64_t> {
        const auto rooms = tx.rooms().removed(1);
        if (!rooms)
            return pass(rooms.error());
        if (rooms->empty())
            return 0;
        const RoomId room = rooms->front();
        const auto head = tx.messages().head(room);
        if (!head)
            return pass(head.error());
        const std::int64_t end = *head ? (*head)->last_seq + 1 : 1;
        const auto erased = tx.messages().erase(room, end, portion);
        if (!erased)
            return pass(erased.error());
        if (*erased < portion)
            if (Result<void> purged = tx.rooms().purge(room); !purged)
                return pass(std::move(purged).error());
        return portion;  // of this room or the next one
    });
}

Result<void> Housekeeping::trim_log() {
    return trim(chat_.facts().life.server);
}

/// The logs of servers that do not do it themselves.
Result<void> Housekeeping::trim_others() {
    const Result<Roll> roll = fetch(chat_.content(), "looking at the pool", read_roll);
    if (!roll)
        return pass(roll.error());
    for (const pchat::Server& one : roll->servers)
        if (one.id != chat_.facts().life.server && !is_living(one, roll->now))
            if (Result<void> done = trim(one.id); !done)
                return done;
    return {};
}

Result<void> Housekeeping::trim(ServerId server) {
    return in_portions("trimming the origin log", [&](ContentTransaction& tx) {
        return tx.log().trim(server, ago(chat_.clock(), 1h), portion);
    });
}

}  // namespace pchat::app
