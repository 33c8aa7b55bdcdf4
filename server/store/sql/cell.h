// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/id.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace pchat::sql {

/// A value on its way to or from a database, which knows numbers and texts only.
struct Cell {
    enum class Type : std::uint8_t { number, text };

    Type type = Type::number;
    bool null = false;
    long long number = 0;
    std::string text;
};

/// How a type of ours travels: its Cell::Type, and both directions.
template <class T>
struct Travel;

template <class T>
requires std::is_integral_v<T>
struct Travel<T> {
    static constexpr Cell::Type type = Cell::Type::number;
    static void out(T value, Cell& cell) { cell.number = static_cast<long long>(value); }
    static void in(Cell& cell, T& value) { value = static_cast<T>(cell.number); }
};

template <class T>
requires std::is_enum_v<T>
struct Travel<T> {
    static constexpr Cell::Type type = Cell::Type::number;
    static void out(T value, Cell& cell) { cell.number = static_cast<long long>(value); }
    static void in(Cell& cell, T& value) { value = static_cast<T>(cell.number); }
};

template <class Tag>
struct Travel<Id<Tag>> {
    static constexpr Cell::Type type = Cell::Type::number;
    static void out(Id<Tag> value, Cell& cell) { cell.number = value.value; }
    static void in(Cell& cell, Id<Tag>& value) { value.value = cell.number; }
};

template <>
struct Travel<std::string> {
    static constexpr Cell::Type type = Cell::Type::text;
    static void out(const std::string& value, Cell& cell) { cell.text = value; }
    static void in(Cell& cell, std::string& value) { value = std::move(cell.text); }
};

template <>
struct Travel<std::string_view> {
    static constexpr Cell::Type type = Cell::Type::text;
    static void out(std::string_view value, Cell& cell) { cell.text = value; }
};

template <class T>
struct Travel<std::optional<T>> {
    static constexpr Cell::Type type = Travel<T>::type;
    static void out(const std::optional<T>& value, Cell& cell) {
        cell.null = !value.has_value();
        if (value)
            Travel<T>::out(*value, cell);
    }
    static void in(Cell& cell, std::optional<T>& value) {
        if (cell.null)
            value.reset();
        else
            Travel<T>::in(cell, value.emplace());
    }
};

/// What the many placeholders of one statement shall hold, in their order. As arguments of a call
/// hundreds of them would cost the compiler minutes.
class Values {
public:
    explicit Values(std::size_t count) { cells_.reserve(count); }

    template <class... In>
    void add(const In&... in) {
        (add_one(in), ...);
    }
    [[nodiscard]] const std::vector<Cell>& cells() const { return cells_; }

private:
    template <class T>
    void add_one(const T& value) {
        Cell& cell = cells_.emplace_back(Cell{Travel<T>::type, false, 0, {}});
        Travel<T>::out(value, cell);
    }

    std::vector<Cell> cells_;
};

}  // namespace pchat::sql
