// SPDX-License-Identifier: Apache-2.0
#include "server/service/directory.h"

#include "base/unicode.h"
#include "base/uuid.h"
#include "server/domain/name.h"
#include "server/domain/policy_effective.h"
#include "server/domain/principal_name.h"
#include "server/service/person_of.h"
#include "server/service/token_scope.h"

#include <algorithm>

namespace pchat {
namespace {

std::uint8_t bit(AdminRole role) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(role));
}

template <class Map, class Key>
auto find_in(const Map& map, const Key& key) -> const typename Map::mapped_type* {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

std::string name_or_uuid(std::string_view text) {
    return is_uuid(text) ? lower_ascii(text) : name_key(text);
}

}  // namespace

AccessCategory facts(const KnownCategory& known) {
    const Category& category = known.category;
    return {
        category.invitations, category.file_upload, category.history, known.allowed, known.denied};
}

AccessRoom facts(const KnownRoom& known) {
    const Room& room = known.room;
    return {
        room.type,
        room.privacy,
        room.invitations,
        room.disabled,
        known.members,
        known.managers,
        known.presenters};
}

bool chat_enabled(
    const KnownPrincipal& user,
    const std::vector<Policy>& policies,
    const std::unordered_map<PrincipalId, PolicyId>& grants,
    const Home& home
) {
    const PolicyId* granted = find_in(grants, user.id);
    const std::string& site = user.site.empty() ? home.site : user.site;
    return policy_enabled(effective_policy(
        policies,
        granted == nullptr ? std::nullopt : std::optional<PolicyId>{*granted},
        site.empty() ? std::string{} : name_key(site)
    ));
}

std::string KnownPrincipal::written() const {
    return PrincipalName{kind, name}.written();
}

bool Person::has(AdminRole role) const {
    return (roles & bit(role)) != 0 || (roles & bit(AdminRole::administrator)) != 0;
}

AccessUser Person::access_user() const {
    return {state, policy_enabled, has(AdminRole::pchat_admin), affiliations};
}

Rights rights_in(const Person& person, const KnownCategory& category, const KnownRoom& room) {
    const Rights all = access(person.access_user(), facts(category), facts(room));
    return person.scope == nullptr
               ? all
               : person.scope->narrowed(all, category.category.id, room.room.id);
}

const KnownPrincipal* DirectoryState::principal(PrincipalId id) const {
    return find_in(principals_, id);
}

const KnownPrincipal* DirectoryState::principal_named(PrincipalKind kind, std::string_view name_key)
    const {
    const PrincipalId* id =
        find_in(principal_names_, std::to_string(static_cast<int>(kind)) + std::string{name_key});
    return id == nullptr ? nullptr : principal(*id);
}

std::vector<PrincipalId> DirectoryState::users_called(std::string_view local_part) const {
    const auto [begin, end] = local_parts_.equal_range(std::string{local_part});
    std::vector<PrincipalId> out;
    for (auto each = begin; each != end; ++each)
        out.push_back(each->second);
    return out;
}

const KnownCategory* DirectoryState::category(CategoryId id) const {
    return find_in(categories_, id);
}

const KnownRoom* DirectoryState::room(RoomId id) const {
    return find_in(rooms_, id);
}

const KnownRoom* DirectoryState::find_room(std::string_view text) const {
    const RoomId* id = find_in(room_names_, name_or_uuid(text));
    return id == nullptr ? nullptr : room(*id);
}

const KnownCategory* DirectoryState::find_category(std::string_view text) const {
    const CategoryId* id = find_in(category_names_, name_or_uuid(text));
    return id == nullptr ? nullptr : category(*id);
}

const Addin* DirectoryState::addin(AddinId id) const {
    return find_in(addins_, id);
}

Person DirectoryState::person(PrincipalId id) const {
    Person out = person_of(id, everyone(), [this](PrincipalId one) { return principal(one); });
    if (const KnownPrincipal* self = principal(id))
        out.policy_enabled = chat_enabled(*self, policies_, grants_, home_);
    return out;
}

Rights DirectoryState::rights(const Person& person, const KnownRoom& room) const {
    const KnownCategory* in = category(room.room.category);
    return in == nullptr ? Rights{} : rights_in(person, *in, room);
}

AccessDerivation DirectoryState::explain(const Person& person, const KnownRoom& room) const {
    const KnownCategory* in = category(room.room.category);
    return in == nullptr ? AccessDerivation{}
                         : explain_access(person.access_user(), facts(*in), facts(room));
}

void DirectoryState::each_room(const std::function<void(const KnownRoom&)>& visit) const {
    for (const auto& [id, room] : rooms_)
        visit(room);
}

void DirectoryState::each_category(const std::function<void(const KnownCategory&)>& visit) const {
    for (const auto& [id, category] : categories_)
        visit(category);
}

void DirectoryState::each_principal(const std::function<void(const KnownPrincipal&)>& visit) const {
    for (const auto& [id, principal] : principals_)
        visit(principal);
}

}  // namespace pchat
