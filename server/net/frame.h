// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace pchat::net {

/// Encoded bytes, made once and shared by all threads.
using SharedBytes = std::shared_ptr<const std::string>;

/// A reference to shared bytes that stays on one thread: each thread wraps the bytes once, and
/// then counts its recipients without atomic operations.
class Frame {
public:
    Frame() = default;
    explicit Frame(SharedBytes bytes) : held_(new Held{std::move(bytes), 1}) {}
    explicit Frame(std::string bytes)
        : Frame(std::make_shared<const std::string>(std::move(bytes))) {}
    Frame(const Frame& other) noexcept : held_(other.held_) {
        if (held_ != nullptr)
            ++held_->count;
    }
    Frame(Frame&& other) noexcept : held_(std::exchange(other.held_, nullptr)) {}
    Frame& operator=(Frame other) noexcept {
        std::swap(held_, other.held_);
        return *this;
    }
    ~Frame() {
        if (held_ != nullptr && --held_->count == 0)
            delete held_;
    }

    [[nodiscard]] const std::string& bytes() const { return *held_->bytes; }
    explicit operator bool() const { return held_ != nullptr; }

private:
    struct Held {
        SharedBytes bytes;
        std::uint32_t count;
    };
    Held* held_ = nullptr;
};

}  // namespace pchat::net
