// SPDX-License-Identifier: Apache-2.0
#include "server/net/http_text.h"

#include "base/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pchat::net {
namespace {

struct Reason {
    int status;
    std::string_view phrase;
};

constexpr std::array reasons{
    Reason{101, "Switching Protocols"},
    Reason{200, "OK"},
    Reason{201, "Created"},
    Reason{202, "Accepted"},
    Reason{204, "No Content"},
    Reason{206, "Partial Content"},
    Reason{301, "Moved Permanently"},
    Reason{302, "Found"},
    Reason{303, "See Other"},
    Reason{304, "Not Modified"},
    Reason{307, "Temporary Redirect"},
    Reason{308, "Permanent Redirect"},
    Reason{400, "Bad Request"},
    Reason{401, "Unauthorized"},
    Reason{403, "Forbidden"},
    Reason{404, "Not Found"},
    Reason{405, "Method Not Allowed"},
    Reason{406, "Not Acceptable"},
    Reason{408, "Request Timeout"},
    Reason{409, "Conflict"},
    Reason{410, "Gone"},
    Reason{412, "Precondition Failed"},
    Reason{413, "Content Too Large"},
    Reason{414, "URI Too Long"},
    Reason{415, "Unsupported Media Type"},
    Reason{416, "Range Not Satisfiable"},
    Reason{417, "Expectation Failed"},
    Reason{422, "Unprocessable Content"},
    Reason{426, "Upgrade Required"},
    Reason{428, "Precondition Required"},
    Reason{429, "Too Many Requests"},
    Reason{431, "Request Header Fields Too Large"},
    Reason{500, "Internal Server Error"},
    Reason{501, "Not Implemented"},
    Reason{503, "Service Unavailable"},
    Reason{504, "Gateway Timeout"},
    Reason{505, "HTTP Version Not Supported"},
    Reason{507, "Insufficient Storage"},
};

std::string_view phrase(int status) {
    for (const Reason& reason : reasons)
        if (reason.status == status)
            return reason.phrase;
    return "Status";
}

bool is_token_character(char c) {
    constexpr std::string_view signs = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           signs.find(c) != std::string_view::npos;
}

bool is_header_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), is_token_character);
}

// These say how the answer is framed, which is not the site's to decide.
bool is_ours(std::string_view name) {
    for (const char* ours : {"content-length", "transfer-encoding", "connection", "date"})
        if (equal_ignoring_case(name, ours))
            return true;
    return false;
}

void append_value(std::string& out, std::string_view value) {
    for (const char c : value) {
        const auto code = static_cast<unsigned char>(c);
        out += code < 0x20 || code == 0x7F ? ' ' : c;
    }
}

// RFC 9110, 5.6.7; made once a second and thread.
std::string_view date_text(std::time_t now) {
    thread_local std::time_t made_at = -1;
    thread_local std::string text;
    if (made_at == now)
        return text;
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm parts{};
    gmtime_r(&now, &parts);
    text = fmt::format(
        "{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
        days.at(static_cast<std::size_t>(parts.tm_wday)),
        parts.tm_mday,
        months.at(static_cast<std::size_t>(parts.tm_mon)),
        parts.tm_year + 1900,
        parts.tm_hour,
        parts.tm_min,
        parts.tm_sec
    );
    made_at = now;
    return text;
}

}  // namespace

bool may_have_body(int status) {
    return status >= 200 && status != 204 && status != 304;
}

std::string encode_head(const HttpResponse& response, const Manner& manner) {
    std::string out = fmt::format(
        "HTTP/1.1 {} {}\r\nDate: {}\r\n",
        response.status,
        phrase(response.status),
        date_text(manner.now)
    );
    for (const auto& [name, value] : response.headers) {
        if (!is_header_name(name) || is_ours(name))
            continue;
        out.append(name).append(": ");
        append_value(out, value);
        out += "\r\n";
    }
    if (may_have_body(response.status))
        out += fmt::format("Content-Length: {}\r\n", response.body.size());
    if (response.status == 101)
        out += "Connection: Upgrade\r\n";
    else if (!manner.keep_alive)
        out += "Connection: close\r\n";
    return out += "\r\n";
}

HttpResponse http_error(
    int status, std::string_view code, std::string_view message, std::string_view hint
) {
    HttpResponse response;
    response.status = status;
    response.headers.emplace_back("Content-Type", "application/json");
    response.body = fmt::format(
        R"({{"error":{{"code":"{}","message":"{}","hint":"{}"}}}})", code, message, hint
    );
    return response;
}

}  // namespace pchat::net
