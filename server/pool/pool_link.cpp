// SPDX-License-Identifier: Apache-2.0
#include "server/pool/pool_link.h"

#include "base/log.h"
#include "base/sha256.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace pchat::pool {
namespace {

// Who is told of what, while changes are not in force; what is older is left out then.
constexpr std::size_t most_told = 10'000;
// Twenty looks, of which one may have to read everything again.
constexpr std::chrono::seconds longest_blind{10};
// Between two tries at what waits for messages of our own.
constexpr std::chrono::milliseconds own_pause{10};

/// Names of pools have dots, which part the words of a subject.
std::string prefix_of(std::string_view pool) {
    return fmt::format("pchat.{}.", sha256_hex(pool).substr(0, 16));
}

}  // namespace

PoolLink::PoolLink(Chat& chat, PoolFollower& follower, std::string_view pool, bus::Bounds news)
    : chat_(chat), follower_(follower), prefix_(prefix_of(pool)), bounds_(news),
      followed_(chat.clock().steady()) {}

PoolLink::~PoolLink() {
    stop();
}

void PoolLink::attach(bus::Bus& bus) {
    bus_ = &bus;
    bus.subscribe(prefix_ + "log");
}

bool PoolLink::follows() const {
    return chat_.clock().steady() - followed_.load() < longest_blind;
}

void PoolLink::start() {
    followed_ = chat_.clock().steady();
    thread_ = std::thread{[this] { run(); }};
}

void PoolLink::stop_soon() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_all();
}

void PoolLink::stop() {
    stop_soon();
    if (thread_.joinable())
        thread_.join();
}

std::string PoolLink::subject_of(RoomId room) const {
    return fmt::format("{}room.{}", prefix_, room.value);
}

void PoolLink::said(RoomId room, std::span<const Remembered> messages) {
    if (bus_ != nullptr)
        bus_->publish(subject_of(room), write_said(room, messages));
}

void PoolLink::logged(const LogNews& entry, std::span<const Told> told) {
    if (bus_ != nullptr)
        bus_->publish(prefix_ + "log", write_entry(chat_.facts().life.server, entry, told));
}

void PoolLink::behind(RoomId room, std::int64_t last) {
    const std::lock_guard lock{mutex_};
    std::int64_t& known = behind_[room];
    known = std::max(known, last);
    look_ = true;
    changed_.notify_all();
}

void PoolLink::uses(RoomId room, bool used) {
    if (bus_ == nullptr)
        return;
    if (used)
        bus_->subscribe(subject_of(room));
    else
        bus_->unsubscribe(subject_of(room));
}

void PoolLink::received(std::string_view subject, std::string_view bytes) {
    if (subject.substr(0, prefix_.size()) != prefix_)
        return;
    if (subject.substr(prefix_.size()) != "log") {
        if (ahead_ > 0)
            return;  // the entry that follows leads to the database
        Result<Said> said = read_said(bytes);
        if (said)
            chat_.audience().heard(said->room, std::move(said->messages));
        else
            ++counts_.not_understood;  // the entry that follows leads to the database
        return;
    }
    Result<Entry> entry = read_entry(bytes);
    const std::lock_guard lock{mutex_};
    if (!entry)
        ++counts_.not_understood;
    if (!entry || !entry->logged.body.touched.empty()) {
        ++changes_;
        ++ahead_;
    }
    if (!entry || news_.size() >= bounds_.messages || news_bytes_ + bytes.size() > bounds_.bytes) {
        look_ = true;
    } else {
        news_.push_back(std::move(*entry));
        news_bytes_ += bytes.size();
    }
    changed_.notify_all();
}

void PoolLink::look_now() {
    const std::lock_guard lock{mutex_};
    look_ = true;
    changed_.notify_all();
}

void PoolLink::run() {
    auto next_look = std::chrono::steady_clock::now();
    for (;;) {
        std::deque<Entry> news;
        std::map<RoomId, std::int64_t> rooms;
        bool look_first = false;
        {
            std::unique_lock lock{mutex_};
            const auto soon = std::chrono::steady_clock::now() + own_pause;
            changed_.wait_until(
                lock,
                follower_.waits() ? std::min(soon, next_look) : next_look,
                [&] { return stopping_ || look_ || !news_.empty(); }
            );
            if (stopping_)
                return;
            news = std::exchange(news_, {});
            news_bytes_ = 0;
            taken_ += std::exchange(changes_, 0);
            rooms = std::exchange(behind_, {});
            look_first = std::exchange(look_, false);
        }
        for (const auto& [room, last] : rooms)
            follower_.owe(room, last);
        const auto now = std::chrono::steady_clock::now();
        Taken taken = take(news);
        if (taken.behind || look_first || now >= next_look) {
            look();
            next_look = std::chrono::steady_clock::now() + interval;
        } else if (follower_.waits()) {
            (void)follower_.go_on();  // when that fails, the next look says so
        }
        if (!complained_)  // all that came is in force
            ahead_ -= std::exchange(taken_, 0);
        tell(taken.told);
    }
}

PoolLink::Taken PoolLink::take(std::deque<Entry>& news) {
    Taken out;
    for (Entry& entry : news) {
        const auto place = follower_.follow(entry.server, entry.logged);
        if (place && *place == LogReader::Place::next)
            ++counts_.entries;
        if (!place || *place == LogReader::Place::beyond) {
            ++counts_.out_of_turn;
            out.behind = true;
        }
        // What a look was quicker with may have been told already; who is told knows that.
        std::move(entry.told.begin(), entry.told.end(), std::back_inserter(out.told));
    }
    return out;
}

void PoolLink::tell(const std::vector<Told>& told) {
    told_.insert(told_.end(), told.begin(), told.end());
    if (told_.size() > most_told)
        told_.erase(told_.begin(), told_.end() - static_cast<std::ptrdiff_t>(most_told));
    if (!told_.empty() && chat_.is_current())
        chat_.audience().heard(std::exchange(told_, {}));
}

void PoolLink::look() {
    ++counts_.looks;
    const Result<void> done = follower_.follow();
    if (done)
        followed_ = chat_.clock().steady();
    if (!done && !std::exchange(complained_, true))
        log::warning("what other servers did is not known: {}", done.error().message);
    if (done && std::exchange(complained_, false))
        log::info("what other servers did is known again");
}

}  // namespace pchat::pool
