// SPDX-License-Identifier: Apache-2.0
#include "server/service/estate_found.h"

#include "server/domain/name.h"
#include "server/domain/principal_name.h"
#include "server/domain/scope_name.h"
#include "server/domain/words.h"
#include "server/service/chat_config.h"
#include "server/service/named_object.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace pchat {
namespace {

constexpr int portion = 500;  // rooms or categories read together

bool is_plain_http(const std::string& url) {
    return url.starts_with("http:");
}

/// Reads one estate; knows by then what numbers stand for.
class Finding {
public:
    /// `wanted`: only this much; null: everything.
    Finding(ContentTransaction& tx, const Directory& directory, const Estate* wanted)
        : tx_(tx), directory_(directory), wanted_(wanted) {}

    Result<Estate> find() {
        for (const EstateNoun noun : estate_nouns)
            if (wanted_ == nullptr || wanted_->concerns(noun))
                if (Result<void> read = find(noun); !read)
                    return pass(std::move(read).error());
        sort(out_);
        return std::move(out_);
    }

private:
    Result<void> find(EstateNoun noun) {
        switch (noun) {
        case EstateNoun::config:
            return find_config();
        case EstateNoun::policy:
            return find_policies();
        case EstateNoun::grant:
            return find_grants();
        case EstateNoun::addin:
            return find_addins();
        case EstateNoun::category:
            return find_categories();
        case EstateNoun::room:
            return find_rooms();
        case EstateNoun::wall:
            return find_walls();
        }
        return {};
    }

    [[nodiscard]] bool reads_all(EstateNoun noun) const {
        return wanted_ == nullptr || (*wanted_)[noun].prune;
    }

    Result<std::string> written(PrincipalId id);
    [[nodiscard]] bool is_gone(PrincipalId id) const;
    Result<void> put_list(
        EstateItem& item, std::string_view field, const std::vector<PrincipalId>& list
    );
    Result<std::string> category_name(CategoryId id);
    Result<std::string> addin_name(AddinId id);

    Result<void> find_config();
    Result<void> find_policies();
    Result<void> find_grants();
    Result<void> find_addins();
    Result<void> find_categories();
    Result<void> find_rooms();
    Result<void> find_walls();
    Result<void> add(Category row);
    Result<void> add(Room row);

    /// Those that are wanted by name.
    template <class Find>
    Result<void> find_named(EstateNoun noun, const Find& find_row) {
        for (const EstateItem& item : (*wanted_)[noun].items) {
            auto row = find_row(item.key);
            if (!row)
                return pass(std::move(row).error());
            if (!*row)
                continue;
            if (Result<void> added = add(std::move(**row)); !added)
                return added;
        }
        return {};
    }

    template <class Page>
    Result<void> find_pages(const Page& page) {
        NamePosition after;
        for (;;) {
            auto rows = page(after);
            if (!rows)
                return pass(std::move(rows).error());
            const std::size_t count = rows->size();
            for (auto& row : *rows) {
                after = {row.name_sort, row.id.value};
                if (Result<void> added = add(std::move(row)); !added)
                    return added;
            }
            if (count < static_cast<std::size_t>(portion))
                return {};
        }
    }

    ContentTransaction& tx_;
    const Directory& directory_;
    const Estate* wanted_;
    Estate out_;
    std::unordered_map<PrincipalId, std::string> principals_;
    std::unordered_map<CategoryId, std::string> categories_;
    std::unordered_map<AddinId, std::string> addins_;
};

Result<std::string> Finding::written(PrincipalId id) {
    const auto known = principals_.find(id);
    if (known != principals_.end())
        return known->second;
    std::string name = directory_.read([&](const DirectoryState& state) {
        const KnownPrincipal* one = state.principal(id);
        return one == nullptr ? std::string{} : one->written();
    });
    if (name.empty()) {
        const auto row = tx_.principals().find(id);
        if (!row)
            return pass(row.error());
        if (*row)
            name = PrincipalName{(*row)->kind, (*row)->name}.written();
    }
    return principals_.emplace(id, std::move(name)).first->second;
}

bool Finding::is_gone(PrincipalId id) const {
    return directory_.read([&](const DirectoryState& state) {
        const KnownPrincipal* one = state.principal(id);
        return one != nullptr && one->state == PrincipalState::gone;
    });
}

Result<void> Finding::put_list(
    EstateItem& item, std::string_view field, const std::vector<PrincipalId>& list
) {
    std::vector<std::string> names;
    names.reserve(list.size());
    for (const PrincipalId one : list) {
        if (is_gone(one))
            continue;  // nobody elsewhere could find it
        Result<std::string> name = written(one);
        if (!name)
            return pass(std::move(name).error());
        names.push_back(std::move(*name));
    }
    item.has[field] = std::move(names);
    return {};
}

Result<std::string> Finding::category_name(CategoryId id) {
    const auto known = categories_.find(id);
    if (known != categories_.end())
        return known->second;
    const auto row = tx_.categories().find(id);
    if (!row)
        return pass(row.error());
    return categories_.emplace(id, *row ? (*row)->name : std::string{}).first->second;
}

Result<std::string> Finding::addin_name(AddinId id) {
    if (addins_.empty()) {
        const auto all = tx_.addins().list();
        if (!all)
            return pass(all.error());
        for (const Addin& one : *all)
            addins_.emplace(one.id, one.name);
    }
    return addins_[id];
}

EstateItem config_item(std::string identity, const ChatConfig& values) {
    EstateItem item = estate_item(std::move(identity));
    item.has["default_chat_history"] = std::int64_t{values.history};
    item.has["max_file_size_kb"] = std::int64_t{values.file_kb};
    item.has["participant_update_limit"] = std::int64_t{values.participants};
    item.has["room_management_url"] = values.room_management_url;
    if (is_plain_http(values.room_management_url))
        item.has["allow_http"] = true;
    return item;
}

Result<void> Finding::find_config() {
    const auto all = tx_.config().list();
    if (!all)
        return pass(all.error());
    std::vector<EstateItem>& items = out_[EstateNoun::config].items;
    bool is_set = false;  // for all; else what is built in counts for all
    for (const ConfigObject& one : *all) {
        if (one.kind != ConfigKind::chat)
            continue;
        is_set = is_set || one.scope == ConfigScope::global;
        items.push_back(config_item(identity_of(one), chat_config_of(one)));
    }
    if (!is_set)
        items.push_back(config_item(ConfigIdentity{}.written(), {}));
    return {};
}

Result<void> Finding::find_policies() {
    const auto all = tx_.policies().list();
    if (!all)
        return pass(all.error());
    for (const Policy& one : *all) {
        EstateItem item = estate_item(identity_of(one));
        item.has["enable_persistent_chat"] = one.enabled;
        item.has["description"] = one.description;
        out_[EstateNoun::policy].items.push_back(std::move(item));
    }
    return {};
}

Result<void> Finding::find_grants() {
    const auto policies = tx_.policies().list();
    if (!policies)
        return pass(policies.error());
    for (const Policy& policy : *policies) {
        if (policy.scope != PolicyScope::tag)
            continue;
        const auto users = tx_.policies().granted(policy.id);
        if (!users)
            return pass(users.error());
        for (const PrincipalId user : *users) {
            Result<std::string> name = written(user);
            if (!name)
                return pass(std::move(name).error());
            EstateItem item = estate_item(std::move(*name));
            item.has["policy"] = identity_of(policy);
            out_[EstateNoun::grant].items.push_back(std::move(item));
        }
    }
    return {};
}

Result<void> Finding::find_addins() {
    const auto all = tx_.addins().list();
    if (!all)
        return pass(all.error());
    for (const Addin& one : *all) {
        EstateItem item = estate_item(one.name);
        item.has["url"] = one.url;
        if (is_plain_http(one.url))
            item.has["allow_http"] = true;
        out_[EstateNoun::addin].items.push_back(std::move(item));
    }
    return {};
}

Result<void> Finding::find_categories() {
    if (reads_all(EstateNoun::category))
        return find_pages([&](const NamePosition& after) {
            return tx_.categories().page(after, portion);
        });
    return find_named(EstateNoun::category, [&](const std::string& key) {
        return tx_.categories().find_name(key);
    });
}

Result<void> Finding::add(Category row) {
    const Result<KnownCategory> known = with_lists(tx_, std::move(row));
    if (!known)
        return pass(known.error());
    const Category& category = known->category;
    EstateItem item = estate_item(category.name);
    item.has["description"] = category.description;
    item.has["invitations"] = category.invitations;
    item.has["file_upload"] = category.file_upload;
    item.has["history"] = category.history;
    if (Result<void> put = put_list(item, "allow", known->allowed); !put)
        return put;
    if (Result<void> put = put_list(item, "deny", known->denied); !put)
        return put;
    if (Result<void> put = put_list(item, "creators", known->creators); !put)
        return put;
    out_[EstateNoun::category].items.push_back(std::move(item));
    return {};
}

Result<void> Finding::find_rooms() {
    if (reads_all(EstateNoun::room))
        return find_pages([&](const NamePosition& after) {
            return tx_.rooms().page(after, portion);
        });
    return find_named(EstateNoun::room, [&](const std::string& key) {
        return tx_.rooms().find_name(key);
    });
}

Result<void> Finding::add(Room row) {
    const Result<KnownRoom> known = with_lists(tx_, std::move(row));
    if (!known)
        return pass(known.error());
    const Room& room = known->room;
    EstateItem item = estate_item(room.name);
    Result<std::string> category = category_name(room.category);
    if (!category)
        return pass(std::move(category).error());
    Result<std::string> addin =
        room.addin ? addin_name(*room.addin) : Result<std::string>{std::string{}};
    if (!addin)
        return pass(std::move(addin).error());
    item.has["description"] = room.description;
    item.has["category"] = std::move(*category);
    item.has["addin"] = std::move(*addin);
    item.has["type"] = std::string{to_string(room.type)};
    item.has["privacy"] = std::string{to_string(room.privacy)};
    item.has["invitations"] = std::string{room.invitations ? "inherit" : "off"};
    item.has["disabled"] = room.disabled;
    if (Result<void> put = put_list(item, "members", known->members); !put)
        return put;
    if (Result<void> put = put_list(item, "managers", known->managers); !put)
        return put;
    if (Result<void> put = put_list(item, "presenters", known->presenters); !put)
        return put;
    out_[EstateNoun::room].items.push_back(std::move(item));
    return {};
}

Result<void> Finding::find_walls() {
    const auto walls = tx_.walls().list();
    if (!walls)
        return pass(walls.error());
    for (const Wall& wall : *walls) {
        const auto sides = tx_.walls().sides(wall.id);
        if (!sides)
            return pass(sides.error());
        EstateItem item = estate_item(wall.name);
        item.has["description"] = wall.description;
        std::vector<PrincipalId> a;
        std::vector<PrincipalId> b;
        for (const WallEntry& one : *sides)
            (one.side == WallFace::a ? a : b).push_back(one.principal);
        if (Result<void> put = put_list(item, "a", a); !put)
            return put;
        if (Result<void> put = put_list(item, "b", b); !put)
            return put;
        out_[EstateNoun::wall].items.push_back(std::move(item));
    }
    return {};
}

}  // namespace

Result<Estate> whole_estate(ContentTransaction& tx, const Directory& directory) {
    return Finding{tx, directory, nullptr}.find();
}

Result<Estate> found_estate(
    ContentTransaction& tx, const Directory& directory, const Estate& wanted
) {
    return Finding{tx, directory, &wanted}.find();
}

}  // namespace pchat
