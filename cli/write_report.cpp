// SPDX-License-Identifier: Apache-2.0
#include "cli/write_report.h"

#include "base/clock.h"
#include "base/time_text.h"
#include "cli/html_text.h"
#include "cli/local_server/secret_file.h"
#include "cli/ui/output.h"

#include <fmt/format.h>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string cell(const Json& value) {
    if (value.is_null())
        return {};
    if (value.is_boolean())
        return value.get<bool>() ? "yes" : "no";
    return html_text(
        value.is_string() ? value.get<std::string>()
                          : value.dump(-1, ' ', false, Json::error_handler_t::replace)
    );
}

std::string page(const std::string& title, const std::string& at, const Json& rows) {
    std::string head;
    std::string body;
    for (const Json& row : rows) {
        std::string cells;
        for (const auto& [key, value] : row.items()) {
            if (&row == &rows.front())
                head += fmt::format("<th>{}</th>", html_text(key));
            cells += fmt::format("<td>{}</td>", cell(value));
        }
        body += fmt::format("<tr>{}</tr>\n", cells);
    }
    return fmt::format(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title>\n"
        "<style>body{{font-family:sans-serif;margin:2em}}td,th{{padding:.3em 1em;text-align:left;"
        "border-bottom:1px solid #ccc}}</style></head>\n"
        "<body><h1>{0}</h1><p>{1}</p>\n<table><tr>{2}</tr>\n{3}</table></body></html>\n",
        html_text(title),
        at,
        head,
        body
    );
}

}  // namespace

Result<void> write_report(const std::string& file, const std::string& title, const Json& rows) {
    const std::string at = time_text(SystemClock{}.now());
    if (file.ends_with(".json"))
        return write_secret_file(
            file, json_text({{"title", title}, {"at", at}, {"rows", rows}}), 0644
        );
    if (file.ends_with(".html"))
        return write_secret_file(file, page(title, at, rows), 0644);
    return fail(
        Errc::usage,
        fmt::format("a report is a file .html or .json, not '{}'", file),
        "choose the form by the end of the name"
    );
}

}  // namespace pchat::cli
