// SPDX-License-Identifier: Apache-2.0
#include "server/service/directory_picture.h"

#include "base/unicode.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace pchat {
namespace {

template <class Map, class Key>
std::optional<std::uint32_t> number_of(const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? std::nullopt : std::optional{found->second};
}

KnownObject known_object(const Principal& row) {
    KnownObject out;
    out.id = row.id;
    out.kind = row.kind;
    out.state = row.state;
    out.external_id = row.external_id.value_or("");
    out.dn = row.dn.value_or("");
    out.name = row.name;
    out.name_key = row.name_key;
    out.print =
        field_print(row.name, row.display_name, row.email, row.company, row.site, row.state);
    return out;
}

Result<void> read_all(ContentTransaction& tx, KnownDirectory& out) {
    std::unordered_set<PrincipalId> ours;
    std::unordered_set<PrincipalId> granted;
    Result<void> seen = tx.principals().each_role([&](const AdminGrant& grant) {
        if (grant.role == AdminRole::administrator)
            granted.insert(grant.principal);
        return Result<void>{};
    });
    if (!seen)
        return seen;
    seen = tx.principals().each([&](const Principal& row) {
        if (row.kind == PrincipalKind::user && row.state == PrincipalState::active &&
            granted.contains(row.id))
            out.administrators.insert(row.id);
        if (row.source == PrincipalSource::directory) {
            out.by_external_id.emplace(row.external_id.value_or(""), out.objects.size());
            out.objects.push_back(known_object(row));
            ours.insert(row.id);
        } else if (row.state != PrincipalState::gone) {
            out.local_names.insert(taken_name(row.kind, row.name_key));
        }
        return Result<void>{};
    });
    if (!seen)
        return seen;
    const auto endpoints = tx.endpoints().list();
    if (!endpoints)
        return pass(endpoints.error());
    for (const Endpoint& one : *endpoints)
        out.local_names.insert(taken_name(PrincipalKind::user, one.name_key));
    seen = tx.principals().each_membership([&](const Membership& one) {
        if (!ours.contains(one.parent))
            return Result<void>{};
        // Whom an administrator put into a group of the directory goes again: it decides.
        out.parents[one.child].push_back(one.parent);
        out.children[one.parent].push_back(one.child);
        return Result<void>{};
    });
    if (!seen)
        return seen;
    seen = tx.categories().each_scope([&](const ScopeEntry& entry) {
        if (entry.kind == ScopeKind::denied)
            out.denied.insert(entry.principal);
        return Result<void>{};
    });
    if (!seen)
        return seen;
    const auto sides = tx.walls().sides();
    if (!sides)
        return pass(sides.error());
    for (const WallEntry& entry : *sides)
        out.walled.insert(entry.principal);
    return {};
}

}  // namespace

const KnownObject* KnownDirectory::find(const std::string& external_id) const {
    const auto found = by_external_id.find(external_id);
    return found == by_external_id.end() ? nullptr : &objects.at(found->second);
}

const KnownObject* KnownDirectory::living(const std::string& external_id) const {
    const KnownObject* found = find(external_id);
    return found == nullptr || found->state == PrincipalState::gone ? nullptr : found;
}

std::string taken_name(PrincipalKind kind, const std::string& name_key) {
    return std::to_string(static_cast<int>(kind)) + name_key;
}

std::size_t field_print(
    const std::string& name,
    const std::string& display_name,
    const std::string& email,
    const std::string& company,
    const std::string& site,
    PrincipalState state
) {
    std::string all;
    for (const std::string* text : {&name, &display_name, &email, &company, &site})
        all.append(*text).push_back('\0');
    all += static_cast<char>('0' + static_cast<int>(state));
    return std::hash<std::string>{}(all);
}

Result<KnownDirectory> read_known_directory(ContentDatabase& content) {
    KnownDirectory out;
    Result<void> read =
        content.read("reading what is known of the directory", [&](ContentTransaction& tx) {
            out = {};
            return read_all(tx, out);
        });
    if (!read)
        return pass(std::move(read).error());
    return out;
}

void DirectoryPicture::add(DirectoryPlace place) {
    const auto number = static_cast<std::uint32_t>(places_.size());
    if (!by_id_.emplace(place.external_id, number).second)
        return;  // it was moved from one page to the next while they were read
    by_dn_.insert_or_assign(fold_case(place.dn), number);
    places_.push_back(std::move(place));
}

void DirectoryPicture::add(DirectoryObject object) {
    const std::optional<std::uint32_t> place = with_id(object.external_id);
    if (!place)
        return;
    Object out;
    for (const std::string& dn : object.members)
        if (const std::optional<std::uint32_t> member = at_dn(dn))
            out.members.push_back(*member);
    std::sort(out.members.begin(), out.members.end());
    out.members.erase(std::unique(out.members.begin(), out.members.end()), out.members.end());
    object.members = {};
    object.dn = places_[*place].dn;
    out.fields = std::move(object);
    objects_.insert_or_assign(*place, std::move(out));
}

std::optional<std::uint32_t> DirectoryPicture::at_dn(const std::string& dn) const {
    return number_of(by_dn_, fold_case(dn));
}

std::optional<std::uint32_t> DirectoryPicture::with_id(const std::string& external_id) const {
    return number_of(by_id_, external_id);
}

const DirectoryPicture::Object* DirectoryPicture::object(std::uint32_t place) const {
    const auto found = objects_.find(place);
    return found == objects_.end() ? nullptr : &found->second;
}

std::vector<std::string> unread_ids(const KnownDirectory& known, const DirectoryPicture& picture) {
    std::vector<std::string> out;
    for (std::uint32_t place = 0; place < picture.places().size(); ++place) {
        const std::string& id = picture.places()[place].external_id;
        if (known.living(id) == nullptr && picture.object(place) == nullptr)
            out.push_back(id);
    }
    return out;
}

std::vector<std::string> changed_dns(const KnownDirectory& known, const DirectoryPicture& picture) {
    std::vector<std::string> out;
    for (const DirectoryPlace& place : picture.places()) {
        const KnownObject* object = known.living(place.external_id);
        if (object != nullptr && object->dn == place.dn)
            continue;
        out.push_back(place.dn);
        if (object != nullptr)
            out.push_back(object->dn);
    }
    return out;
}

}  // namespace pchat
