// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::test {

/// Many clients in one thread: signs them in over WebSockets, sends what they say, reads what they
/// get. Plain TCP on loopback, epoll and nothing else, so that as little as possible of the machine
/// goes to the measuring side.
class Swarm {
public:
    struct Peer {
        int fd = -1;
        std::size_t index = 0;
        std::uint64_t messages = 0;  // msg events
        std::uint64_t frames = 0;    // all text frames
        bool welcome = false;
        std::string partial;  // of a frame that is not here as a whole
        std::string unsent;
        bool upgraded = false;
    };
    /// Every text frame but msg events when `events_too` is false.
    using OnFrame = std::function<void(Peer& peer, std::string_view text)>;

    explicit Swarm(std::uint16_t port) : Swarm(std::vector{port}) {}
    /// Client i talks to the server at port i, and over again.
    explicit Swarm(std::vector<std::uint16_t> ports);
    ~Swarm();
    Swarm(const Swarm&) = delete;
    Swarm& operator=(const Swarm&) = delete;

    /// Signs one client in for each token; returns once all have got their welcome. `at_once`: how
    /// many may be under way.
    void connect(const std::vector<std::string>& tokens, std::size_t at_once = 200);
    /// Queues a text frame and writes what the socket takes.
    void send(Peer& peer, std::string_view text);
    /// Reads and writes until `done` says so or the time is over; whether it was done.
    bool run(std::chrono::milliseconds limit, const std::function<bool()>& done);

    void on_frame(OnFrame call, bool events_too) {
        on_frame_ = std::move(call);
        events_too_ = events_too;
    }
    std::vector<Peer>& peers() { return peers_; }
    [[nodiscard]] std::uint64_t messages() const { return messages_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    [[nodiscard]] std::size_t lost() const { return lost_; }
    void disconnect();

private:
    void open(std::size_t index, const std::string& token);
    void read(Peer& peer);
    std::size_t take(Peer& peer, std::string_view bytes);
    void frame(Peer& peer, int opcode, std::string_view payload);
    void flush(Peer& peer);
    void write(Peer& peer, const std::string& frame);
    void turn(int milliseconds);

    std::vector<std::uint16_t> ports_;
    int epoll_ = -1;
    std::vector<Peer> peers_;
    std::vector<char> buffer_;
    OnFrame on_frame_;
    bool events_too_ = false;
    std::uint64_t messages_ = 0;
    std::uint64_t bytes_ = 0;  // received
    std::size_t welcomes_ = 0;
    std::size_t lost_ = 0;
};

}  // namespace pchat::test
