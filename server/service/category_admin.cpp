// SPDX-License-Identifier: Apache-2.0
#include "server/service/category_admin.h"

#include "base/uuid.h"
#include "server/domain/compliance.h"
#include "server/domain/name.h"
#include "server/service/audit_text.h"
#include "server/service/category_purge.h"
#include "server/service/named_object.h"
#include "server/service/room_purge.h"
#include "server/service/run_change.h"
#include "server/service/without.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace pchat {
namespace {

std::vector<ScopeEntry> entries_of(const KnownCategory& category) {
    std::vector<ScopeEntry> out;
    for (const PrincipalId one : category.allowed)
        out.push_back({category.category.id, ScopeKind::allowed, one});
    for (const PrincipalId one : category.denied)
        out.push_back({category.category.id, ScopeKind::denied, one});
    for (const PrincipalId one : category.creators)
        out.push_back({category.category.id, ScopeKind::creator, one});
    return out;
}

/// Whether somebody may have been allowed before who is not now.
bool shrank(const KnownCategory& before, const KnownCategory& after) {
    return !without(before.allowed, after.allowed).empty() ||
           !without(after.denied, before.denied).empty();
}

/// One category while it is created or changed.
class CategoryWork {
public:
    CategoryWork(Changes& changes, Change& change, const AdminCall& call)
        : chat_(changes.chat()), change_(change), call_(call),
          lookup_(change, chat_.directory(), names_for(call.person)) {}

    Result<void> create(const CategoryFields& fields, CategoryChange& out);
    Result<void> alter(std::string_view text, const CategoryFields& fields, CategoryChange& out);
    Result<void> remove(std::string_view text, CategoryChange& out);

private:
    Result<KnownCategory> find(std::string_view text);
    Result<void> put_settings(const CategoryFields& fields, KnownCategory& category);
    Result<void> put_lists(const CategoryFields& fields, CategoryChange& out);
    Result<void> keep_creators(const std::vector<PrincipalId>& named, CategoryChange& out);
    void log(std::string action, const KnownCategory& category, const AuditText& text);

    Chat& chat_;
    Change& change_;
    const AdminCall& call_;
    PrincipalLookup lookup_;
};

Result<KnownCategory> CategoryWork::find(std::string_view text) {
    auto row = find_category(change_.tx(), text);
    if (!row)
        return pass(std::move(row).error());
    if (!*row)
        return category_not_found(text);
    return with_lists(change_.tx(), std::move(**row));
}

void CategoryWork::log(std::string action, const KnownCategory& category, const AuditText& text) {
    change_.audit(
        std::move(action),
        audit_object_category,
        category.category.id.value,
        category.category.name,
        text.before(),
        text.after()
    );
    change_.record(compliance_room, chat_.directory().read([&](const DirectoryState& state) {
        return compliance_text(
            state,
            compliance_room,
            call_.person.id,
            category.category,
            nullptr,
            change_.now(),
            text.both()
        );
    }));
    change_.touched.categories.push_back(category.category.id);
}

Result<void> CategoryWork::put_settings(const CategoryFields& fields, KnownCategory& known) {
    Category& category = known.category;
    if (fields.name) {
        Result<std::string> name = checked_name(*fields.name);
        if (!name)
            return pass(std::move(name).error());
        if (Result<void> free = check_category_name_free(change_.tx(), category.id, *name); !free)
            return free;
        category.name = std::move(*name);
        category.name_sort = name_sort(category.name);
        known.name_key = name_key(category.name);
    }
    if (fields.description) {
        Result<std::string> description = checked_description(*fields.description);
        if (!description)
            return pass(std::move(description).error());
        category.description = std::move(*description);
    }
    category.invitations = fields.invitations.value_or(category.invitations);
    category.file_upload = fields.file_upload.value_or(category.file_upload);
    category.history = fields.history.value_or(category.history);
    return {};
}

Result<void> CategoryWork::put_lists(const CategoryFields& fields, CategoryChange& out) {
    KnownCategory& category = out.category;
    Result<ChangedList> allowed = changed_list(lookup_, fields.allow, category.allowed, "allow");
    if (!allowed)
        return pass(std::move(allowed).error());
    Result<ChangedList> denied = changed_list(lookup_, fields.deny, category.denied, "deny");
    if (!denied)
        return pass(std::move(denied).error());
    Result<ChangedList> creators =
        changed_list(lookup_, fields.creators, category.creators, "creators");
    if (!creators)
        return pass(std::move(creators).error());
    category.allowed = std::move(allowed->list);
    category.denied = std::move(denied->list);
    category.creators = std::move(creators->list);
    return keep_creators(creators->named, out);
}

Result<void> CategoryWork::keep_creators(
    const std::vector<PrincipalId>& named, CategoryChange& out
) {
    KnownCategory& category = out.category;
    std::vector<PrincipalId> kept;
    std::vector<PrincipalId> wrong;
    for (const PrincipalId one : category.creators) {
        if (lookup_.is_allowed_in(category, one)) {
            kept.push_back(one);
        } else if (std::binary_search(named.begin(), named.end(), one)) {
            wrong.push_back(one);
        } else {
            Result<std::string> written = lookup_.written(one);
            if (!written)
                return pass(std::move(written).error());
            out.purged.push_back({{}, {}, "creators", std::move(*written)});
        }
    }
    category.creators = std::move(kept);
    if (wrong.empty())
        return {};
    const Result<std::string> who = lookup_.written(wrong);
    if (!who)
        return pass(who.error());
    return fail_as(
        "principals-not-in-scope",
        Errc::invalid,
        fmt::format("creators must be allowed in the category: {}", *who),
        "allow them as well, or deny them no more",
        "creators"
    );
}

Result<void> CategoryWork::create(const CategoryFields& fields, CategoryChange& out) {
    if (!fields.name)
        return fail_as("bad-request", Errc::usage, "a category needs a name", {}, "name");
    if (Result<void> put = put_settings(fields, out.category); !put)
        return put;
    if (Result<void> put = put_lists(fields, out); !put)
        return put;
    const Result<std::int64_t> id = change_.take_id(IdKind::category);
    if (!id)
        return pass(id.error());
    Category& category = out.category.category;
    category.id = CategoryId{*id};
    category.uuid = make_uuid(change_.now());
    category.created_at = category.updated_at = change_.now();
    category.created_by = category.updated_by = call_.person.id;
    CategoryStore& store = change_.tx().categories();
    if (Result<void> made = store.insert(category); !made)
        return made;
    if (Result<void> listed = store.add_scope(entries_of(out.category)); !listed)
        return listed;
    const auto text = audit_text(lookup_, nullptr, &out.category);
    if (!text)
        return pass(text.error());
    log("category.create", out.category, *text);
    return {};
}

Result<void> CategoryWork::alter(
    std::string_view text, const CategoryFields& fields, CategoryChange& out
) {
    Result<KnownCategory> found = find(text);
    if (!found)
        return pass(std::move(found).error());
    const KnownCategory before = std::move(*found);
    const std::string called = fmt::format("category '{}'", before.category.name);
    if (Result<void> same = check_revision(call_, before.category.revision, called); !same)
        return same;
    out.category = before;
    if (Result<void> put = put_settings(fields, out.category); !put)
        return put;
    if (Result<void> put = put_lists(fields, out); !put)
        return put;
    const auto changed = audit_text(lookup_, &before, &out.category);
    if (!changed)
        return pass(changed.error());
    if (changed->empty())
        return {};
    Category& category = out.category.category;
    category.updated_at = change_.now();
    category.updated_by = call_.person.id;
    CategoryStore& store = change_.tx().categories();
    if (Result<void> done = unless_changed(store.update(category), called); !done)
        return done;
    ++category.revision;
    const std::vector<ScopeEntry> old = entries_of(before);
    const std::vector<ScopeEntry> now = entries_of(out.category);
    if (Result<void> gone = store.remove_scope(without(old, now)); !gone)
        return gone;
    if (Result<void> come = store.add_scope(without(now, old)); !come)
        return come;
    log("category.change", out.category, *changed);
    if (!shrank(before, out.category))
        return {};
    auto purge = purge_category(chat_, change_, call_, lookup_, out.category);
    if (!purge)
        return pass(std::move(purge).error());
    std::move(purge->purged.begin(), purge->purged.end(), std::back_inserter(out.purged));
    Result<std::string> undo =
        record_purge(change_, call_.person.id, "category.change", category.name, purge->lost);
    if (!undo)
        return pass(std::move(undo).error());
    out.undo = std::move(*undo);
    return {};
}

Result<void> CategoryWork::remove(std::string_view text, CategoryChange& out) {
    Result<KnownCategory> found = find(text);
    if (!found)
        return pass(std::move(found).error());
    out.category = std::move(*found);
    const Category& category = out.category.category;
    const std::string called = fmt::format("category '{}'", category.name);
    if (Result<void> same = check_revision(call_, category.revision, called); !same)
        return same;
    const auto rooms = change_.tx().rooms().page_of(category.id, {}, 1);
    if (!rooms)
        return pass(rooms.error());
    if (!rooms->empty())
        return fail_as(
            "category-not-empty",
            Errc::conflict,
            fmt::format("{} has rooms, such as '{}'", called, rooms->front().name),
            "move or remove its rooms first",
            "category"
        );
    const Result<bool> erasing = change_.tx().categories().has_rooms(category.id);
    if (!erasing)
        return pass(erasing.error());
    if (*erasing)
        return fail_as(
            "category-not-empty",
            Errc::conflict,
            fmt::format("{} had rooms that are still being erased", called),
            "try again in some minutes",
            "category"
        );
    if (Result<void> gone = change_.tx().categories().remove(category.id); !gone)
        return gone;
    const auto was = audit_text(lookup_, &out.category, nullptr);
    if (!was)
        return pass(was.error());
    log("category.remove", out.category, *was);
    return {};
}

}  // namespace

Result<CategoryChange> create_category(
    Changes& changes, Change& change, const AdminCall& call, const CategoryFields& fields
) {
    CategoryChange out;
    return given(CategoryWork{changes, change, call}.create(fields, out), out);
}

Result<CategoryChange> change_category(
    Changes& changes,
    Change& change,
    const AdminCall& call,
    std::string_view category,
    const CategoryFields& fields
) {
    CategoryChange out;
    return given(CategoryWork{changes, change, call}.alter(category, fields, out), out);
}

Result<CategoryChange> remove_category(
    Changes& changes, Change& change, const AdminCall& call, std::string_view category
) {
    CategoryChange out;
    return given(CategoryWork{changes, change, call}.remove(category, out), out);
}

Result<CategoryChange> create_category(
    Changes& changes, const AdminCall& call, const CategoryFields& fields
) {
    return run_change<CategoryChange>(changes, call, "creating the category", [&](Change& change) {
        return create_category(changes, change, call, fields);
    });
}

Result<CategoryChange> change_category(
    Changes& changes, const AdminCall& call, std::string_view category, const CategoryFields& fields
) {
    return run_change<CategoryChange>(changes, call, "changing the category", [&](Change& change) {
        return change_category(changes, change, call, category, fields);
    });
}

Result<CategoryChange> remove_category(
    Changes& changes, const AdminCall& call, std::string_view category
) {
    return run_change<CategoryChange>(changes, call, "removing the category", [&](Change& change) {
        return remove_category(changes, change, call, category);
    });
}

}  // namespace pchat
