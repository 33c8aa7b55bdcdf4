// SPDX-License-Identifier: Apache-2.0
#include "server/compliance/burial.h"

#include "base/log.h"
#include "server/compliance/former_sessions.h"
#include "server/service/fetch.h"
#include "server/service/forget_presence.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat {
namespace {

constexpr std::chrono::microseconds lease_time = std::chrono::seconds{60};
constexpr std::size_t portion = 2'000;

/// The fact that holds the life up to which nothing of a server is left.
std::string mark_of(ServerId server) {
    return fmt::format("buried_{}", server.value);
}

Result<bool> is_buried(ContentTransaction& tx, ServerId id, std::int64_t epoch) {
    const auto text = tx.registry().fact(mark_of(id));
    if (!text)
        return pass(text.error());
    return *text == fmt::format("{}", epoch);
}

}  // namespace

Result<bool> is_buried(ContentTransaction& tx, const Server& server) {
    return is_buried(tx, server.id, server.epoch);
}

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
            if (one.epoch != server.epoch)
                one = {server.epoch, server.fqdn, roll.now, false};
            one.due = roll.now - one.since >= grace_.count();
        }
    });
}

Result<void> Burial::bury() {
    const std::map<ServerId, Lost> lost = lost_.with([](const auto& all) { return all; });
    for (const auto& [id, one] : lost) {
        if (!one.due || buried_[id] == one.epoch)
            continue;
        const Result<bool> buried = fetch(content_, "reading a fact", [&](ContentTransaction& tx) {
            return is_buried(tx, id, one.epoch);
        });
        if (!buried)
            return pass(buried.error());
        if (*buried) {
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

Result<bool> Burial::bury(ServerId id, const Lost& lost) {
    const Result<bool> fenced = fence(id, lost.epoch);
    if (!fenced)
        return pass(fenced.error());
    if (!*fenced)
        return false;
    const Life after{id, lost.epoch + 1};
    if (Result<void> ended = end_visits(lost, after); !ended) {
        if (ended.error().reason == server_replaced)
            return false;
        return pass(std::move(ended).error());
    }
    for (bool all = false; !all;) {
        const Result<bool> forgotten = forget_presence(content_, after, portion);
        if (!forgotten)
            return pass(forgotten.error());
        all = *forgotten;
    }
    Result<void> noted =
        content_.write("noting that a server is buried", [&](ContentTransaction& tx) {
            return tx.registry().put_fact(mark_of(id), fmt::format("{}", after.epoch));
        });
    if (!noted)
        return pass(std::move(noted).error());
    return true;
}

/// Only a life that is lost still; its heart may have beaten since we looked.
Result<bool> Burial::fence(ServerId id, std::int64_t epoch) {
    bool out = false;
    Result<void> done = content_.write(
        "fencing a server that was lost",
        [&](ContentTransaction& tx) -> Result<void> {
            out = false;
            const Result<Roll> roll = read_roll(tx);
            if (!roll)
                return pass(roll.error());
            const auto& servers = roll->servers;
            const bool lost =
                std::any_of(servers.begin(), servers.end(), [&](const Server& server) {
                    return server.id == id && server.epoch == epoch &&
                           !is_living(server, roll->now);
                });
            if (!lost)
                return {};
            const Result<bool> fenced = tx.registry().fence(id, epoch);
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

Result<void> Burial::end_visits(const Lost& lost, Life after) {
    if (archive_ == nullptr)
        return {};
    const Result<std::size_t> ended = end_former_sessions(content_, *archive_, after, clock_);
    if (!ended)
        return pass(ended.error());
    if (*ended > 0)
        log::warning("server {} was lost: {} visits were ended for it", lost.fqdn, *ended);
    return {};
}

}  // namespace pchat
