// SPDX-License-Identifier: Apache-2.0
#include "server/service/changes.h"

#include "base/log.h"
#include "base/uuid.h"
#include "server/service/audit_text.h"

#include <fmt/format.h>

#include <mutex>
#include <utility>

namespace pchat {

Result<void> Change::take_turn(const std::string& name) {
    if (turns_.contains(name))
        return {};
    Result<void> taken = tx_.registry().put_fact(name, fmt::format("{}", now_));
    if (taken)
        turns_.insert(name);
    return taken;
}

void Change::audit(
    std::string action,
    std::int64_t object_kind,
    std::int64_t object_id,
    std::string object_name,
    std::string before,
    std::string after
) {
    AuditEntry entry;
    entry.at = now_;
    entry.action = std::move(action);
    entry.object_kind = object_kind;
    entry.object_id = object_id;
    entry.object_name = std::move(object_name);
    if (!before.empty())
        entry.old_value = std::move(before);
    if (!after.empty())
        entry.new_value = std::move(after);
    audit_.push_back(std::move(entry));
}

void Change::audit_refusal(
    std::string action,
    std::int64_t object_kind,
    std::int64_t object_id,
    std::string object_name,
    std::string_view why
) {
    AuditText text;
    text.text("refused", {}, why);
    audit(std::move(action), object_kind, object_id, std::move(object_name), {}, text.after());
    audit_.back().outcome = AuditOutcome::refused;
}

void Change::record(std::int64_t kind, std::string body) {
    outbox_.push_back({{}, 0, make_uuid(now_), now_, kind, std::move(body)});
}

Result<void> Changes::run(
    std::string_view doing,
    const Actor& actor,
    const std::function<Result<void>(Change&)>& work,
    bool dry_run,
    Turn turn
) {
    std::shared_lock together{turns_, std::defer_lock};
    std::unique_lock alone{turns_, std::defer_lock};
    if (turn == Turn::usual)
        together.lock();
    if (turn == Turn::alone || walls_.has_walls()) {
        if (together.owns_lock())
            together.unlock();
        alone.lock();
        if (Result<void> level = walls_.catch_up(chat_.content(), chat_.clock().steady()); !level)
            return level;
    }
    Touched touched;
    LogNews logged;
    bool tried = false;  // far enough to know that it would have worked
    Result<void> done = chat_.content().write(doing, [&](ContentTransaction& tx) -> Result<void> {
        Change change{tx, chat_.clock().now()};
        tried = false;
        if (Result<void> worked = work(change); !worked)
            return worked;
        if (Result<void> kept = keep_walls(change); !kept)
            return kept;
        tried = true;
        if (dry_run)  // an error rolls back
            return fail(Errc::interrupted, "nothing was changed, as asked");
        if (Result<void> finished = finish(change, actor, logged); !finished)
            return finished;
        touched = change.touched;
        return {};
    });
    if (dry_run && tried)
        return {};
    if (!done) {
        // Nobody is invited to what may not exist.
        touched.invited.clear();
        if (done.error().code == Errc::unknown_outcome && !touched.empty())
            chat_.apply_later(std::move(touched));
        return done;
    }
    chat_.announce(logged);
    if (touched.empty())
        return {};
    if (Result<void> applied = chat_.apply(touched); !applied)
        return fail_as(
            "not-yet-in-force",
            applied.error().code,
            fmt::format(
                "{} is done, but not in force here yet: {}", doing, applied.error().message
            ),
            "do not repeat it: it comes into force as soon as the database answers"
        );
    return {};
}

Result<void> Changes::keep_walls(Change& change) {
    if (change.touched.walls || walls_.has_walls())
        if (Result<void> alone = change.take_turn("walls_at"); !alone)
            return alone;
    Result<void> kept = walls_.check(change.tx(), change.touched);
    if (kept || !change.may_break_walls || kept.error().reason != "wall-broken")
        return kept;
    log::warning("{}", kept.error().message);
    return {};
}

Result<void> Changes::finish(Change& change, const Actor& actor, LogNews& logged) {
    ContentTransaction& tx = change.tx();
    logged = {};
    if (change.audit_.empty() && change.touched.empty() && change.outbox_.empty())
        return {};
    const Life life = chat_.facts().life;
    if (!chat_.facts().compliance)
        change.outbox_.clear();
    const auto records = static_cast<std::int64_t>(change.outbox_.size());
    const Result<Server> self = tx.registry().advance(life.server, life.epoch, records);
    if (!self)
        return pass(self.error());
    const auto first =
        tx.registry().take_ids(IdKind::audit, static_cast<std::int64_t>(change.audit_.size()));
    if (!first)
        return pass(first.error());
    std::int64_t next = *first;
    for (AuditEntry& entry : change.audit_) {
        entry.id = AuditId{next++};
        entry.server = life.server;
        if (actor.user)
            entry.actor = actor.user;
        entry.actor_name = actor.name;
        entry.address = actor.address;
        entry.request = actor.request;
    }
    if (Result<void> audited = tx.audit().append(change.audit_); !audited)
        return audited;
    std::int64_t n = self->outbox_n - records;
    for (OutboxEntry& entry : change.outbox_) {
        entry.origin = life.server;
        entry.n = ++n;
    }
    if (Result<void> recorded = tx.log().append_outbox(change.outbox_); !recorded)
        return recorded;
    logged = {self->log_n, {{}, change.touched}};
    return tx.log().append(
        {life.server, self->log_n, change.now(), log_commit, log_text(logged.body)}
    );
}

}  // namespace pchat
