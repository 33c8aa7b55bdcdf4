// SPDX-License-Identifier: Apache-2.0
#include "server/domain/estate.h"

#include "server/domain/name.h"
#include "server/domain/words.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace pchat {
namespace {

EstateField flag(std::string_view key) {
    return {key, EstateKind::flag};
}

EstateField number(std::string_view key) {
    return {key, EstateKind::number};
}

EstateField text(std::string_view key) {
    return {key, EstateKind::text};
}

EstateField reference(std::string_view key) {
    return {key, EstateKind::reference};
}

EstateField principals(std::string_view key) {
    return {key, EstateKind::principals};
}

EstateField choice(std::string_view key, std::vector<std::string_view> words) {
    return {key, EstateKind::choice, std::move(words)};
}

EstateField permission(std::string_view key) {
    return {key, EstateKind::flag, {}, /*permission=*/true};
}

std::vector<EstateShape> shapes() {
    return {
        {EstateNoun::config,
         "config",
         "config",
         "identity",
         false,
         {number("default_chat_history"),
          number("max_file_size_kb"),
          number("participant_update_limit"),
          text("room_management_url"),
          permission("allow_http")}},
        {EstateNoun::policy,
         "policy",
         "policies",
         "identity",
         false,
         {flag("enable_persistent_chat"), text("description")}},
        {EstateNoun::grant, "grant", "grants", "user", false, {reference("policy")}},
        {EstateNoun::addin,
         "addin",
         "addins",
         "name",
         true,
         {text("url"), permission("allow_http")}},
        {EstateNoun::category,
         "category",
         "categories",
         "name",
         true,
         {text("description"),
          flag("invitations"),
          flag("file_upload"),
          flag("history"),
          principals("allow"),
          principals("deny"),
          principals("creators")}},
        {EstateNoun::room,
         "room",
         "rooms",
         "name",
         true,
         {text("description"),
          reference("category"),
          reference("addin"),
          choice("type", {room_type_words.begin(), room_type_words.end()}),
          choice("privacy", {room_privacy_words.begin(), room_privacy_words.end()}),
          choice("invitations", {"inherit", "off"}),
          flag("disabled"),
          principals("members"),
          principals("managers"),
          principals("presenters")}},
        {EstateNoun::wall,
         "wall",
         "walls",
         "name",
         true,
         {text("description"), principals("a"), principals("b")}},
    };
}

}  // namespace

const EstateField* EstateShape::find(std::string_view key) const {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const EstateField& one) {
        return one.key == key;
    });
    return found == fields.end() ? nullptr : &*found;
}

const EstateShape& estate_shape(EstateNoun noun) {
    static const std::vector<EstateShape> all = shapes();
    return all[static_cast<std::size_t>(noun)];
}

const EstateValue* EstateItem::find(std::string_view field) const {
    const auto found = has.find(field);
    return found == has.end() ? nullptr : &found->second;
}

std::string EstateItem::text(std::string_view field) const {
    const EstateValue* value = find(field);
    return value == nullptr ? std::string{} : std::get<std::string>(*value);
}

std::vector<std::string> EstateItem::texts(std::string_view field) const {
    const EstateValue* value = find(field);
    return value == nullptr ? std::vector<std::string>{}
                            : std::get<std::vector<std::string>>(*value);
}

EstateItem estate_item(std::string name) {
    EstateItem out;
    out.key = name_key(name);
    out.name = std::move(name);
    return out;
}

bool Estate::concerns(EstateNoun noun) const {
    const EstateSection& section = (*this)[noun];
    return section.prune || !section.items.empty();
}

const EstateItem* Estate::find(EstateNoun noun, std::string_view key) const {
    const std::vector<EstateItem>& items = (*this)[noun].items;
    const auto found = std::find_if(items.begin(), items.end(), [&](const EstateItem& one) {
        return one.key == key;
    });
    return found == items.end() ? nullptr : &*found;
}

void sort(Estate& estate) {
    for (EstateSection& section : estate.sections) {
        for (EstateItem& item : section.items)
            for (auto& [field, value] : item.has)
                if (auto* list = std::get_if<std::vector<std::string>>(&value))
                    std::sort(list->begin(), list->end());
        std::sort(
            section.items.begin(),
            section.items.end(),
            [](const EstateItem& a, const EstateItem& b) {
                return std::pair{name_sort(a.name), a.name} < std::pair{name_sort(b.name), b.name};
            }
        );
    }
}

}  // namespace pchat
