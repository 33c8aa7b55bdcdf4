// SPDX-License-Identifier: Apache-2.0
#include "cli/resource/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat::cli {
namespace {

/// Goes through the text once.
class CsvReader {
public:
    CsvReader(const std::string& name, std::string_view text) : name_(name), rest_(text) {
        constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
        if (rest_.substr(0, byte_order_mark.size()) == byte_order_mark)
            rest_.remove_prefix(byte_order_mark.size());
    }

    Result<std::vector<CsvRow>> read() {
        std::vector<CsvRow> out;
        while (!rest_.empty()) {
            Result<CsvRow> row = read_row();
            if (!row)
                return pass(std::move(row).error());
            const bool blank = row->cells.size() == 1 && row->cells.front().empty();
            if (!blank)
                out.push_back(std::move(*row));
        }
        return out;
    }

private:
    Result<CsvRow> read_row() {
        CsvRow out;
        out.line = line_;
        for (;;) {
            Result<std::string> cell = read_cell();
            if (!cell)
                return pass(std::move(cell).error());
            out.cells.push_back(std::move(*cell));
            if (!take(','))
                break;
        }
        take('\r');
        if (rest_.empty() || take('\n')) {
            ++line_;
            return out;
        }
        return fail(
            Errc::bad_file,
            fmt::format("{}:{}: text goes on behind a closing quote", name_, line_),
            "write a quote inside of quotes twice"
        );
    }

    Result<std::string> read_cell() {
        if (!take('"')) {
            const std::size_t end = std::min(rest_.find_first_of(",\r\n"), rest_.size());
            std::string out{rest_.substr(0, end)};
            rest_.remove_prefix(end);
            return out;
        }
        const std::size_t begun = line_;
        std::string out;
        for (;;) {
            const std::size_t end = rest_.find('"');
            if (end == std::string_view::npos)
                return fail(
                    Errc::bad_file,
                    fmt::format("{}:{}: a quote is not closed", name_, begun),
                    "write a quote inside of quotes twice"
                );
            const std::string_view part = rest_.substr(0, end);
            line_ += static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'));
            out += part;
            rest_.remove_prefix(end + 1);
            if (!take('"'))
                return out;
            out += '"';
        }
    }

    bool take(char c) {
        if (rest_.empty() || rest_.front() != c)
            return false;
        rest_.remove_prefix(1);
        return true;
    }

    const std::string& name_;
    std::string_view rest_;
    std::size_t line_ = 1;
};

}  // namespace

Result<std::vector<CsvRow>> read_csv(const std::string& name, std::string_view text) {
    return CsvReader{name, text}.read();
}

}  // namespace pchat::cli
