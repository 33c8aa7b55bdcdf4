// SPDX-License-Identifier: Apache-2.0
#include "server/domain/estate_plan.h"

#include "server/domain/name.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace pchat {
namespace {

using Texts = std::vector<std::string>;

constexpr std::array making{
    EstateNoun::addin,
    EstateNoun::category,
    EstateNoun::policy,
    EstateNoun::config,
    EstateNoun::room,
    EstateNoun::grant,
    EstateNoun::wall};
constexpr std::array removing{
    EstateNoun::wall,
    EstateNoun::grant,
    EstateNoun::room,
    EstateNoun::category,
    EstateNoun::policy,
    EstateNoun::addin,
    EstateNoun::config};

Texts minus(const Texts& from, const Texts& taken) {
    Texts out;
    std::set_difference(
        from.begin(), from.end(), taken.begin(), taken.end(), std::back_inserter(out)
    );
    return out;
}

Texts united(const Texts& a, const Texts& b) {
    Texts out;
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
    return out;
}

Texts common(const Texts& a, const Texts& b) {
    Texts out;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
    return out;
}

Texts texts_of(const std::optional<EstateValue>& value) {
    const Texts* list = value ? std::get_if<Texts>(&*value) : nullptr;
    return list == nullptr ? Texts{} : *list;
}

bool same(const EstateField& field, const EstateValue& a, const EstateValue& b) {
    if (field.kind != EstateKind::reference)
        return a == b;
    const std::string& x = std::get<std::string>(a);
    const std::string& y = std::get<std::string>(b);
    return x.empty() || y.empty() ? x == y : name_key(x) == name_key(y);
}

bool always_there(EstateNoun noun, const EstateItem& item) {
    return (noun == EstateNoun::policy || noun == EstateNoun::config) && item.name == "global";
}

class Planner {
public:
    Planner(const Estate& wanted, const Estate& found) : wanted_(wanted), found_(found) {}

    std::vector<EstateChange> plan() {
        for (const EstateNoun noun : making) {
            make(noun);
            if (noun == EstateNoun::room)
                std::move(later_.begin(), later_.end(), std::back_inserter(out_));
        }
        for (const EstateNoun noun : removing)
            if (wanted_[noun].prune)
                prune(noun);
        return std::move(out_);
    }

private:
    void make(EstateNoun noun) {
        std::unordered_map<std::string_view, const EstateItem*> there;
        for (const EstateItem& item : found_[noun].items)
            there.emplace(item.key, &item);
        const std::vector<EstateItem>& items = wanted_[noun].items;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const auto old = there.find(items[i].key);
            EstateChange change;
            change.noun = noun;
            change.item = i;
            if (const EstateValue* may = items[i].find("allow_http"))
                change.allow_http = std::get<bool>(*may);
            if (old == there.end())
                create(std::move(change), items[i]);
            else
                set(std::move(change), items[i], *old->second);
        }
    }

    void create(EstateChange change, const EstateItem& item) {
        change.action = EstateAction::create;
        change.name = item.name;
        for (const EstateField& field : estate_shape(change.noun).fields)
            if (const EstateValue* value = item.find(field.key); value && !field.permission)
                change.fields.push_back({field.key, {}, *value});
        out_.push_back(std::move(change));
    }

    void set(EstateChange change, const EstateItem& item, const EstateItem& old) {
        const EstateShape& shape = estate_shape(change.noun);
        change.action = EstateAction::set;
        change.name = old.name;
        if (shape.respelled && item.name != old.name)
            change.fields.push_back({shape.name_key, old.name, item.name});
        for (const EstateField& field : shape.fields) {
            const EstateValue* now = item.find(field.key);
            const EstateValue* was = old.find(field.key);
            if (now != nullptr && was != nullptr && !field.permission && !same(field, *was, *now))
                change.fields.push_back({field.key, *was, *now});
        }
        if (change.fields.empty())
            return;
        if (change.noun == EstateNoun::category)
            split(std::move(change));
        else
            out_.push_back(std::move(change));
    }

    /// Whom it lets in more comes now, with all else: the rooms that follow go by its settings.
    /// What lets fewer in comes when the rooms are as they are to be.
    void split(EstateChange change) {
        EstateChange wide = change;
        EstateChange narrow = change;
        wide.fields.clear();
        narrow.fields.clear();
        for (const EstateDifference& one : change.fields) {
            if (one.field == "creators") {  // must be allowed in the end
                narrow.fields.push_back(one);
                continue;
            }
            if (one.field != "allow" && one.field != "deny") {
                wide.fields.push_back(one);
                continue;
            }
            const Texts before = texts_of(one.before);
            const Texts after = texts_of(one.after);
            const Texts between =
                one.field == "allow" ? united(before, after) : common(before, after);
            if (between != before)
                wide.fields.push_back({one.field, before, between});
            if (between != after)
                narrow.fields.push_back({one.field, between, after});
        }
        // Its name is the new one by then.
        if (const EstateDifference* name = wide.find("name"))
            narrow.name = std::get<std::string>(*name->after);
        const auto narrows = [](const EstateDifference& one) { return one.field != "creators"; };
        if (std::none_of(narrow.fields.begin(), narrow.fields.end(), narrows)) {
            out_.push_back(std::move(change));
            return;
        }
        if (!wide.fields.empty())
            out_.push_back(std::move(wide));
        later_.push_back(std::move(narrow));
    }

    void prune(EstateNoun noun) {
        std::unordered_set<std::string_view> kept;
        for (const EstateItem& item : wanted_[noun].items)
            kept.insert(item.key);
        for (const EstateItem& item : found_[noun].items) {
            if (kept.contains(item.key) || always_there(noun, item))
                continue;
            EstateChange change;
            change.action = EstateAction::remove;
            change.noun = noun;
            change.name = item.name;
            for (const EstateField& field : estate_shape(noun).fields)
                if (const EstateValue* value = item.find(field.key); value && !field.permission)
                    change.fields.push_back({field.key, *value, {}});
            out_.push_back(std::move(change));
        }
    }

    const Estate& wanted_;
    const Estate& found_;
    std::vector<EstateChange> out_;
    std::vector<EstateChange> later_;
};

}  // namespace

std::vector<std::string> EstateDifference::added() const {
    return minus(texts_of(after), texts_of(before));
}

std::vector<std::string> EstateDifference::removed() const {
    return minus(texts_of(before), texts_of(after));
}

const EstateDifference* EstateChange::find(std::string_view field) const {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const EstateDifference& one) {
        return one.field == field;
    });
    return found == fields.end() ? nullptr : &*found;
}

std::vector<EstateChange> plan_estate(const Estate& wanted, const Estate& found) {
    return Planner{wanted, found}.plan();
}

}  // namespace pchat
