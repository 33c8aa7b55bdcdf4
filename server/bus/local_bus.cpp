// SPDX-License-Identifier: Apache-2.0
#include "server/bus/local_bus.h"

#include "server/bus/inbox.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <new>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace pchat::bus {

/// Knows who listens to what. Everything is done under its lock, publishing too: so all ends see
/// what one of them says in one order.
class LocalBus::Exchange {
public:
    Exchange(const Clock& clock, std::size_t max_payload)
        : clock_(clock), max_payload_(max_payload) {}

    void add(End& end);
    void remove(End& end);
    void publish(End& from, std::string subject, std::string bytes);
    void subscribe(End& end, std::string subject);
    void unsubscribe(End& end, const std::string& subject);
    void lose(Lose decide);
    void delay(std::chrono::microseconds time);
    void link(const Bus& end, bool linked);
    [[nodiscard]] BusStatus status(const End& end) const;

private:
    const Clock& clock_;
    const std::size_t max_payload_;
    mutable std::mutex mutex_;
    std::vector<End*> ends_;
    std::map<std::string, std::set<End*>, std::less<>> listeners_;
    Lose lose_;
    std::chrono::microseconds delay_{0};
    Inbox::Time last_due_ = {};  // a shorter delay lets nobody overtake
};

class LocalBus::End final : public Bus {
public:
    End(std::shared_ptr<Exchange> exchange, BusListener& listener, Bounds bounds)
        : exchange_(std::move(exchange)), inbox_(listener, bounds) {
        exchange_->add(*this);
    }
    ~End() override { leave(); }
    End(const End&) = delete;
    End& operator=(const End&) = delete;
    End(End&&) = delete;
    End& operator=(End&&) = delete;

    void publish(std::string subject, std::string bytes) noexcept override {
        try {
            exchange_->publish(*this, std::move(subject), std::move(bytes));
        } catch (const std::bad_alloc&) {
            // Lost like any other, and no memory is no time for saying so.
        }
    }
    void subscribe(std::string subject) override {
        exchange_->subscribe(*this, std::move(subject));
    }
    void unsubscribe(const std::string& subject) override {
        exchange_->unsubscribe(*this, subject);
    }
    [[nodiscard]] BusStatus status() const override { return exchange_->status(*this); }
    [[nodiscard]] bool settle(std::chrono::milliseconds /*limit*/) override {
        return status().linked;
    }
    void stop() override { leave(); }

private:
    friend class Exchange;
    void leave() {
        exchange_->remove(*this);
        inbox_.stop();
    }

    std::shared_ptr<Exchange> exchange_;
    Inbox inbox_;
    BusStatus state_;  // under the lock of the exchange
};

void LocalBus::Exchange::add(End& end) {
    const std::lock_guard lock{mutex_};
    ends_.push_back(&end);
    end.state_.linked = true;
    end.state_.since = clock_.now();
    end.state_.server = "local";
    end.inbox_.linked();
}

void LocalBus::Exchange::remove(End& end) {
    const std::lock_guard lock{mutex_};
    ends_.erase(std::remove(ends_.begin(), ends_.end(), &end), ends_.end());
    for (auto& [subject, listening] : listeners_)
        listening.erase(&end);
    end.state_.linked = false;
}

void LocalBus::Exchange::publish(End& from, std::string subject, std::string bytes) {
    const std::lock_guard lock{mutex_};
    BusCounts& counts = from.state_.counts;
    if (!is_subject(subject) || bytes.size() > max_payload_) {
        ++counts.refused;
        return;
    }
    if (!from.state_.linked) {
        ++counts.lost_unlinked;
        return;
    }
    ++counts.published;
    counts.bytes_out += bytes.size();
    const auto found = listeners_.find(subject);
    if (found == listeners_.end())
        return;
    Inbox::Time due = {};
    if (delay_.count() > 0 || last_due_ != Inbox::Time{}) {
        last_due_ = std::max<Inbox::Time>(last_due_, std::chrono::steady_clock::now() + delay_);
        due = last_due_;
    }
    for (End* end : found->second)
        if (end != &from && end->state_.linked && !(lose_ && lose_(subject, bytes)))
            end->inbox_.give({subject, bytes}, due);
}

void LocalBus::Exchange::subscribe(End& end, std::string subject) {
    const std::lock_guard lock{mutex_};
    if (is_subject(subject))
        listeners_[std::move(subject)].insert(&end);
}

void LocalBus::Exchange::unsubscribe(End& end, const std::string& subject) {
    const std::lock_guard lock{mutex_};
    const auto found = listeners_.find(subject);
    if (found == listeners_.end())
        return;
    found->second.erase(&end);
    if (found->second.empty())
        listeners_.erase(found);
}

void LocalBus::Exchange::lose(Lose decide) {
    const std::lock_guard lock{mutex_};
    lose_ = std::move(decide);
}

void LocalBus::Exchange::delay(std::chrono::microseconds time) {
    const std::lock_guard lock{mutex_};
    delay_ = time;
}

void LocalBus::Exchange::link(const Bus& which, bool linked) {
    const std::lock_guard lock{mutex_};
    for (End* end : ends_) {
        if (end != &which || end->state_.linked == linked)
            continue;
        end->state_.linked = linked;
        end->state_.since = clock_.now();
        if (linked) {
            ++end->state_.counts.reconnects;
            end->inbox_.linked();
        } else {
            end->state_.error = "cut for a test";
            end->inbox_.unlinked();
        }
    }
}

BusStatus LocalBus::Exchange::status(const End& end) const {
    const std::lock_guard lock{mutex_};
    BusStatus out = end.state_;
    const Inbox::Counts counts = end.inbox_.counts();
    out.counts.received = counts.received;
    out.counts.bytes_in = counts.bytes;
    out.counts.missed = counts.missed;
    return out;
}

LocalBus::LocalBus(const Clock& clock, std::size_t max_payload)
    : exchange_(std::make_shared<Exchange>(clock, max_payload)) {}

LocalBus::~LocalBus() = default;

std::unique_ptr<Bus> LocalBus::join(BusListener& listener, Bounds bounds) {
    return std::make_unique<End>(exchange_, listener, bounds);
}

void LocalBus::lose(Lose decide) {
    exchange_->lose(std::move(decide));
}

void LocalBus::delay(std::chrono::microseconds time) {
    exchange_->delay(time);
}

void LocalBus::cut(const Bus& end) {
    exchange_->link(end, false);
}

void LocalBus::mend(const Bus& end) {
    exchange_->link(end, true);
}

}  // namespace pchat::bus
