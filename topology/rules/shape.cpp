// SPDX-License-Identifier: Apache-2.0
// The rules on a document's form. They are judged while it is read (base/config), so there is no
// check here, only what `explain` tells.
#include "topology/rules/families.h"

#include <array>

namespace pchat::topology {
namespace {

constexpr Rule form(
    std::string_view id, std::string_view title, std::string_view why, std::string_view fix
) {
    return {
        .id = id,
        .title = title,
        .why = why,
        .source = "this project",
        .fix = fix,
        .origin = Origin::ours};
}

constexpr std::array table{
    form(
        "SHAPE-01",
        "the text is not one readable YAML document",
        "The file must be UTF-8 without control characters, at most 4 MiB, hold one document, and "
        "indent with blanks. "
        "Anchors, aliases, merge keys and tags are refused: they let one line change many places, "
        "and a file that is "
        "reviewed by people should say what it means where it stands.",
        "Mend the place that the caret shows; write repeated values out."
    ),
    form(
        "SHAPE-02",
        "a value has the wrong type",
        "Types are strict, because YAML readers disagree on words like yes, on, 010 or 1e3: a text "
        "that could be taken "
        "for a number or a boolean needs quotes, a boolean is true or false, a number is written "
        "in decimal digits.",
        "Write the value in the form that the message names."
    ),
    form(
        "SHAPE-03",
        "a required field is missing",
        "The field has no default that would be right for everybody.",
        "Add the field; pchat-topology(5) lists all of them."
    ),
    form(
        "SHAPE-04",
        "a key is not known",
        "An unknown key is nearly always a misspelled known one, and ignoring it would silently "
        "use a default.",
        "Correct the key, or remove it."
    ),
    form(
        "SHAPE-05",
        "a key is given twice in one object",
        "Readers differ in which of the two they take, so two tools would deploy two different "
        "things.",
        "Remove one of the two."
    ),
    form(
        "SHAPE-06",
        "a value is not one of those allowed",
        "The field takes one of a few words, written exactly so.",
        "Use one of the words that the message lists."
    ),
    form(
        "SHAPE-07",
        "a value is out of range",
        "Numbers and the length of texts have limits, so that sums cannot overflow and names fit "
        "where they are used.",
        "Stay within the limits that the message names."
    ),
};

}  // namespace

std::span<const Rule> shape_rules() {
    return table;
}

}  // namespace pchat::topology
