// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/sql/failure.h"
#include "server/store/sql/target.h"

#include <soci/soci.h>

#include <memory>
#include <typeindex>
#include <unordered_map>

namespace pchat::sql {

/// A statement that a session keeps prepared, with the variables it is bound to. Derive, prepare in
/// the constructor, fetch with Session::query<T>().
class Query {
public:
    Query() = default;
    virtual ~Query() = default;
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    Query(Query&&) = delete;
    Query& operator=(Query&&) = delete;
};

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

    template <class T>
    T& query() {
        std::unique_ptr<Query>& slot = queries_[std::type_index(typeid(T))];
        if (!slot)
            slot = std::make_unique<T>(*this);
        return static_cast<T&>(*slot);
    }

    void begin_read();
    void begin_write();
    void commit();
    void rollback() noexcept;

    /// Runs `body`; what it throws becomes a Failure that names this session's target.
    template <class F>
    auto guarded(std::string_view doing, F&& body, Failure* failure = nullptr) -> decltype(body()) {
        try {
            return body();
        } catch (...) {
            Failure caught = current_failure(target_, doing);
            if (failure != nullptr)
                *failure = caught;
            return pass(std::move(caught.error));
        }
    }

private:
    explicit Session(const Target& target) : target_(target) {}

    const Target& target_;
    soci::session raw_;
    std::unordered_map<std::type_index, std::unique_ptr<Query>> queries_;  // goes before raw_
};

}  // namespace pchat::sql
