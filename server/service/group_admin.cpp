// SPDX-License-Identifier: Apache-2.0
#include "server/service/group_admin.h"

#include "base/uuid.h"
#include "server/domain/name.h"
#include "server/domain/principal_name.h"
#include "server/service/audit_text.h"
#include "server/service/group_fields.h"
#include "server/service/group_rows.h"
#include "server/service/without.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

namespace pchat {
namespace {

/// One group while it is created, changed or removed.
class GroupWork {
public:
    GroupWork(Changes& changes, Change& change, const AdminCall& call, GroupsAbove& above)
        : chat_(changes.chat()), change_(change), call_(call), above_(above),
          lookup_(change, chat_.directory(), names_for(call.person)) {}

    Result<void> create(const GroupFields& fields, GroupChange& out);
    Result<void> alter(std::string_view text, const GroupFields& fields, GroupChange& out);
    Result<void> remove(std::string_view text, Force force, GroupChange& out);

private:
    Result<GroupFacts> find(std::string_view text);
    Result<void> put_name(const std::string& wanted, Principal& group);
    Result<void> may_edit(const Principal& group);
    Result<void> check_member(const Principal& group, PrincipalId member);
    Result<void> write_members(const GroupFacts& before, const GroupFacts& after);
    Result<AuditText> difference(const GroupFacts* before, const GroupFacts* after);
    void log(std::string action, const Principal& group, const AuditText& text);

    Chat& chat_;
    Change& change_;
    const AdminCall& call_;
    GroupsAbove& above_;
    PrincipalLookup lookup_;
};

Result<GroupFacts> GroupWork::find(std::string_view text) {
    Result<GroupFacts> found = find_living_group(change_.tx(), text);
    if (!found)
        return found;
    const std::string called = fmt::format("group '{}'", found->group.name);
    if (Result<void> same = check_revision(call_, found->group.revision, called); !same)
        return pass(std::move(same).error());
    if (found->group.source == PrincipalSource::directory)
        return fail_as(
            "from-directory",
            Errc::conflict,
            fmt::format("{} comes from the directory", called),
            "change it there",
            "group"
        );
    return found;
}

Result<void> GroupWork::may_edit(const Principal& group) {
    const auto roles = chat_.directory().read([&](const DirectoryState& state) {
        return static_cast<unsigned>(granted_roles(state, group.id));
    });
    if (call_.person.has(AdminRole::administrator) || (roles & ~unsigned{call_.person.roles}) == 0)
        return {};
    return not_allowed(
        fmt::format("members of group '{}' have roles that you have not", group.name),
        "ask somebody with the role administrator"
    );
}

Result<void> GroupWork::put_name(const std::string& wanted, Principal& group) {
    const Result<std::string> name = group_name(wanted);
    if (!name)
        return pass(name.error());
    const std::string key = name_key(*name);
    const auto other = change_.tx().principals().find_name(PrincipalKind::group, key);
    if (!other)
        return pass(other.error());
    if (*other && (*other)->id != group.id)
        return fail_as(
            "group-exists",
            Errc::conflict,
            fmt::format("group '{}' exists already", (*other)->name),
            group.id ? "choose another name" : "change it instead: pchatctl group set",
            "name"
        );
    group.name = *name;
    group.name_key = key;
    group.name_sort = name_sort(*name);
    return {};
}

Result<void> GroupWork::check_member(const Principal& group, PrincipalId member) {
    const auto row = change_.tx().principals().find(member);
    if (!row)
        return pass(row.error());
    const PrincipalKind kind = *row ? (*row)->kind : PrincipalKind::system;
    const Result<std::string> written = lookup_.written(member);
    if (!written)
        return pass(written.error());
    if (kind == PrincipalKind::user)
        return {};
    if (kind != PrincipalKind::group)
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("'{}' cannot be in a group", *written),
            "users and groups can",
            "members"
        );
    // One at a time, on whichever server: two changes could each close half of a circle.
    if (Result<void> alone = change_.take_turn("groups_at"); !alone)
        return alone;
    const auto path = above_.path_down(member, group.id);
    if (!path)
        return pass(path.error());
    if (path->empty())
        return {};
    std::string circle;
    for (const PrincipalId step : *path) {
        const Result<std::string> name = lookup_.written(step);
        if (!name)
            return pass(name.error());
        circle += *name + " > ";
    }
    return fail_as(
        "group-cycle",
        Errc::invalid,
        fmt::format("{} would be in itself: {}{}", *written, circle, *written),
        "a group cannot hold one that it is in",
        "members"
    );
}

Result<void> GroupWork::write_members(const GroupFacts& before, const GroupFacts& after) {
    const PrincipalId group = after.group.id;
    std::vector<Membership> ended;
    for (const PrincipalId member : without(before.members, after.members))
        ended.push_back({group, member});
    std::vector<Membership> begun;
    for (const PrincipalId member : without(after.members, before.members)) {
        if (Result<void> good = check_member(after.group, member); !good)
            return good;
        begun.push_back({group, member});
    }
    if (ended.empty() && begun.empty())
        return {};
    for (const auto* list : {&ended, &begun})
        for (const Membership& one : *list)
            change_.touched.principals.push_back(one.child);
    above_.changed(ended, begun);
    if (Result<void> left = change_.tx().principals().remove_members(ended); !left)
        return left;
    return change_.tx().principals().add_members(begun);
}

Result<AuditText> GroupWork::difference(const GroupFacts* before, const GroupFacts* after) {
    AuditText out;
    const auto text = [&](std::string_view name, std::string Principal::*which) {
        const auto of = [&](const GroupFacts* one) {
            return one == nullptr ? std::nullopt
                                  : std::optional<std::string_view>{one->group.*which};
        };
        out.text(name, of(before), of(after));
    };
    text("name", &Principal::name);
    text("display", &Principal::display_name);
    text("email", &Principal::email);
    const std::vector<PrincipalId> nobody;
    if (Result<void> put = out.list(
            "members",
            lookup_,
            before == nullptr ? nobody : before->members,
            after == nullptr ? nobody : after->members
        );
        !put)
        return pass(std::move(put).error());
    return out;
}

void GroupWork::log(std::string action, const Principal& group, const AuditText& text) {
    change_.audit(
        std::move(action),
        audit_object_principal,
        group.id.value,
        PrincipalName{PrincipalKind::group, group.name}.written(),
        text.before(),
        text.after()
    );
    change_.touched.principals.push_back(group.id);
}

Result<void> GroupWork::create(const GroupFields& fields, GroupChange& out) {
    if (!fields.name)
        return fail_as("bad-request", Errc::usage, "a group needs a name", {}, "name");
    Principal& group = out.group.group;
    group.kind = PrincipalKind::group;
    if (fields.name)
        if (Result<void> put = put_name(*fields.name, group); !put)
            return put;
    if (Result<void> put = put_group_texts(group, fields); !put)
        return put;
    Result<ChangedList> members = changed_list(lookup_, fields.members, {}, "members");
    if (!members)
        return pass(std::move(members).error());
    out.group.members = std::move(members->list);
    const Result<std::int64_t> id = change_.take_id(IdKind::principal);
    if (!id)
        return pass(id.error());
    group.id = PrincipalId{*id};
    group.uuid = make_uuid(change_.now());
    group.created_at = group.updated_at = change_.now();
    if (Result<void> made = change_.tx().principals().insert(std::span<const Principal>{&group, 1});
        !made)
        return made;
    if (Result<void> written = write_members({}, out.group); !written)
        return written;
    const Result<AuditText> text = difference(nullptr, &out.group);
    if (!text)
        return pass(text.error());
    log("group.create", group, *text);
    return {};
}

Result<void> GroupWork::alter(std::string_view text, const GroupFields& fields, GroupChange& out) {
    const Result<GroupFacts> before = find(text);
    if (!before)
        return pass(before.error());
    out.group = *before;
    Principal& group = out.group.group;
    if (fields.name)
        if (Result<void> put = put_name(*fields.name, group); !put)
            return put;
    if (Result<void> put = put_group_texts(group, fields); !put)
        return put;
    Result<ChangedList> members = changed_list(lookup_, fields.members, before->members, "members");
    if (!members)
        return pass(std::move(members).error());
    out.group.members = std::move(members->list);
    const Result<AuditText> changed = difference(&*before, &out.group);
    if (!changed)
        return pass(changed.error());
    if (changed->empty())
        return {};
    if (Result<void> may = may_edit(before->group); !may)
        return may;
    if (Result<void> written = write_members(*before, out.group); !written)
        return written;
    group.updated_at = change_.now();
    const std::string called = fmt::format("group '{}'", before->group.name);
    if (Result<void> done = unless_changed(change_.tx().principals().update(group), called); !done)
        return done;
    ++group.revision;
    log("group.change", group, *changed);
    return {};
}

Result<void> GroupWork::remove(std::string_view text, Force force, GroupChange& out) {
    Result<GroupFacts> found = find(text);
    if (!found)
        return pass(std::move(found).error());
    out.group = std::move(*found);
    if (Result<void> may = may_edit(out.group.group); !may)
        return may;
    if (force == Force::no) {
        if (Result<void> safe = no_category_denies(change_.tx(), out.group.group); !safe)
            return safe;
        if (Result<void> safe = no_wall_names(change_.tx(), out.group.group); !safe)
            return safe;
    }
    auto taken = forget_group(change_, out.group);
    if (!taken)
        return pass(std::move(taken).error());
    out.taken = std::move(*taken);
    // Its row stays for the audit log; the name is free.
    Principal gone = out.group.group;
    gone.state = PrincipalState::gone;
    gone.name_key = name_key(gone.uuid);
    gone.updated_at = change_.now();
    const std::string called = fmt::format("group '{}'", gone.name);
    if (Result<void> done = unless_changed(change_.tx().principals().update(gone), called); !done)
        return done;
    Result<AuditText> was = difference(&out.group, nullptr);
    if (!was)
        return pass(std::move(was).error());
    was->taken(out.taken);
    log("group.remove", out.group.group, *was);
    return {};
}

template <class Do>
Result<GroupChange> run(
    Changes& changes, const AdminCall& call, std::string_view doing, const Do& act
) {
    GroupChange out;
    Result<void> done = changes.run(
        doing,
        call.actor,
        [&](Change& change) -> Result<void> {
            out = {};  // the work may run twice
            GroupsAbove above{change.tx()};
            GroupWork work{changes, change, call, above};
            return act(work, out);
        },
        call.dry_run
    );
    if (!done)
        return pass(std::move(done).error());
    return out;
}

}  // namespace

Result<GroupChange> create_group(
    Changes& changes, const AdminCall& call, const GroupFields& fields
) {
    return run(changes, call, "creating the group", [&](GroupWork& work, GroupChange& out) {
        return work.create(fields, out);
    });
}

Result<GroupChange> change_group(
    Changes& changes, const AdminCall& call, std::string_view group, const GroupFields& fields
) {
    return run(changes, call, "changing the group", [&](GroupWork& work, GroupChange& out) {
        return work.alter(group, fields, out);
    });
}

Result<GroupChange> remove_group(
    Changes& changes, const AdminCall& call, std::string_view group, Force force
) {
    return run(changes, call, "removing the group", [&](GroupWork& work, GroupChange& out) {
        return work.remove(group, force, out);
    });
}

Result<PutOutcome> put_group(
    Changes& changes,
    Change& change,
    const AdminCall& call,
    const GroupFields& fields,
    GroupsAbove& above
) {
    const Result<std::string> name = group_name(fields.name.value_or(""));
    if (!name)
        return pass(name.error());
    const auto there = change.tx().principals().find_name(PrincipalKind::group, name_key(*name));
    if (!there)
        return pass(there.error());
    GroupWork work{changes, change, call, above};
    GroupChange out;
    GroupFields rest = fields;
    if (*there)
        rest.name.reset();  // it is how the group was found, not a new spelling
    Result<void> done = *there ? work.alter("group:" + *name, rest, out) : work.create(rest, out);
    if (!done)
        return pass(std::move(done).error());
    if (!*there)
        return PutOutcome::created;
    return out.group.group.revision == (*there)->revision ? PutOutcome::same : PutOutcome::changed;
}

}  // namespace pchat
