// SPDX-License-Identifier: Apache-2.0
#include "server/service/user_admin.h"

#include "base/password.h"
#include "base/unicode.h"
#include "base/uuid.h"
#include "server/domain/name.h"
#include "server/domain/principal_name.h"
#include "server/domain/words.h"
#include "server/service/audit_text.h"
#include "server/service/endpoint_admin.h"
#include "server/service/last_administrator.h"
#include "server/service/user_fields.h"
#include "server/service/user_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat {
namespace {

/// One user while it is created or changed.
class UserWork {
public:
    UserWork(Changes& changes, Change& change, const AdminCall& call)
        : chat_(changes.chat()), change_(change), call_(call) {}

    Result<void> create(
        const PrincipalName& name,
        const UserFields& fields,
        const std::optional<std::string>& hash,
        UserFacts& out
    );
    Result<void> alter(
        std::string_view text,
        const UserFields& fields,
        const std::optional<std::string>& hash,
        UserFacts& out
    );
    Result<void> remove(std::string_view text, UserFacts& out);

private:
    Result<void> put_password(PrincipalId user, const std::optional<std::string>& hash);
    Result<void> put_roles(const UserFields& fields, UserFacts& out);
    Result<void> fits_topology(const Principal& user, std::string_view site_before);
    Result<void> may_take_over(const UserFacts& user);
    Result<void> is_of_here(const UserFacts& user);
    Result<void> sign_out(PrincipalId user);
    void log(std::string action, const UserFacts& user, const AuditText& text);

    Chat& chat_;
    Change& change_;
    const AdminCall& call_;
};

void UserWork::log(std::string action, const UserFacts& user, const AuditText& text) {
    change_.audit(
        std::move(action),
        audit_object_principal,
        user.user.id.value,
        user.user.name,
        text.before(),
        text.after()
    );
    change_.touched.principals.push_back(user.user.id);
}

Result<void> UserWork::put_password(PrincipalId user, const std::optional<std::string>& hash) {
    if (!hash)
        return {};
    Account account;
    account.user = user;
    account.password_hash = *hash;
    account.changed_at = change_.now();
    return change_.tx().accounts().put(account);
}

Result<void> UserWork::sign_out(PrincipalId user) {
    const auto revoked = change_.tx().tokens().revoke_all(user, change_.now());
    if (!revoked)
        return pass(revoked.error());
    change_.touched.signed_out.push_back(user);
    return {};
}

Result<void> UserWork::put_roles(const UserFields& fields, UserFacts& out) {
    if (fields.add_roles.empty() && fields.remove_roles.empty())
        return {};
    if (!call_.person.has(AdminRole::administrator))
        return fail_as(
            "role-missing",
            Errc::denied,
            "roles are given and taken by an administrator",
            "ask somebody with the role administrator",
            "add_roles"
        );
    PrincipalStore& store = change_.tx().principals();
    for (const AdminRole role : fields.add_roles) {
        if (std::find(out.roles.begin(), out.roles.end(), role) != out.roles.end())
            continue;
        const AdminGrant grant{out.user.id, role, change_.now(), call_.person.id};
        if (Result<void> granted = store.grant_role(grant); !granted)
            return granted;
        out.roles.push_back(role);
    }
    for (const AdminRole role : fields.remove_roles) {
        if (std::erase(out.roles, role) == 0)
            continue;
        if (Result<void> revoked = store.revoke_role(out.user.id, role); !revoked)
            return revoked;
    }
    std::sort(out.roles.begin(), out.roles.end());
    return {};
}

/// What stood before a version was published stays as it is.
Result<void> UserWork::fits_topology(const Principal& user, std::string_view site_before) {
    if (user.site.empty() || user.site == site_before)
        return {};
    return chat_.directory().read([&](const DirectoryState& state) {
        return check_site(state.topology(), user.site, "site");
    });
}

Result<void> UserWork::may_take_over(const UserFacts& user) {
    auto roles = chat_.directory().read([&](const DirectoryState& state) {
        return static_cast<unsigned>(granted_roles(state, user.user.id));
    });
    for (const AdminRole role : user.roles)
        roles |= 1U << static_cast<unsigned>(role);
    if (call_.person.has(AdminRole::administrator) || (roles & ~unsigned{call_.person.roles}) == 0)
        return {};
    return not_allowed(
        fmt::format("sip:{} has roles that you have not", user.user.name),
        "ask somebody with the role administrator"
    );
}

/// The next synchronization would undo what is done here.
Result<void> UserWork::is_of_here(const UserFacts& user) {
    if (user.user.source != PrincipalSource::directory)
        return {};
    return fail_as(
        "from-directory",
        Errc::conflict,
        fmt::format("user 'sip:{}' comes from the directory", user.user.name),
        "change it there: passwords, disabling and removing are the directory's",
        "user"
    );
}

Result<void> UserWork::create(
    const PrincipalName& name,
    const UserFields& fields,
    const std::optional<std::string>& hash,
    UserFacts& out
) {
    PrincipalStore& store = change_.tx().principals();
    Principal& user = out.user;
    user.name = name.name;
    user.name_key = name_key(name.name);
    user.name_sort = name_sort(name.name);
    user.display_name = name.name.substr(0, name.name.find('@'));
    const auto there = store.find_name(PrincipalKind::user, user.name_key);
    if (!there)
        return pass(there.error());
    if (*there)
        return fail_as(
            "user-exists",
            Errc::conflict,
            fmt::format("user '{}' exists already", name.written()),
            "change it instead: pchatctl user set",
            "user"
        );
    if (Result<void> free = check_no_endpoint(change_, user.name_key); !free)
        return free;
    if (Result<void> known = chat_.directory().read([&](const DirectoryState& state) {
            return check_sip_domain(state.topology(), user.name, "user");
        });
        !known)
        return known;
    if (Result<void> put = put_user_texts(user, fields); !put)
        return put;
    if (Result<void> fits = fits_topology(user, {}); !fits)
        return fits;
    if (fields.disabled.value_or(false))
        user.state = PrincipalState::disabled;
    const Result<std::int64_t> id = change_.take_id(IdKind::principal);
    if (!id)
        return pass(id.error());
    user.id = PrincipalId{*id};
    user.uuid = make_uuid(change_.now());
    user.created_at = user.updated_at = change_.now();
    if (Result<void> made = store.insert(std::span<const Principal>{&user, 1}); !made)
        return made;
    if (Result<void> put = put_password(user.id, hash); !put)
        return put;
    if (Result<void> put = put_roles(fields, out); !put)
        return put;
    log("user.create", out, user_difference(nullptr, &out));
    return {};
}

Result<void> UserWork::alter(
    std::string_view text,
    const UserFields& fields,
    const std::optional<std::string>& hash,
    UserFacts& out
) {
    const Result<UserFacts> before = find_living_user(change_.tx(), text);
    if (!before)
        return pass(before.error());
    const std::string called = fmt::format("user 'sip:{}'", before->user.name);
    if (Result<void> same = check_revision(call_, before->user.revision, called); !same)
        return same;
    if (fields.disabled || !fields.remove_roles.empty())
        if (Result<void> alone = wait_for_other_administrators(change_, *before); !alone)
            return alone;
    if (hash || fields.disabled)
        if (Result<void> may = may_take_over(*before); !may)
            return may;
    const bool was_disabled = before->user.state == PrincipalState::disabled;
    if (hash || fields.disabled.value_or(was_disabled) != was_disabled)
        if (Result<void> here = is_of_here(*before); !here)
            return here;
    out = *before;
    if (Result<void> put = put_user_texts(out.user, fields); !put)
        return put;
    if (Result<void> fits = fits_topology(out.user, before->user.site); !fits)
        return fits;
    if (fields.disabled)
        out.user.state = *fields.disabled ? PrincipalState::disabled : PrincipalState::active;
    if (Result<void> put = put_roles(fields, out); !put)
        return put;
    if (Result<void> stays = not_the_last_administrator(change_, *before, out); !stays)
        return stays;
    AuditText text_of_change = user_difference(&*before, &out);
    if (text_of_change.empty() && !hash)
        return {};
    if (hash)
        text_of_change.text("password", {}, "changed");
    out.user.updated_at = change_.now();
    if (Result<void> done = unless_changed(change_.tx().principals().update(out.user), called);
        !done)
        return done;
    ++out.user.revision;
    if (Result<void> put = put_password(out.user.id, hash); !put)
        return put;
    if (hash || (out.user.state != before->user.state && *fields.disabled))
        if (Result<void> done = sign_out(out.user.id); !done)
            return done;
    log("user.change", out, text_of_change);
    return {};
}

Result<void> UserWork::remove(std::string_view text, UserFacts& out) {
    const Result<UserFacts> before = find_living_user(change_.tx(), text);
    if (!before)
        return pass(before.error());
    const std::string called = fmt::format("user 'sip:{}'", before->user.name);
    if (Result<void> same = check_revision(call_, before->user.revision, called); !same)
        return same;
    if (Result<void> alone = wait_for_other_administrators(change_, *before); !alone)
        return alone;
    if (Result<void> may = may_take_over(*before); !may)
        return may;
    if (Result<void> here = is_of_here(*before); !here)
        return here;
    out = *before;
    out.user.state = PrincipalState::gone;
    if (Result<void> stays = not_the_last_administrator(change_, *before, out); !stays)
        return stays;
    out.roles.clear();
    out.user.name_key = name_key(out.user.uuid);
    out.user.updated_at = change_.now();
    if (Result<void> done = unless_changed(change_.tx().principals().update(out.user), called);
        !done)
        return done;
    ++out.user.revision;
    const auto taken = forget_rights(change_, *before, Bars::go);
    if (!taken)
        return pass(taken.error());
    if (Result<void> done = sign_out(out.user.id); !done)
        return done;
    AuditText text_of_change = user_difference(&*before, &out);
    text_of_change.taken(*taken);
    log("user.remove", out, text_of_change);
    return {};
}

template <class Do>
Result<UserFacts> run(
    Changes& changes, const AdminCall& call, std::string_view doing, const Do& act
) {
    UserFacts out;
    Result<void> done = changes.run(
        doing,
        call.actor,
        [&](Change& change) -> Result<void> {
            out = {};  // the work may run twice
            UserWork work{changes, change, call};
            return act(work, out);
        },
        call.dry_run
    );
    if (!done)
        return pass(std::move(done).error());
    return out;
}

}  // namespace

Result<UserFacts> create_user(
    Changes& changes, const AdminCall& call, std::string_view user, const UserFields& fields
) {
    const Result<PrincipalName> name = user_name(user);
    if (!name)
        return pass(name.error());
    const auto hash = password_hash_of(fields.password);
    if (!hash)
        return pass(hash.error());
    return run(changes, call, "creating the user", [&](UserWork& work, UserFacts& out) {
        return work.create(*name, fields, *hash, out);
    });
}

Result<UserFacts> change_user(
    Changes& changes, const AdminCall& call, std::string_view user, const UserFields& fields
) {
    const auto hash = password_hash_of(fields.password);
    if (!hash)
        return pass(hash.error());
    return run(changes, call, "changing the user", [&](UserWork& work, UserFacts& out) {
        return work.alter(user, fields, *hash, out);
    });
}

Result<UserFacts> remove_user(Changes& changes, const AdminCall& call, std::string_view user) {
    return run(changes, call, "removing the user", [&](UserWork& work, UserFacts& out) {
        return work.remove(user, out);
    });
}

Result<PutOutcome> put_user(
    Changes& changes,
    Change& change,
    const AdminCall& call,
    std::string_view user,
    const UserFields& fields
) {
    const Result<PrincipalName> name = user_name(user);
    if (!name)
        return pass(name.error());
    const auto there =
        change.tx().principals().find_name(PrincipalKind::user, name_key(name->name));
    if (!there)
        return pass(there.error());
    UserWork work{changes, change, call};
    UserFacts out;
    Result<void> done = *there ? work.alter(user, fields, std::nullopt, out)
                               : work.create(*name, fields, std::nullopt, out);
    if (!done)
        return pass(std::move(done).error());
    if (!*there)
        return PutOutcome::created;
    return out.user.revision == (*there)->revision ? PutOutcome::same : PutOutcome::changed;
}

}  // namespace pchat
