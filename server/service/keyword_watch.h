// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/search_words.h"
#include "server/service/chat.h"
#include "server/store/content_database.h"

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace pchat {

/// A keyword that stands in a message, and a user who watches for it.
struct KeywordHit {
    PrincipalId user;
    std::string keyword;  // as the user wrote it
};

/// The keywords of all users, by their first word: a message costs what it has words, however many
/// are watched for. Safe to use from many threads.
class KeywordWatches {
public:
    /// Reads all; what was there before is gone.
    Result<void> load(ContentDatabase& content);
    /// Waits. Replaces those of a user, in the database and here; the origin log tells others.
    Result<void> watch(Chat& chat, PrincipalId user, const std::vector<std::string>& keywords);
    /// Each user once for each keyword.
    [[nodiscard]] std::vector<KeywordHit> hits(const Message& message) const;
    [[nodiscard]] bool empty() const { return count_ == 0; }

private:
    struct Watch {
        std::vector<std::string> words;  // folded, the first one too
        std::string keyword;
        PrincipalId user;
    };
    using Watches = std::unordered_map<std::string, std::vector<Watch>>;
    using FirstWords = std::unordered_map<PrincipalId, std::vector<std::string>>;
    static bool add(
        Watches& watches, FirstWords& first_words, PrincipalId user, const std::string& keyword
    );

    mutable std::shared_mutex mutex_;
    std::mutex changing_;  // one at a time, so that memory ends as the database does
    std::atomic<std::size_t> count_{0};
    Watches watches_;
    FirstWords first_words_;  // where a user's stand
};

}  // namespace pchat
