// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "server/store/archive_store.h"
#include "server/store/content_database.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace pchat {

/// When a database was last heard of. Says in the log when it goes away and when it is back, once
/// each, so that nobody else has to. Safe to use from many threads.
class DatabaseSight {
public:
    DatabaseSight(std::string name, const Clock& clock);

    /// What was begun then has succeeded.
    void seen(std::chrono::steady_clock::time_point begun);
    /// What callers get instead: an error that says that the database is away is made one for
    /// people who chat, the rest stays as it is.
    Error judged(Error error);
    [[nodiscard]] std::chrono::steady_clock::duration unseen() const;
    /// Whether the last answer was none.
    [[nodiscard]] bool is_away() const { return away_; }

private:
    using Steady = std::chrono::steady_clock;

    std::string name_;
    const Clock& clock_;
    std::atomic<Steady::rep> seen_;
    std::atomic<bool> away_{false};
};

/// Whether somebody said it already: an error of a database that is away.
bool says_away(const Error& error);

/// A database that is kept in sight. Whatever is written tries to reach it; what is read is refused
/// once it has not been heard of for a minute.
template <class Interface, class Work>
class Sighted : public Interface {
public:
    Sighted(std::unique_ptr<Interface> inner, std::string name, const Clock& clock)
        : inner_(std::move(inner)), clock_(clock), sight_(std::move(name), clock) {}

    Result<void> read(std::string_view doing, const Work& work) override {
        if (Result<void> known = in_sight(); !known)
            return known;
        return look([&] { return inner_->read(doing, work); });
    }
    Result<void> write(std::string_view doing, const Work& work) override {
        return look([&] { return inner_->write(doing, work); });
    }
    [[nodiscard]] Result<void> in_sight() const override;
    [[nodiscard]] bool answers() const { return !sight_.is_away(); }
    [[nodiscard]] std::chrono::steady_clock::duration unseen() const { return sight_.unseen(); }

protected:
    [[nodiscard]] Interface& inner() { return *inner_; }

    template <class F>
    Result<void> look(const F& ask) {
        const auto begun = clock_.steady();
        Result<void> done = ask();
        if (!done)
            return pass(sight_.judged(std::move(done).error()));
        sight_.seen(begun);
        return done;
    }

private:
    std::unique_ptr<Interface> inner_;
    const Clock& clock_;
    DatabaseSight sight_;
};

class SightedContent : public Sighted<ContentDatabase, ContentWork> {
public:
    using Sighted::Sighted;

    Result<void> write_derived(std::string_view doing, const ContentWork& work) override {
        return look([&] { return inner().write_derived(doing, work); });
    }
};
using SightedArchive = Sighted<ArchiveDatabase, ArchiveWork>;

/// The refusal of whoever wants to read what may not be true any more.
Result<void> too_long_unseen();

template <class Interface, class Work>
Result<void> Sighted<Interface, Work>::in_sight() const {
    constexpr std::chrono::seconds longest{60};
    return sight_.unseen() > longest ? too_long_unseen() : Result<void>{};
}

}  // namespace pchat
