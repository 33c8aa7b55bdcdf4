// SPDX-License-Identifier: Apache-2.0
#include "server/service/policy_admin.h"

#include "server/domain/name.h"
#include "server/domain/principal_name.h"
#include "server/domain/scope_name.h"
#include "server/service/audit_text.h"
#include "server/service/named_object.h"
#include "server/service/run_change.h"
#include "server/service/user_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat {
namespace {

AuditText difference(const Policy* before, const Policy* after) {
    AuditText out;
    const auto text = [](const Policy* one) {
        return one == nullptr ? std::nullopt : std::optional<std::string_view>{one->description};
    };
    const auto flag = [](const Policy* one) {
        return one == nullptr ? std::nullopt : std::optional{one->enabled};
    };
    out.flag("enable_persistent_chat", flag(before), flag(after));
    out.text("description", text(before), text(after));
    return out;
}

/// Policies and grants within one change.
class PolicyWork {
public:
    PolicyWork(Changes& changes, Change& change, const AdminCall& call)
        : chat_(changes.chat()), change_(change), call_(call) {}

    Result<void> put(const PolicyIdentity& identity, const PolicyFields& fields, PolicyChange& out);
    Result<void> remove(const PolicyIdentity& identity, PolicyChange& out);
    /// An empty policy takes away what the user has.
    Result<void> grant(std::string_view user, std::string_view policy, UserPolicy& out);

private:
    Result<void> make(const PolicyIdentity& identity, PolicyChange& out);
    Result<void> keep(const Policy& before, PolicyChange& out);
    Result<void> release(PolicyChange& out);
    void log(std::string action, const Policy& policy, const AuditText& text);

    Chat& chat_;
    Change& change_;
    const AdminCall& call_;
};

void PolicyWork::log(std::string action, const Policy& policy, const AuditText& text) {
    change_.audit(
        std::move(action),
        audit_object_policy,
        policy.id.value,
        identity_of(policy),
        text.before(),
        text.after()
    );
    change_.touched.policies = true;
}

Result<void> PolicyWork::put(
    const PolicyIdentity& identity, const PolicyFields& fields, PolicyChange& out
) {
    const auto found = change_.tx().policies().find(identity.scope, name_key(identity.name));
    if (!found)
        return pass(found.error());
    if (*found)
        out.policy = **found;
    out.made = !*found;
    const Policy before = out.policy;
    const std::string called = fmt::format("policy '{}'", identity.written());
    if (Result<void> same = check_revision(call_, *found ? before.revision : 0, called); !same)
        return same;
    if (fields.description) {
        Result<std::string> description = checked_description(*fields.description);
        if (!description)
            return pass(std::move(description).error());
        out.policy.description = std::move(*description);
    }
    out.policy.enabled = fields.enabled.value_or(out.policy.enabled);
    return out.made ? make(identity, out) : keep(before, out);
}

Result<void> PolicyWork::make(const PolicyIdentity& identity, PolicyChange& out) {
    if (identity.scope == PolicyScope::site)
        if (Result<void> known = chat_.directory().read([&](const DirectoryState& state) {
                return check_site(state.topology(), identity.name, "identity");
            });
            !known)
            return known;
    const Result<std::int64_t> id = change_.take_id(IdKind::policy);
    if (!id)
        return pass(id.error());
    Policy& policy = out.policy;
    policy.id = PolicyId{*id};
    policy.scope = identity.scope;
    policy.name = identity.name;
    policy.name_key = name_key(identity.name);
    policy.updated_at = change_.now();
    policy.updated_by = call_.person.id;
    if (Result<void> made = change_.tx().policies().insert(policy); !made)
        return made;
    log("policy.create", policy, difference(nullptr, &policy));
    return {};
}

Result<void> PolicyWork::keep(const Policy& before, PolicyChange& out) {
    const AuditText text = difference(&before, &out.policy);
    if (text.empty())
        return {};
    Policy& policy = out.policy;
    policy.updated_at = change_.now();
    policy.updated_by = call_.person.id;
    const std::string called = fmt::format("policy '{}'", identity_of(policy));
    if (Result<void> done = unless_changed(change_.tx().policies().update(policy), called); !done)
        return done;
    ++policy.revision;
    log("policy.change", policy, text);
    return {};
}

Result<void> PolicyWork::remove(const PolicyIdentity& identity, PolicyChange& out) {
    auto found = change_.tx().policies().list();
    if (!found)
        return pass(std::move(found).error());
    Result<Policy> policy = policy_named(*found, identity.written());
    if (!policy)
        return pass(std::move(policy).error());
    out.policy = std::move(*policy);
    const std::string called = fmt::format("policy '{}'", identity.written());
    if (Result<void> same = check_revision(call_, out.policy.revision, called); !same)
        return same;
    if (identity.scope == PolicyScope::global) {
        const Policy before = out.policy;
        out.policy.enabled = false;
        out.policy.description.clear();
        return keep(before, out);
    }
    if (Result<void> released = release(out); !released)
        return released;
    if (Result<void> gone = unless_changed(change_.tx().policies().remove(out.policy.id), called);
        !gone)
        return gone;
    log("policy.remove", out.policy, difference(&out.policy, nullptr));
    return {};
}

Result<void> PolicyWork::release(PolicyChange& out) {
    const auto holders = change_.tx().policies().granted(out.policy.id);
    if (!holders)
        return pass(holders.error());
    PrincipalLookup lookup{change_, chat_.directory()};
    for (const PrincipalId user : *holders) {
        Result<std::string> written = lookup.written(user);
        if (!written)
            return pass(std::move(written).error());
        if (Result<void> revoked = change_.tx().policies().revoke(user); !revoked)
            return revoked;
        AuditText text;
        text.text("policy", identity_of(out.policy), {});
        change_.audit(
            "policy.revoke", audit_object_principal, user.value, *written, text.before(), {}
        );
        out.released.push_back(std::move(*written));
    }
    std::sort(out.released.begin(), out.released.end());
    return {};
}

Result<void> PolicyWork::grant(std::string_view user, std::string_view policy, UserPolicy& out) {
    const auto policies = change_.tx().policies().list();
    if (!policies)
        return pass(policies.error());
    const Result<UserFacts> holder = find_living_user(change_.tx(), user);
    if (!holder)
        return pass(holder.error());
    const auto had = change_.tx().policies().granted_to(holder->user.id);
    if (!had)
        return pass(had.error());
    std::optional<PolicyId> now;
    AuditText text;
    if (*had) {
        const auto old = std::find_if(policies->begin(), policies->end(), [&](const Policy& one) {
            return one.id == **had;
        });
        if (old != policies->end())
            text.text("policy", identity_of(*old), {});
    }
    if (!policy.empty()) {
        const Result<Policy> wanted = policy_named(*policies, policy);
        if (!wanted)
            return pass(wanted.error());
        now = wanted->id;
        text.text("policy", {}, identity_of(*wanted));
    }
    const Principal& who = holder->user;
    std::string site = who.site;
    if (site.empty())
        site =
            chat_.directory().read([](const DirectoryState& state) { return state.home().site; });
    out = user_policy(*policies, now, "sip:" + who.name, std::move(site));
    if (now == *had)
        return {};
    PolicyStore& store = change_.tx().policies();
    Result<void> done =
        now ? store.grant({who.id, *now, change_.now(), call_.person.id}) : store.revoke(who.id);
    if (!done)
        return done;
    change_.audit(
        now ? "policy.grant" : "policy.revoke",
        audit_object_principal,
        who.id.value,
        who.name,
        text.before(),
        text.after()
    );
    change_.touched.policies = true;
    return {};
}

Result<void> check_grant(std::string_view user, std::string_view identity) {
    const Result<PolicyIdentity> which = parse_policy_identity(identity);
    if (!which)
        return pass(which.error());
    if (which->scope != PolicyScope::tag)
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("policy '{}' cannot be granted", which->written()),
            "it counts by itself; grant a tag, or revoke to fall back to it",
            "policy"
        );
    const Result<PrincipalName> who = parse_principal(user, "user");
    if (who && who->kind != PrincipalKind::user)
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("'{}' is not a user", who->written()),
            "policies are granted to users; for many use the policy of their site",
            "user"
        );
    return {};
}

}  // namespace

Result<PolicyChange> put_policy(
    Changes& changes,
    Change& change,
    const AdminCall& call,
    std::string_view identity,
    const PolicyFields& fields
) {
    const Result<PolicyIdentity> which = parse_policy_identity(identity);
    if (!which)
        return pass(which.error());
    PolicyChange out;
    return given(PolicyWork{changes, change, call}.put(*which, fields, out), out);
}

Result<PolicyChange> remove_policy(
    Changes& changes, Change& change, const AdminCall& call, std::string_view identity
) {
    const Result<PolicyIdentity> which = parse_policy_identity(identity);
    if (!which)
        return pass(which.error());
    PolicyChange out;
    return given(PolicyWork{changes, change, call}.remove(*which, out), out);
}

Result<UserPolicy> grant_policy(
    Changes& changes,
    Change& change,
    const AdminCall& call,
    std::string_view user,
    std::string_view identity
) {
    if (Result<void> good = check_grant(user, identity); !good)
        return pass(std::move(good).error());
    UserPolicy out;
    return given(PolicyWork{changes, change, call}.grant(user, identity, out), out);
}

Result<UserPolicy> revoke_policy(
    Changes& changes, Change& change, const AdminCall& call, std::string_view user
) {
    UserPolicy out;
    return given(PolicyWork{changes, change, call}.grant(user, {}, out), out);
}

Result<PolicyChange> put_policy(
    Changes& changes, const AdminCall& call, std::string_view identity, const PolicyFields& fields
) {
    return run_change<PolicyChange>(changes, call, "setting the policy", [&](Change& change) {
        return put_policy(changes, change, call, identity, fields);
    });
}

Result<PolicyChange> remove_policy(
    Changes& changes, const AdminCall& call, std::string_view identity
) {
    return run_change<PolicyChange>(changes, call, "removing the policy", [&](Change& change) {
        return remove_policy(changes, change, call, identity);
    });
}

Result<UserPolicy> grant_policy(
    Changes& changes, const AdminCall& call, std::string_view user, std::string_view identity
) {
    return run_change<UserPolicy>(changes, call, "granting the policy", [&](Change& change) {
        return grant_policy(changes, change, call, user, identity);
    });
}

Result<UserPolicy> revoke_policy(Changes& changes, const AdminCall& call, std::string_view user) {
    return run_change<UserPolicy>(changes, call, "revoking the policy", [&](Change& change) {
        return revoke_policy(changes, change, call, user);
    });
}

}  // namespace pchat
