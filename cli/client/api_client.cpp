// SPDX-License-Identifier: Apache-2.0
#include "cli/client/api_client.h"

#include "base/guarded.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Errors name their reason by a literal; what a server says becomes one for as long as we run.
std::string_view lasting(const std::string& text) {
    static Guarded<std::set<std::string>> known;  // several clients may be at work
    return known.with([&](std::set<std::string>& all) -> std::string_view {
        return *all.insert(text).first;
    });
}

std::string text_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// The class that the server's table has for the status; a class whose name it gave is better.
Errc class_of(int status, const std::string& code) {
    constexpr std::array classes{
        Errc::invalid,
        Errc::usage,
        Errc::not_found,
        Errc::conflict,
        Errc::denied,
        Errc::signed_out,
        Errc::too_large,
        Errc::too_many,
        Errc::unknown_outcome,
        Errc::timeout,
        Errc::internal,
        Errc::unreachable};
    for (const Errc one : classes)
        if (error_class(one).token == code)
            return one;
    if (status == 503)
        return Errc::unreachable;
    for (const Errc one : classes)
        if (error_class(one).http_status == status)
            return one;
    return status >= 500 ? Errc::internal : Errc::invalid;
}

std::string with_query(const ApiCall& call) {
    std::string out = call.path;
    char separator = '?';
    for (const auto& [name, value] : call.query) {
        out += fmt::format("{}{}={}", separator, name, percent_encoded(value));
        separator = '&';
    }
    return out;
}

}  // namespace

Error error_from(int status, const Json& error) {
    const std::string code = text_of(error, "code");
    Error out;
    out.code = class_of(status, code);
    out.message = text_of(error, "message");
    if (out.message.empty())
        out.message = fmt::format("the server answers with status {}", status);
    out.hint = text_of(error, "hint");
    // The server's way out is for those who speak HTTP.
    if (code == "not-signed-in" || (out.hint.empty() && out.code == Errc::signed_out))
        out.hint = "sign in again: pchatctl login; --token-file and PCHATCTL_TOKEN go before that";
    if (!code.empty())
        out.reason = lasting(code);
    if (const std::string request = text_of(error, "request"); !request.empty())
        out.context.push_back("request " + request);
    return out;
}

std::string api_path(std::string_view collection, const std::vector<std::string>& names) {
    std::string out = fmt::format("/v1/{}", collection);
    for (const std::string& name : names)
        out += "/" + percent_encoded(name);
    return out;
}

Result<Json> ApiClient::call(const ApiCall& call) {
    HttpRequest request;
    request.method = call.method;
    request.target = with_query(call);
    request.repeatable = call.repeatable || call.method == "GET";
    request.headers.emplace_back("Accept", "application/json");
    if (!token_.empty())
        request.headers.emplace_back("Authorization", fmt::format("Bearer {}", token_.reveal()));
    if (call.revision)
        request.headers.emplace_back("If-Match", fmt::format("\"{}\"", *call.revision));
    if (!call.body.is_null()) {
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = call.body.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    Result<HttpReply> reply = transport_->send(request);
    if (!reply) {
        Error error = std::move(reply).error();
        if (error.code == Errc::timeout && !request.repeatable)
            error.hint =
                "it may be done all the same: look before doing it again; --timeout waits longer";
        return pass(std::move(error));
    }
    Json body = Json::parse(reply->body, nullptr, false);
    if (reply->status >= 400) {
        const bool ours = body.is_object() && body.contains("error") && body["error"].is_object();
        return pass(error_from(reply->status, ours ? body["error"] : Json::object()));
    }
    if (body.is_discarded() && !reply->body.empty())
        return fail(
            Errc::unreachable,
            "the server's answer is not JSON",
            "is another program listening at this address?"
        );
    return body.is_discarded() ? Json::object() : std::move(body);
}

Result<Json> ApiClient::list(
    ApiCall wanted, const std::string& key, std::optional<std::int64_t> limit
) {
    constexpr std::int64_t page = 500;
    Json all = Json::array();
    const auto query = wanted.query;
    std::string cursor;
    const auto left = [&] {
        const auto have = static_cast<std::int64_t>(all.size());
        return limit ? std::min(page, *limit - have) : page;
    };
    if (left() <= 0)
        return all;
    do {
        wanted.query = query;
        wanted.query.emplace_back("limit", std::to_string(left()));
        if (!cursor.empty())
            wanted.query.emplace_back("cursor", cursor);
        Result<Json> got = call(wanted);
        if (!got)
            return got;
        const auto items = got->find(key);
        if (items == got->end() || !items->is_array())
            return fail(
                Errc::unreachable,
                fmt::format("the server's answer has no '{}'", key),
                "pchatctl and pchatd must be of one version"
            );
        for (Json& item : *items)
            all.push_back(std::move(item));
        // A page may be empty where what follows is not, but each must lead on.
        std::string next = text_of(*got, "cursor");
        cursor = next == cursor ? std::string{} : std::move(next);
    } while (!cursor.empty() && left() > 0);
    return all;
}

}  // namespace pchat::cli
