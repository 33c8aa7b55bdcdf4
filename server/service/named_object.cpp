// SPDX-License-Identifier: Apache-2.0
#include "server/service/named_object.h"

#include "base/unicode.h"
#include "base/uuid.h"
#include "base/visible.h"
#include "server/domain/name.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat {
namespace {

constexpr std::size_t longest = 256;  // code points, of names and descriptions

template <class Row, class Store>
Result<std::optional<Row>> find_in(Store& store, std::string_view text) {
    return is_uuid(text) ? store.find_uuid(lower_ascii(text)) : store.find_name(name_key(text));
}

bool is_blank(char32_t c) {
    return c == U' ' || (c >= U'\t' && c <= U'\r') || c == U'\u00a0' || c == U'\u1680' ||
           (c >= U'\u2000' && c <= U'\u200a') || c == U'\u2028' || c == U'\u2029' ||
           c == U'\u202f' || c == U'\u205f' || c == U'\u3000';
}

std::string_view trimmed(std::string_view text) {
    std::size_t begin = text.size();
    std::size_t end = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t here = at;
        if (is_blank(next_code_point(text, at)))
            continue;
        begin = std::min(begin, here);
        end = at;
    }
    return begin < end ? text.substr(begin, end - begin) : std::string_view{};
}

tl::unexpected<Error> bad_name(std::string why, std::string hint = {}) {
    return fail_as("bad-value", Errc::invalid, std::move(why), std::move(hint), "name");
}

tl::unexpected<Error> too_long(std::string_view field, std::size_t size) {
    return fail_as(
        "too-long",
        Errc::invalid,
        fmt::format("{} has {} characters", field, size),
        fmt::format("at most {}", longest),
        field == "name" ? "name" : "description"
    );
}

void keep_sorted(std::vector<PrincipalId>& list) {
    std::sort(list.begin(), list.end());
}

}  // namespace

Result<std::optional<Room>> find_room(ContentTransaction& tx, std::string_view text) {
    return find_in<Room>(tx.rooms(), text);
}

Result<std::optional<Category>> find_category(ContentTransaction& tx, std::string_view text) {
    return find_in<Category>(tx.categories(), text);
}

Result<KnownRoom> with_lists(ContentTransaction& tx, Room room) {
    const auto roles = tx.rooms().roles(room.id);
    if (!roles)
        return pass(roles.error());
    KnownRoom out;
    out.name_key = name_key(room.name);
    out.room = std::move(room);
    for (const RoleEntry& entry : *roles)
        switch (entry.role) {
        case RoomRole::member:
            out.members.push_back(entry.principal);
            break;
        case RoomRole::manager:
            out.managers.push_back(entry.principal);
            break;
        case RoomRole::presenter:
            out.presenters.push_back(entry.principal);
            break;
        }
    keep_sorted(out.members);
    keep_sorted(out.managers);
    keep_sorted(out.presenters);
    return out;
}

Result<KnownCategory> with_lists(ContentTransaction& tx, Category category) {
    const auto scope = tx.categories().scope(category.id);
    if (!scope)
        return pass(scope.error());
    KnownCategory out;
    out.name_key = name_key(category.name);
    out.category = std::move(category);
    for (const ScopeEntry& entry : *scope)
        switch (entry.kind) {
        case ScopeKind::allowed:
            out.allowed.push_back(entry.principal);
            break;
        case ScopeKind::denied:
            out.denied.push_back(entry.principal);
            break;
        case ScopeKind::creator:
            out.creators.push_back(entry.principal);
            break;
        }
    keep_sorted(out.allowed);
    keep_sorted(out.denied);
    keep_sorted(out.creators);
    return out;
}

tl::unexpected<Error> room_not_found(std::string_view room) {
    return fail_as(
        "room-not-found",
        Errc::not_found,
        fmt::format("room '{}' does not exist, or is not for you", room),
        "list rooms: pchatctl room list",
        "room"
    );
}

tl::unexpected<Error> category_not_found(std::string_view category) {
    return fail_as(
        "category-not-found",
        Errc::not_found,
        fmt::format("category '{}' does not exist", category),
        "list categories: pchatctl category list",
        "category"
    );
}

Result<std::string> checked_name(std::string_view name) {
    name = trimmed(name);
    if (name.empty())
        return bad_name("the name is empty");
    if (const std::size_t size = count_code_points(name); size > longest)
        return too_long("name", size);
    if (!is_visible(name))
        return bad_name(
            fmt::format("the name '{}' holds characters that nobody sees", printable(name)),
            "write it with letters that print"
        );
    if (name.find('\\') != std::string_view::npos)
        return bad_name(
            fmt::format("the name '{}' holds a backslash", name),
            "a backslash stands between a pool and a name"
        );
    if (is_uuid(name))
        return bad_name(
            fmt::format("the name '{}' looks like an id", name), "nobody could ask for it by name"
        );
    return std::string{name};
}

Result<std::string> checked_description(std::string_view description) {
    if (const std::size_t size = count_code_points(description); size > longest)
        return too_long("description", size);
    return std::string{description};
}

Result<NameTaken> name_taken(ContentTransaction& tx, std::string_view name) {
    const std::string key = name_key(name);
    const auto room = tx.rooms().find_name(key);
    if (!room)
        return pass(room.error());
    if (*room)
        return NameTaken::by_room;
    const auto category = tx.categories().find_name(key);
    if (!category)
        return pass(category.error());
    return *category ? NameTaken::by_category : NameTaken::no;
}

Result<void> check_category_name_free(
    ContentTransaction& tx, CategoryId id, const std::string& name
) {
    const Result<NameTaken> taken = name_taken(tx, name);
    if (!taken)
        return pass(taken.error());
    if (*taken == NameTaken::no)
        return {};
    if (*taken == NameTaken::by_room)
        return fail_as(
            "name-taken",
            Errc::conflict,
            fmt::format("the name '{}' is taken by a room", name),
            "rooms and categories share one space of names: choose another one",
            "name"
        );
    const auto other = find_category(tx, name);
    if (!other)
        return pass(other.error());
    if (*other && (*other)->id == id)
        return {};
    return fail_as(
        "category-exists",
        Errc::conflict,
        fmt::format("category '{}' exists already", name),
        "choose another name",
        "name"
    );
}

}  // namespace pchat
