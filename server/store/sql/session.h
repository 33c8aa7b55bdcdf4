// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/sql/failure.h"
#include "server/store/sql/link_watch.h"
#include "server/store/sql/target.h"

#include <soci/soci.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace pchat::sql {

class Prepared;

/// When the disk has what a transaction wrote: once it is committed or, with SQLite, soon after
/// that.
enum class Durability : std::uint8_t { at_once, later };

/// One connection. Used by one thread at a time. A connection that broke is thrown away with all
/// its statements, never reconnected: SOCI's statements outlive their connection only as dangling
/// pointers.
class Session {
public:
    static Result<std::unique_ptr<Session>> open(const Target& target, Failure* failure = nullptr);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    Session(Session&&) = delete;
    Session& operator=(Session&&) = delete;

    [[nodiscard]] soci::session& raw() { return raw_; }
    [[nodiscard]] Engine engine() const { return target_.engine; }
    [[nodiscard]] const Target& target() const { return target_; }

    /// Whether the other side still answers; never throws.
    [[nodiscard]] bool alive();
    /// The wait for one answer, for as long as the result exists: the server itself ends what takes
    /// too long, and where it does not, the connection is cut a little later.
    [[nodiscard]] LinkWatch::Wait waiting();
    /// Whether the connection was cut because no answer came.
    [[nodiscard]] bool was_cut() const { return watch_ && watch_->broken(); }

    /// The statement kept for `key` and `rows`, which `make` prepares the first time. `key` is the
    /// address of a Statement or Table of the catalog, which live as long as the program.
    template <class Make>
    Prepared& prepared(const void* key, std::size_t rows, Make&& make) {
        std::unique_ptr<Prepared>& slot = prepared_[{key, rows}];
        if (!slot || is_spent(*slot))
            slot = make();
        return *slot;
    }
    void forget(const void* key);
    /// After a failure: SOCI loses the buffers of a statement that is run again after it failed.
    void forget_all();

    void begin_read();
    void begin_write(Durability durability);
    /// For what comes outside a transaction.
    void begin_none();
    void commit();
    void rollback() noexcept;
    [[nodiscard]] bool in_transaction() const { return in_transaction_; }

    /// Runs `body`; what it throws becomes a Failure that names this session's target.
    template <class F>
    auto guarded(std::string_view doing, F&& body, Failure* failure = nullptr) -> decltype(body()) {
        try {
            return body();
        } catch (...) {
            Failure caught = failure_of(doing);
            if (failure != nullptr)
                *failure = caught;
            return pass(std::move(caught.error));
        }
    }

private:
    void keep(Durability wanted);
    static bool is_spent(const Prepared& statement);
    /// Of the exception that is being handled.
    Failure failure_of(std::string_view doing) const;

    explicit Session(const Target& target);

    const Target& target_;
    bool in_transaction_ = false;
    Durability durability_ = Durability::at_once;
    std::optional<LinkWatch> watch_;  // of servers whose socket can be found
    soci::session raw_;
    // Goes before raw_.
    std::map<std::pair<const void*, std::size_t>, std::unique_ptr<Prepared>> prepared_;
};

}  // namespace pchat::sql
