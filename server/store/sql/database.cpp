// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/database.h"

#include <fmt/format.h>

#include <random>
#include <thread>

namespace pchat::sql {

using Clock = std::chrono::steady_clock;

Database::Database(Target target, PoolOptions options)
    : target_(std::move(target)), options_(options) {}

Database::~Database() = default;

Database::Loan::~Loan() {
    if (session_)
        owner_->take_back(std::move(session_), spoiled_);
}

Result<Database::Loan> Database::lend() {
    std::unique_lock lock{mutex_};
    const auto free = [&] { return !idle_.empty() || lent_ < options_.sessions; };
    if (!freed_.wait_for(lock, options_.wait, free))
        return fail(
            Errc::timeout,
            fmt::format(
                "no session to {} came free within {} ms", target_.describe(), options_.wait.count()
            ),
            "the database is slow, or too few sessions are configured"
        );
    ++lent_;
    while (!idle_.empty()) {
        Idle candidate = std::move(idle_.back());
        idle_.pop_back();
        lock.unlock();
        if (Clock::now() - candidate.since < options_.trust || candidate.session->alive())
            return Loan{*this, std::move(candidate.session)};
        candidate.session.reset();
        lock.lock();
    }
    if (away_ && asking_) {
        --lent_;
        freed_.notify_one();
        return pass(Error{*away_});
    }
    asking_ = true;
    lock.unlock();
    return open_new();
}

Result<Database::Loan> Database::open_new() {
    Result<std::unique_ptr<Session>> opened = Session::open(target_);
    {
        const std::lock_guard lock{mutex_};
        asking_ = false;
        away_ = opened ? std::nullopt : std::optional{opened.error()};
    }
    if (opened)
        return Loan{*this, std::move(*opened)};
    take_back(nullptr, true);
    return pass(std::move(opened).error());
}

void Database::take_back(std::unique_ptr<Session> session, bool spoiled) {
    if (spoiled || (session && session->was_cut()))
        session.reset();
    const std::lock_guard lock{mutex_};
    --lent_;
    if (session)
        idle_.push_back({std::move(session), Clock::now()});
    else
        // Others broke with it, most likely: ask each before it is used again.
        for (Idle& other : idle_)
            other.since = Clock::time_point{};
    freed_.notify_one();
}

void Database::begin(Session& session, Mode mode) {
    switch (mode) {
    case Mode::none:
        return session.begin_none();
    case Mode::read:
        return session.begin_read();
    case Mode::write:
        return session.begin_write(Durability::at_once);
    case Mode::write_derived:
        return session.begin_write(Durability::later);
    }
}

Error Database::commit_unknown(std::string_view doing, const Error& cause) const {
    Error error;
    error.code = Errc::unknown_outcome;
    error.message = fmt::format(
        "the connection to {} broke while {} was committed: it may or may not have happened",
        target_.describe(),
        doing
    );
    error.hint = "look before you repeat it";
    error.context.push_back(cause.message);
    return error;
}

bool Database::refused_commit(Session& session, const Failure& failure) {
    const std::string_view state = failure.state;
    switch (session.engine()) {
    case Engine::sqlite:  // busy, full, constraint; after an I/O error the log may hold it all
        return state == "5" || state == "13" || state == "19";
    case Engine::postgresql:  // deferred constraint, serialization, resources
        return (state.starts_with("23") || state.starts_with("40") || state.starts_with("53")) &&
               session.alive();
    case Engine::sqlserver:
        return false;
    }
    return false;
}

Error Database::gave_up(Error error, int attempts) {
    error.message += fmt::format("; gave up after {} attempts", attempts);
    return error;
}

// Victims of one deadlock must not meet again, so the pause has a random part.
void Database::pause_before(int attempt) const {
    thread_local std::minstd_rand random{std::random_device{}()};
    const int longest = 5 << attempt;
    std::this_thread::sleep_for(std::chrono::milliseconds{
        std::uniform_int_distribution{1, longest}(random)});
}

}  // namespace pchat::sql
