// SPDX-License-Identifier: Apache-2.0
// What a client may send as requests, in one piece and in pieces: both ways the same must be read,
// and nothing past the limits.
#include "server/net/handshake.h"
#include "server/net/http_parser.h"
#include "server/net/http_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace {

using pchat::net::HttpParser;
using Progress = HttpParser::Progress;

constexpr std::size_t longest_head = 512;
constexpr std::size_t longest_body = 200;

/// One connection's requests, one after the other, as text.
class Reader {
public:
    void feed(std::string_view bytes) {
        unread_ += bytes;
        while (!refused_) {
            std::string_view rest = unread_;
            Progress progress = parser_->feed(rest);
            unread_ = std::string{rest};
            if (progress == Progress::head)
                progress = parser_->allow_body(longest_body);
            if (progress == Progress::more)
                return;
            if (progress == Progress::whole)
                end_request();
            if (progress == Progress::refused)
                end_all();
        }
    }
    std::string seen;

private:
    void end_request() {
        const auto& request = parser_->request();
        if (request.body.size() > longest_body || request.path.empty())
            std::abort();
        seen += request.method + ' ' + request.path + '?' + request.query + '\n';
        for (const auto& [name, value] : request.headers)
            seen += name + '=' + value + '\n';
        seen += request.body + (parser_->keep_alive() ? "+" : "-");
        if (pchat::net::wants_web_socket(request))
            seen += check_head(pchat::net::answer_handshake(request, parser_->is_http_1_1()));
        parser_.emplace(longest_head);
    }
    void end_all() {
        refused_ = true;
        seen += check_head(parser_->refusal());
    }
    // An answer's head ends where it ends, whatever the request held.
    static std::string check_head(const pchat::net::HttpResponse& response) {
        std::string head = pchat::net::encode_head(response, {});
        if (head.find("\r\n\r\n") != head.size() - 4)
            std::abort();
        return head;
    }

    std::optional<HttpParser> parser_{std::in_place, longest_head};
    std::string unread_;
    bool refused_ = false;
};

std::string read(const std::string& bytes, std::size_t piece) {
    Reader reader;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
        reader.feed(std::string_view{bytes}.substr(at, piece));
    return reader.seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    const std::string whole = read(bytes, std::max<std::size_t>(size, 1));
    for (const std::size_t piece : {1, 3, 64})
        if (read(bytes, piece) != whole)
            std::abort();
    return 0;
}
