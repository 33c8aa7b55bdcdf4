// SPDX-License-Identifier: Apache-2.0
#include "server/net/handshake.h"

#include "base/unicode.h"
#include "server/net/http_text.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <string>

namespace pchat::net {
namespace {

constexpr std::string_view protocol = "pchat.v1";
constexpr std::string_view guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455, 1.3

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// A list may come in one header or in several of the same name. The names of subprotocols differ by
// case, all others do not; nobody registers two that differ by case only.
bool lists(const HttpRequest& request, std::string_view name, std::string_view wanted) {
    for (const auto& [header, value] : request.headers) {
        if (!equal_ignoring_case(header, name))
            continue;
        std::string_view rest = value;
        while (!rest.empty()) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            if (equal_ignoring_case(trimmed(rest.substr(0, comma)), wanted))
                return true;
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
    return false;
}

// 16 bytes in base64: 22 characters and the padding.
bool is_key(std::string_view key) {
    constexpr std::size_t digits = 22;
    if (key.size() != digits + 2 || key.substr(digits) != "==")
        return false;
    return std::all_of(key.begin(), key.begin() + digits, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               c == '+' || c == '/';
    });
}

std::string accept_value(std::string_view key) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    const std::string text = std::string{key}.append(guid);
    EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha1(), nullptr);
    std::array<unsigned char, 4 * ((EVP_MAX_MD_SIZE + 2) / 3) + 1> encoded{};
    const int encoded_length =
        EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(length));
    return {encoded.data(), encoded.data() + encoded_length};
}

HttpResponse bad_handshake(std::string_view message) {
    return http_error(400, "bad-handshake", message, "connect with a WebSocket client (RFC 6455)");
}

}  // namespace

bool wants_web_socket(const HttpRequest& request) {
    return lists(request, "Upgrade", "websocket");
}

HttpResponse answer_handshake(const HttpRequest& request, bool is_http_1_1) {
    if (request.method != "GET" || !is_http_1_1 || !request.body.empty())
        return bad_handshake("a WebSocket begins with a GET of HTTP/1.1 without body");
    if (!lists(request, "Connection", "upgrade"))
        return bad_handshake("Connection: Upgrade is missing");
    if (trimmed(request.header("Sec-WebSocket-Version")) != "13") {
        HttpResponse response = http_error(
            426, "bad-version", "only version 13 of WebSocket is spoken here", "use RFC 6455"
        );
        response.headers.emplace_back("Sec-WebSocket-Version", "13");
        response.headers.emplace_back("Upgrade", "websocket");
        return response;
    }
    const std::string_view key = trimmed(request.header("Sec-WebSocket-Key"));
    if (!is_key(key))
        return bad_handshake("Sec-WebSocket-Key is not 16 bytes in base64");
    const bool offers = !request.header("Sec-WebSocket-Protocol").empty();
    if (offers && !lists(request, "Sec-WebSocket-Protocol", protocol))
        return http_error(
            400, "bad-protocol", "none of the offered subprotocols is known", "offer pchat.v1"
        );
    HttpResponse response;
    response.status = 101;
    response.headers.emplace_back("Upgrade", "websocket");
    response.headers.emplace_back("Sec-WebSocket-Accept", accept_value(key));
    if (offers)
        response.headers.emplace_back("Sec-WebSocket-Protocol", protocol);
    return response;
}

}  // namespace pchat::net
