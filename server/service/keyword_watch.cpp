// SPDX-License-Identifier: Apache-2.0
#include "server/service/keyword_watch.h"

#include "server/domain/name.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace pchat {

/// False when the keyword holds no word.
bool KeywordWatches::add(
    Watches& watches, FirstWords& first_words, PrincipalId user, const std::string& keyword
) {
    Watch watch{{}, keyword, user};
    for (SearchWord& word : search_words(keyword))
        watch.words.push_back(std::move(word.folded));
    if (watch.words.empty())
        return false;
    const std::string first = watch.words.front();
    first_words[user].push_back(first);
    watches[first].push_back(std::move(watch));
    return true;
}

Result<void> KeywordWatches::load(ContentDatabase& content) {
    const std::lock_guard changing{changing_};
    Watches watches;
    FirstWords first_words;
    Result<void> read = content.read("reading keywords", [&](ContentTransaction& tx) {
        watches.clear();
        first_words.clear();
        return tx.marks().each_watch([&](const KeywordWatch& one) -> Result<void> {
            add(watches, first_words, one.user, one.keyword);
            return {};
        });
    });
    if (!read)
        return read;
    const std::unique_lock lock{mutex_};
    watches_ = std::move(watches);
    first_words_ = std::move(first_words);
    count_ = watches_.size();
    return {};
}

Result<void> KeywordWatches::watch(
    Chat& chat, PrincipalId user, const std::vector<std::string>& keywords
) {
    std::vector<KeywordWatch> rows;
    std::set<std::string> keys;
    for (const std::string& keyword : keywords) {
        if (search_words(keyword).empty())
            return fail_as(
                "bad-value",
                Errc::invalid,
                fmt::format("keyword '{}' holds no word", keyword),
                "watch for words, numbers or emoji",
                "keywords"
            );
        std::string key = name_key(keyword);
        if (keys.insert(key).second)
            rows.push_back({user, std::move(key), keyword});
    }
    const std::lock_guard changing{changing_};
    LogNews logged;
    Result<void> written =
        chat.content().write("watching for keywords", [&](ContentTransaction& tx) -> Result<void> {
            const Life life = chat.facts().life;
            const auto self = tx.registry().advance(life.server, life.epoch, 0);
            if (!self)
                return pass(self.error());
            if (Result<void> replaced = tx.marks().watch(user, rows); !replaced)
                return replaced;
            logged = {self->log_n, {}};
            logged.body.touched.watching = {user};
            return tx.log().append(
                {life.server, self->log_n, chat.clock().now(), log_commit, log_text(logged.body)}
            );
        });
    if (!written)
        return written;
    chat.announce(logged);
    const std::unique_lock lock{mutex_};
    for (const std::string& first : std::exchange(first_words_[user], {})) {
        const auto there = watches_.find(first);
        if (there == watches_.end())
            continue;
        std::erase_if(there->second, [&](const Watch& one) { return one.user == user; });
        if (there->second.empty())
            watches_.erase(there);
    }
    for (const KeywordWatch& row : rows)
        add(watches_, first_words_, user, row.keyword);
    if (rows.empty())
        first_words_.erase(user);
    count_ = watches_.size();
    return {};
}

std::vector<KeywordHit> KeywordWatches::hits(const Message& message) const {
    std::vector<KeywordHit> out;
    if (empty())
        return out;
    const std::vector<SearchWord> words = search_words(searchable_text(message));
    std::set<std::pair<PrincipalId, std::string>> told;
    const std::shared_lock lock{mutex_};
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto watched = watches_.find(words[i].folded);
        if (watched == watches_.end())
            continue;
        for (const Watch& watch : watched->second) {
            const bool stands =
                watch.words.size() <= words.size() - i &&
                std::equal(
                    watch.words.begin(),
                    watch.words.end(),
                    words.begin() + static_cast<std::ptrdiff_t>(i),
                    [](const std::string& a, const SearchWord& b) { return a == b.folded; }
                );
            if (stands && told.emplace(watch.user, watch.keyword).second)
                out.push_back({watch.user, watch.keyword});
        }
    }
    return out;
}

}  // namespace pchat
