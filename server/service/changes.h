// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/deployment.h"
#include "server/service/chat.h"
#include "server/service/touched.h"
#include "server/service/wall_guard.h"
#include "server/store/content_database.h"

#include <functional>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// Who changes something, as the audit log names it.
struct Actor {
    PrincipalId user;
    std::string name;     // "sip:ann@contoso.example"
    std::string address;  // where the request came from
    std::string request;  // its id
};

// AuditEntry::object_kind; grows. Principals are 1.
constexpr std::int64_t audit_object_category = 2;
constexpr std::int64_t audit_object_room = 3;
constexpr std::int64_t audit_object_message = 4;
constexpr std::int64_t audit_object_session = 5;
constexpr std::int64_t audit_object_policy = 6;
constexpr std::int64_t audit_object_config = 7;
constexpr std::int64_t audit_object_addin = 8;
constexpr std::int64_t audit_object_token = 9;
constexpr std::int64_t audit_object_wall = 10;
constexpr std::int64_t audit_object_topology = 11;
constexpr std::int64_t audit_object_endpoint = 12;
constexpr std::int64_t audit_object_server = 13;

/// One administrative transaction while it runs.
class Change {
public:
    Change(ContentTransaction& tx, Microseconds now) : tx_(tx), now_(now) {}

    ContentTransaction& tx() { return tx_; }
    [[nodiscard]] Microseconds now() const { return now_; }
    Result<std::int64_t> take_id(IdKind kind) { return tx_.registry().take_ids(kind, 1); }
    /// Changes that take this turn come one after another, on whichever server, from here to their
    /// end.
    Result<void> take_turn(const std::string& name);

    /// What everybody's memory must read again.
    Touched touched;
    /// What another authority has decided is taken as it is, and a broken wall told in the log.
    bool may_break_walls = false;
    /// One entry of the audit log; `before` and `after` are JSON or empty.
    void audit(
        std::string action,
        std::int64_t object_kind,
        std::int64_t object_id,
        std::string object_name,
        std::string before,
        std::string after
    );
    /// The same of something that was refused; `why` is a reason such as "role-missing".
    void audit_refusal(
        std::string action,
        std::int64_t object_kind,
        std::int64_t object_id,
        std::string object_name,
        std::string_view why
    );
    /// Something that compliance must see.
    void record(std::int64_t kind, std::string body);

private:
    friend class Changes;
    ContentTransaction& tx_;
    Microseconds now_;
    std::set<std::string> turns_;
    std::vector<AuditEntry> audit_;
    std::vector<OutboxEntry> outbox_;
};

/// Whether a change waits until no other one runs here. While there are walls, each does.
enum class Turn { usual, alone };

/// The one way in which administrators change anything: one transaction with its entries in the
/// audit log and in the origin log; after it, the memory of this server and its live sessions
/// follow before the caller hears that it is done. Refuses what would break a wall. Waits.
class Changes {
public:
    explicit Changes(Chat& chat)
        : chat_(chat), walls_(chat.directory(), chat.facts().life.server) {}

    /// `work` may run twice. With `dry_run` everything is checked and nothing is kept.
    Result<void> run(
        std::string_view doing,
        const Actor& actor,
        const std::function<Result<void>(Change&)>& work,
        bool dry_run = false,
        Turn turn = Turn::usual
    );

    Chat& chat() { return chat_; }

private:
    Result<void> keep_walls(Change& change);
    Result<void> finish(Change& change, const Actor& actor, LogNews& logged);

    Chat& chat_;
    WallGuard walls_;
    std::shared_mutex turns_;
};

}  // namespace pchat
