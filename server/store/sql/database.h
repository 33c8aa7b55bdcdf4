// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/sql/session.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace pchat::sql {

struct PoolOptions {
    std::size_t sessions = 4;
    std::chrono::milliseconds wait{2000};  // for a free session
    std::chrono::seconds trust{10};        // a session idle for longer is asked whether it lives
    int attempts = 5;                      // of a transaction that was a deadlock victim
};

/// One database with its pool of sessions; the one way in which stores reach it. Safe to use from
/// many threads.
///
///   database.write("insert room", [&](Session& session) -> Result<void> { session.raw() << ...;
///   return {}; });
///
/// The body runs in one transaction: it is committed only when the body succeeds, and rolled back
/// whatever else happens. A deadlock victim runs again, so a body must have no effects outside the
/// database.
class Database {
public:
    explicit Database(Target target, PoolOptions options = {});
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    Database(Database&&) = delete;
    Database& operator=(Database&&) = delete;

    [[nodiscard]] const Target& target() const { return target_; }

    template <class F>
    auto read(std::string_view doing, F&& body) -> decltype(body(std::declval<Session&>())) {
        return run(doing, Mode::read, std::forward<F>(body));
    }
    template <class F>
    auto write(std::string_view doing, F&& body) -> decltype(body(std::declval<Session&>())) {
        return run(doing, Mode::write, std::forward<F>(body));
    }
    /// As write, but SQLite does not wait until the disk has it: see ContentDatabase.
    template <class F>
    auto write_derived(std::string_view doing, F&& body)
        -> decltype(body(std::declval<Session&>())) {
        return run(doing, Mode::write_derived, std::forward<F>(body));
    }
    /// Without a transaction: for the few statements that refuse to run in one (create database).
    template <class F>
    auto outside_transaction(std::string_view doing, F&& body)
        -> decltype(body(std::declval<Session&>())) {
        return run(doing, Mode::none, std::forward<F>(body));
    }

private:
    enum class Mode : std::uint8_t { none, read, write, write_derived };
    static void begin(Session& session, Mode mode);

    /// A session on loan; goes back to the pool unless it was spoiled.
    class Loan {
    public:
        Loan(Database& owner, std::unique_ptr<Session> session)
            : owner_(&owner), session_(std::move(session)) {}
        Loan(Loan&& other) noexcept = default;
        Loan& operator=(Loan&&) = delete;
        Loan(const Loan&) = delete;
        Loan& operator=(const Loan&) = delete;
        ~Loan();
        Session& operator*() { return *session_; }
        Session* operator->() { return session_.get(); }
        void spoil() { spoiled_ = true; }

    private:
        Database* owner_;
        std::unique_ptr<Session> session_;
        bool spoiled_ = false;
    };

    struct Idle {
        std::unique_ptr<Session> session;
        std::chrono::steady_clock::time_point since;
    };

    Result<Loan> lend();
    Result<Loan> open_new();
    void take_back(std::unique_ptr<Session> session, bool spoiled);
    Error commit_unknown(std::string_view doing, const Error& cause) const;
    /// Whether the database itself said no to a commit; all else leaves open what happened.
    static bool refused_commit(Session& session, const Failure& failure);
    static Error gave_up(Error error, int attempts);
    void pause_before(int attempt) const;

    template <class F>
    auto run(std::string_view doing, Mode mode, F&& body)
        -> decltype(body(std::declval<Session&>())) {
        for (int attempt = 1;; ++attempt) {
            Result<Loan> loan = lend();
            if (!loan)
                return pass(std::move(loan).error(), std::string{doing});
            Failure failure;
            auto result = attempt_once(doing, mode, *loan, body, failure);
            if (result || !failure.transient)
                return result;
            if (attempt >= options_.attempts)
                return pass(gave_up(std::move(result).error(), attempt));
            pause_before(attempt);
        }
    }

    template <class F>
    auto attempt_once(std::string_view doing, Mode mode, Loan& loan, F& body, Failure& failure)
        -> decltype(body(std::declval<Session&>())) {
        using Outcome = decltype(body(std::declval<Session&>()));
        Session& session = *loan;
        bool open = false;
        Outcome result = session.guarded(
            doing,
            [&]() -> Outcome {
                begin(session, mode);
                open = mode != Mode::none;
                return body(session);
            },
            &failure
        );
        if (result && open) {
            const Result<void> committed = session.guarded(
                doing,
                [&]() -> Result<void> {
                    session.commit();
                    // psqlODBC reports success where the server died before it was asked.
                    if (session.engine() != Engine::sqlite && !session.alive())
                        return fail(Errc::unreachable, "the connection was lost at its end");
                    return {};
                },
                &failure
            );
            if (committed)
                return result;
            if (refused_commit(session, failure)) {
                session.rollback();
                return pass(Error{committed.error()});
            }
            failure.transient = false;
            loan.spoil();
            if (mode == Mode::write || mode == Mode::write_derived)
                return pass(commit_unknown(doing, committed.error()));
            return pass(Error{committed.error()});
        }
        if (!result) {
            // After any error: roll back, and keep the session only when it still answers.
            if (open)
                session.rollback();
            if (failure.lost || !session.alive())
                loan.spoil();
        }
        return result;
    }

    Target target_;
    PoolOptions options_;
    std::mutex mutex_;
    std::condition_variable freed_;
    std::vector<Idle> idle_;
    std::size_t lent_ = 0;
    // What the last attempt to connect ended with; while one finds out whether that has changed,
    // the others are told the same at once.
    std::optional<Error> away_;
    bool asking_ = false;
};

}  // namespace pchat::sql
