// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/content_database.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace pchat::test {

/// A database in front of another one that fails when it is told to.
class FaultyContent : public ContentDatabase {
public:
    explicit FaultyContent(ContentDatabase& inner) : inner_(inner) {}

    Result<void> read(std::string_view doing, const ContentWork& work) override;
    Result<void> write(std::string_view doing, const ContentWork& work) override;

    /// Writes wait until release().
    void hold();
    void release();
    /// Until one waits.
    void wait_for_writer();
    /// The next writes fail before anything happened.
    void fail_next(int count, Errc code);
    /// One read, once so many others have gone through.
    void fail_read(int spared, Errc code);
    /// The next head of a room that is read is as it was so many messages ago: those were committed
    /// while the transaction ran, by an engine whose statements see that.
    void date_head(std::int64_t messages);
    /// As fail_next(1000000, code), once so many more writes have gone through.
    void fail_after(int writes, Errc code);
    /// The next writes end with an unknown outcome; whether they happened is `happens`.
    void lose_answer(int count, bool happens);
    /// A message with that body cannot be inserted.
    void refuse_body(std::string body);

private:
    ContentDatabase& inner_;
    std::mutex mutex_;
    std::condition_variable released_;
    std::condition_variable arrived_;
    bool held_ = false;
    int waiting_ = 0;
    int failures_ = 0;
    std::optional<int> spared_reads_;
    int spared_ = 0;
    Errc failure_ = Errc::internal;
    int lost_answers_ = 0;
    bool lost_happens_ = false;
    std::string refused_body_;
    std::atomic<std::int64_t> head_age_{0};  // messages
};

}  // namespace pchat::test
