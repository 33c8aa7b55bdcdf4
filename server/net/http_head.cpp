// SPDX-License-Identifier: Apache-2.0
#include "server/net/http_head.h"

#include "base/unicode.h"
#include "server/net/http_text.h"

#include <algorithm>
#include <array>

namespace pchat::net {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::size_t longest_length = 18;  // digits: less than 2^63

HttpResponse bad_request(std::string_view message) {
    return http_error(400, "bad-request", message, "check what sent it");
}

std::size_t count_headers(const HttpRequest& request, std::string_view name) {
    return static_cast<std::size_t>(std::count_if(
        request.headers.begin(),
        request.headers.end(),
        [&](const Header& header) { return equal_ignoring_case(header.first, name); }
    ));
}

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= longest_length &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_known_method(std::string_view method) {
    constexpr std::array<std::string_view, 7> known{
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    return std::find(known.begin(), known.end(), method) != known.end();
}

// RFC 9112, 6.3: two lengths, or a length and chunks, are how requests are smuggled past a proxy.
std::optional<HttpResponse> judge_framing(const HttpRequest& request, bool is_http_1_1) {
    const std::size_t lengths = count_headers(request, "Content-Length");
    const std::size_t codings = count_headers(request, "Transfer-Encoding");
    if (lengths > 1)
        return bad_request("Content-Length is given more than once");
    if (lengths == 1 && codings > 0)
        return bad_request("both Content-Length and Transfer-Encoding are given");
    if (lengths == 1 && !is_number(request.header("Content-Length")))
        return bad_request("Content-Length is not a number");
    if (codings == 0)
        return std::nullopt;
    if (!is_http_1_1)
        return bad_request("Transfer-Encoding belongs to HTTP/1.1");
    if (codings > 1 || !equal_ignoring_case(request.header("Transfer-Encoding"), "chunked"))
        return http_error(
            501, "not-implemented", "of the transfer encodings only chunked is known", "send it so"
        );
    return std::nullopt;
}

// RFC 9112, 3.2: a path, a whole URL (which proxies send), or * for OPTIONS.
std::optional<HttpResponse> split_target(HttpRequest& request) {
    std::string target = std::move(request.path);
    if (target.empty())
        return bad_request("the target of the request is no path");
    if (target.front() != '/' && target != "*") {
        const std::size_t scheme_end = target.find("://");
        const std::string scheme = lower_ascii(std::string_view{target}.substr(0, scheme_end));
        if (scheme_end == std::string::npos || (scheme != "http" && scheme != "https"))
            return bad_request("the target of the request is no path");
        const std::size_t path_at = target.find_first_of("/?", scheme_end + 3);
        target = path_at == std::string::npos ? "/" : target.substr(path_at);
        if (target.front() == '?')
            target.insert(0, 1, '/');
    }
    if (target == "*" && request.method != "OPTIONS")
        return bad_request("the target * is for OPTIONS only");
    const auto is_odd = [](char c) { return c <= ' ' || c >= 0x7F || c == '#'; };
    if (std::any_of(target.begin(), target.end(), is_odd))
        return bad_request("the target holds characters that have to be percent-encoded");
    const std::size_t question = target.find('?');
    request.path = target.substr(0, question);
    if (question != std::string::npos)
        request.query = target.substr(question + 1);
    return std::nullopt;
}

}  // namespace

std::optional<HttpResponse> HeadCollector::take(std::string_view& bytes) {
    while (!bytes.empty() && !complete_) {
        const char c = bytes.front();
        bytes.remove_prefix(1);
        if (auto refused = add(c))
            return refused;
    }
    return std::nullopt;
}

std::optional<HttpResponse> HeadCollector::add(char c) {
    const char before = text_.empty() ? '\n' : text_.back();
    if ((c == '\n') != (before == '\r'))
        return bad_request("lines end with CR and LF, and neither comes alone");
    const auto code = static_cast<unsigned char>(c);
    if ((code < 0x20 && c != '\t' && c != '\r' && c != '\n') || code == 0x7F)
        return bad_request("the head holds control characters");
    if (before == '\n' && (c == ' ' || c == '\t'))
        return bad_request("a line begins with a blank; headers must not be folded");
    if (text_.size() == longest_)
        return in_first_line_
                   ? http_error(414, "too-large", "the request line is too long", "shorten the URL")
                   : http_error(431, "too-large", "the headers are too long", "send fewer headers");
    text_ += c;
    if (c != '\n')
        return std::nullopt;
    if (text_ == line_end) {  // RFC 9112, 2.2: an empty line before the request is skipped
        text_.clear();
        return std::nullopt;
    }
    in_first_line_ = false;
    complete_ = text_.size() >= head_end.size() &&
                std::string_view{text_}.substr(text_.size() - head_end.size()) == head_end;
    return std::nullopt;
}

std::optional<HttpResponse> judge_head(HttpRequest& request, bool is_http_1_1) {
    if (auto refused = judge_framing(request, is_http_1_1))
        return refused;
    if (!is_known_method(request.method))
        return http_error(
            501,
            "not-implemented",
            "this method is not known here",
            "GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS are"
        );
    const std::size_t hosts = count_headers(request, "Host");
    if (hosts > 1 || (hosts == 0 && is_http_1_1))
        return bad_request("exactly one Host is needed");
    const std::string_view expectation = request.header("Expect");
    if (is_http_1_1 && !expectation.empty() && !equal_ignoring_case(expectation, "100-continue"))
        return http_error(
            417, "expectation-failed", "only 100-continue may be expected", "leave Expect out"
        );
    return split_target(request);
}

}  // namespace pchat::net
