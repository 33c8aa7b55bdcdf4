// SPDX-License-Identifier: Apache-2.0
// The bus between servers over private nodes: round trips, and what a million messages cost.
// Usage: bench_bus; see bench/RESULTS.md.
#include "server/bus/nats_bus.h"
#include "tests/support/nats_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace pchat::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Nodes = std::vector<std::unique_ptr<test::NatsServer>>;

constexpr std::size_t message_bytes = 300;
constexpr auto patience = std::chrono::seconds{60};
const SystemClock real_clock;

void require(bool held, const std::string& what) {
    if (held)
        return;
    std::cerr << "bench: " << what << '\n';
    std::exit(1);
}

class End : public bus::BusListener {
public:
    explicit End(const bus::NodeAddress& node) {
        bus::NatsOptions options;
        options.nodes = {node};
        options.name = "bench";
        auto made = bus::NatsBus::start(std::move(options), *this, real_clock);
        require(made.has_value(), "no bus");
        bus_ = std::move(*made);
        require(wait([this] { return linked_; }), "no link");
    }
    ~End() override { bus_->stop(); }
    End(const End&) = delete;
    End& operator=(const End&) = delete;
    End(End&&) = delete;
    End& operator=(End&&) = delete;

    void received(std::string_view /*subject*/, std::string_view bytes) override {
        if (answers_)
            bus_->publish("pchat.answer", std::string{bytes});
        if (++count_ >= wanted_) {
            const std::lock_guard lock{mutex_};
            changed_.notify_all();
        }
    }
    void linked() override {
        const std::lock_guard lock{mutex_};
        linked_ = true;
        changed_.notify_all();
    }
    void unlinked() override { require(false, "the link broke"); }
    void missed() override { require(false, "messages were missed"); }

    void answer() { answers_ = true; }
    void want(std::size_t messages) { wanted_ = messages; }
    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] bool wait_for_wanted() {
        return wait([this] { return count_ >= wanted_; });
    }
    [[nodiscard]] bus::Bus& bus() { return *bus_; }

private:
    template <class F>
    bool wait(F holds) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, patience, holds);
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    bool linked_ = false;
    std::atomic<bool> answers_{false};
    std::atomic<std::size_t> count_{0};
    std::atomic<std::size_t> wanted_{1};
    std::unique_ptr<bus::Bus> bus_;
};

double cpu_seconds(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double cpu_seconds_of(const Nodes& nodes) {
    double out = 0;
    for (const auto& node : nodes) {
        clockid_t clock{};
        require(::clock_getcpuclockid(node->pid(), &clock) == 0, "no clock of a node");
        out += cpu_seconds(clock);
    }
    return out;
}

/// Until the nodes have told each other who listens.
void warm_up(End& from, End& to, const std::string& subject) {
    const std::size_t before = to.count();
    const auto deadline = Clock::now() + patience;
    while (to.count() == before) {
        require(Clock::now() < deadline, "nothing arrives");
        from.bus().publish(subject, "warm");
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    require(from.bus().settle(patience), "the bus does not settle");
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
}

void round_trips(const std::string& name, End& asking, End& answering) {
    constexpr std::size_t rounds = 10'000;
    answering.answer();
    answering.bus().subscribe("pchat.question");
    asking.bus().subscribe("pchat.answer");
    require(asking.bus().settle(patience) && answering.bus().settle(patience), "not settled");
    warm_up(asking, asking, "pchat.question");
    const std::string message(message_bytes, 'x');
    std::vector<double> times;
    for (std::size_t i = 0; i < rounds; ++i) {
        asking.want(asking.count() + 1);
        const auto begun = Clock::now();
        asking.bus().publish("pchat.question", message);
        require(asking.wait_for_wanted(), "an answer is lost");
        times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begun).count());
    }
    std::sort(times.begin(), times.end());
    fmt::print(
        "{:<32}{:>8.0f} us p50{:>8.0f} us p99\n", name, times[rounds / 2], times[rounds * 99 / 100]
    );
}

void throughput(const std::string& name, const Nodes& nodes, End& from, End& to) {
    constexpr std::size_t messages = 1'000'000;
    constexpr std::size_t rooms = 100;
    constexpr std::size_t most_under_way = 50'000;
    for (std::size_t i = 0; i < rooms; ++i)
        to.bus().subscribe(fmt::format("pchat.room.{}", i));
    require(to.bus().settle(patience), "not settled");
    warm_up(from, to, "pchat.room.0");
    const std::size_t before = to.count();
    to.want(before + messages);
    const std::string message(message_bytes, 'x');
    const double own = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
    const double of_nodes = cpu_seconds_of(nodes);
    const auto begun = Clock::now();
    for (std::size_t i = 0; i < messages; ++i) {
        while (i - (to.count() - before) > most_under_way)
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        from.bus().publish(fmt::format("pchat.room.{}", i % rooms), message);
    }
    require(to.wait_for_wanted(), "messages are lost");
    const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    fmt::print(
        "{:<32}{:>8.0f} messages/s, CPU s per million: {:.2f} both ends, {:.2f} nodes\n",
        name,
        static_cast<double>(messages) / seconds,
        cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - own,
        cpu_seconds_of(nodes) - of_nodes
    );
}

void run(const std::string& name, const Nodes& nodes) {
    {
        End asking{nodes.front()->address()};
        End answering{nodes.back()->address()};
        round_trips("round trip, " + name, asking, answering);
    }
    End from{nodes.front()->address()};
    End to{nodes.back()->address()};
    throughput("one way, " + name, nodes, from, to);
}

}  // namespace
}  // namespace pchat::bench

int main() {
    if (!pchat::test::NatsServer::installed())
        return 1;
    pchat::bench::Nodes one;
    one.push_back(pchat::test::NatsServer::start());
    pchat::bench::run("one node", one);
    one.clear();
    pchat::bench::run("two nodes", pchat::test::NatsServer::start_cluster({"n1", "n2"}, {}));
    return 0;
}
