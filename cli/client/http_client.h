// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/client/client_socket.h"

#include <memory>
#include <string>

namespace pchat::cli {

/// The text of an HTTP message as far as it has come.
class HttpReader {
public:
    explicit HttpReader(ClientSocket& socket) : socket_(socket) {}

    /// Status line and fields.
    Result<HttpReply> head(Deadline deadline);
    /// What follows the head; `method` decides whether anything does.
    Result<void> body(HttpReply& reply, std::string_view method, Deadline deadline);

    /// Bytes that came after the message.
    [[nodiscard]] const std::string& rest() const { return buffer_; }
    [[nodiscard]] bool started() const { return started_; }

private:
    Result<bool> more(Deadline deadline);  // false at the end of the stream
    Result<std::string> line(Deadline deadline);
    Result<std::string> take(std::size_t size, Deadline deadline);
    Result<void> chunks(std::string& into, Deadline deadline);

    ClientSocket& socket_;
    std::string buffer_;
    bool started_ = false;
};

/// HTTP/1.1 over one connection, which stays open between requests.
class HttpClient : public Transport {
public:
    explicit HttpClient(Endpoint endpoint) : endpoint_(std::move(endpoint)) {}
    Result<HttpReply> send(const HttpRequest& request) override;

private:
    Result<HttpReply> exchange(const HttpRequest& request, bool& answered);

    Endpoint endpoint_;
    std::unique_ptr<ClientSocket> socket_;
};

/// The request as it goes over the wire.
std::string request_text(const HttpRequest& request, const Url& url);

}  // namespace pchat::cli
