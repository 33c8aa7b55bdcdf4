// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/archive_store.h"

#include <functional>
#include <utility>

namespace pchat::test {

/// A compliance database in front of another one that says when it is asked, so that something can
/// happen just then.
class WatchedArchive : public ArchiveDatabase {
public:
    explicit WatchedArchive(ArchiveDatabase& inner) : inner_(inner) {}

    /// With how many times it was asked, this one included.
    void on_asked(std::function<void(int)> tell) { tell_ = std::move(tell); }
    [[nodiscard]] int asked() const { return asked_; }

    Result<void> read(std::string_view doing, const ArchiveWork& work) override {
        note();
        return inner_.read(doing, work);
    }
    Result<void> write(std::string_view doing, const ArchiveWork& work) override {
        note();
        return inner_.write(doing, work);
    }

private:
    void note() {
        ++asked_;
        if (tell_)
            tell_(asked_);
    }

    ArchiveDatabase& inner_;
    std::function<void(int)> tell_;
    int asked_ = 0;
};

}  // namespace pchat::test
