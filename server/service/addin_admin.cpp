// SPDX-License-Identifier: Apache-2.0
#include "server/service/addin_admin.h"

#include "base/unicode.h"
#include "base/uuid.h"
#include "server/domain/name.h"
#include "server/domain/web_url.h"
#include "server/service/audit_text.h"
#include "server/service/fetch.h"
#include "server/service/named_object.h"
#include "server/service/run_change.h"

#include <fmt/format.h>

#include <utility>

namespace pchat {
namespace {

constexpr std::size_t longest_name = 50;  // code points
constexpr std::size_t longest_url = 255;

Result<Addin> find_addin(ContentTransaction& tx, std::string_view text) {
    auto found = is_uuid(text) ? tx.addins().find_uuid(lower_ascii(text))
                               : tx.addins().find_name(name_key(text));
    if (!found)
        return pass(std::move(found).error());
    if (!*found)
        return fail_as(
            "addin-not-found",
            Errc::not_found,
            fmt::format("add-in '{}' does not exist", printable(text)),
            "list add-ins: pchatctl addin list",
            "addin"
        );
    return std::move(**found);
}

AuditText difference(const Addin* before, const Addin* after) {
    AuditText out;
    for (const auto& [name, which] :
         {std::pair{"name", &Addin::name}, std::pair{"url", &Addin::url}}) {
        const auto of = [field = which](const Addin* one) {
            return one == nullptr ? std::nullopt : std::optional<std::string_view>{one->*field};
        };
        out.text(name, of(before), of(after));
    }
    return out;
}

/// One add-in while it is created, changed or removed.
class AddinWork {
public:
    AddinWork(Change& change, const AdminCall& call) : change_(change), call_(call) {}

    Result<void> create(const AddinFields& fields, AddinChange& out);
    Result<void> alter(std::string_view text, const AddinFields& fields, AddinChange& out);
    Result<void> remove(std::string_view text, Force force, AddinChange& out);

private:
    Result<Addin> find(std::string_view text);
    Result<void> put_name(std::string_view wanted, Addin& addin);
    Result<void> put(const AddinFields& fields, Addin& addin);
    Result<void> leave_rooms(Force force, AddinChange& out);
    void log(std::string action, const Addin& addin, const AuditText& text);

    Change& change_;
    const AdminCall& call_;
};

Result<Addin> AddinWork::find(std::string_view text) {
    Result<Addin> found = find_addin(change_.tx(), text);
    if (!found)
        return found;
    const std::string called = fmt::format("add-in '{}'", found->name);
    if (Result<void> same = check_revision(call_, found->revision, called); !same)
        return pass(std::move(same).error());
    return found;
}

Result<void> AddinWork::put_name(std::string_view wanted, Addin& addin) {
    Result<std::string> name = checked_name(wanted);
    if (!name)
        return pass(std::move(name).error());
    if (const std::size_t size = count_code_points(*name); size > longest_name)
        return fail_as(
            "too-long",
            Errc::invalid,
            fmt::format("name has {} characters", size),
            fmt::format("at most {}", longest_name),
            "name"
        );
    const std::string key = name_key(*name);
    const auto other = change_.tx().addins().find_name(key);
    if (!other)
        return pass(other.error());
    if (*other && (*other)->id != addin.id)
        return fail_as(
            "addin-exists",
            Errc::conflict,
            fmt::format("add-in '{}' exists already", (*other)->name),
            addin.id ? "choose another name" : "change it instead: pchatctl addin set",
            "name"
        );
    addin.name = std::move(*name);
    addin.name_key = key;
    return {};
}

Result<void> AddinWork::put(const AddinFields& fields, Addin& addin) {
    if (fields.name)
        if (Result<void> named = put_name(*fields.name, addin); !named)
            return named;
    if (!fields.url)
        return {};
    const PlainHttp http = fields.allow_http ? PlainHttp::allowed : PlainHttp::refused;
    // An address that it has already is no news, whoever allowed it.
    if (*fields.url != addin.url)
        if (Result<void> good = check_web_url(*fields.url, longest_url, http, "url"); !good)
            return good;
    addin.url = *fields.url;
    return {};
}

void AddinWork::log(std::string action, const Addin& addin, const AuditText& text) {
    change_.audit(
        std::move(action),
        audit_object_addin,
        addin.id.value,
        addin.name,
        text.before(),
        text.after()
    );
    change_.touched.addins = true;
}

Result<void> AddinWork::create(const AddinFields& fields, AddinChange& out) {
    if (!fields.name)
        return fail_as("bad-request", Errc::usage, "an add-in needs a name", {}, "name");
    if (!fields.url)
        return fail_as("bad-request", Errc::usage, "an add-in needs an address", {}, "url");
    Addin& addin = out.addin;
    if (Result<void> done = put(fields, addin); !done)
        return done;
    const Result<std::int64_t> id = change_.take_id(IdKind::addin);
    if (!id)
        return pass(id.error());
    addin.id = AddinId{*id};
    addin.uuid = make_uuid(change_.now());
    addin.created_at = addin.updated_at = change_.now();
    addin.created_by = addin.updated_by = call_.person.id;
    if (Result<void> made = change_.tx().addins().insert(addin); !made)
        return made;
    log("addin.create", addin, difference(nullptr, &addin));
    return {};
}

Result<void> AddinWork::alter(std::string_view text, const AddinFields& fields, AddinChange& out) {
    const Result<Addin> before = find(text);
    if (!before)
        return pass(before.error());
    out.addin = *before;
    if (Result<void> done = put(fields, out.addin); !done)
        return done;
    const AuditText changed = difference(&*before, &out.addin);
    if (changed.empty())
        return {};
    out.addin.updated_at = change_.now();
    out.addin.updated_by = call_.person.id;
    const std::string called = fmt::format("add-in '{}'", before->name);
    if (Result<void> done = unless_changed(change_.tx().addins().update(out.addin), called); !done)
        return done;
    ++out.addin.revision;
    log("addin.change", out.addin, changed);
    return {};
}

Result<void> AddinWork::leave_rooms(Force force, AddinChange& out) {
    auto rooms = change_.tx().rooms().with_addin(out.addin.id);
    if (!rooms)
        return pass(std::move(rooms).error());
    if (!rooms->empty() && force == Force::no)
        return fail_as(
            "addin-in-use",
            Errc::conflict,
            fmt::format(
                "{} room{} add-in '{}', such as '{}'",
                rooms->size(),
                rooms->size() == 1 ? " shows" : "s show",
                out.addin.name,
                rooms->front().name
            ),
            "take it from the rooms first, or remove it by --force",
            "addin"
        );
    for (Room& room : *rooms) {
        room.addin.reset();
        room.updated_at = change_.now();
        room.updated_by = call_.person.id;
        const std::string called = fmt::format("room '{}'", room.name);
        if (Result<void> done = unless_changed(change_.tx().rooms().update(room), called); !done)
            return done;
        AuditText text;
        text.text("addin", out.addin.name, {});
        change_.audit(
            "room.change", audit_object_room, room.id.value, room.name, text.before(), {}
        );
        change_.touched.rooms.push_back(room.id);
        out.taken.push_back({"room", room.uuid, room.name, "addin"});
    }
    return {};
}

Result<void> AddinWork::remove(std::string_view text, Force force, AddinChange& out) {
    Result<Addin> found = find(text);
    if (!found)
        return pass(std::move(found).error());
    out.addin = std::move(*found);
    if (Result<void> left = leave_rooms(force, out); !left)
        return left;
    if (Result<void> gone = change_.tx().addins().remove(out.addin.id); !gone)
        return gone;
    log("addin.remove", out.addin, difference(&out.addin, nullptr));
    return {};
}

}  // namespace

Result<AddinChange> create_addin(Change& change, const AdminCall& call, const AddinFields& fields) {
    AddinChange out;
    return given(AddinWork{change, call}.create(fields, out), out);
}

Result<AddinChange> change_addin(
    Change& change, const AdminCall& call, std::string_view addin, const AddinFields& fields
) {
    AddinChange out;
    return given(AddinWork{change, call}.alter(addin, fields, out), out);
}

Result<AddinChange> remove_addin(
    Change& change, const AdminCall& call, std::string_view addin, Force force
) {
    AddinChange removed;
    Result<AddinChange> out = given(AddinWork{change, call}.remove(addin, force, removed), removed);
    // Rooms that were removed are seen by the database alone, until their messages are erased.
    if (!out && out.error().code == Errc::conflict && out.error().reason.empty())
        return fail_as(
            "addin-in-use",
            Errc::conflict,
            fmt::format("add-in '{}' was shown by rooms that are still being erased", addin),
            "try again in some minutes",
            "addin"
        );
    return out;
}

Result<AddinChange> create_addin(
    Changes& changes, const AdminCall& call, const AddinFields& fields
) {
    return run_change<AddinChange>(changes, call, "creating the add-in", [&](Change& change) {
        return create_addin(change, call, fields);
    });
}

Result<AddinChange> change_addin(
    Changes& changes, const AdminCall& call, std::string_view addin, const AddinFields& fields
) {
    return run_change<AddinChange>(changes, call, "changing the add-in", [&](Change& change) {
        return change_addin(change, call, addin, fields);
    });
}

Result<AddinChange> remove_addin(
    Changes& changes, const AdminCall& call, std::string_view addin, Force force
) {
    return run_change<AddinChange>(changes, call, "removing the add-in", [&](Change& change) {
        return remove_addin(change, call, addin, force);
    });
}

Result<std::vector<Addin>> list_addins(ContentDatabase& content) {
    return fetch(content, "listing add-ins", [&](ContentTransaction& tx) {
        return tx.addins().list();
    });
}

Result<Addin> get_addin(ContentDatabase& content, std::string_view addin) {
    return fetch(content, "reading the add-in", [&](ContentTransaction& tx) {
        return find_addin(tx, addin);
    });
}

}  // namespace pchat
