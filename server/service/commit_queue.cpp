// SPDX-License-Identifier: Apache-2.0
#include "server/service/commit_queue.h"

#include "base/log.h"
#include "base/uuid.h"
#include "server/service/commit_group.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace pchat {
namespace {

// A key is hardly ever there already, so it is not looked for: its insert fails then, and the whole
// transaction with it. After that has happened, so many transactions look first.
constexpr std::size_t looks_after_repeat = 1'000;

bool database_is_away(const Error& error) {
    return error.code == Errc::unreachable || error.code == Errc::timeout ||
           error.code == Errc::io || error.code == Errc::unknown_outcome ||
           error.code == Errc::denied;  // nobody is let in: no message is to blame
}

tl::unexpected<Error> refused_for_now(std::string why) {
    return fail_as(
        "database-unavailable",
        Errc::unreachable,
        fmt::format("nothing can be stored at present: {}", why),
        "send it again with the same key"
    );
}

}  // namespace

CommitQueue::CommitQueue(
    ContentDatabase& content,
    Life life,
    const Clock& clock,
    CommitListener& listener,
    CommitLimits limits
)
    : content_(content), life_(life), clock_(clock), listener_(listener), limits_(limits),
      writer_([this] { run(); }) {}

CommitQueue::~CommitQueue() {
    stop();
}

void CommitQueue::stop() {
    {
        const std::lock_guard lock{mutex_};
        messages_stopped_ = stopping_ = true;
    }
    filled_.notify_all();
    if (writer_.joinable())
        writer_.join();
}

void CommitQueue::stop_messages() {
    std::unique_lock lock{mutex_};
    messages_stopped_ = true;
    emptied_.wait(lock, [&] {
        if (!postings_.empty())
            return false;
        // With the database away the writer may hang on to those that were refused.
        return taken_postings_.empty() ||
               (away_ && std::none_of(
                             taken_postings_.begin(),
                             taken_postings_.end(),
                             [](const Posting& posting) { return posting.done != nullptr; }
                         ));
    });
}

void CommitQueue::wait_until_idle() {
    std::unique_lock lock{mutex_};
    emptied_.wait(lock, [&] {
        return away_ || (postings_.empty() && recordings_.empty() && taken_postings_.empty() &&
                         taken_recordings_.empty());
    });
}

Result<void> CommitQueue::push(Posting posting) {
    assert(posting.done);  // by it the queue knows who was answered
    {
        const std::lock_guard lock{mutex_};
        if (messages_stopped_)
            return refused_for_now("the server is stopping");
        if (postings_.size() + under_way_ >= limits_.waiting)
            return refused_for_now(fmt::format("{} messages are waiting", limits_.waiting));
        postings_.push_back(std::move(posting));
        if (postings_.size() > 1)
            return {};  // it was woken for the first
    }
    filled_.notify_one();
    return {};
}

Result<void> CommitQueue::push(Recording recording) {
    recording.uuid = make_uuid(clock_.now());
    recording.required = recording.done == nullptr;
    {
        const std::lock_guard lock{mutex_};
        if (stopping_)
            return refused_for_now("the server is stopping");
        // What has happened already is never left out: there is as much of it as people come and
        // go.
        if (!recording.required && recordings_.size() >= limits_.waiting * 4)
            return refused_for_now("too many records for compliance are waiting");
        recordings_.push_back(std::move(recording));
    }
    filled_.notify_one();
    return {};
}

CommitCounts CommitQueue::counts() const {
    CommitCounts out;
    out.groups = groups_;
    out.messages = messages_;
    out.retries = retries_;
    out.splits = splits_;
    out.failed = failed_;
    out.database_away = away_;
    const std::lock_guard lock{mutex_};
    out.waiting = postings_.size() + under_way_;
    return out;
}

void CommitQueue::answer(Posting& posting, const Result<Posted>& posted) {
    std::function<void(const Result<Posted>&)> done;
    {
        const std::lock_guard lock{mutex_};
        done = std::exchange(posting.done, nullptr);
    }
    if (done)
        done(posted);
}

bool CommitQueue::answer(Recording& recording, const Result<void>& result) {
    std::function<void(const Result<void>&)> done;
    {
        const std::lock_guard lock{mutex_};
        done = std::exchange(recording.done, nullptr);
    }
    if (!done)
        return recording.required;  // nobody waits for it
    done(result);
    return true;
}

void CommitQueue::fail_all(Group& group, const Error& error) {
    failed_ += group.items.size();
    for (const GroupItem& item : group.items)
        answer(*item.posting, pass(error));
    for (Recording* recording : group.recordings) {
        if (recording->required)
            log::error("compliance misses an event of kind {}: {}", recording->kind, error.message);
        answer(*recording, pass(error));
    }
    group.items.clear();
    group.recordings.clear();
}

bool CommitQueue::is_refused(const Posting& posting) const {
    const std::lock_guard lock{mutex_};
    return posting.done == nullptr;
}

bool CommitQueue::is_refused(const Recording& recording) const {
    const std::lock_guard lock{mutex_};
    return !recording.required && recording.done == nullptr;
}

void CommitQueue::refuse_late() {
    const auto now = clock_.steady();
    std::vector<std::function<void(const Result<Posted>&)>> senders;
    std::vector<std::function<void(const Result<void>&)>> others;
    const auto collect = [now](auto& list, auto& late) {
        for (auto& one : list)
            if (one.done && one.deadline <= now)
                late.push_back(std::exchange(one.done, nullptr));
    };
    {
        const std::lock_guard lock{mutex_};
        collect(taken_postings_, senders);
        collect(taken_recordings_, others);
        const bool hangs = std::any_of(
            taken_recordings_.begin(),
            taken_recordings_.end(),
            [now](const Recording& one) { return one.required && one.deadline <= now; }
        );
        if (hangs || !senders.empty() || !others.empty())
            away_ = true;
        collect(postings_, senders);
        collect(recordings_, others);
        std::erase_if(postings_, [](const Posting& one) { return !one.done; });
        std::erase_if(recordings_, [](const Recording& one) { return !one.required && !one.done; });
    }
    const Result<void> refusal = refused_for_now("the database does not answer");
    failed_ += senders.size();
    for (const auto& done : senders)
        done(pass(refusal.error()));
    for (const auto& done : others)
        done(refusal);
    emptied_.notify_all();
}

/// Waits for work; false when there is no more to come.
bool CommitQueue::take() {
    std::vector<Posting> old_postings;
    std::vector<Recording> old_recordings;
    std::unique_lock lock{mutex_};
    old_postings.swap(taken_postings_);
    old_recordings.swap(taken_recordings_);
    under_way_ = 0;
    emptied_.notify_all();
    if (!old_postings.empty() || !old_recordings.empty()) {
        lock.unlock();  // to free them
        old_postings.clear();
        old_recordings.clear();
        lock.lock();
    }
    filled_.wait(lock, [&] { return stopping_ || !postings_.empty() || !recordings_.empty(); });
    taken_postings_.swap(postings_);
    taken_recordings_.swap(recordings_);
    // The next ones come into what is allocated already.
    postings_ = std::move(old_postings);
    recordings_ = std::move(old_recordings);
    under_way_ = taken_postings_.size();
    return !taken_postings_.empty() || !taken_recordings_.empty();
}

void CommitQueue::run() {
    while (take())
        settle_taken();
}

void CommitQueue::settle_taken() {
    Group group;
    for (Recording& recording : taken_recordings_) {
        group.recordings.push_back(&recording);
        if (group.recordings.size() >= limits_.group)
            settle(std::exchange(group, {}));
    }
    std::size_t bytes = 0;
    for (Posting& posting : taken_postings_) {
        group.items.push_back({&posting, Fate::open, 0, 0, false, false, std::nullopt, std::nullopt}
        );
        bytes += posting.message.body.size();
        if (group.size() >= limits_.group || bytes >= limits_.group_bytes) {
            const std::size_t settled = group.items.size();
            settle(std::exchange(group, {}));
            bytes = 0;
            const std::lock_guard lock{mutex_};
            under_way_ -= settled;
        }
    }
    if (group.size() > 0)
        settle(std::move(group));
    storing_.with([](auto& rooms) { rooms.clear(); });
}

std::int64_t CommitQueue::first_storing(RoomId room) const {
    return storing_.with([room](const auto& rooms) {
        const auto found = rooms.find(room);
        return found == rooms.end() ? none_stored : found->second;
    });
}

void CommitQueue::settle(Group group) {
    for (;;) {
        // What may be stored already is not asked again: the room must hear of it.
        if (!group.unsure)
            recheck(group);
        if (group.size() == 0)
            return;
        group.looks = group.looks || looks_left_ > 0;
        Result<void> done = commit(group);
        if (done) {
            away_ = false;
            looks_left_ -= std::min(looks_left_, std::size_t{1});
            finish(group);
            return;
        }
        const Error error = std::move(done).error();
        if (group.fenced) {
            log::error("nothing can be stored any more: {}", error.message);
            // Another server settles it by the key, also what is stored already.
            fail_all(group, refused_for_now("this server was replaced by another one").value());
            listener_.fenced();
            return;
        }
        if (group.missing_room) {
            fail_room(group, *group.missing_room);
            continue;
        }
        if (database_is_away(error)) {
            if (!wait_for_database(group, error))
                return;
            continue;
        }
        ++retries_;
        if (error.code == Errc::conflict && !std::exchange(group.looks, true)) {
            looks_left_ = looks_after_repeat;  // who sends again often sends a lot again
            continue;
        }
        if (error.code == Errc::conflict && !std::exchange(group.tried_again, true))
            continue;  // the same key came by another server at the same time
        if (group.size() == 1) {
            log::error("a message cannot be stored: {}", error.message);
            fail_all(group, error);
            return;
        }
        // One of them is to blame; the others must not suffer for it.
        ++splits_;
        Group second = group.split();
        settle(std::move(group));
        group = std::move(second);
    }
}

void CommitQueue::fail_room(Group& group, RoomId room) {
    Group gone;
    gone.items =
        group.take_items([&](const GroupItem& item) { return item.posting->message.room == room; });
    fail_all(
        gone, fail_as("room-not-found", Errc::not_found, "the room does not exist any more").value()
    );
}

void CommitQueue::recheck(Group& group) {
    group.take_items([&](const GroupItem& item) { return is_refused(*item.posting); });
    std::erase_if(group.recordings, [&](const Recording* one) { return is_refused(*one); });
    group.take_items([&](GroupItem& item) {
        const Result<void> allowed = recheck(*item.posting);
        if (!allowed)
            answer(*item.posting, pass(allowed.error()));
        return !allowed;
    });
}

/// Whether it may still be sent, when the directory changed since it was asked last.
Result<void> CommitQueue::recheck(Posting& posting) {
    const std::uint64_t generation = listener_.generation();
    if (posting.generation == generation)
        return {};
    if (Result<void> allowed = listener_.still_allowed(posting); !allowed)
        return allowed;
    posting.generation = generation;
    return {};
}

bool CommitQueue::wait_for_database(Group& group, const Error& error) {
    if (!away_.exchange(true))
        log::error("the database does not take messages: {}", error.message);
    if (error.code == Errc::unknown_outcome)
        group.unsure = true;
    ++retries_;
    const auto now = clock_.steady();
    const tl::unexpected<Error> refusal = refused_for_now(error.message);
    for (GroupItem& item : group.items) {
        if (item.posting->deadline <= now && !is_refused(*item.posting)) {
            ++failed_;
            answer(*item.posting, refusal);
        }
        item.refused = is_refused(*item.posting);
    }
    if (!group.unsure)
        group.take_items([](const GroupItem& item) { return item.refused; });
    bool stopping = false;
    {
        const std::lock_guard lock{mutex_};
        stopping = stopping_;
    }
    Group late;
    std::vector<Recording*> rest;
    for (Recording* recording : group.recordings) {
        // One that is refused, but may be stored, is kept until that is known.
        const bool owed = recording->required || (group.unsure && recording->stored_late);
        const bool waits = recording->deadline > now || (owed && !stopping);
        if (waits && recording->deadline <= now && !recording->required)
            answer(*recording, refusal);
        (waits ? rest : late.recordings).push_back(recording);
    }
    group.recordings = std::move(rest);
    fail_all(late, refusal.value());
    if (stopping)  // what may be stored, and was refused, is found by whoever asks next
        group.take_items([](const GroupItem& item) { return item.refused; });
    if (group.size() == 0)
        return false;
    // Not on the condition: new arrivals would cut the pause short.
    std::this_thread::sleep_for(limits_.pause);
    return true;
}

}  // namespace pchat
