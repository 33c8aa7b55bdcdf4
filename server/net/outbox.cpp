// SPDX-License-Identifier: Apache-2.0
#include "server/net/outbox.h"

#include <algorithm>
#include <array>

namespace pchat::net {
namespace {

constexpr std::size_t longest_gather = 64;  // pieces in one call

}  // namespace

void Outbox::push(const Frame& frame) {
    if (frame.bytes().empty())
        return;
    bytes_ += frame.bytes().size();
    frames_.push_back(frame);
}

Transfer Outbox::write_to(Channel& channel, std::size_t& writes) {
    Transfer total{Transfer::State::moved};
    while (!empty()) {
        std::array<iovec, longest_gather> pieces;
        const std::size_t count = std::min(frames_.size() - first_, pieces.size());
        std::size_t offset = offset_;
        for (std::size_t i = 0; i < count; ++i) {
            const std::string& bytes = frames_[first_ + i].bytes();
            // iovec serves reading as well, so its pointer is not const.
            pieces[i] = {const_cast<char*>(bytes.data()) + offset, bytes.size() - offset};
            offset = 0;
        }
        const Transfer moved = channel.write_gathered(std::span{pieces}.first(count));
        ++writes;
        total.state = moved.state;
        if (moved.state != Transfer::State::moved)
            return total;
        total.bytes += moved.bytes;
        take(moved.bytes);
    }
    return total;
}

void Outbox::take(std::size_t written) {
    bytes_ -= written;
    written += offset_;
    while (first_ < frames_.size() && written >= frames_[first_].bytes().size()) {
        written -= frames_[first_].bytes().size();
        frames_[first_++] = {};
    }
    offset_ = written;
    if (first_ == frames_.size()) {
        frames_ = {};  // with its memory
        first_ = 0;
    } else if (first_ > longest_gather) {
        frames_.erase(frames_.begin(), frames_.begin() + static_cast<std::ptrdiff_t>(first_));
        first_ = 0;
    }
}

void Outbox::drop_unbegun(const Channel& channel) {
    const std::size_t begun = offset_ + channel.committed();
    std::size_t kept = 0;
    std::size_t end = first_;
    for (; end < frames_.size() && kept < begun; ++end)
        kept += frames_[end].bytes().size();
    frames_.resize(end);
    bytes_ = kept - offset_;
    if (first_ == frames_.size()) {
        frames_ = {};
        first_ = 0;
    }
}

}  // namespace pchat::net
