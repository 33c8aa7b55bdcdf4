// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace pchat {

/// A password or key. Never printed (formats as ***), not copied by accident, wiped when it goes
/// away.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    Secret(Secret&& other) noexcept : value_(std::exchange(other.value_, {})) { other.wipe(); }
    Secret& operator=(Secret&& other) noexcept {
        if (this != &other) {
            wipe();
            value_ = std::exchange(other.value_, {});
            other.wipe();
        }
        return *this;
    }
    ~Secret() { wipe(); }

    /// The value itself, for the one call that needs it.
    [[nodiscard]] std::string_view reveal() const { return value_; }
    [[nodiscard]] bool empty() const { return value_.empty(); }
    [[nodiscard]] Secret copy() const { return Secret{value_}; }

private:
    // Through volatile, so that the compiler cannot drop writes to memory that is about to be
    // freed. The whole capacity: short strings live inside the object, where a move leaves their
    // bytes behind.
    void wipe() {
        value_.resize(value_.capacity());
        for (char& c : value_)
            *static_cast<volatile char*>(&c) = '\0';
        value_.clear();
    }

    std::string value_;
};

}  // namespace pchat

template <>
struct fmt::formatter<pchat::Secret> : fmt::formatter<std::string_view> {
    template <class Context>
    auto format(const pchat::Secret& /*secret*/, Context& ctx) const {
        return fmt::formatter<std::string_view>::format("***", ctx);
    }
};
