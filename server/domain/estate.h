// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pchat {

/// The kinds of things that an estate describes, in the order in which people read about them.
enum class EstateNoun : std::uint8_t { config, policy, grant, addin, category, room, wall };
constexpr std::size_t estate_noun_count = 7;

enum class EstateKind : std::uint8_t {
    flag,
    number,
    text,
    choice,      // text: one of some words
    reference,   // text: the name of another thing, whatever its case
    principals,  // texts: a set
};

/// A field of one kind of thing, called as in every other request.
struct EstateField {
    std::string_view key;
    EstateKind kind = EstateKind::text;
    std::vector<std::string_view> choices = {};
    /// Only says what may be written: it is kept nowhere, and nothing differs by it.
    bool permission = false;
};

struct EstateShape {
    EstateNoun noun{};
    std::string_view word;      // "room"
    std::string_view section;   // "rooms": the list of them
    std::string_view name_key;  // "name": the field that says which one
    bool respelled = false;     // the spelling of its name is a field of it
    std::vector<EstateField> fields;

    [[nodiscard]] const EstateField* find(std::string_view key) const;
};
const EstateShape& estate_shape(EstateNoun noun);
/// All nouns, in their order.
constexpr std::array<EstateNoun, estate_noun_count> estate_nouns{
    EstateNoun::config,
    EstateNoun::policy,
    EstateNoun::grant,
    EstateNoun::addin,
    EstateNoun::category,
    EstateNoun::room,
    EstateNoun::wall};

using EstateValue = std::variant<bool, std::int64_t, std::string, std::vector<std::string>>;

/// One thing: what is said of it. A field that is not there is left as it is.
struct EstateItem {
    std::string name;
    std::string key;                              // name_key(name)
    std::map<std::string_view, EstateValue> has;  // by EstateField::key

    [[nodiscard]] const EstateValue* find(std::string_view field) const;
    [[nodiscard]] std::string text(std::string_view field) const;
    [[nodiscard]] std::vector<std::string> texts(std::string_view field) const;
};
/// With its key; the fields are to be put into it.
EstateItem estate_item(std::string name);

struct EstateSection {
    std::vector<EstateItem> items;
    bool prune = false;  // what is not among the items goes
};

/// What lives in a pool, or a part of it. Names and principals are written as the pool writes them,
/// and principals are in order: `canonical` puts them so.
struct Estate {
    std::array<EstateSection, estate_noun_count> sections;

    EstateSection& operator[](EstateNoun noun) { return sections[static_cast<std::size_t>(noun)]; }
    const EstateSection& operator[](EstateNoun noun) const {
        return sections[static_cast<std::size_t>(noun)];
    }
    /// Whether it says anything of that kind of thing.
    [[nodiscard]] bool concerns(EstateNoun noun) const;
    [[nodiscard]] const EstateItem* find(EstateNoun noun, std::string_view key) const;
};

/// The items of each section in the order of their names, each list of principals ascending.
void sort(Estate& estate);

}  // namespace pchat
