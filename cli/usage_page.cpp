// SPDX-License-Identifier: Apache-2.0
#include "cli/usage_page.h"

#include "cli/html_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

std::int64_t number(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number() ? found->get<std::int64_t>() : 0;
}

std::string text(const Json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end())
        return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}

/// "2026-11-21" of a time.
std::string date(const Json& object, const char* key) {
    return text(object, key).substr(0, 10);
}

struct Heading {
    const char* title;
    const char* key;
};

std::string table(const char* title, const Json& rows, const std::vector<Heading>& columns) {
    if (!rows.is_array() || rows.empty())
        return {};
    std::string out = fmt::format("<h2>{}</h2>\n<table><tr>", title);
    for (const Heading& column : columns)
        out += fmt::format("<th>{}</th>", column.title);
    out += "</tr>\n";
    for (const Json& row : rows) {
        out += "<tr>";
        for (const Heading& column : columns) {
            const auto cell = row.find(column.key);
            const bool right = cell != row.end() && cell->is_number();
            out += fmt::format(
                "<td{}>{}</td>", right ? " class=\"n\"" : "", html_text(text(row, column.key))
            );
        }
        out += "</tr>\n";
    }
    return out + "</table>\n";
}

constexpr std::string_view style =
    "body{font-family:sans-serif;margin:2em;max-width:60em}"
    "td,th{padding:.3em 1em;text-align:left;border-bottom:1px solid #ccc}"
    ".n{text-align:right}svg{width:100%;height:auto}"
    "rect{fill:#2b6cb0}text{font-size:11px;fill:#555}line{stroke:#999}";

}  // namespace

std::string usage_picture(const Json& days) {
    constexpr double width = 900;
    constexpr double height = 200;
    constexpr double margin = 50;
    std::int64_t most = 1;
    for (const Json& day : days)
        most = std::max(most, number(day, "messages"));
    const double step =
        (width - margin) / static_cast<double>(std::max<std::size_t>(days.size(), 1));
    std::string bars;
    double x = margin;
    for (const Json& day : days) {
        const std::int64_t count = number(day, "messages");
        const double tall = height * static_cast<double>(count) / static_cast<double>(most);
        bars += fmt::format(
            "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\">"
            "<title>{}: {} messages, {} users, {} rooms</title></rect>\n",
            x,
            10 + height - tall,
            std::max(step - 1, 0.5),
            tall,
            html_text(date(day, "day")),
            count,
            number(day, "users"),
            number(day, "rooms")
        );
        x += step;
    }
    const std::string first = days.empty() ? std::string{} : date(days.front(), "day");
    const std::string last = days.empty() ? std::string{} : date(days.back(), "day");
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} 240\" role=\"img\" "
        "aria-label=\"messages by day\">\n"
        "<text x=\"0\" y=\"18\">{1}</text><text x=\"0\" y=\"210\">0</text>\n"
        "<line x1=\"{2}\" y1=\"210\" x2=\"{0}\" y2=\"210\"/>\n{3}"
        "<text x=\"{2}\" y=\"228\">{4}</text>"
        "<text x=\"{0}\" y=\"228\" text-anchor=\"end\">{5}</text>\n</svg>\n",
        static_cast<int>(width),
        most,
        static_cast<int>(margin),
        bars,
        html_text(first),
        html_text(last)
    );
}

std::string usage_page(const Json& usage) {
    const Json none = Json::array();
    const auto list = [&](const char* key) { return usage.value(key, none); };
    return fmt::format(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<title>Usage of persistent chat</title>\n<style>{}</style></head>\n"
        "<body><h1>Usage of persistent chat</h1>\n<p>{} to {}</p>\n"
        "<p>{} messages by {} of {} users in {} of {} rooms{}</p>\n"
        "<h2>Messages by day</h2>\n{}{}{}{}</body></html>\n",
        style,
        html_text(text(usage, "since")),
        html_text(text(usage, "until")),
        number(usage, "messages"),
        number(usage, "users_heard"),
        number(usage, "users"),
        number(usage, "rooms_used"),
        number(usage, "rooms"),
        usage.value("complete", true) ? "" : "; there is more than this report counts",
        usage_picture(list("days")),
        table(
            "Rooms with most messages",
            list("top_rooms"),
            {{"Room", "room"},
             {"Category", "category"},
             {"Messages", "messages"},
             {"Users", "users"},
             {"Last message", "last_at"}}
        ),
        table(
            "Users with most messages",
            list("top_users"),
            {{"User", "user"}, {"Messages", "messages"}, {"Rooms", "rooms"}}
        ),
        table(
            "Rooms idle for longest",
            list("idle_rooms"),
            {{"Room", "room"}, {"Category", "category"}, {"Last message", "last_at"}}
        )
    );
}

}  // namespace pchat::cli
