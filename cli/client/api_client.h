// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/client/transport.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pchat::cli {

struct ApiCall {
    std::string method = "GET";
    std::string path;  // "/v1/rooms/Lobby", encoded
    std::vector<std::pair<std::string, std::string>> query = {};
    nlohmann::ordered_json body = nullptr;      // null: none
    bool repeatable = false;                    // GET is anyway
    std::optional<std::int64_t> revision = {};  // refused when it is another by now
};

/// The HTTP interface of a server for somebody who has signed in. What the server refuses becomes
/// the Error that it was there.
class ApiClient {
public:
    ApiClient(std::unique_ptr<Transport> transport, Secret token)
        : transport_(std::move(transport)), token_(std::move(token)) {}

    Result<nlohmann::ordered_json> call(const ApiCall& call);

    /// All pages of a list, `limit` items at most.
    Result<nlohmann::ordered_json> list(
        ApiCall call, const std::string& key, std::optional<std::int64_t> limit = {}
    );

    [[nodiscard]] const Secret& token() const { return token_; }
    void set_token(Secret token) { token_ = std::move(token); }

private:
    std::unique_ptr<Transport> transport_;
    Secret token_;
};

/// The failure that a status and a body of `{"error":{..}}` stand for. Also for the frames of a
/// WebSocket, which have no status (0).
Error error_from(int status, const nlohmann::ordered_json& error);

/// "/v1/rooms/" and a name: every segment after the first is encoded.
std::string api_path(std::string_view collection, const std::vector<std::string>& names = {});

}  // namespace pchat::cli
