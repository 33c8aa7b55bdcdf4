// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/source_text.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace pchat::config {

/// absent: not written, the value is the default. given: written and good. bad: written, but
/// already reported; whoever judges must stay silent about it.
enum class State : std::uint8_t { absent, given, bad };

/// What is known of a value of the model besides the value: its place in the text (of an absent
/// one: the object's own place) and how its reading went.
struct Slot {
    Span at{};
    State state = State::absent;

    [[nodiscard]] bool given() const { return state == State::given; }
    [[nodiscard]] bool absent() const { return state == State::absent; }
    [[nodiscard]] bool readable() const { return state != State::bad; }
};

template <class T>
struct Located : Slot {
    T value{};

    Located() = default;
    explicit Located(T initial) : value(std::move(initial)) {}

    [[nodiscard]] bool known() const { return readable(); }
    const T& operator*() const { return value; }
    const T* operator->() const { return &value; }
};

/// A list of the model. `complete` is false when an item of it could not be read.
template <class T>
struct List : Slot {
    std::vector<T> items;
    bool complete = true;

    [[nodiscard]] bool known() const { return readable() && complete; }
    [[nodiscard]] bool empty() const { return items.empty(); }
    [[nodiscard]] std::size_t size() const { return items.size(); }
    [[nodiscard]] auto begin() const { return items.begin(); }
    [[nodiscard]] auto end() const { return items.end(); }
};

/// Base of every object of a model. Its place is its name when it has one, else its first key.
struct Object : Slot {
    Span whole{};  // all of it

    [[nodiscard]] bool known() const { return readable(); }
};

}  // namespace pchat::config
