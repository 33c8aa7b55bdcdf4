// SPDX-License-Identifier: Apache-2.0
#include "server/service/pool_view.h"

#include "base/log.h"
#include "base/unicode.h"
#include "server/domain/server_life.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

namespace pchat {
namespace {

constexpr std::size_t most_urls = 4;  // of one server
constexpr std::size_t longest_url = 300;
// Of what is older than this, the database's clock was set back, or another machine's counts now.
constexpr Microseconds longest_look = 10'000'000;

bool is_url(std::string_view text) {
    const bool web = text.rfind("https://", 0) == 0 || text.rfind("http://", 0) == 0;
    return web && text.size() <= longest_url && std::all_of(text.begin(), text.end(), [](char c) {
               return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '<' && c != '>';
           });
}

std::mt19937_64& randomness() {
    thread_local std::mt19937_64 engine{std::random_device{}()};
    return engine;
}

/// Smaller comes first: exponential with this rate, which puts each first as often as its share of
/// the sum (Efraimidis and Spirakis).
double draw(std::int64_t weight) {
    return std::exponential_distribution<double>{static_cast<double>(weight)}(randomness());
}

}  // namespace

std::vector<std::string> read_addresses(std::string_view text, bool& complete) {
    const auto list = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    complete = list.is_array() && list.size() <= most_urls;
    std::vector<std::string> out;
    if (!list.is_array())
        return out;
    for (const auto& one : list) {
        const bool good = one.is_string() && is_url(one.get_ref<const std::string&>());
        complete = complete && good;
        if (good && out.size() < most_urls)
            out.push_back(one.get<std::string>());
    }
    return out;
}

std::string write_addresses(const std::vector<std::string>& urls) {
    return nlohmann::json(urls).dump();
}

std::vector<std::string> PoolView::urls_of(const Server& server) {
    return read_.with([&](auto& all) {
        Read& known = all[server.id];
        if (known.text == server.addresses)
            return known.urls;
        bool complete = true;
        known.text = server.addresses;
        known.urls = read_addresses(server.addresses, complete);
        if (!complete)
            log::warning(
                "the registry has no list of URLs for server '{}': '{}'; clients are not sent to "
                "what is none",
                printable(server.fqdn),
                printable(server.addresses.substr(0, longest_url))
            );
        return known.urls;
    });
}

void PoolView::take(const std::vector<Server>& servers, Microseconds now) {
    Seen seen;
    seen.now = now;
    for (const Server& one : servers) {
        const ServerState state = wanted(one.state);
        const bool is_self = one.id == self_;
        const bool lives = is_self || is_living(one, now);
        if (is_self)
            seen.own = state;
        else if (lives)
            seen.sessions_elsewhere += one.session_count;
        if (state != ServerState::active)
            continue;
        if (lives && !is_self)
            seen.staying_elsewhere += one.session_count;
        seen.misses_a_server = seen.misses_a_server || (!lives && is_lost(one, now));
        const std::int64_t room = 1000 - one.load_permille;
        if (lives && (room > 0 || is_self))
            seen.open.push_back({is_self, std::max<std::int64_t>(room, 1), urls_of(one)});
    }
    seen_.with([&](Seen& known) {
        if (known.now <= now || known.now - now > longest_look)
            known = std::move(seen);
    });
}

ServerState PoolView::own_state() const {
    return seen_.with([](const Seen& seen) { return seen.own; });
}

std::int64_t PoolView::sessions_elsewhere() const {
    return seen_.with([](const Seen& seen) { return seen.sessions_elsewhere; });
}

std::int64_t PoolView::staying_elsewhere() const {
    return seen_.with([](const Seen& seen) { return seen.staying_elsewhere; });
}

bool PoolView::misses_a_server() const {
    return seen_.with([](const Seen& seen) { return seen.misses_a_server; });
}

Microseconds PoolView::now() const {
    return seen_.with([](const Seen& seen) { return seen.now; });
}

std::vector<std::string> PoolView::elsewhere(std::string_view own) const {
    std::vector<std::string> out = everywhere(own);
    std::erase(out, own);
    out.emplace_back(own);
    return out;
}

std::vector<std::string> PoolView::everywhere(std::string_view own) const {
    std::vector<std::pair<double, std::vector<std::string>>> drawn;
    seen_.with([&](const Seen& seen) {
        for (const Member& one : seen.open)
            drawn.emplace_back(
                draw(one.room), one.is_self ? std::vector{std::string{own}} : one.urls
            );
    });
    std::sort(drawn.begin(), drawn.end());
    std::vector<std::string> out;
    for (const auto& [place, urls] : drawn)
        for (const std::string& url : urls)
            if (std::find(out.begin(), out.end(), url) == out.end())
                out.push_back(url);
    if (out.empty())
        out.emplace_back(own);
    return out;
}

}  // namespace pchat
