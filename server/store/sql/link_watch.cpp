// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/link_watch.h"

#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace pchat::sql {
namespace {

using namespace std::chrono_literals;

constexpr auto tick = 250ms;
bool has_user_timeout(int descriptor, std::chrono::milliseconds wanted) {
    unsigned value = 0;
    socklen_t size = sizeof value;
    return ::getsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, &size) == 0 &&
           std::chrono::milliseconds{value} == wanted;
}

/// A second descriptor of the socket with that mark; -1 when there is none.
int find_socket(std::chrono::milliseconds mark) {
    DIR* folder = ::opendir("/proc/self/fd");
    if (folder == nullptr)
        return -1;
    int out = -1;
    while (const dirent* entry = ::readdir(folder)) {
        const std::string_view name{entry->d_name};
        int descriptor = -1;
        const auto read = std::from_chars(name.data(), name.data() + name.size(), descriptor);
        if (read.ec != std::errc{} || !has_user_timeout(descriptor, mark))
            continue;
        out = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
        // Its number may have gone to another one in between.
        if (out >= 0 && has_user_timeout(out, mark))
            break;
        if (out >= 0)
            ::close(std::exchange(out, -1));
    }
    ::closedir(folder);
    return out;
}

}  // namespace

/// One thread for all sessions of the process; there while one of them is.
class Watchman {
public:
    static std::shared_ptr<Watchman> shared() {
        static std::mutex mutex;
        static std::weak_ptr<Watchman> known;
        const std::lock_guard lock{mutex};
        std::shared_ptr<Watchman> out = known.lock();
        if (!out)
            known = out = std::make_shared<Watchman>();
        return out;
    }

    Watchman() : thread_([this] { run(); }) {}
    ~Watchman() {
        {
            const std::lock_guard lock{mutex_};
            stopping_ = true;
        }
        stopped_.notify_all();
        thread_.join();
    }
    Watchman(const Watchman&) = delete;
    Watchman& operator=(const Watchman&) = delete;
    Watchman(Watchman&&) = delete;
    Watchman& operator=(Watchman&&) = delete;

    /// Gives it a mark that no other one has.
    void add(LinkWatch& watch, std::chrono::milliseconds least) {
        const std::lock_guard lock{mutex_};
        watch.mark_ = std::chrono::milliseconds{least.count() | 1};
        while (std::any_of(watches_.begin(), watches_.end(), [&](const LinkWatch* other) {
            return other->mark_ == watch.mark_;
        }))
            watch.mark_ += 2ms;
        watches_.push_back(&watch);
    }
    void remove(LinkWatch& watch) {
        const std::lock_guard lock{mutex_};
        watches_.erase(std::find(watches_.begin(), watches_.end(), &watch));
    }

private:
    void run() {
        std::unique_lock lock{mutex_};
        while (!stopped_.wait_for(lock, tick, [&] { return stopping_; })) {
            const auto now = LinkWatch::Clock::now();
            for (LinkWatch* watch : watches_)
                watch->break_when_late(now);
        }
    }

    std::mutex mutex_;
    std::condition_variable stopped_;
    std::vector<LinkWatch*> watches_;
    bool stopping_ = false;
    std::thread thread_;  // last: it uses all of the above
};

// Marks are odd. What sockets have for good is even: that of connections to this server as well,
// see net/listening_socket.
LinkWatch::LinkWatch(std::chrono::milliseconds timeout)
    : timeout_(timeout.count() & ~std::chrono::milliseconds::rep{1}),
      watchman_(Watchman::shared()) {
    watchman_->add(*this, timeout_);
}

LinkWatch::~LinkWatch() {
    watchman_->remove(*this);
    if (socket_ >= 0)
        ::close(socket_);
}

void LinkWatch::opened() {
    const int found = find_socket(mark_);
    if (found < 0)  // not over TCP
        return;
    const auto value = static_cast<unsigned>(timeout_.count());
    // Whether it takes it does not matter: it has one that is a little longer.
    (void)::setsockopt(found, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, sizeof value);
    socket_ = found;
}

void LinkWatch::break_when_late(Clock::time_point now) {
    const Clock::rep end = end_;
    if (end == no_end || broken_ || now.time_since_epoch().count() < end)
        return;
    if (socket_ >= 0) {
        broken_ = true;
        ::shutdown(socket_, SHUT_RDWR);
        return;
    }
    // It is being opened still.
    const int found = find_socket(mark_);
    if (found < 0)
        return;
    broken_ = true;
    ::shutdown(found, SHUT_RDWR);
    ::close(found);
}

LinkWatch::Wait::Wait(LinkWatch& watch, std::chrono::milliseconds limit) {
    if (watch.end_ != no_end)
        return;
    watch_ = &watch;
    watch.end_ = (Clock::now() + limit).time_since_epoch().count();
}

LinkWatch::Wait::~Wait() {
    if (watch_ != nullptr)
        watch_->end_ = no_end;
}

}  // namespace pchat::sql
