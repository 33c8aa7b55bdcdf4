// SPDX-License-Identifier: Apache-2.0
#include "cli/client/http_client.h"

#include "base/unicode.h"
#include "base/version.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

namespace pchat::cli {
namespace {

constexpr std::size_t longest_line = 16 * 1024;
constexpr std::size_t most_fields = 100;
constexpr std::size_t largest_body = std::size_t{64} * 1024 * 1024;

tl::unexpected<Error> no_http(std::string_view why) {
    return fail(
        Errc::unreachable,
        fmt::format("the answer is not HTTP as pchatd speaks it: {}", why),
        "is another program listening at this address?"
    );
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

Result<std::size_t> read_size(std::string_view text, int base) {
    std::size_t out = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out, base);
    if (problem != std::errc{} || end != text.data() + text.size())
        return no_http("a length is no number");
    if (out > largest_body)
        return fail(Errc::too_large, "the server answers with more than 64 MiB");
    return out;
}

}  // namespace

std::string request_text(const HttpRequest& request, const Url& url) {
    std::string out = fmt::format(
        "{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: pchatctl/{}\r\n",
        request.method,
        request.target,
        url.authority(),
        version()
    );
    for (const auto& [name, value] : request.headers)
        out += fmt::format("{}: {}\r\n", name, value);
    if (!request.body.empty() || request.method == "POST" || request.method == "PATCH")
        out += fmt::format("Content-Length: {}\r\n", request.body.size());
    return out + "\r\n" + request.body;
}

// ---- reading

Result<bool> HttpReader::more(Deadline deadline) {
    std::array<char, 16 * 1024> chunk{};
    const Result<std::size_t> got = socket_.read(chunk.data(), chunk.size(), deadline);
    if (!got)
        return pass(got.error());
    started_ = started_ || *got > 0;
    buffer_.append(chunk.data(), *got);
    return *got > 0;
}

Result<std::string> HttpReader::line(Deadline deadline) {
    for (;;) {
        const std::size_t end = buffer_.find("\r\n");
        if (end != std::string::npos) {
            std::string out = buffer_.substr(0, end);
            buffer_.erase(0, end + 2);
            return out;
        }
        if (buffer_.size() > longest_line)
            return no_http("a line is too long");
        const Result<bool> came = more(deadline);
        if (!came)
            return pass(came.error());
        if (!*came)
            return fail(
                Errc::unreachable,
                "the server closed the connection",
                "is it restarting? try again in a moment"
            );
    }
}

Result<std::string> HttpReader::take(std::size_t size, Deadline deadline) {
    while (buffer_.size() < size) {
        const Result<bool> came = more(deadline);
        if (!came)
            return pass(came.error());
        if (!*came)
            return fail(Errc::unreachable, "the server closed in the middle of its answer");
    }
    std::string out = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return out;
}

Result<HttpReply> HttpReader::head(Deadline deadline) {
    HttpReply reply;
    const Result<std::string> status = line(deadline);
    if (!status)
        return pass(status.error());
    const std::string_view code =
        status->size() >= 12 ? std::string_view{*status}.substr(9, 3) : std::string_view{};
    if (!status->starts_with("HTTP/1.") ||
        std::from_chars(code.data(), code.data() + code.size(), reply.status).ptr !=
            code.data() + 3)
        return no_http("it begins otherwise");
    for (std::size_t fields = 0; fields <= most_fields; ++fields) {
        const Result<std::string> field = line(deadline);
        if (!field)
            return pass(field.error());
        if (field->empty())
            return reply;
        const std::size_t colon = field->find(':');
        if (colon == std::string::npos)
            return no_http("a field has no colon");
        reply.headers[lower_ascii(field->substr(0, colon))] =
            trimmed(std::string_view{*field}.substr(colon + 1));
    }
    return no_http("too many fields");
}

Result<void> HttpReader::chunks(std::string& into, Deadline deadline) {
    for (;;) {
        const Result<std::string> written = line(deadline);
        if (!written)
            return pass(written.error());
        const Result<std::size_t> size =
            read_size(trimmed(std::string_view{*written}.substr(0, written->find(';'))), 16);
        if (!size)
            return pass(size.error());
        if (into.size() + *size > largest_body)
            return fail(Errc::too_large, "the server answers with more than 64 MiB");
        const Result<std::string> data = take(*size, deadline);
        if (!data)
            return pass(data.error());
        into += *data;
        const Result<std::string> end = line(deadline);
        if (!end)
            return pass(end.error());
        if (*size == 0)
            return {};
    }
}

Result<void> HttpReader::body(HttpReply& reply, std::string_view method, Deadline deadline) {
    if (method == "HEAD" || reply.status == 204 || reply.status == 304 || reply.status < 200)
        return {};
    if (const auto coding = reply.headers.find("transfer-encoding");
        coding != reply.headers.end() && lower_ascii(coding->second) == "chunked")
        return chunks(reply.body, deadline);
    if (const auto length = reply.headers.find("content-length"); length != reply.headers.end()) {
        const Result<std::size_t> size = read_size(length->second, 10);
        if (!size)
            return pass(size.error());
        Result<std::string> data = take(*size, deadline);
        if (!data)
            return pass(std::move(data).error());
        reply.body = std::move(*data);
        return {};
    }
    for (;;) {
        const Result<bool> came = more(deadline);
        if (!came)
            return pass(came.error());
        if (buffer_.size() > largest_body)
            return fail(Errc::too_large, "the server answers with more than 64 MiB");
        if (!*came)
            break;
    }
    reply.body = std::exchange(buffer_, {});
    return {};
}

// ---- the client

Result<HttpReply> HttpClient::exchange(const HttpRequest& request, bool& answered) {
    if (!socket_) {
        Result<std::unique_ptr<ClientSocket>> made = ClientSocket::connect(endpoint_);
        if (!made)
            return pass(std::move(made).error());
        socket_ = std::move(*made);
    }
    const Deadline deadline = socket_->usual_deadline();
    if (auto sent = socket_->write(request_text(request, endpoint_.url), deadline); !sent)
        return pass(std::move(sent).error());
    HttpReader reader{*socket_};
    Result<HttpReply> reply = reader.head(deadline);
    answered = reader.started();
    if (!reply)
        return reply;
    if (Result<void> read = reader.body(*reply, request.method, deadline); !read)
        return pass(std::move(read).error());
    const auto connection = reply->headers.find("connection");
    if (connection != reply->headers.end() && lower_ascii(connection->second) == "close")
        socket_.reset();
    return reply;
}

Result<HttpReply> HttpClient::send(const HttpRequest& request) {
    const bool reused = socket_ != nullptr;
    bool answered = false;
    Result<HttpReply> reply = exchange(request, answered);
    if (reply)
        return reply;
    socket_.reset();
    // A connection that was idle may have been closed meanwhile; that says nothing of the server.
    if (reused && !answered && request.repeatable && reply.error().code == Errc::unreachable)
        reply = exchange(request, answered);
    if (!reply) {
        socket_.reset();
        const std::string where = endpoint_.text();
        if (reply.error().message.find(where) == std::string::npos)
            reply.error().message = fmt::format("{}: {}", where, reply.error().message);
    }
    return reply;
}

}  // namespace pchat::cli
