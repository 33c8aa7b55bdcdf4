// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/channel.h"
#include "server/net/frame.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pchat::net {

/// What waits to be written to one connection. Holds no memory while it is empty.
class Outbox {
public:
    void push(const Frame& frame);
    [[nodiscard]] bool empty() const { return frames_.empty(); }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

    /// Writes until all has left or the channel takes no more; `writes` counts the calls.
    Transfer write_to(Channel& channel, std::size_t& writes);
    /// Forgets the frames of which nothing has left: the others have to be finished, or the
    /// receiver would take what follows for their rest.
    void drop_unbegun(const Channel& channel);

private:
    void take(std::size_t written);

    std::vector<Frame> frames_;
    std::size_t first_ = 0;   // of the frames, the first that has not left
    std::size_t offset_ = 0;  // of its bytes
    std::size_t bytes_ = 0;
};

}  // namespace pchat::net
