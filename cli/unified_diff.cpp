// SPDX-License-Identifier: Apache-2.0
#include "cli/unified_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace pchat::cli {
namespace {

using Lines = std::vector<std::string_view>;

// Line ends stay on the lines: a changed line end is a change.
Lines split(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return lines;
}

// Lines before[from, to) became after[new_from, new_to).
struct Change {
    std::size_t from = 0;
    std::size_t to = 0;
    std::size_t new_from = 0;
    std::size_t new_to = 0;
};

// The longest common subsequence by table; what two versions of one document share at both ends is
// left out, so the table is as large as the change. Past the limit all between counts as changed.
class Differ {
public:
    Differ(const Lines& before, const Lines& after) : before_(before), after_(after) {}

    std::vector<Change> changes() {
        const std::size_t shorter = std::min(before_.size(), after_.size());
        while (head_ < shorter && before_[head_] == after_[head_])
            ++head_;
        std::size_t tail = 0;
        while (tail < shorter - head_ &&
               before_[before_.size() - 1 - tail] == after_[after_.size() - 1 - tail])
            ++tail;
        rows_ = before_.size() - tail - head_;
        columns_ = after_.size() - tail - head_;
        if (rows_ == 0 && columns_ == 0)
            return {};
        constexpr std::size_t most_cells = 4'000'000;
        if (rows_ != 0 && columns_ > most_cells / rows_)
            return {{head_, head_ + rows_, head_, head_ + columns_}};
        fill();
        return walk();
    }

private:
    [[nodiscard]] std::uint32_t& cell(std::size_t row, std::size_t column) {
        return table_[row * (columns_ + 1) + column];
    }
    [[nodiscard]] bool equal(std::size_t row, std::size_t column) const {
        return before_[head_ + row] == after_[head_ + column];
    }

    void fill() {
        table_.assign((rows_ + 1) * (columns_ + 1), 0);
        for (std::size_t row = rows_; row-- > 0;)
            for (std::size_t column = columns_; column-- > 0;)
                cell(row, column) = equal(row, column)
                                        ? cell(row + 1, column + 1) + 1
                                        : std::max(cell(row + 1, column), cell(row, column + 1));
    }

    std::vector<Change> walk() {
        std::vector<Change> found;
        std::size_t row = 0;
        std::size_t column = 0;
        while (row < rows_ || column < columns_) {
            if (row < rows_ && column < columns_ && equal(row, column)) {
                ++row;
                ++column;
                continue;
            }
            Change change{head_ + row, 0, head_ + column, 0};
            while ((row < rows_ || column < columns_) &&
                   !(row < rows_ && column < columns_ && equal(row, column))) {
                const bool drop = column >= columns_ ||
                                  (row < rows_ && cell(row + 1, column) >= cell(row, column + 1));
                ++(drop ? row : column);
            }
            change.to = head_ + row;
            change.new_to = head_ + column;
            found.push_back(change);
        }
        return found;
    }

    const Lines& before_;
    const Lines& after_;
    std::size_t head_ = 0;
    std::size_t rows_ = 0;
    std::size_t columns_ = 0;
    std::vector<std::uint32_t> table_;
};

void put(std::string& out, char mark, std::string_view line) {
    out += mark;
    out += line;
    if (!line.ends_with('\n'))
        out += "\n\\ No newline at end of file\n";
}

std::string range(std::size_t from, std::size_t to) {
    const std::size_t length = to - from;
    const std::size_t first = length == 0 ? from : from + 1;
    return length == 1 ? fmt::format("{}", first) : fmt::format("{},{}", first, length);
}

// Changes so near to each other that their context meets, under one @@ line.
std::string hunk(
    const Lines& before,
    const Lines& after,
    const Change* first,
    const Change* last,
    std::size_t context
) {
    const std::size_t lead = std::min(context, first->from);
    const std::size_t trail = std::min(context, before.size() - last->to);
    std::string out = fmt::format(
        "@@ -{} +{} @@\n",
        range(first->from - lead, last->to + trail),
        range(first->new_from - lead, last->new_to + trail)
    );
    std::size_t at = first->from - lead;
    for (const Change* change = first; change <= last; ++change) {
        for (; at < change->from; ++at)
            put(out, ' ', before[at]);
        for (; at < change->to; ++at)
            put(out, '-', before[at]);
        for (std::size_t i = change->new_from; i < change->new_to; ++i)
            put(out, '+', after[i]);
    }
    for (; at < last->to + trail; ++at)
        put(out, ' ', before[at]);
    return out;
}

}  // namespace

std::string unified_diff(
    std::string_view name, std::string_view before, std::string_view after, std::size_t context
) {
    const Lines old_lines = split(before);
    const Lines new_lines = split(after);
    const std::vector<Change> changes = Differ{old_lines, new_lines}.changes();
    if (changes.empty())
        return {};
    std::string out = fmt::format("--- {0}\n+++ {0}\n", name);
    for (std::size_t first = 0; first < changes.size();) {
        std::size_t last = first;
        while (last + 1 < changes.size() && changes[last + 1].from - changes[last].to <= 2 * context
        )
            ++last;
        out += hunk(old_lines, new_lines, &changes[first], &changes[last], context);
        first = last + 1;
    }
    return out;
}

}  // namespace pchat::cli
