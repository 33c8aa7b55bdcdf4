// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace pchat::test {

/// A port of the loopback address that greets whoever comes first and falls silent, as a machine
/// does that hangs: the connection stays.
class MutePort {
public:
    explicit MutePort(std::string greeting);
    ~MutePort();
    MutePort(const MutePort&) = delete;
    MutePort& operator=(const MutePort&) = delete;
    MutePort(MutePort&&) = delete;
    MutePort& operator=(MutePort&&) = delete;

    [[nodiscard]] std::uint16_t number() const { return number_; }
    [[nodiscard]] bool has_greeted() const { return greeted_; }

private:
    void greet();

    std::string greeting_;
    int listener_ = -1;
    std::uint16_t number_ = 0;
    std::atomic<bool> greeted_{false};
    std::thread thread_;
};

}  // namespace pchat::test
