// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// A range of bytes in a SourceText, end exclusive.
struct Span {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    [[nodiscard]] std::uint32_t size() const { return end - begin; }
    bool operator==(const Span&) const = default;
};

/// Line and column as people count them: from 1, the column in code points.
struct Position {
    int line = 1;
    int column = 1;
    bool operator==(const Position&) const = default;
};

/// The text of one input with the name it is shown under ("topo.yaml", "<stdin>").
/// Immutable; finds lines and positions by byte offset.
class SourceText {
public:
    SourceText(std::string name, std::string text);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::string_view text() const { return text_; }
    [[nodiscard]] std::string_view slice(Span span) const;
    [[nodiscard]] Position position(std::uint32_t offset) const;
    [[nodiscard]] int line_count() const { return static_cast<int>(line_starts_.size()); }

    /// Line `number` (from 1) without its line end.
    [[nodiscard]] std::string_view line(int number) const;
    [[nodiscard]] std::uint32_t line_start(int number) const;

private:
    std::string name_;
    std::string text_;
    std::vector<std::uint32_t> line_starts_;
};

}  // namespace pchat
