// SPDX-License-Identifier: Apache-2.0
#include "cli/resource/import_file.h"

#include "base/suggest.h"
#include "base/unicode.h"
#include "cli/resource/csv.h"
#include "cli/topology_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string_view>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;
using Columns = std::vector<ImportColumn>;
using Kind = ImportColumn::Kind;

/// Takes the lines and remembers what is wrong with them.
class ImportReader {
public:
    ImportReader(Context& ctx, const InputText& input, const Columns& columns)
        : ctx_(ctx), input_(input), columns_(columns) {}

    Result<ImportRows> read() {
        const std::size_t begin = input_.text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
        if (begin != std::string::npos && input_.text[begin] == '{')
            read_lines();
        else if (Result<void> read = read_table(); !read)
            return pass(std::move(read).error());
        if (problems_ > 0) {
            ctx_.err << fmt::format(
                "{}: {} {}\n", input_.name, problems_, problems_ == 1 ? "problem" : "problems"
            );
            return fail_silently(Errc::bad_file);
        }
        return ImportRows{input_.name, std::move(rows_)};
    }

private:
    void complain(std::size_t line, const std::string& what) {
        if (++problems_ <= most_shown)
            ctx_.err << fmt::format("{}:{}: {}\n", input_.name, line, what);
    }

    const ImportColumn* column(std::string_view name, std::size_t line) {
        std::vector<std::string_view> names;
        for (const ImportColumn& one : columns_) {
            if (one.name == name)
                return &one;
            names.push_back(one.name);
        }
        const auto meant = nearest(name, names);
        complain(
            line,
            fmt::format(
                "unknown column '{}', {}",
                printable(name),
                meant ? fmt::format("did you mean '{}'?", *meant)
                      : fmt::format("columns are {}", fmt::join(names, ", "))
            )
        );
        return nullptr;
    }

    // ---- CSV

    Result<void> read_table() {
        Result<std::vector<CsvRow>> table = read_csv(input_.name, input_.text);
        if (!table)
            return pass(std::move(table).error());
        if (table->empty())
            return fail(
                Errc::bad_file,
                fmt::format("{} is empty", input_.name),
                fmt::format("its first line names the columns, such as {}", columns_.front().name)
            );
        std::vector<const ImportColumn*> headings;
        for (const std::string& name : table->front().cells)
            headings.push_back(column(name, table->front().line));
        if (problems_ > 0)  // without good headings, cells mean nothing
            return {};
        for (std::size_t i = 1; i < table->size(); ++i)
            read_cells((*table)[i], headings);
        return {};
    }

    void read_cells(const CsvRow& row, const std::vector<const ImportColumn*>& headings) {
        if (row.cells.size() != headings.size())
            return complain(
                row.line, fmt::format("{} cells, {} columns", row.cells.size(), headings.size())
            );
        Json item = Json::object();
        for (std::size_t i = 0; i < headings.size(); ++i)
            if (!row.cells[i].empty())
                put_cell(row.line, *headings[i], row.cells[i], item);
        rows_.push_back({row.line, std::move(item)});
    }

    void put_cell(
        std::size_t line, const ImportColumn& heading, std::string_view cell, Json& item
    ) {
        if (heading.kind == Kind::text) {
            item[heading.name] = cell;
        } else if (heading.kind == Kind::boolean) {
            if (cell != "true" && cell != "false")
                return complain(
                    line,
                    fmt::format("{} is true or false, not '{}'", heading.name, printable(cell))
                );
            item[heading.name] = cell == "true";
        } else if (heading.kind == Kind::number) {
            std::int64_t number = 0;
            const char* end = cell.data() + cell.size();
            if (const auto [stop, problem] = std::from_chars(cell.data(), end, number);
                problem != std::errc{} || stop != end)
                return complain(
                    line, fmt::format("{} is a number, not '{}'", heading.name, printable(cell))
                );
            item[heading.name] = number;
        } else {
            Json& list = item[heading.name] = Json::array();
            while (!cell.empty()) {
                const std::size_t end = std::min(cell.find(';'), cell.size());
                if (end > 0)
                    list.push_back(cell.substr(0, end));
                cell.remove_prefix(std::min(end + 1, cell.size()));
            }
        }
    }

    // ---- JSON lines

    void read_lines() {
        std::string_view rest = input_.text;
        for (std::size_t line = 1; !rest.empty(); ++line) {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            const std::string_view text = rest.substr(0, end);
            rest.remove_prefix(std::min(end + 1, rest.size()));
            if (text.find_first_not_of(" \t\r") != std::string_view::npos)
                read_object(line, text);
        }
    }

    void read_object(std::size_t line, std::string_view text) {
        Json item = Json::parse(text, nullptr, false);
        if (!item.is_object())
            return complain(line, "this is no JSON object");
        for (const auto& [key, value] : item.items()) {
            const ImportColumn* known = column(key, line);
            if (known != nullptr && !fits(known->kind, value))
                complain(
                    line,
                    fmt::format(
                        "{} must be {}",
                        key,
                        known->kind == Kind::text      ? "text"
                        : known->kind == Kind::boolean ? "true or false"
                        : known->kind == Kind::number  ? "a number"
                                                       : "a list of texts"
                    )
                );
        }
        rows_.push_back({line, std::move(item)});
    }

    static bool fits(Kind kind, const Json& value) {
        if (kind == Kind::text)
            return value.is_string();
        if (kind == Kind::boolean)
            return value.is_boolean();
        if (kind == Kind::number)
            return value.is_number_integer();
        return value.is_array() && std::all_of(value.begin(), value.end(), [](const Json& one) {
                   return one.is_string();
               });
    }

    static constexpr std::size_t most_shown = 100;

    Context& ctx_;
    const InputText& input_;
    const Columns& columns_;
    std::vector<ImportRow> rows_;
    std::size_t problems_ = 0;
};

}  // namespace

Result<ImportRows> read_import(Context& ctx, const std::string& path, const Columns& columns) {
    const Result<InputText> input = read_input(ctx, path);
    if (!input)
        return pass(input.error());
    return read_import(ctx, *input, columns);
}

Result<ImportRows> read_import(Context& ctx, const InputText& input, const Columns& columns) {
    if (first_invalid_utf8(input.text))
        return fail(Errc::bad_file, fmt::format("{} is not UTF-8", input.name), "save it as UTF-8");
    return ImportReader{ctx, input, columns}.read();
}

}  // namespace pchat::cli
