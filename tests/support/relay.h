// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace pchat::test {

/// A router between clients and a server on this machine, which can stop carrying anything, both
/// ways, without either end hearing of it.
class Relay {
public:
    explicit Relay(std::uint16_t server);
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    void cut() { cut_ = true; }
    void mend() { cut_ = false; }

private:
    struct Link {
        int client = -1;
        int server = -1;
    };
    void run();
    void accept();
    /// False when one end has gone.
    static bool carry(int from, int to);

    std::uint16_t server_;
    std::uint16_t port_ = 0;
    int listener_ = -1;
    std::vector<Link> links_;
    std::atomic<bool> cut_{false};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace pchat::test
