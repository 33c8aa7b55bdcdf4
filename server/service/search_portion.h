// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstddef>

namespace pchat {

/// How many messages one transaction of the search index takes. The more, the more of them share a
/// word, whose block is read and written once; but SQLite takes nothing else meanwhile, so those of
/// a backlog are short while people talk.
class SearchPortion {
public:
    static constexpr std::size_t most = 2'048;
    static constexpr std::size_t least = 32;
    static constexpr std::chrono::milliseconds patience{8};  // of who talks

    [[nodiscard]] std::size_t messages() const { return messages_; }
    /// Learns from a transaction, and whether somebody has talked of late.
    void learn(std::chrono::nanoseconds took, std::size_t messages, bool people_talk);

private:
    std::size_t messages_ = most;
};

}  // namespace pchat
