// SPDX-License-Identifier: Apache-2.0
#include "server/bus/inbox.h"

#include "base/log.h"

#include <exception>
#include <utility>

namespace pchat::bus {

Inbox::Inbox(BusListener& listener, Bounds bounds)
    : listener_(listener), bounds_(bounds), thread_([this] { run(); }) {}

void Inbox::give(Message message, Time due) {
    const std::lock_guard lock{mutex_};
    if (!linked_ || stopping_)
        return;
    const std::size_t bytes = message.subject.size() + message.bytes.size();
    if (waiting_ >= bounds_.messages || waiting_bytes_ + bytes > bounds_.bytes) {
        ++counts_.missed;
        missed_ = true;
    } else {
        ++waiting_;
        waiting_bytes_ += bytes;
        items_.push_back({Kind::message, std::move(message), due});
    }
    // The thread takes all that is there, so it sleeps only when this is the first.
    if (items_.size() <= 1)
        changed_.notify_one();
}

void Inbox::add_event(Kind kind) {
    const std::lock_guard lock{mutex_};
    linked_ = kind == Kind::linked;
    items_.push_back({kind, {}, {}});
    changed_.notify_one();
}

void Inbox::linked() {
    add_event(Kind::linked);
}

void Inbox::unlinked() {
    add_event(Kind::unlinked);
}

void Inbox::missed(std::uint64_t messages) {
    const std::lock_guard lock{mutex_};
    counts_.missed += messages;
    missed_ = true;
    changed_.notify_one();
}

void Inbox::stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
        changed_.notify_all();
    }
    if (thread_.joinable())
        thread_.join();
}

Inbox::Counts Inbox::counts() const {
    const std::lock_guard lock{mutex_};
    return counts_;
}

void Inbox::run() {
    std::vector<Item> taken;
    for (;;) {
        bool missed = false;
        {
            std::unique_lock lock{mutex_};
            changed_.wait(lock, [this] { return stopping_ || missed_ || !items_.empty(); });
            if (stopping_)
                return;
            taken.swap(items_);
            missed = std::exchange(missed_, false);
        }
        for (const Item& item : taken)
            if (!hand_on(item))
                return;
        if (missed)
            call({Kind::missed, {}, {}});
        taken.clear();
    }
}

bool Inbox::hand_on(const Item& item) {
    {
        std::unique_lock lock{mutex_};
        if (item.due != Time{})
            changed_.wait_until(lock, item.due, [this] { return stopping_; });
        if (stopping_)
            return false;
        if (item.kind == Kind::message) {
            --waiting_;
            waiting_bytes_ -= item.message.subject.size() + item.message.bytes.size();
            ++counts_.received;
            counts_.bytes += item.message.bytes.size();
        }
    }
    call(item);
    return true;
}

void Inbox::call(const Item& item) {
    // The last catch of this thread: what goes wrong with one message is no reason to be deaf.
    try {
        switch (item.kind) {
        case Kind::message:
            return listener_.received(item.message.subject, item.message.bytes);
        case Kind::linked:
            return listener_.linked();
        case Kind::unlinked:
            return listener_.unlinked();
        case Kind::missed:
            return listener_.missed();
        }
    } catch (const std::exception& problem) {
        log::error("bus: message of subject '{}': {}", item.message.subject, problem.what());
    }
}

}  // namespace pchat::bus
