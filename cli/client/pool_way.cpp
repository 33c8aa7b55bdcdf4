// SPDX-License-Identifier: Apache-2.0
#include "cli/client/pool_way.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <random>
#include <set>
#include <utility>

namespace pchat::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds first_pause = 500ms;
constexpr std::chrono::milliseconds longest_pause = 10s;
constexpr std::size_t most_servers = 32;  // that are tried one after the other
// For one of several: a machine that is lost answers nobody, not even that it is lost.
constexpr std::chrono::milliseconds patience_with_one = 5s;

/// Whether another server of the pool may do better.
bool is_its_own(Errc why) {
    return why == Errc::unreachable || why == Errc::timeout || why == Errc::too_many;
}

Error moved_error(const Endpoint& from, const std::string& reason) {
    Error out;
    out.code = Errc::too_many;
    out.message = fmt::format("{} takes no users now ({})", from.url.text(), reason);
    out.hint = "look at the pool: pchatctl pool status";
    return out;
}

}  // namespace

PoolWay::PoolWay(Endpoint first, Secret token)
    : first_(std::move(first)), here_(first_), token_(std::move(token)), longest_(first_pause) {}

Endpoint PoolWay::endpoint_of(const Url& url) const {
    Endpoint out = first_;
    out.url = url;
    return out;
}

void PoolWay::learn(const Json& message) {
    const auto list = message.find("servers");
    if (list == message.end() || !list->is_array())
        return;
    std::vector<std::string> found;
    for (const Json& one : *list) {
        const auto url = one.is_string() ? parse_url(one.get<std::string>()) : Result<Url>{Url{}};
        if (!one.is_string() || !url || (first_.url.tls && !url->tls))
            continue;
        found.push_back(url->text());
    }
    // What was named before may live again when none of these does.
    for (std::string& known : servers_)
        if (std::find(found.begin(), found.end(), known) == found.end())
            found.push_back(std::move(known));
    found.resize(std::min(found.size(), most_servers));
    servers_ = std::move(found);
}

bool PoolWay::take(const Json& event) {
    if (event.value("type", "") != "moved")
        return false;
    learn(event);
    moved_ = true;
    return true;
}

std::chrono::milliseconds PoolWay::pause() {
    const auto lived = std::chrono::steady_clock::now() - welcomed_;
    if (lived > longest_pause)
        longest_ = first_pause;
    if (std::exchange(moved_, false) && lived > 1s)
        return 0ms;
    static std::mt19937 engine{std::random_device{}()};
    const auto most = std::exchange(longest_, std::min(longest_ * 2, longest_pause));
    return std::chrono::milliseconds{
        std::uniform_int_distribution<std::int64_t>{0, most.count()}(engine)};
}

Result<std::unique_ptr<WebSocketClient>> PoolWay::connect() {
    std::deque<std::string> left{servers_.begin(), servers_.end()};
    left.push_back(first_.url.text());
    if (welcomed_ != std::chrono::steady_clock::time_point{})
        std::stable_partition(left.begin(), left.end(), [&](const std::string& one) {
            return one != here_.url.text();
        });
    std::set<std::string> tried;
    Result<std::unique_ptr<WebSocketClient>> last =
        fail(Errc::unreachable, "no server of the pool was asked");
    while (!left.empty() && tried.size() < most_servers) {
        const std::string next = left.front();
        left.pop_front();
        if (!tried.insert(next).second)
            continue;
        const auto url = parse_url(next);
        if (!url)
            continue;
        const Endpoint endpoint = endpoint_of(*url);
        const bool others = std::any_of(left.begin(), left.end(), [&](const std::string& one) {
            return tried.count(one) == 0;
        });
        last = WebSocketClient::greet(
            endpoint, token_, others ? std::optional{patience_with_one} : std::nullopt
        );
        if (!last && !is_its_own(last.error().code))
            return last;
        if (!last)
            continue;
        const Json& greeting = (*last)->welcome();
        learn(greeting);
        if (greeting.value("type", "") == "welcome") {
            here_ = endpoint;
            welcomed_ = std::chrono::steady_clock::now();
            return last;
        }
        left.insert(left.begin(), servers_.begin(), servers_.end());
        last = tl::unexpected<Error>(moved_error(endpoint, greeting.value("reason", "full")));
    }
    return last;
}

}  // namespace pchat::cli
