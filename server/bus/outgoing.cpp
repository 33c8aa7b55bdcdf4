// SPDX-License-Identifier: Apache-2.0
#include "server/bus/outgoing.h"

#include <utility>

namespace pchat::bus {

void Outgoing::add(Item item) {
    items_.push_back(std::move(item));
    // The link takes all that is there, so it sleeps only when this is the first.
    if (items_.size() == 1)
        filled_.notify_one();
}

void Outgoing::publish(std::string subject, std::string bytes) {
    const std::lock_guard lock{mutex_};
    if (!open_) {
        ++losses_.unlinked;
        return;
    }
    const std::size_t size = subject.size() + bytes.size();
    if (messages_ >= bounds_.messages || bytes_ + size > bounds_.bytes) {
        ++losses_.full;
        return;
    }
    add({Kind::publish, std::move(subject), std::move(bytes)});
    ++messages_;
    bytes_ += size;
}

void Outgoing::subscribe(std::string subject) {
    const std::lock_guard lock{mutex_};
    if (subscriptions_.insert(subject).second && open_)
        add({Kind::subscribe, std::move(subject), {}});
}

void Outgoing::unsubscribe(const std::string& subject) {
    const std::lock_guard lock{mutex_};
    if (subscriptions_.erase(subject) != 0 && open_)
        add({Kind::unsubscribe, subject, {}});
}

bool Outgoing::settle(std::chrono::milliseconds limit) {
    std::unique_lock lock{mutex_};
    const std::uint64_t mine = ++asked_;
    filled_.notify_one();
    settled_.wait_for(lock, limit, [&] { return reached_ >= mine || stopping_; });
    return reached_ >= mine;
}

void Outgoing::stop() {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
    filled_.notify_all();
    settled_.notify_all();
}

Outgoing::Opened Outgoing::open() {
    const std::lock_guard lock{mutex_};
    open_ = true;
    return {{subscriptions_.begin(), subscriptions_.end()}, asked_};
}

void Outgoing::close() {
    const std::lock_guard lock{mutex_};
    open_ = false;
    losses_.unlinked += messages_;
    items_.clear();
    messages_ = 0;
    bytes_ = 0;
}

Outgoing::Taken Outgoing::take() {
    std::unique_lock lock{mutex_};
    filled_.wait(lock, [this] {
        return stopping_ || awake_ || !items_.empty() || asked_ > reached_;
    });
    awake_ = false;
    messages_ = 0;
    bytes_ = 0;
    return {std::exchange(items_, {}), asked_};
}

void Outgoing::reached(std::uint64_t mark) {
    const std::lock_guard lock{mutex_};
    reached_ = mark;
    settled_.notify_all();
}

void Outgoing::wake() {
    const std::lock_guard lock{mutex_};
    awake_ = true;
    filled_.notify_one();
}

void Outgoing::pause(std::chrono::milliseconds length) {
    std::unique_lock lock{mutex_};
    filled_.wait_for(lock, length, [this] { return stopping_ || awake_; });
    awake_ = false;
}

bool Outgoing::stopping() const {
    const std::lock_guard lock{mutex_};
    return stopping_;
}

Outgoing::Losses Outgoing::losses() const {
    const std::lock_guard lock{mutex_};
    return losses_;
}

void Outgoing::lost(std::uint64_t messages) {
    const std::lock_guard lock{mutex_};
    losses_.unlinked += messages;
}

}  // namespace pchat::bus
