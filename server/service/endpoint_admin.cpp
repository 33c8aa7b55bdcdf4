// SPDX-License-Identifier: Apache-2.0
#include "server/service/endpoint_admin.h"

#include "base/unicode.h"
#include "base/uuid.h"
#include "server/domain/name.h"
#include "server/domain/principal_name.h"
#include "server/service/audit_text.h"
#include "server/service/fetch.h"
#include "server/service/named_object.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat {
namespace {

constexpr std::size_t longest_pool = 255;

Result<PrincipalName> address_of(std::string_view text) {
    Result<PrincipalName> name = parse_principal(text, "address");
    if (name && name->kind == PrincipalKind::user)
        return name;
    return fail_as(
        "bad-value",
        Errc::invalid,
        fmt::format("'{}' is no address of an endpoint", printable(text)),
        "write sip:name@domain",
        "address"
    );
}

std::string audit_of(const Endpoint& endpoint) {
    AuditText text;
    text.text("address", {}, "sip:" + endpoint.name);
    text.text("pool", {}, endpoint.pool);
    text.text("display", {}, endpoint.display_name);
    return text.after();
}

void log(Change& change, std::string action, const Endpoint& one, bool made) {
    change.audit(
        std::move(action),
        audit_object_endpoint,
        one.id.value,
        "sip:" + one.name,
        made ? std::string{} : audit_of(one),
        made ? audit_of(one) : std::string{}
    );
}

/// Without a number and times.
Result<Endpoint> endpoint_of(Chat& chat, const PrincipalName& name, const EndpointFields& fields) {
    Endpoint out;
    out.name = name.name;
    out.name_key = name_key(name.name);
    out.pool = lower_ascii(fields.pool.empty() ? chat.facts().pool : fields.pool);
    if (out.pool.size() > longest_pool || printable(out.pool) != out.pool)
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("'{}' is no name of a pool", printable(fields.pool)),
            "write its host name: pchat.contoso.example",
            "pool"
        );
    Result<std::string> display = checked_description(
        fields.display.empty() ? name.name.substr(0, name.name.find('@')) : fields.display
    );
    if (!display)
        return pass(std::move(display).error());
    out.display_name = std::move(*display);
    const Result<void> known = chat.directory().read([&](const DirectoryState& state) {
        Result<void> domain = check_sip_domain(state.topology(), out.name, "address");
        return domain ? check_pool(state.topology(), out.pool, "pool") : domain;
    });
    if (!known)
        return pass(known.error());
    return out;
}

// No table keeps users and endpoints apart: they ask each other's, one after another.
const std::string turn_of_addresses = "addresses_at";

tl::unexpected<Error> taken(std::string_view reason, const Endpoint& endpoint, std::string hint) {
    return fail_as(
        reason,
        Errc::conflict,
        fmt::format("the address 'sip:{}' is taken", endpoint.name),
        std::move(hint),
        "address"
    );
}

Result<void> check_free(ContentTransaction& tx, const Endpoint& endpoint) {
    const auto user = tx.principals().find_name(PrincipalKind::user, endpoint.name_key);
    if (!user)
        return pass(user.error());
    if (*user)
        return taken("name-taken", endpoint, "a user has it: choose another one");
    const auto other = tx.endpoints().find_name(endpoint.name_key);
    if (!other)
        return pass(other.error());
    if (*other)
        return taken("endpoint-exists", endpoint, "an endpoint has it: pchatctl endpoint list");
    const auto all = tx.endpoints().list();
    if (!all)
        return pass(all.error());
    if (all->size() >= most_endpoints)
        return fail_as(
            "too-many",
            Errc::conflict,
            fmt::format("there are {} endpoints", all->size()),
            "remove those that nobody needs: pchatctl endpoint remove",
            "address"
        );
    return {};
}

Result<Endpoint> find(ContentTransaction& tx, const PrincipalName& name) {
    auto found = tx.endpoints().find_name(name_key(name.name));
    if (!found)
        return pass(std::move(found).error());
    if (!*found)
        return fail_as(
            "endpoint-not-found",
            Errc::not_found,
            fmt::format("endpoint '{}' does not exist", name.written()),
            "list endpoints: pchatctl endpoint list",
            "address"
        );
    return std::move(**found);
}

}  // namespace

Result<Endpoint> create_endpoint(
    Changes& changes, const AdminCall& call, const EndpointFields& fields
) {
    const Result<PrincipalName> name = address_of(fields.address);
    if (!name)
        return pass(name.error());
    Result<Endpoint> out = endpoint_of(changes.chat(), *name, fields);
    if (!out)
        return out;
    Result<void> done = changes.run(
        "creating the endpoint",
        call.actor,
        [&](Change& change) -> Result<void> {
            if (Result<void> alone = change.take_turn(turn_of_addresses); !alone)
                return alone;
            if (Result<void> free = check_free(change.tx(), *out); !free)
                return free;
            const Result<std::int64_t> id = change.take_id(IdKind::endpoint);
            if (!id)
                return pass(id.error());
            out->id = EndpointId{*id};
            out->uuid = make_uuid(change.now());
            out->created_at = change.now();
            out->created_by = call.person.id;
            if (Result<void> made = change.tx().endpoints().insert(*out); !made)
                return made;
            log(change, "endpoint.create", *out, true);
            return {};
        },
        call.dry_run
    );
    if (!done)
        return pass(std::move(done).error());
    return out;
}

Result<Endpoint> remove_endpoint(
    Changes& changes, const AdminCall& call, std::string_view address
) {
    const Result<PrincipalName> name = address_of(address);
    if (!name)
        return pass(name.error());
    Endpoint out;
    Result<void> done = changes.run(
        "removing the endpoint",
        call.actor,
        [&](Change& change) -> Result<void> {
            Result<Endpoint> found = find(change.tx(), *name);
            if (!found)
                return pass(std::move(found).error());
            out = std::move(*found);
            if (Result<void> gone =
                    unless_changed(change.tx().endpoints().remove(out.id), "the endpoint");
                !gone)
                return gone;
            log(change, "endpoint.remove", out, false);
            return {};
        },
        call.dry_run
    );
    if (!done)
        return pass(std::move(done).error());
    return out;
}

Result<Endpoint> get_endpoint(ContentDatabase& content, std::string_view address) {
    const Result<PrincipalName> name = address_of(address);
    if (!name)
        return pass(name.error());
    return fetch(content, "reading an endpoint", [&](ContentTransaction& tx) {
        return find(tx, *name);
    });
}

Result<std::vector<Endpoint>> list_endpoints(ContentDatabase& content) {
    return fetch(content, "listing endpoints", [&](ContentTransaction& tx) {
        return tx.endpoints().list();
    });
}

Result<void> check_no_endpoint(Change& change, const std::string& name_key) {
    if (Result<void> alone = change.take_turn(turn_of_addresses); !alone)
        return alone;
    const auto found = change.tx().endpoints().find_name(name_key);
    if (!found)
        return pass(found.error());
    if (*found)
        return fail_as(
            "name-taken",
            Errc::conflict,
            fmt::format("the address 'sip:{}' is taken", (*found)->name),
            "an endpoint has it: choose another one, or pchatctl endpoint remove",
            "user"
        );
    return {};
}

}  // namespace pchat
