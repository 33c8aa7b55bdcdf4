// SPDX-License-Identifier: Apache-2.0
#include "server/service/estate_work.h"

#include "server/domain/name.h"
#include "server/domain/words.h"
#include "server/service/addin_admin.h"
#include "server/service/category_admin.h"
#include "server/service/config_admin.h"
#include "server/service/named_object.h"
#include "server/service/policy_admin.h"
#include "server/service/room_admin.h"
#include "server/service/wall_admin.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace pchat {
namespace {

using Losses = std::vector<EstateLoss>;

/// What the field is to be; none when it stays.
template <class T>
std::optional<T> wanted(const EstateChange& one, std::string_view field) {
    const EstateDifference* found = one.find(field);
    if (found == nullptr || !found->after)
        return std::nullopt;
    return std::get<T>(*found->after);
}

ListChange wanted_list(const EstateChange& one, std::string_view field) {
    ListChange out;
    out.replace = wanted<std::vector<std::string>>(one, field);
    return out;
}

/// What a thing is to be called: a new one by its name, another by its new spelling.
std::optional<std::string> wanted_name(const EstateChange& one) {
    if (one.action == EstateAction::create)
        return one.name;
    return wanted<std::string>(one, "name");
}

template <class Enum, std::size_t size>
std::optional<Enum> wanted_word(
    const EstateChange& one, std::string_view field, const std::array<std::string_view, size>& words
) {
    const std::optional<std::string> word = wanted<std::string>(one, field);
    if (!word)
        return std::nullopt;
    const auto found = std::find(words.begin(), words.end(), *word);
    return static_cast<Enum>(found - words.begin() + 1);
}

ConfigFields config_fields(const EstateChange& one) {
    ConfigFields out;
    out.history = wanted<std::int64_t>(one, "default_chat_history");
    out.file_kb = wanted<std::int64_t>(one, "max_file_size_kb");
    out.participants = wanted<std::int64_t>(one, "participant_update_limit");
    out.room_management_url = wanted<std::string>(one, "room_management_url");
    out.allow_http = one.allow_http.value_or(false);
    return out;
}

PolicyFields policy_fields(const EstateChange& one) {
    return {wanted<bool>(one, "enable_persistent_chat"), wanted<std::string>(one, "description")};
}

AddinFields addin_fields(const EstateChange& one) {
    return {wanted_name(one), wanted<std::string>(one, "url"), one.allow_http.value_or(false)};
}

CategoryFields category_fields(const EstateChange& one) {
    CategoryFields out;
    out.name = wanted_name(one);
    out.description = wanted<std::string>(one, "description");
    out.invitations = wanted<bool>(one, "invitations");
    out.file_upload = wanted<bool>(one, "file_upload");
    out.history = wanted<bool>(one, "history");
    out.allow = wanted_list(one, "allow");
    out.deny = wanted_list(one, "deny");
    out.creators = wanted_list(one, "creators");
    return out;
}

RoomFields room_fields(const EstateChange& one) {
    RoomFields out;
    out.name = wanted_name(one);
    out.description = wanted<std::string>(one, "description");
    out.category = wanted<std::string>(one, "category");
    out.addin = wanted<std::string>(one, "addin");
    out.type = wanted_word<RoomType>(one, "type", room_type_words);
    out.privacy = wanted_word<RoomPrivacy>(one, "privacy", room_privacy_words);
    if (const auto invitations = wanted<std::string>(one, "invitations"))
        out.invitations = *invitations == "inherit";
    out.disabled = wanted<bool>(one, "disabled");
    out.members = wanted_list(one, "members");
    out.managers = wanted_list(one, "managers");
    out.presenters = wanted_list(one, "presenters");
    return out;
}

WallFields wall_fields(const EstateChange& one) {
    WallFields out;
    if (one.action == EstateAction::set)
        out.name = wanted_name(one);
    out.description = wanted<std::string>(one, "description");
    out.a = wanted_list(one, "a");
    out.b = wanted_list(one, "b");
    return out;
}

template <class Done>
Result<Losses> no_losses(Result<Done> done) {
    if (!done)
        return pass(std::move(done).error());
    return Losses{};
}

/// Who goes from the lists by what the estate itself says.
Losses losses_of(const EstateChange& one) {
    const std::string_view of = estate_shape(one.noun).word;
    Losses out;
    for (const EstateDifference& field : one.fields) {
        const bool lets_in = field.field == "allow";
        const bool keeps_out = field.field == "deny";
        if (field.field == "history" && field.before == EstateValue{true} &&
            field.after == EstateValue{false})
            out.push_back({"history", of, one.name, {}, {}, 0});
        for (const std::string& who : keeps_out ? field.added() : field.removed())
            out.push_back(
                {lets_in || keeps_out ? "access" : "membership", of, one.name, field.field, who, 0}
            );
    }
    return out;
}

Losses losses_of(const std::vector<Purged>& purged, const std::string& category) {
    Losses out;
    for (const Purged& one : purged) {
        const bool of_room = !one.room.empty();
        out.push_back(
            {"membership",
             of_room ? "room" : "category",
             of_room ? one.room_name : category,
             one.list,
             one.principal,
             0}
        );
    }
    return out;
}

Losses joined(Losses a, Losses b) {
    std::move(b.begin(), b.end(), std::back_inserter(a));
    return a;
}

}  // namespace

EstateWork::EstateWork(
    Changes& changes, Change& change, const AdminCall& call, const std::vector<EstateChange>& plan
)
    : changes_(changes), change_(change), call_(call) {
    for (const EstateChange& one : plan)
        if (one.action == EstateAction::remove && one.noun == EstateNoun::category)
            leaving_.insert(name_key(one.name));
}

Result<std::vector<EstateLoss>> EstateWork::carry_out(const EstateChange& one) {
    return one.action == EstateAction::remove ? remove(one) : make(one);
}

Result<std::vector<EstateLoss>> EstateWork::make(const EstateChange& one) {
    const bool is_new = one.action == EstateAction::create;
    switch (one.noun) {
    case EstateNoun::config:
        return no_losses(put_config(changes_, change_, call_, one.name, config_fields(one)));
    case EstateNoun::policy:
        return no_losses(put_policy(changes_, change_, call_, one.name, policy_fields(one)));
    case EstateNoun::grant:
        return no_losses(grant_policy(
            changes_, change_, call_, one.name, wanted<std::string>(one, "policy").value_or("")
        ));
    case EstateNoun::addin:
        return no_losses(
            is_new ? create_addin(change_, call_, addin_fields(one))
                   : change_addin(change_, call_, one.name, addin_fields(one))
        );
    case EstateNoun::category:
        return put_category(one);
    case EstateNoun::room:
        return put_room(one);
    case EstateNoun::wall:
        return no_losses(put_wall(changes_, change_, call_, one.name, wall_fields(one)));
    }
    return Losses{};
}

Result<std::vector<EstateLoss>> EstateWork::put_category(const EstateChange& one) {
    const CategoryFields fields = category_fields(one);
    if (one.action == EstateAction::create)
        return no_losses(create_category(changes_, change_, call_, fields));
    const auto done = change_category(changes_, change_, call_, one.name, fields);
    if (!done)
        return pass(done.error());
    return joined(losses_of(one), losses_of(done->purged, one.name));
}

Result<std::vector<EstateLoss>> EstateWork::put_room(const EstateChange& one) {
    const RoomFields fields = room_fields(one);
    if (one.action == EstateAction::create)
        return no_losses(create_room(changes_, change_, call_, fields));
    const auto done = change_room(changes_, change_, call_, one.name, fields);
    if (!done)
        return pass(done.error());
    return joined(losses_of(one), losses_of(done->purged, {}));
}

Result<std::vector<EstateLoss>> EstateWork::remove(const EstateChange& one) {
    switch (one.noun) {
    case EstateNoun::config:
        return no_losses(remove_config(change_, call_, one.name));
    case EstateNoun::policy:
        return remove_policy(one);
    case EstateNoun::grant:
        return no_losses(revoke_policy(changes_, change_, call_, one.name));
    case EstateNoun::addin:
        return no_losses(remove_addin(change_, call_, one.name));
    case EstateNoun::category:
        return no_losses(remove_category(changes_, change_, call_, one.name));
    case EstateNoun::room:
        return remove_room(one);
    case EstateNoun::wall:
        return no_losses(remove_wall(changes_, change_, call_, one.name));
    }
    return Losses{};
}

Result<std::vector<EstateLoss>> EstateWork::remove_policy(const EstateChange& one) {
    const auto done = pchat::remove_policy(changes_, change_, call_, one.name);
    if (!done)
        return pass(done.error());
    Losses out;
    for (const std::string& user : done->released)
        out.push_back({"policy", {}, one.name, {}, user, 0});
    return out;
}

Result<std::vector<EstateLoss>> EstateWork::remove_room(const EstateChange& one) {
    const auto room = find_room(change_.tx(), one.name);
    if (!room)
        return pass(room.error());
    if (!*room)
        return room_not_found(one.name);
    const auto head = change_.tx().messages().head((*room)->id);
    if (!head)
        return pass(head.error());
    const Result<CategoryId> shelter = shelter_for(**room);
    if (!shelter)
        return pass(shelter.error());
    const auto done = pchat::remove_room(changes_, change_, call_, one.name, *shelter);
    if (!done)
        return pass(done.error());
    const std::int64_t messages = *head ? (*head)->last_seq - (*head)->first_seq + 1 : 0;
    Losses out;
    if (messages > 0)
        out.push_back({"messages", "room", one.name, {}, {}, messages});
    return joined(std::move(out), losses_of(one));
}

/// Where its row stays until its messages are erased, when its own category goes before.
Result<CategoryId> EstateWork::shelter_for(const Room& room) {
    if (leaving_.empty())
        return room.category;
    if (!shelter_) {
        Result<void> read = change_.tx().categories().each([&](const Category& one) {
            if (!shelter_ && !leaving_.contains(name_key(one.name)))
                shelter_ = one.id;
            return Result<void>{};
        });
        if (!read)
            return pass(std::move(read).error());
    }
    if (!shelter_)
        return fail_as(
            "last-category",
            Errc::conflict,
            fmt::format("room '{}' cannot go together with all categories", room.name),
            "keep one category until the messages of the rooms are erased, some minutes later"
        );
    return *shelter_;
}

}  // namespace pchat
