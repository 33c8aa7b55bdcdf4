// SPDX-License-Identifier: Apache-2.0
#include "server/service/config_admin.h"

#include "server/domain/name.h"
#include "server/domain/scope_name.h"
#include "server/domain/web_url.h"
#include "server/service/audit_text.h"
#include "server/service/run_change.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat {
namespace {

constexpr std::size_t longest_url = 255;

tl::unexpected<Error> not_found(const ConfigIdentity& identity) {
    return fail_as(
        "config-not-found",
        Errc::not_found,
        fmt::format("'{}' has no settings of its own", identity.written()),
        "see what counts: pchatctl config effective",
        "identity"
    );
}

/// None when nobody has set it.
Result<std::optional<ConfigObject>> find_object(
    ContentTransaction& tx, const ConfigIdentity& identity
) {
    auto all = tx.config().list();
    if (!all)
        return pass(std::move(all).error());
    const std::string key = name_key(identity.name);
    const auto found = std::find_if(all->begin(), all->end(), [&](const ConfigObject& one) {
        return one.kind == ConfigKind::chat && one.scope == identity.scope && one.scope_key == key;
    });
    if (found == all->end())
        return std::optional<ConfigObject>{};
    return std::optional{std::move(*found)};
}

ConfigObject nothing_set(const ConfigIdentity& identity) {
    ConfigObject out;
    out.scope = identity.scope;
    out.scope_name = identity.name;
    out.scope_key = name_key(identity.name);
    out.revision = 0;
    return out;
}

Result<void> put_number(
    const std::optional<std::int64_t>& from, int least, int most, std::string_view field, int& to
) {
    if (!from)
        return {};
    if (*from < least || *from > most)
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("{} must be from {} to {}, got {}", field, least, most, *from),
            {},
            field
        );
    to = static_cast<int>(*from);
    return {};
}

Result<void> put_values(const ConfigFields& fields, ChatConfig& values) {
    if (Result<void> put = put_number(
            fields.history, least_history, most_history, "default_chat_history", values.history
        );
        !put)
        return put;
    if (Result<void> put = put_number(
            fields.file_kb, least_file_kb, most_file_kb, "max_file_size_kb", values.file_kb
        );
        !put)
        return put;
    if (Result<void> put = put_number(
            fields.participants,
            0,
            most_participants,
            "participant_update_limit",
            values.participants
        );
        !put)
        return put;
    if (!fields.room_management_url)
        return {};
    if (!fields.room_management_url->empty()) {
        const PlainHttp http = fields.allow_http ? PlainHttp::allowed : PlainHttp::refused;
        if (Result<void> good = check_web_url(
                *fields.room_management_url, longest_url, http, "room_management_url"
            );
            !good)
            return good;
    }
    values.room_management_url = *fields.room_management_url;
    return {};
}

AuditText difference(const ChatConfig& before, const ChatConfig& after) {
    AuditText out;
    out.number("default_chat_history", before.history, after.history);
    out.number("max_file_size_kb", before.file_kb, after.file_kb);
    out.number("participant_update_limit", before.participants, after.participants);
    out.text("room_management_url", before.room_management_url, after.room_management_url);
    return out;
}

void log(Change& change, std::string action, const ConfigObject& object, const AuditText& text) {
    change.audit(
        std::move(action),
        audit_object_config,
        static_cast<std::int64_t>(object.scope),
        identity_of(object),
        text.before(),
        text.after()
    );
    change.touched.config = true;
}

/// Whether the topology has the site or pool.
Result<void> check_place(const Directory& directory, const ConfigIdentity& identity) {
    return directory.read([&](const DirectoryState& state) -> Result<void> {
        if (identity.scope == ConfigScope::site)
            return check_site(state.topology(), identity.name, "identity");
        if (identity.scope == ConfigScope::service)
            return check_pool(state.topology(), identity.name, "identity");
        return {};
    });
}

Result<void> put(
    const Directory& directory,
    Change& change,
    const AdminCall& call,
    const ConfigIdentity& identity,
    const ConfigFields& fields,
    ConfigFacts& out
) {
    const auto found = find_object(change.tx(), identity);
    if (!found)
        return pass(found.error());
    out.made = !*found;
    out.object = *found ? **found : nothing_set(identity);
    const std::string called = fmt::format("the settings of '{}'", identity.written());
    if (Result<void> same = check_revision(call, out.object.revision, called); !same)
        return same;
    const ChatConfig before = *found ? chat_config_of(out.object) : ChatConfig{};
    out.values = before;
    if (Result<void> done = put_values(fields, out.values); !done)
        return done;
    const AuditText text = difference(before, out.values);
    // One of a site or pool that says what is built in differs from none: it hides the wider ones.
    if (text.empty() && (*found || identity.scope == ConfigScope::global)) {
        out.made = false;
        return {};
    }
    ConfigObject& object = out.object;
    object.body = chat_config_body(out.values);
    object.updated_at = change.now();
    object.updated_by = call.person.id;
    if (out.made) {
        if (Result<void> known = check_place(directory, identity); !known)
            return known;
        object.revision = 1;
        if (Result<void> made = change.tx().config().insert(object); !made)
            return made;
    } else {
        if (Result<void> done = unless_changed(change.tx().config().update(object), called); !done)
            return done;
        ++object.revision;
    }
    log(change, out.made ? "config.create" : "config.change", object, text);
    return {};
}

Result<void> remove(
    Change& change, const AdminCall& call, const ConfigIdentity& identity, ConfigFacts& out
) {
    const auto found = find_object(change.tx(), identity);
    if (!found)
        return pass(found.error());
    if (!*found && identity.scope != ConfigScope::global)
        return not_found(identity);
    out.object = *found ? **found : nothing_set(identity);
    const std::string called = fmt::format("the settings of '{}'", identity.written());
    if (Result<void> same = check_revision(call, out.object.revision, called); !same)
        return same;
    if (!*found)
        return {};
    out.values = chat_config_of(out.object);
    if (Result<void> gone = unless_changed(
            change.tx().config().remove(ConfigKind::chat, identity.scope, out.object.scope_key),
            called
        );
        !gone)
        return gone;
    log(change, "config.remove", out.object, difference(out.values, {}));
    return {};
}

}  // namespace

Result<ConfigFacts> put_config(
    Changes& changes,
    Change& change,
    const AdminCall& call,
    std::string_view identity,
    const ConfigFields& fields
) {
    const Result<ConfigIdentity> which = parse_config_identity(identity);
    if (!which)
        return pass(which.error());
    ConfigFacts out;
    return given(put(changes.chat().directory(), change, call, *which, fields, out), out);
}

Result<ConfigFacts> remove_config(
    Change& change, const AdminCall& call, std::string_view identity
) {
    const Result<ConfigIdentity> which = parse_config_identity(identity);
    if (!which)
        return pass(which.error());
    ConfigFacts out;
    return given(remove(change, call, *which, out), out);
}

Result<ConfigFacts> put_config(
    Changes& changes, const AdminCall& call, std::string_view identity, const ConfigFields& fields
) {
    return run_change<ConfigFacts>(changes, call, "setting the configuration", [&](Change& change) {
        return put_config(changes, change, call, identity, fields);
    });
}

Result<ConfigFacts> remove_config(
    Changes& changes, const AdminCall& call, std::string_view identity
) {
    return run_change<ConfigFacts>(
        changes,
        call,
        "removing the configuration",
        [&](Change& change) { return remove_config(change, call, identity); }
    );
}

Result<std::vector<ConfigFacts>> list_configs(ContentDatabase& content) {
    std::vector<ConfigFacts> out;
    Result<void> read = content.read("listing the configuration", [&](ContentTransaction& tx) {
        out.clear();
        auto all = tx.config().list();
        if (!all)
            return Result<void>{pass(std::move(all).error())};
        for (ConfigObject& one : *all)
            if (one.kind == ConfigKind::chat) {
                const ChatConfig values = chat_config_of(one);
                out.push_back({std::move(one), values});
            }
        return Result<void>{};
    });
    if (!read)
        return pass(std::move(read).error());
    if (std::none_of(out.begin(), out.end(), [](const ConfigFacts& one) {
            return one.object.scope == ConfigScope::global;
        }))
        out.push_back({nothing_set({}), {}});
    return out;
}

Result<ConfigFacts> get_config(ContentDatabase& content, std::string_view identity) {
    const Result<ConfigIdentity> which = parse_config_identity(identity);
    if (!which)
        return pass(which.error());
    const auto all = list_configs(content);
    if (!all)
        return pass(all.error());
    const std::string key = name_key(which->name);
    const auto found = std::find_if(all->begin(), all->end(), [&](const ConfigFacts& one) {
        return one.object.scope == which->scope && one.object.scope_key == key;
    });
    if (found == all->end())
        return not_found(*which);
    return *found;
}

Result<ConfigInForce> config_in_force(ContentDatabase& content, const Home& pool) {
    const auto all = list_configs(content);
    if (!all)
        return pass(all.error());
    std::vector<ConfigObject> objects;
    for (const ConfigFacts& one : *all)
        if (one.object.revision > 0)
            objects.push_back(one.object);
    const auto key = [](const std::string& name) {
        return name.empty() ? std::string{} : name_key(name);
    };
    const EffectiveConfig effective =
        effective_config(objects, ConfigKind::chat, key(pool.pool), key(pool.site));
    ConfigInForce out;
    if (effective.object != nullptr) {
        out.identity = identity_of(*effective.object);
        out.values = chat_config_of(*effective.object);
    }
    for (const auto& step : effective.steps)
        out.steps.push_back(
            {step.scope,
             step.outcome,
             step.object == nullptr ? std::string{} : identity_of(*step.object)}
        );
    return out;
}

}  // namespace pchat
