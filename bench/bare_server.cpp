// SPDX-License-Identifier: Apache-2.0
#include "bench/bare_server.h"

#include "tests/support/private_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <mutex>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pchat::bench {
namespace {

constexpr std::size_t longest_commit = 512;  // messages

struct Pass {
    std::size_t room = 0;
    std::shared_ptr<const std::string> frames;
};

[[noreturn]] void give_up(const char* what) {
    std::perror(what);
    std::_Exit(1);
}

std::size_t number_behind(std::string_view text, std::string_view mark) {
    std::size_t out = 0;
    const std::size_t at = text.find(mark);
    if (at != std::string_view::npos)
        std::from_chars(text.data() + at + mark.size(), text.data() + text.size(), out);
    return out;
}

std::string encode(std::string_view payload) {
    std::string out{'\x81', '\x7e'};
    out += static_cast<char>(payload.size() >> 8U);
    out += static_cast<char>(payload.size() & 0xFFU);
    return out.append(payload);
}

/// A room and what is said in it.
using Said = std::pair<std::size_t, std::string>;

Group as_group(const std::vector<Said>& said, std::int64_t first_room, std::int64_t& n) {
    Group out;
    out.origin = 1;
    for (const auto& [room, text] : said) {
        Message message;
        message.room = RoomId{first_room + static_cast<std::int64_t>(room)};
        message.at = ++n;
        message.sender = PrincipalId{1};
        message.body = text.substr(0, 120);
        out.outbox.push_back({ServerId{1}, n, fmt::format("{:0>36}", n), n, 1, text.substr(0, 120)}
        );
        out.messages.push_back(std::move(message));
    }
    return out;
}

class Loop;

/// What the threads share.
struct House {
    BarePlan plan;
    int listener = -1;
    std::vector<std::unique_ptr<Loop>> loops;
    // For the writer, where there is one.
    std::mutex mutex;
    std::condition_variable filled;
    std::vector<Said> waiting;

    void pass_on(std::size_t room, const std::string& frames);
    void store_and_pass_on();
};

class Loop {
public:
    Loop(House& house, std::size_t index) : house_(house), index_(index) {
        epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
        wake_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        watch(wake_);
        if (index == 0)
            watch(house.listener);
    }

    void post(const Pass& pass) {
        {
            const std::lock_guard lock{mutex_};
            posted_.push_back(pass);
            if (posted_.size() > 1)
                return;
        }
        const std::uint64_t one = 1;
        if (::write(wake_, &one, sizeof one) < 0)
            give_up("eventfd");
    }

    void watch(int fd) const {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = fd;
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
    }

    void run() {
        std::array<epoll_event, 512> events{};
        for (;;) {
            const int count = ::epoll_wait(epoll_, events.data(), events.size(), -1);
            for (int i = 0; i < count; ++i) {
                const int fd = events[static_cast<std::size_t>(i)].data.fd;
                if (fd == wake_)
                    write_posted();
                else if (fd == house_.listener)
                    accept();
                else
                    read(fd);
            }
        }
    }

private:
    void accept() {
        for (;;) {
            const int fd =
                ::accept4(house_.listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (fd < 0)
                return;
            const int on = 1;
            ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            house_.loops[next_++ % house_.loops.size()]->watch(fd);
        }
    }

    void write_posted() {
        std::uint64_t count = 0;
        std::vector<Pass> taken;
        {
            const std::lock_guard lock{mutex_};
            if (::read(wake_, &count, sizeof count) < 0)
                return;
            taken.swap(posted_);
        }
        for (const Pass& pass : taken)
            for (const int fd : members_[pass.room])
                ::send(fd, pass.frames->data(), pass.frames->size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    }

    void read(int fd) {
        const ssize_t got = ::recv(fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
        if (got <= 0) {
            ::close(fd);
            return;
        }
        std::string& partial = partial_[fd];
        partial.append(buffer_.data(), static_cast<std::size_t>(got));
        if (partial.starts_with("GET ")) {
            if (partial.ends_with("\r\n\r\n"))
                enter(fd, std::exchange(partial, {}));
            return;
        }
        std::size_t used = 0;
        // As the client writes them: more than 125 and less than 65,536 bytes, masked with zeroes.
        while (partial.size() >= used + 8) {
            const auto* head = reinterpret_cast<const unsigned char*>(partial.data() + used);
            const std::size_t length = static_cast<std::size_t>(head[2]) << 8U | head[3];
            if (partial.size() < used + 8 + length)
                break;
            take(std::string_view{partial}.substr(used + 8, length));
            used += 8 + length;
        }
        partial.erase(0, used);
    }

    void enter(int fd, const std::string& request) {
        const std::size_t member = number_behind(request, "Bearer ");
        if (!house_.plan.rooms_of)
            members_[0].push_back(fd);
        else
            for (const std::size_t room : house_.plan.rooms_of(member))
                members_[room].push_back(fd);
        const std::string answer = "HTTP/1.1 101 Switching Protocols\r\n\r\n" +
                                   encode(R"({"type":"welcome"})" + std::string(120, ' '));
        ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
    }

    void take(std::string_view message) {
        const std::size_t room = number_behind(message, R"("room":)");
        if (house_.plan.store) {
            const std::lock_guard lock{house_.mutex};
            house_.waiting.emplace_back(room, message);
            house_.filled.notify_one();
            return;
        }
        gathered_ += encode(message);
        if (++gathered_count_ < house_.plan.gather)
            return;
        gathered_count_ = 0;
        house_.pass_on(room, std::exchange(gathered_, {}));
    }

    House& house_;
    std::size_t index_;
    int epoll_ = -1;
    int wake_ = -1;
    std::size_t next_ = 0;
    std::mutex mutex_;
    std::vector<Pass> posted_;
    std::unordered_map<std::size_t, std::vector<int>> members_;
    std::unordered_map<int, std::string> partial_;
    std::array<char, 65'536> buffer_{};
    std::string gathered_;
    std::size_t gathered_count_ = 0;
};

void House::pass_on(std::size_t room, const std::string& frames) {
    const Pass pass{room, std::make_shared<const std::string>(frames)};
    for (const auto& loop : loops)
        loop->post(pass);
}

void House::store_and_pass_on() {
    const std::unique_ptr<Bare> store = plan.store();
    std::int64_t n = 0;
    for (;;) {
        std::vector<Said> taken;
        {
            std::unique_lock lock{mutex};
            filled.wait(lock, [&] { return !waiting.empty(); });
            const std::size_t count = std::min(waiting.size(), longest_commit);
            const auto end = waiting.begin() + static_cast<std::ptrdiff_t>(count);
            taken.assign(std::move_iterator{waiting.begin()}, std::move_iterator{end});
            waiting.erase(waiting.begin(), end);
        }
        std::stable_sort(taken.begin(), taken.end(), [](const auto& a, const auto& b) {
            return a.first < b.first;
        });
        Group group = as_group(taken, plan.first_room, n);
        store->commit(group);
        for (const auto& [room, message] : taken)
            pass_on(room, encode(message));
    }
}

int listen_on_loopback(std::uint16_t& port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    if (::bind(fd, reinterpret_cast<sockaddr*>(&at), size) != 0 || ::listen(fd, 1024) != 0 ||
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size) != 0)
        give_up("listen");
    port = ntohs(at.sin_port);
    return fd;
}

[[noreturn]] void serve(const BarePlan& plan, int listener) {
    House house;
    house.plan = plan;
    house.listener = listener;
    const std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
    for (std::size_t i = 0; i < threads; ++i)
        house.loops.push_back(std::make_unique<Loop>(house, i));
    std::vector<std::thread> running;
    for (const auto& loop : house.loops)
        running.emplace_back([&loop] { loop->run(); });
    if (plan.store)
        house.store_and_pass_on();
    for (std::thread& thread : running)
        thread.join();
    std::_Exit(0);
}

}  // namespace

BareServer::BareServer(const BarePlan& plan) {
    const int listener = listen_on_loopback(port_);
    pid_ = ::fork();
    if (pid_ < 0)
        give_up("fork");
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        serve(plan, listener);
    }
    ::close(listener);
}

BareServer::~BareServer() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

double BareServer::cpu_seconds() const {
    return test::cpu_seconds_of(pid_);
}

}  // namespace pchat::bench
