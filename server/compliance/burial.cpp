// SPDX-License-Identifier: Apache-2.0
#include "server/compliance/burial.h"

#include "base/log.h"
#include "server/compliance/former_sessions.h"
#include "server/service/buried.h"
#include "server/service/fetch.h"
#include "server/service/forget_presence.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat {
namespace {

constexpr std::chrono::microseconds lease_time = std::chrono::seconds{60};
constexpr std::size_t portion = 2'000;

/// The fact that holds the life up to which compliance has heard of everybody's leaving: a server
/// without compliance puts away the rest.
std::string visits_mark_of(ServerId server) {
    return fmt::format("buried_visits_{}", server.value);
}

}  // namespace

Burial::Burial(
    ContentDatabase& content,
    ArchiveDatabase* archive,
    Life life,
    const std::string& server_name,
    const Clock& clock,
    std::chrono::microseconds grace
)
    : content_(content), archive_(archive), self_(life.server), clock_(clock), grace_(grace),
      lease_(content, "burial", life, server_name, lease_time) {}

void Burial::called(const Roll& roll) {
    lost_.with([&](auto& lost) {
        for (const Server& server : roll.servers) {
            if (server.id == self_ || is_living(server, roll.now)) {
                lost.erase(server.id);
                continue;
            }
            Lost& one = lost[server.id];
            if (one.epoch != server.epoch || one.heartbeat_at != server.heartbeat_at)
                one = {server.epoch, server.heartbeat_at, server.fqdn, roll.now, false};
            one.due = roll.now - one.since >= grace_.count();
        }
    });
}

Result<void> Burial::bury() {
    const std::map<ServerId, Lost> lost = lost_.with([](const auto& all) { return all; });
    for (const auto& [id, one] : lost) {
        if (stopping_)
            return {};
        if (!one.due || buried_[id] == one.epoch)
            continue;
        const Result<bool> known = is_done(id, one);
        if (!known)
            return pass(known.error());
        if (*known) {
            buried_[id] = one.epoch;
            continue;
        }
        const Result<bool> ours = lease_.take();
        if (!ours)
            return pass(ours.error());
        leads_ = *ours;
        if (!leads_)
            return {};  // another server does it
        const Result<bool> done = bury(id, one);
        if (!done)
            return pass(done.error());
        if (!*done)
            continue;
        buried_[id] = one.epoch;
        ++count_;
    }
    if (std::exchange(leads_, false))
        lease_.let_go();
    return {};
}

void Burial::let_go() {
    if (std::exchange(leads_, false))
        lease_.let_go();
}

Result<bool> Burial::is_done(ServerId id, const Lost& lost) {
    return fetch(content_, "reading a fact", [&](ContentTransaction& tx) -> Result<bool> {
        const Result<bool> rest = says_life(tx, buried_fact(id), lost.epoch);
        if (!rest || !*rest || archive_ == nullptr)
            return rest;
        return says_life(tx, visits_mark_of(id), lost.epoch);
    });
}

Result<bool> Burial::go_on() {
    if (stopping_)
        return false;
    const Result<bool> ours = lease_.take();
    if (ours)
        leads_ = *ours;
    return ours;
}

Result<bool> Burial::bury(ServerId id, const Lost& lost) {
    if (const Result<bool> fenced = fence(id, lost); !fenced || !*fenced)
        return fenced;
    const Life after{id, lost.epoch + 1};
    if (const Result<bool> ended = end_visits(lost, after); !ended || !*ended) {
        if (!ended && ended.error().reason == server_replaced)
            return false;
        return ended;
    }
    if (const Result<bool> forgotten = forget(after); !forgotten || !*forgotten)
        return forgotten;
    if (Result<void> noted = note(after); !noted)
        return pass(std::move(noted).error());
    return true;
}

Result<bool> Burial::forget(Life after) {
    for (;;) {
        const Result<bool> all = forget_presence(content_, after, portion);
        if (!all || *all)
            return all;
        if (const Result<bool> more = go_on(); !more || !*more)
            return more;
    }
}

Result<void> Burial::note(Life after) {
    return content_.write(
        "noting that a server is buried",
        [&](ContentTransaction& tx) -> Result<void> {
            const std::string epoch = fmt::format("{}", after.epoch);
            if (archive_ != nullptr)
                if (Result<void> noted =
                        tx.registry().put_fact(visits_mark_of(after.server), epoch);
                    !noted)
                    return noted;
            return tx.registry().put_fact(buried_fact(after.server), epoch);
        }
    );
}

/// Only a life that is lost still; its heart may have beaten since we looked.
Result<bool> Burial::fence(ServerId id, const Lost& lost) {
    bool out = false;
    Result<void> done = content_.write(
        "fencing a server that was lost",
        [&](ContentTransaction& tx) -> Result<void> {
            out = false;
            const Result<Roll> roll = read_roll(tx);
            if (!roll)
                return pass(roll.error());
            const auto& servers = roll->servers;
            const bool still =
                std::any_of(servers.begin(), servers.end(), [&](const Server& server) {
                    return server.id == id && server.epoch == lost.epoch &&
                           server.heartbeat_at == lost.heartbeat_at &&
                           !is_living(server, roll->now);
                });
            if (!still)
                return {};
            const Result<bool> fenced = tx.registry().fence(id, lost.epoch);
            if (!fenced)
                return pass(fenced.error());
            out = *fenced;
            return {};
        }
    );
    if (!done)
        return pass(std::move(done).error());
    return out;
}

/// False: the rest is for whoever has the lease next.
Result<bool> Burial::end_visits(const Lost& lost, Life after) {
    if (archive_ == nullptr)
        return true;
    const Result<FormerSessions> former =
        end_former_sessions(content_, *archive_, after, clock_, [this] { return go_on(); });
    if (!former)
        return pass(former.error());
    if (former->ended > 0)
        log::warning("server {} was lost: {} visits were ended for it", lost.fqdn, former->ended);
    return former->all;
}

}  // namespace pchat
