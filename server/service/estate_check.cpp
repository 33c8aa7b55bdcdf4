// SPDX-License-Identifier: Apache-2.0
#include "server/service/estate_check.h"

#include "base/suggest.h"
#include "base/unicode.h"
#include "base/uuid.h"
#include "server/domain/name.h"
#include "server/domain/principal_name.h"
#include "server/domain/scope_name.h"
#include "server/service/named_object.h"
#include "server/service/principal_lookup.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

namespace pchat {
namespace {

constexpr std::size_t most_problems = 100;

using Texts = std::vector<std::string>;

/// A value that is wrong, as against a database that fails.
bool is_of_value(const Error& error) {
    return !error.reason.empty();
}

bool is_named_freely(EstateNoun noun) {
    return estate_shape(noun).respelled;
}

class Check {
public:
    Check(ContentTransaction& tx, const Directory& directory, const Person& who, Estate& estate)
        : tx_(tx), directory_(directory), names_(names_for(who)), estate_(estate) {}

    Result<std::vector<EstateProblem>> run() {
        for (const EstateNoun noun : estate_nouns)
            if (Result<void> named = each_item(noun, &Check::name_item); !named)
                return pass(std::move(named).error());
        find_twice();
        for (const EstateNoun noun : estate_nouns)
            if (Result<void> done = each_item(noun, &Check::fill_item); !done)
                return pass(std::move(done).error());
        return std::move(problems_);
    }

private:
    // Where the item that is looked at stands.
    struct Spot {
        EstateNoun noun{};
        std::size_t item = 0;
    };

    template <class Do>
    Result<void> each_item(EstateNoun noun, Do look) {
        std::vector<EstateItem>& items = estate_[noun].items;
        for (std::size_t i = 0; i < items.size() && problems_.size() < most_problems; ++i)
            if (Result<void> done = (this->*look)({noun, i}, items[i]); !done)
                return done;
        return {};
    }

    void report(const Spot& spot, std::string_view field, Error error, std::string value = {}) {
        if (problems_.size() < most_problems)
            problems_.push_back({spot.noun, spot.item, field, std::move(value), std::move(error)});
    }

    Result<void> name_item(const Spot& spot, EstateItem& item);
    Result<std::string> canonical_name(EstateNoun noun, const std::string& name);
    void find_twice();
    void find_twice(std::string_view called, const std::vector<EstateNoun>& nouns);
    Result<void> fill_item(const Spot& spot, EstateItem& item);
    Result<void> fill_list(const Spot& spot, std::string_view field, Texts& list);
    Result<void> fill_reference(const Spot& spot, std::string_view field, std::string& name);
    Result<std::string> principal(const std::string& text, std::string_view field);
    Result<std::string> policy(const std::string& text);
    Result<std::string> category(const std::string& text);
    Result<std::string> addin(const std::string& text);
    [[nodiscard]] std::string guess(EstateNoun noun, const std::string& text, Texts names) const;

    ContentTransaction& tx_;
    const Directory& directory_;
    Names names_;
    Estate& estate_;
    std::vector<EstateProblem> problems_;
    // Those that exist.
    std::unordered_map<std::string, std::string> principals_;
    std::map<std::pair<std::string_view, std::string>, std::string> references_;
};

Result<std::string> Check::canonical_name(EstateNoun noun, const std::string& name) {
    if (is_named_freely(noun))
        return checked_name(name);
    if (noun == EstateNoun::grant)
        return principal(name, "user");
    if (noun == EstateNoun::policy) {
        const Result<PolicyIdentity> identity = parse_policy_identity(name);
        return identity ? Result<std::string>{identity->written()} : pass(identity.error());
    }
    const Result<ConfigIdentity> identity = parse_config_identity(name);
    return identity ? Result<std::string>{identity->written()} : pass(identity.error());
}

Result<void> Check::name_item(const Spot& spot, EstateItem& item) {
    Result<std::string> name = canonical_name(spot.noun, item.name);
    if (!name) {
        if (!is_of_value(name.error()))
            return pass(std::move(name).error());
        report(spot, estate_shape(spot.noun).name_key, std::move(name).error());
        return {};
    }
    item.name = std::move(*name);
    item.key = name_key(item.name);
    return {};
}

void Check::find_twice() {
    for (const EstateNoun noun : estate_nouns)
        if (noun != EstateNoun::category && noun != EstateNoun::room)
            find_twice(estate_shape(noun).word, {noun});
    find_twice({}, {EstateNoun::category, EstateNoun::room});  // share one space of names
}

void Check::find_twice(std::string_view called, const std::vector<EstateNoun>& nouns) {
    std::unordered_map<std::string_view, std::pair<EstateNoun, const EstateItem*>> seen;
    for (const EstateNoun noun : nouns) {
        const std::vector<EstateItem>& items = estate_[noun].items;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const auto [first, is_new] = seen.emplace(items[i].key, std::pair{noun, &items[i]});
            if (is_new)
                continue;
            const auto& [other, item] = first->second;
            Error twice;
            twice.code = Errc::invalid;
            twice.reason = "named-twice";
            twice.message = other == noun ? fmt::format(
                                                "{} '{}' is described twice",
                                                called.empty() ? estate_shape(noun).word : called,
                                                items[i].name
                                            )
                                          : fmt::format(
                                                "{} '{}' has the name of a {}",
                                                estate_shape(noun).word,
                                                items[i].name,
                                                estate_shape(other).word
                                            );
            twice.hint = other == noun ? "case does not tell names apart; leave one of them out"
                                       : "rooms and categories share one space of names";
            report({noun, i}, estate_shape(noun).name_key, std::move(twice));
        }
    }
}

Result<void> Check::fill_item(const Spot& spot, EstateItem& item) {
    for (const EstateField& field : estate_shape(spot.noun).fields) {
        const auto value = item.has.find(field.key);
        if (value == item.has.end())
            continue;
        Result<void> filled;
        if (field.kind == EstateKind::principals)
            filled = fill_list(spot, field.key, std::get<Texts>(value->second));
        else if (field.kind == EstateKind::reference)
            filled = fill_reference(spot, field.key, std::get<std::string>(value->second));
        if (!filled)
            return filled;
    }
    return {};
}

Result<void> Check::fill_list(const Spot& spot, std::string_view field, Texts& list) {
    for (std::string& text : list) {
        Result<std::string> written = principal(text, field);
        if (written) {
            text = std::move(*written);
            continue;
        }
        if (!is_of_value(written.error()))
            return pass(std::move(written).error());
        report(spot, field, std::move(written).error(), text);
    }
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    return {};
}

Result<void> Check::fill_reference(const Spot& spot, std::string_view field, std::string& name) {
    if (name.empty() && field == "addin")  // none
        return {};
    const std::pair known{field, name};
    if (const auto before = references_.find(known); before != references_.end()) {
        name = before->second;
        return {};
    }
    Result<std::string> found = field == "policy"     ? policy(name)
                                : field == "category" ? category(name)
                                                      : addin(name);
    if (found) {
        name = references_.emplace(known, std::move(*found)).first->second;
        return {};
    }
    if (!is_of_value(found.error()))
        return pass(std::move(found).error());
    report(spot, field, std::move(found).error());
    return {};
}

Result<std::string> Check::principal(const std::string& text, std::string_view field) {
    const auto known = principals_.find(text);
    if (known != principals_.end())
        return known->second;
    const Result<PrincipalName> name = parse_principal(text, field);
    std::string written;
    if (name && name->kind == PrincipalKind::system) {
        written = name->written();  // made when somebody names it first
    } else {
        const Result<Principal> found = find_principal(tx_, directory_, text, field, names_);
        if (!found)
            return pass(found.error());
        written = PrincipalName{found->kind, found->name}.written();
    }
    return principals_.emplace(text, std::move(written)).first->second;
}

Result<std::string> Check::policy(const std::string& text) {
    const Result<PolicyIdentity> identity = parse_policy_identity(text);
    if (!identity)
        return pass(identity.error());
    const std::string written = identity->written();
    if (identity->scope != PolicyScope::tag)
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("policy '{}' cannot be granted", written),
            "it counts by itself; grant a tag",
            "policy"
        );
    if (const EstateItem* item = estate_.find(EstateNoun::policy, name_key(written)))
        return item->name;
    const auto all = tx_.policies().list();
    if (!all)
        return pass(all.error());
    Texts names;
    for (const Policy& one : *all) {
        if (one.scope == PolicyScope::tag && one.name_key == name_key(identity->name))
            return identity_of(one);
        names.push_back(identity_of(one));
    }
    return fail_as(
        "policy-not-found",
        Errc::not_found,
        fmt::format("policy '{}' is neither in the estate nor in the pool", written),
        guess(EstateNoun::policy, written, std::move(names)),
        "policy"
    );
}

Result<std::string> Check::category(const std::string& text) {
    if (const EstateItem* item = estate_.find(EstateNoun::category, name_key(text)))
        return item->name;
    const auto found = find_category(tx_, text);
    if (!found)
        return pass(found.error());
    if (*found)
        return (*found)->name;
    Texts names;
    directory_.read([&](const DirectoryState& state) {
        state.each_category([&](const KnownCategory& one) { names.push_back(one.category.name); });
        return 0;
    });
    return fail_as(
        "category-not-found",
        Errc::not_found,
        fmt::format("category '{}' is neither in the estate nor in the pool", printable(text)),
        guess(EstateNoun::category, text, std::move(names)),
        "category"
    );
}

Result<std::string> Check::addin(const std::string& text) {
    if (const EstateItem* item = estate_.find(EstateNoun::addin, name_key(text)))
        return item->name;
    const auto all = tx_.addins().list();
    if (!all)
        return pass(all.error());
    Texts names;
    for (const Addin& one : *all) {
        if (one.name_key == name_key(text) || (is_uuid(text) && one.uuid == lower_ascii(text)))
            return one.name;
        names.push_back(one.name);
    }
    return fail_as(
        "addin-not-found",
        Errc::not_found,
        fmt::format("add-in '{}' is neither in the estate nor in the pool", printable(text)),
        guess(EstateNoun::addin, text, std::move(names)),
        "addin"
    );
}

std::string Check::guess(EstateNoun noun, const std::string& text, Texts names) const {
    for (const EstateItem& item : estate_[noun].items)
        names.push_back(item.name);
    std::sort(names.begin(), names.end());
    const auto near = nearest(text, {names.begin(), names.end()});
    return near ? fmt::format("did you mean '{}'?", *near)
                : fmt::format("describe it below {}", estate_shape(noun).section);
}

}  // namespace

Result<std::vector<EstateProblem>> make_canonical(
    ContentTransaction& tx, const Directory& directory, const Person& who, Estate& estate
) {
    return Check{tx, directory, who, estate}.run();
}

}  // namespace pchat
