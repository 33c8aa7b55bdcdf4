// SPDX-License-Identifier: Apache-2.0
#include "server/service/wall_admin.h"

#include "base/unicode.h"
#include "base/uuid.h"
#include "server/domain/name.h"
#include "server/service/audit_text.h"
#include "server/service/named_object.h"
#include "server/service/run_change.h"
#include "server/service/without.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace pchat {
namespace {

tl::unexpected<Error> wall_not_found(std::string_view wall) {
    return fail_as(
        "wall-not-found",
        Errc::not_found,
        fmt::format("wall '{}' does not exist", printable(wall)),
        "list walls: pchatctl wall list",
        "wall"
    );
}

std::vector<WallEntry> entries_of(const KnownWall& known) {
    std::vector<WallEntry> out;
    for (const PrincipalId one : known.a)
        out.push_back({known.wall.id, WallFace::a, one});
    for (const PrincipalId one : known.b)
        out.push_back({known.wall.id, WallFace::b, one});
    return out;
}

/// One wall while it is made, changed or removed.
class WallWork {
public:
    WallWork(Changes& changes, Change& change, const AdminCall& call)
        : change_(change), call_(call),
          lookup_(change, changes.chat().directory(), names_for(call.person)) {}

    Result<void> put(std::string_view text, const WallFields& fields, WallChange& out);
    Result<void> remove(std::string_view text, WallChange& out);

private:
    Result<std::optional<KnownWall>> find(std::string_view text);
    Result<void> put_fields(const WallFields& fields, KnownWall& wall);
    Result<void> put_name(const std::string& wanted, Wall& wall);
    Result<void> check_sides(const KnownWall& wall);
    Result<void> make(KnownWall& wall);
    Result<void> keep(const KnownWall& before, KnownWall& wall);
    Result<AuditText> difference(const KnownWall* before, const KnownWall* after);
    void log(std::string action, const Wall& wall, const AuditText& text);

    Change& change_;
    const AdminCall& call_;
    PrincipalLookup lookup_;
};

Result<std::optional<KnownWall>> WallWork::find(std::string_view text) {
    WallStore& store = change_.tx().walls();
    auto row = is_uuid(text) ? store.find_uuid(lower_ascii(text)) : store.find_name(name_key(text));
    if (!row)
        return pass(std::move(row).error());
    if (!*row)
        return std::optional<KnownWall>{};
    KnownWall out;
    out.wall = std::move(**row);
    const auto sides = store.sides(out.wall.id);
    if (!sides)
        return pass(sides.error());
    for (const WallEntry& one : *sides)  // ascending
        (one.side == WallFace::a ? out.a : out.b).push_back(one.principal);
    return std::optional{std::move(out)};
}

Result<void> WallWork::put_name(const std::string& wanted, Wall& wall) {
    Result<std::string> name = checked_name(wanted);
    if (!name)
        return pass(std::move(name).error());
    wall.name = std::move(*name);
    wall.name_key = name_key(wall.name);
    const auto other = change_.tx().walls().find_name(wall.name_key);
    if (!other)
        return pass(other.error());
    if (*other && (*other)->id != wall.id)
        return fail_as(
            "wall-exists",
            Errc::conflict,
            fmt::format("wall '{}' exists already", (*other)->name),
            "choose another name",
            "name"
        );
    return {};
}

Result<void> WallWork::check_sides(const KnownWall& wall) {
    for (const auto& [list, field] : {std::pair{&wall.a, "a"}, std::pair{&wall.b, "b"}})
        if (list->empty())
            return fail_as(
                "bad-value",
                Errc::invalid,
                fmt::format("side {} of wall '{}' has nobody", field, wall.wall.name),
                "name users, groups, OUs or domains on both sides; or: pchatctl wall remove",
                field
            );
    std::vector<PrincipalId> both;
    std::set_intersection(
        wall.a.begin(), wall.a.end(), wall.b.begin(), wall.b.end(), std::back_inserter(both)
    );
    if (both.empty())
        return {};
    const Result<std::string> who = lookup_.written(both);
    if (!who)
        return pass(who.error());
    return fail_as(
        "bad-value",
        Errc::invalid,
        fmt::format("on both sides of wall '{}': {}", wall.wall.name, *who),
        "leave it on one side",
        "b"
    );
}

Result<void> WallWork::put_fields(const WallFields& fields, KnownWall& wall) {
    if (fields.name)
        if (Result<void> put = put_name(*fields.name, wall.wall); !put)
            return put;
    if (fields.description) {
        Result<std::string> description = checked_description(*fields.description);
        if (!description)
            return pass(std::move(description).error());
        wall.wall.description = std::move(*description);
    }
    Result<ChangedList> a = changed_list(lookup_, fields.a, wall.a, "a");
    if (!a)
        return pass(std::move(a).error());
    Result<ChangedList> b = changed_list(lookup_, fields.b, wall.b, "b");
    if (!b)
        return pass(std::move(b).error());
    wall.a = std::move(a->list);
    wall.b = std::move(b->list);
    return check_sides(wall);
}

Result<AuditText> WallWork::difference(const KnownWall* before, const KnownWall* after) {
    AuditText out;
    const auto text = [&](std::string_view name, std::string Wall::*which) {
        const auto of = [&](const KnownWall* one) {
            return one == nullptr ? std::nullopt
                                  : std::optional<std::string_view>{one->wall.*which};
        };
        out.text(name, of(before), of(after));
    };
    text("name", &Wall::name);
    text("description", &Wall::description);
    const KnownWall nothing;
    const KnownWall& old = before == nullptr ? nothing : *before;
    const KnownWall& now = after == nullptr ? nothing : *after;
    if (Result<void> put = out.list("a", lookup_, old.a, now.a); !put)
        return pass(std::move(put).error());
    if (Result<void> put = out.list("b", lookup_, old.b, now.b); !put)
        return pass(std::move(put).error());
    return out;
}

void WallWork::log(std::string action, const Wall& wall, const AuditText& text) {
    change_.audit(
        std::move(action), audit_object_wall, wall.id.value, wall.name, text.before(), text.after()
    );
    change_.touched.walls = true;
}

Result<void> WallWork::put(std::string_view text, const WallFields& fields, WallChange& out) {
    Result<std::optional<KnownWall>> found = find(text);
    if (!found)
        return pass(std::move(found).error());
    out.made = !*found;
    if (out.made && is_uuid(text))
        return wall_not_found(text);
    if (*found)
        out.wall = **found;
    const std::string called = fmt::format("wall '{}'", printable(text));
    if (Result<void> same = check_revision(call_, *found ? out.wall.wall.revision : 0, called);
        !same)
        return same;
    if (out.made)
        if (Result<void> put = put_name(std::string{text}, out.wall.wall); !put)
            return put;
    if (Result<void> put = put_fields(fields, out.wall); !put)
        return put;
    return out.made ? make(out.wall) : keep(**found, out.wall);
}

Result<void> WallWork::make(KnownWall& known) {
    const Result<std::int64_t> id = change_.take_id(IdKind::wall);
    if (!id)
        return pass(id.error());
    Wall& wall = known.wall;
    wall.id = WallId{*id};
    wall.uuid = make_uuid(change_.now());
    wall.created_at = wall.updated_at = change_.now();
    wall.created_by = wall.updated_by = call_.person.id;
    if (Result<void> made = change_.tx().walls().insert(wall); !made)
        return made;
    if (Result<void> listed = change_.tx().walls().add_sides(entries_of(known)); !listed)
        return listed;
    const Result<AuditText> text = difference(nullptr, &known);
    if (!text)
        return pass(text.error());
    log("wall.create", wall, *text);
    return {};
}

Result<void> WallWork::keep(const KnownWall& before, KnownWall& known) {
    const Result<AuditText> text = difference(&before, &known);
    if (!text)
        return pass(text.error());
    if (text->empty())
        return {};
    Wall& wall = known.wall;
    wall.updated_at = change_.now();
    wall.updated_by = call_.person.id;
    WallStore& store = change_.tx().walls();
    const std::string called = fmt::format("wall '{}'", wall.name);
    if (Result<void> done = unless_changed(store.update(wall), called); !done)
        return done;
    ++wall.revision;
    const std::vector<WallEntry> old = entries_of(before);
    const std::vector<WallEntry> now = entries_of(known);
    if (Result<void> gone = store.remove_sides(without(old, now)); !gone)
        return gone;
    if (Result<void> come = store.add_sides(without(now, old)); !come)
        return come;
    log("wall.change", wall, *text);
    return {};
}

Result<void> WallWork::remove(std::string_view text, WallChange& out) {
    Result<std::optional<KnownWall>> found = find(text);
    if (!found)
        return pass(std::move(found).error());
    if (!*found)
        return wall_not_found(text);
    out.wall = std::move(**found);
    const std::string called = fmt::format("wall '{}'", out.wall.wall.name);
    if (Result<void> same = check_revision(call_, out.wall.wall.revision, called); !same)
        return same;
    if (Result<void> gone = unless_changed(change_.tx().walls().remove(out.wall.wall.id), called);
        !gone)
        return gone;
    const Result<AuditText> was = difference(&out.wall, nullptr);
    if (!was)
        return pass(was.error());
    log("wall.remove", out.wall.wall, *was);
    return {};
}

}  // namespace

Result<WallChange> put_wall(
    Changes& changes,
    Change& change,
    const AdminCall& call,
    std::string_view wall,
    const WallFields& fields
) {
    WallChange out;
    return given(WallWork{changes, change, call}.put(wall, fields, out), out);
}

Result<WallChange> remove_wall(
    Changes& changes, Change& change, const AdminCall& call, std::string_view wall
) {
    WallChange out;
    return given(WallWork{changes, change, call}.remove(wall, out), out);
}

Result<WallChange> put_wall(
    Changes& changes, const AdminCall& call, std::string_view wall, const WallFields& fields
) {
    return run_change<WallChange>(
        changes,
        call,
        "setting the wall",
        [&](Change& change) { return put_wall(changes, change, call, wall, fields); },
        Turn::alone
    );
}

Result<WallChange> remove_wall(Changes& changes, const AdminCall& call, std::string_view wall) {
    return run_change<WallChange>(
        changes,
        call,
        "removing the wall",
        [&](Change& change) { return remove_wall(changes, change, call, wall); },
        Turn::alone
    );
}

WallAnswer prove_wall(
    const DirectoryState& state, std::vector<PrincipalId> a, std::vector<PrincipalId> b
) {
    const KnownWall wall{{}, std::move(a), std::move(b)};
    return std::move(prove_walls(state, {&wall, 1}).front());
}

std::vector<WallAnswer> prove_walls(const DirectoryState& state, std::span<const KnownWall> walls) {
    const WallView view{state};
    std::vector<WallAnswer> out;
    for (const WallCrowd& crowd : crowds_of(view, walls)) {
        WallProof proof{view, crowd};
        std::optional<WallBreach> breach = proof.look_at_all();
        out.push_back({crowd.a.size(), crowd.b.size(), proof.rooms(), std::move(breach)});
    }
    return out;
}

Result<KnownWall> wall_named(const DirectoryState& state, std::string_view wall) {
    const bool by_id = is_uuid(wall);
    const std::string key = by_id ? lower_ascii(wall) : name_key(wall);
    for (const KnownWall& one : state.walls())
        if ((by_id ? one.wall.uuid : one.wall.name_key) == key)
            return one;
    return wall_not_found(wall);
}

}  // namespace pchat
