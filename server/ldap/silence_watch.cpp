// SPDX-License-Identifier: Apache-2.0
#include "server/ldap/silence_watch.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace pchat::ldap {
namespace {

constexpr std::chrono::milliseconds tick{250};

}  // namespace

SilenceWatch::~SilenceWatch() {
    if (thread_.joinable()) {
        {
            const std::lock_guard lock{mutex_};
            stopping_ = true;
        }
        stopped_.notify_all();
        thread_.join();
    }
    if (socket_ >= 0)
        ::close(socket_);
}

void SilenceWatch::take(int descriptor) {
    if (thread_.joinable())
        return;
    socket_ = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    thread_ = std::thread{[this] { run(); }};
}

void SilenceWatch::run() {
    std::unique_lock lock{mutex_};
    while (!stopped_.wait_for(lock, tick, [&] { return stopping_; })) {
        const Clock::rep end = end_;
        if (end == no_end || Clock::now().time_since_epoch().count() < end)
            continue;
        cut_ = true;
        ::shutdown(socket_, SHUT_RDWR);
    }
}

}  // namespace pchat::ldap
