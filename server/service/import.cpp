// SPDX-License-Identifier: Apache-2.0
#include "server/service/import.h"

#include "server/service/group_rows.h"

#include <fmt/format.h>

#include <utility>

namespace pchat {
namespace {

constexpr std::size_t most_problems = 100;
constexpr std::size_t most_members = 10'000;  // of all groups together

/// A row that breaks a rule, as against a database that fails.
bool is_of_row(const Error& error) {
    return !error.reason.empty();
}

/// Does `put` for every row and counts; fails only when the rest cannot be looked at.
template <class Row, class Put>
Result<void> each_row(std::span<const Row> rows, Imported& out, const Put& put) {
    for (std::size_t i = 0; i < rows.size() && out.problems.size() < most_problems; ++i) {
        const Result<PutOutcome> done = put(rows[i]);
        if (!done && !is_of_row(done.error()))
            return pass(done.error(), fmt::format("row {}", i + 1));
        if (!done)
            out.problems.push_back({i, done.error()});
        else if (*done == PutOutcome::created)
            ++out.created;
        else if (*done == PutOutcome::changed)
            ++out.changed;
        else
            ++out.same;
    }
    return {};
}

/// Runs `work` in one transaction that is kept when there are no problems.
template <class Work>
Result<Imported> run(
    Changes& changes, const AdminCall& call, std::string_view doing, const Work& work
) {
    Imported out;
    Result<void> done = changes.run(
        doing,
        call.actor,
        [&](Change& change) -> Result<void> {
            out = {};  // the work may run twice
            if (Result<void> worked = work(change, out); !worked)
                return worked;
            if (!out.problems.empty())  // an error rolls back
                return fail(Errc::invalid, "rows are wrong");
            return {};
        },
        call.dry_run
    );
    if (!done && out.problems.empty())
        return pass(std::move(done).error());
    if (!out.problems.empty())
        out.created = out.changed = out.same = 0;
    return out;
}

}  // namespace

Result<Imported> import_users(
    Changes& changes, const AdminCall& call, std::span<const UserRow> rows
) {
    return run(changes, call, "importing users", [&](Change& change, Imported& out) {
        return each_row(rows, out, [&](const UserRow& row) {
            return put_user(changes, change, call, row.user, row.fields);
        });
    });
}

Result<Imported> import_groups(
    Changes& changes, const AdminCall& call, std::span<const GroupFields> rows
) {
    std::size_t members = 0;
    for (const GroupFields& row : rows)
        members += (row.members.replace ? row.members.replace->size() : 0) +
                   row.members.add.size() + row.members.remove.size();
    if (members > most_members)
        return fail_as(
            "too-many-members",
            Errc::too_large,
            fmt::format(
                "the groups name {} members, {} are allowed at once", members, most_members
            ),
            "import them in several parts",
            "members"
        );
    return run(changes, call, "importing groups", [&](Change& change, Imported& out) {
        GroupsAbove above{change.tx()};
        std::vector<bool> made(rows.size());
        Imported first;  // all exist before any is a member
        std::size_t at = 0;
        Result<void> named = each_row(rows, first, [&](const GroupFields& row) {
            GroupFields bare;
            bare.name = row.name;
            const Result<PutOutcome> done = put_group(changes, change, call, bare, above);
            made[at++] = done && *done == PutOutcome::created;
            return done;
        });
        if (!named || !first.problems.empty()) {
            out = std::move(first);
            return named;
        }
        at = 0;
        return each_row(rows, out, [&](const GroupFields& row) {
            const Result<PutOutcome> done = put_group(changes, change, call, row, above);
            const bool is_new = made[at++];
            return done && is_new ? Result<PutOutcome>{PutOutcome::created} : done;
        });
    });
}

}  // namespace pchat
