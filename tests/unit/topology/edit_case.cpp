// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/topology/edit_case.h"

#include "cli/unified_diff.h"

#include <sstream>
#include <stdexcept>

namespace pchat::test {
namespace {

std::string rest_of(std::istream& line) {
    std::string rest;
    std::getline(line >> std::ws, rest);
    return rest;
}

topology::Assignment& assignment(EditCase& edit, const std::string& path) {
    for (topology::Assignment& known : edit.values)
        if (known.path == path)
            return known;
    return edit.values.emplace_back(topology::Assignment{path, {}});
}

}  // namespace

EditCase parse_edit(const std::string& text) {
    EditCase edit;
    std::istringstream lines{text};
    std::string line;
    std::getline(lines, line);
    std::istringstream head{line};
    head >> edit.verb >> edit.target.kind;
    edit.target.name = rest_of(head);
    while (std::getline(lines, line)) {
        std::istringstream words{line};
        std::string first;
        std::string second;
        words >> first >> second;
        if (first.empty())
            continue;
        if (first == "in") {
            edit.target.parent_kind = second;
            edit.target.parent = rest_of(words);
        } else if (first == "unset") {
            edit.unset.push_back(second);
        } else if (second == "=") {
            assignment(edit, first).values.push_back(rest_of(words));
        } else {
            throw std::invalid_argument(
                "an edit line is 'in KIND NAME', 'unset FIELD' or 'FIELD = VALUE': " + line
            );
        }
    }
    return edit;
}

Result<std::string> run_edit(const EditCase& edit, const std::string& before) {
    const config::Document document = config::read_document("topo.yaml", before);
    if (edit.verb == "add")
        return topology::add_thing(document, edit.target, edit.values);
    if (edit.verb == "set")
        return topology::set_thing(document, edit.target, edit.values, edit.unset);
    return topology::remove_thing(document, edit.target);
}

std::string changed_lines(const std::string& before, const std::string& after) {
    std::istringstream diff{cli::unified_diff("x", before, after, 0)};
    std::string out;
    std::string line;
    std::getline(diff, line);
    std::getline(diff, line);
    while (std::getline(diff, line)) {
        if (line.starts_with("@@") || line.starts_with("\\"))
            continue;
        if (line.ends_with('\r'))
            line.pop_back();
        out += line + '\n';
    }
    return out;
}

}  // namespace pchat::test
