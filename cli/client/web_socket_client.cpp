// SPDX-License-Identifier: Apache-2.0
#include "cli/client/web_socket_client.h"

#include "cli/client/api_client.h"
#include "cli/client/http_client.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <utility>

namespace pchat::cli {
namespace {

constexpr std::uint8_t text_frame = 1;
constexpr std::uint8_t close_frame = 8;
constexpr std::uint8_t ping_frame = 9;
constexpr std::uint8_t pong_frame = 10;
constexpr std::size_t largest_frame = std::size_t{16} * 1024 * 1024;

std::string base64(std::string_view bytes) {
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(out.data()),
        reinterpret_cast<const unsigned char*>(bytes.data()),
        static_cast<int>(bytes.size())
    );
    out.resize(static_cast<std::size_t>(size));
    return out;
}

std::string accept_key(const std::string& key) {
    const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<char, EVP_MAX_MD_SIZE> digest{};
    std::size_t size = 0;
    EVP_Q_digest(
        nullptr,
        "SHA1",
        nullptr,
        text.data(),
        text.size(),
        reinterpret_cast<unsigned char*>(digest.data()),
        &size
    );
    return base64({digest.data(), size});
}

std::string random_bytes(std::size_t count) {
    std::string out(count, '\0');
    RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count));
    return out;
}

std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t out = 0;
    for (const char byte : bytes)
        out = out << 8U | static_cast<unsigned char>(byte);
    return out;
}

/// What a close frame of the server means to people.
Error closed(std::string_view payload) {
    const auto code = payload.size() >= 2 ? big_endian(payload.substr(0, 2)) : 1005;
    const std::string why{payload.size() > 2 ? payload.substr(2) : "no reason is given"};
    Error out;
    out.message = fmt::format("the server closed the session: {} ({})", why, code);
    switch (code) {
    case 4001:
        out.code = Errc::signed_out;
        out.hint = "pchatctl login, or give --token-file";
        break;
    case 4003:
        out.code = Errc::denied;
        break;
    case 4009:
    case 4013:
        out.code = Errc::too_many;
        break;
    default:
        out.code = Errc::unreachable;
    }
    return out;
}

}  // namespace

Result<std::unique_ptr<WebSocketClient>> WebSocketClient::greet(
    const Endpoint& endpoint, const Secret& token, std::optional<std::chrono::milliseconds> patience
) {
    Endpoint hurried = endpoint;
    hurried.timeout = std::min(endpoint.timeout, patience.value_or(endpoint.timeout));
    Result<std::unique_ptr<ClientSocket>> socket = ClientSocket::connect(hurried);
    if (!socket)
        return pass(std::move(socket).error());
    std::unique_ptr<WebSocketClient> out{new WebSocketClient{std::move(*socket)}};
    if (Result<void> shaken = out->shake_hands(endpoint, token); !shaken)
        return pass(std::move(shaken).error());
    Result<Json> first = out->receive(out->socket_->usual_deadline());
    if (!first)
        return pass(std::move(first).error());
    const std::string type = first->value("type", "");
    if (type != "welcome" && type != "moved")
        return pass(error_from(0, *first));
    out->welcome_ = std::move(*first);
    out->socket_->set_timeout(endpoint.timeout);
    return out;
}

Result<void> WebSocketClient::shake_hands(const Endpoint& endpoint, const Secret& token) {
    const std::string key = base64(random_bytes(16));
    HttpRequest request;
    request.method = "GET";
    request.target = "/v1/ws";
    request.headers = {
        {"Connection", "Upgrade"},
        {"Upgrade", "websocket"},
        {"Sec-WebSocket-Version", "13"},
        {"Sec-WebSocket-Key", key},
        {"Sec-WebSocket-Protocol", "pchat.v1"},
        {"Authorization", fmt::format("Bearer {}", token.reveal())}};
    const Deadline deadline = socket_->usual_deadline();
    if (auto sent = socket_->write(request_text(request, endpoint.url), deadline); !sent)
        return sent;
    HttpReader reader{*socket_};
    Result<HttpReply> reply = reader.head(deadline);
    if (!reply)
        return pass(std::move(reply).error(), endpoint.url.text());
    if (reply->status != 101) {
        if (Result<void> read = reader.body(*reply, "GET", deadline); !read)
            return read;
        const Json body = Json::parse(reply->body, nullptr, false);
        const bool ours = body.is_object() && body.contains("error");
        return pass(error_from(reply->status, ours ? body["error"] : Json::object()));
    }
    if (reply->headers["sec-websocket-accept"] != accept_key(key))
        return fail(
            Errc::unreachable,
            fmt::format("{} does not speak WebSocket", endpoint.url.text()),
            "is a proxy in between?"
        );
    buffer_ = reader.rest();
    return {};
}

Result<std::string> WebSocketClient::bytes(std::size_t count, Deadline deadline) {
    std::array<char, 16 * 1024> chunk{};
    while (buffer_.size() < count) {
        const Result<std::size_t> got = socket_->read(chunk.data(), chunk.size(), deadline);
        if (!got)
            return pass(got.error());
        if (*got == 0)
            return fail(Errc::unreachable, "the server closed the connection");
        buffer_.append(chunk.data(), *got);
    }
    std::string out = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return out;
}

Result<void> WebSocketClient::write_frame(std::uint8_t opcode, std::string_view payload) {
    std::string out{static_cast<char>(0x80U | opcode)};
    const std::size_t size = payload.size();
    const unsigned bits = size < 126 ? 0 : size < 65536 ? 16 : 64;
    out += static_cast<char>(0x80U | (bits == 0 ? size : bits == 16 ? 126 : 127));
    for (unsigned shift = bits; shift > 0; shift -= 8)
        out += static_cast<char>(static_cast<std::uint64_t>(size) >> (shift - 8) & 0xFFU);
    const std::string mask = random_bytes(4);
    out += mask;
    for (std::size_t i = 0; i < size; ++i)
        out += static_cast<char>(payload[i] ^ mask[i % 4]);
    return socket_->write(out, socket_->usual_deadline());
}

/// Of a message that has begun the rest comes soon, or the link is of no more use: where the next
/// one begins would not be known.
Result<std::string> WebSocketClient::rest_of_message(std::size_t count) {
    Result<std::string> out = bytes(count, socket_->usual_deadline());
    if (!out && out.error().code == Errc::timeout)
        return fail(Errc::unreachable, "the server stopped in the middle of a message");
    return out;
}

Result<WebSocketClient::Json> WebSocketClient::receive(Deadline deadline) {
    std::string message;
    for (bool begun = false;;) {
        const Result<std::string> head = begun ? rest_of_message(2) : bytes(2, deadline);
        if (!head)
            return pass(head.error());
        const auto first = static_cast<unsigned char>(head->front());
        std::uint64_t size = static_cast<unsigned char>(head->back()) & 0x7FU;
        if (size > 125) {
            const Result<std::string> longer = rest_of_message(size == 126 ? 2 : 8);
            if (!longer)
                return pass(longer.error());
            size = big_endian(*longer);
        }
        if (size > largest_frame || message.size() + size > largest_frame)
            return fail(Errc::too_large, "the server sends more than 16 MiB at once");
        const Result<std::string> payload = rest_of_message(static_cast<std::size_t>(size));
        if (!payload)
            return pass(payload.error());
        const unsigned opcode = first & 0x0FU;
        if (opcode == close_frame)
            return pass(closed(*payload));
        if (opcode == ping_frame)
            if (Result<void> answered = write_frame(pong_frame, *payload); !answered)
                return pass(std::move(answered).error());
        if (opcode >= close_frame)
            continue;
        message += *payload;
        begun = (first & 0x80U) == 0;
        if (begun)
            continue;
        Json out = Json::parse(message, nullptr, false);
        if (!out.is_object())
            return fail(Errc::unreachable, "what the server sent is no JSON object");
        return out;
    }
}

Result<WebSocketClient::Json> WebSocketClient::ask(
    Json request, std::optional<std::chrono::milliseconds> patience
) {
    const std::string id = std::to_string(++last_id_);
    request["id"] = id;
    const std::string text = request.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (Result<void> sent = write_frame(text_frame, text); !sent)
        return pass(std::move(sent).error());
    const Deadline usual = socket_->usual_deadline();
    const Deadline deadline =
        patience ? std::min(usual, std::chrono::steady_clock::now() + *patience) : usual;
    for (;;) {
        Result<Json> got = receive(deadline);
        if (!got)
            return got;
        const std::string type = got->value("type", "");
        if ((type == "ok" || type == "err") && got->value("id", "") == id) {
            if (type == "err")
                return pass(error_from(0, *got));
            return got;
        }
        events_.push_back(std::move(*got));
    }
}

Result<std::optional<WebSocketClient::Json>> WebSocketClient::next_event(
    std::chrono::milliseconds patience
) {
    if (!events_.empty()) {
        std::optional<Json> out = std::move(events_.front());
        events_.pop_front();
        return out;
    }
    Result<Json> got = receive(std::chrono::steady_clock::now() + patience);
    if (!got && got.error().code == Errc::timeout)
        return std::optional<Json>{};
    if (!got)
        return pass(std::move(got).error());
    return std::optional{std::move(*got)};
}

}  // namespace pchat::cli
