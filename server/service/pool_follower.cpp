// SPDX-License-Identifier: Apache-2.0
#include "server/service/pool_follower.h"

#include "base/log.h"
#include "server/service/fetch.h"
#include "server/service/gather_touched.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace pchat {
namespace {

constexpr int messages_at_a_time = 500;
constexpr int changes_at_a_time = 500;

Result<std::optional<RoomHead>> read_head(Chat& chat, RoomId room) {
    return fetch(chat.content(), "looking at a room", [&](ContentTransaction& tx) {
        return tx.messages().head(room);
    });
}

}  // namespace

void PoolFollower::News::add(const LogBody& body) {
    gather(touched, body.touched);
    for (const Head& head : body.heads)
        add(head);
}

void PoolFollower::News::add(const Head& head) {
    const auto [known, fresh] = heads.try_emplace(head.room, head);
    if (fresh)
        return;
    const std::int64_t before =
        std::min(known->second.last - known->second.count, head.last - head.count);
    known->second.last = std::max(known->second.last, head.last);
    known->second.count = known->second.last - before;
}

void PoolFollower::owe(RoomId room, std::int64_t last) {
    news_.add(Head{room, last, 0});
}

Result<void> PoolFollower::begin(ContentDatabase& content) {
    return content.read("looking at the pool", [&](ContentTransaction& tx) {
        return logs_.begin(tx);
    });
}

void PoolFollower::attach(Chat& chat, KeywordWatches& watches) {
    chat_ = &chat;
    watches_ = &watches;
}

// First what people may do, then what is said: nobody hears what was said after a change from
// somebody who may not hear it since.
Result<void> PoolFollower::follow() {
    if (Result<void> read = read_logs(); !read)
        return read;
    return act();
}

Result<LogReader::Place> PoolFollower::follow(ServerId server, const LogNews& entry) {
    const LogReader::Place place = logs_.take(server, entry.n);
    if (place == LogReader::Place::next) {
        LogBody body = entry.body;
        // Who watches for keywords in rooms that nobody here is in was told with the entry; and
        // most messages have come already.
        std::erase_if(body.heads, [&](const Head& head) {
            const auto standing = chat_->book().standing(head.room);
            return !standing || (standing->warm && standing->last_seq >= head.last);
        });
        news_.add(body);
        presence_.heard(server, body.presence);
        if (Result<void> done = act(); !done)
            return pass(std::move(done).error());
    }
    return place;
}

Result<void> PoolFollower::act() {
    waits_ = false;
    if (news_.lost)
        if (Result<void> done = read_all_again(); !done)
            return done;
    if (Result<void> done = apply_changes(); !done)
        return done;
    // Nobody hears anything by what was in force before.
    if (!chat_->is_current())
        if (Result<void> done = chat_->apply_again(); !done)
            return done;
    waits_ = !chat_->is_current();  // another thread is about it
    if (waits_)
        return {};
    if (Result<void> done = tell_changes(); !done)
        return done;
    for (auto one = news_.heads.begin(); one != news_.heads.end();) {
        const Result<bool> heard = hear(one->second);
        if (!heard)
            return pass(heard.error());
        one = *heard ? news_.heads.erase(one) : std::next(one);
    }
    Result<void> done = presence_.act(*chat_);
    waits_ = !news_.heads.empty() || presence_.reads();
    return done;
}

Result<void> PoolFollower::read_logs() {
    News more;
    std::vector<std::pair<ServerId, PresenceNews>> presence;
    Microseconds now = 0;
    Result<void> read = chat_->content().read(
        "reading what other servers did",
        [&](ContentTransaction& tx) -> Result<void> {
            more = {};
            presence.clear();
            const auto whole = logs_.read(tx, [&](const Server& server, const LogBody& body) {
                more.add(body);
                presence.emplace_back(server.id, body.presence);
            });
            if (!whole)
                return pass(whole.error());
            more.lost = !*whole;
            const Result<Microseconds> at = tx.registry().now();
            if (!at)
                return pass(at.error());
            now = *at;
            return {};
        }
    );
    if (!read)
        return read;
    logs_.keep();
    for (const LogReader::Unreadable& one : logs_.unreadable())
        log::error("entry {} of server '{}' says nothing: {}", one.n, one.server, one.why);
    unreadable_ += logs_.unreadable().size();
    const Roll roll{logs_.servers(), now};
    presence_.called(roll);
    for (const auto& [server, news] : presence)
        presence_.heard(server, news);
    if (more.lost)
        presence_.lost();
    tell_roll_(roll);
    news_.lost = news_.lost || more.lost;
    LogBody all;
    all.touched = std::move(more.touched);
    for (const auto& [room, head] : more.heads)
        all.heads.push_back(head);
    news_.add(all);
    return {};
}

/// What cannot be done now the chat keeps, so it is not asked for again: whoever comes back after
/// having been disconnected may stay.
Result<void> PoolFollower::apply_changes() {
    Touched to_tell;
    to_tell.watching = std::exchange(news_.touched.watching, {});
    to_tell.revised = std::exchange(news_.touched.revised, {});
    Touched changes = std::exchange(news_.touched, std::move(to_tell));
    if (changes.empty())
        return {};
    for (const Expiry& one : changes.expired)
        chat_->book().expired(one.room, one.last, one.first);
    once_each(changes);
    return chat_->apply(changes);
}

/// Of what the changes left: whose keywords are others now, and which messages.
Result<void> PoolFollower::tell_changes() {
    Touched& touched = news_.touched;
    once_each(touched);
    if (!touched.watching.empty())
        if (Result<void> loaded = watches_->load(chat_->content()); !loaded)
            return loaded;
    touched.watching.clear();
    while (!touched.revised.empty()) {
        if (Result<void> done = revise(touched.revised.back()); !done)
            return done;
        touched.revised.pop_back();
    }
    return {};
}

/// Messages of the room were removed, replaced or cleared.
Result<void> PoolFollower::revise(RoomId room) {
    const auto standing = chat_->book().standing(room);
    if (!standing || !standing->warm)
        return {};
    const auto head = read_head(*chat_, room);
    if (!head)
        return pass(head.error());
    if (!*head)
        return {};
    auto changes = chat_->changes(room, standing->rev, changes_at_a_time);
    if (!changes)
        return pass(std::move(changes).error());
    for (const Message& message : *changes)
        chat_->audience().changed(room, message.rev, {message});
    if ((*head)->first_seq > standing->first_seq)
        chat_->audience().cleared(room, (*head)->rev, (*head)->first_seq);
    if (static_cast<int>(changes->size()) == changes_at_a_time)
        return revise(room);
    return {};
}

Result<bool> PoolFollower::hear(const Head& head) {
    const auto standing = chat_->book().standing(head.room);
    // Keywords are watched for in rooms that nobody here has open, too.
    if (!standing && watches_->empty())
        return true;
    const bool knows = standing && standing->warm;
    std::int64_t last = knows ? standing->last_seq : head.last - head.count;
    // The bus may have brought the messages and lost the notices of them.
    if (!watches_->empty())
        last = std::min(last, head.last - head.count);
    while (last < head.last) {
        // Some may be our own: their senders have the answer first, and the room hears of them from
        // the writer.
        if (chat_->first_storing(head.room) <= last + 1)
            return false;
        auto messages = chat_->between(head.room, last, head.last + 1, messages_at_a_time);
        if (!messages)
            return pass(std::move(messages).error());
        if (messages->empty())
            return true;
        // Asked again after they were read, for it may have come meanwhile.
        const std::int64_t own = chat_->first_storing(head.room);
        const std::int64_t read = messages->back().seq;
        std::erase_if(*messages, [own](const Message& one) { return one.seq >= own; });
        if (!messages->empty()) {
            const std::int64_t after = std::exchange(last, messages->back().seq);
            chat_->audience().said_elsewhere(head.room, after, std::move(*messages));
        }
        if (own <= read)
            return false;
    }
    return true;
}

/// Something was missed that no log tells any more.
Result<void> PoolFollower::read_all_again() {
    log::warning("not all that other servers did is in their logs: all is read again");
    if (Result<void> loaded = chat_->directory().load(chat_->content()); !loaded)
        return loaded;
    if (Result<void> loaded = watches_->load(chat_->content()); !loaded)
        return loaded;
    Touched& everything = news_.touched;
    everything.policies = everything.config = everything.addins = everything.walls =
        everything.topology = true;
    everything.anybody_out = true;
    for (const RoomId room : chat_->book().in_use()) {
        const auto standing = chat_->book().standing(room);
        if (!standing || !standing->warm)
            continue;
        const auto head = read_head(*chat_, room);
        if (!head)
            return pass(head.error());
        if (!*head)
            continue;
        news_.touched.revised.push_back(room);
        if ((*head)->last_seq > standing->last_seq)
            news_.heads[room] = {room, (*head)->last_seq, (*head)->last_seq - standing->last_seq};
    }
    news_.lost = false;
    return {};
}

}  // namespace pchat
