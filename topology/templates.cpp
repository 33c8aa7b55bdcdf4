// SPDX-License-Identifier: Apache-2.0
#include "topology/templates.h"

#include "base/suggest.h"
#include "base/unicode.h"
#include "generated/template_texts.h"
#include "topology/edit.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat::topology {
namespace {

// The template is text: only what cannot leave its place in it may come in.
bool is_domain(std::string_view text) {
    return !text.empty() && text.size() <= 253 && text.front() != '.' && text.back() != '.' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '.';
           });
}

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
    std::string out;
    std::size_t done = 0;
    for (std::size_t at = text.find(from); at != std::string_view::npos;
         at = text.find(from, done)) {
        out.append(text.substr(done, at - done)).append(to);
        done = at + from.size();
    }
    return out.append(text.substr(done));
}

const Template* find_template(std::string_view name) {
    const auto& all = templates();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Template& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

const std::vector<Template>& templates() {
    static const std::vector<Template> all{
        {"standard-collocated", "the pool runs on a Standard Edition server", "office.example"},
        {"standard-separate",
         "a Standard Edition server, and a machine for the pool",
         "branch.example"},
        {"enterprise-single",
         "an Enterprise Edition front end pool, and one machine",
         "contoso.example"},
        {"enterprise-multiple",
         "the same with a pool of four servers, and compliance",
         "contoso.example"},
        {"stretched", "one pool over two data centers, with mirror and backup", "contoso.example"},
        {"embedded", "one machine with SQLite, no database server", "localhost.example"},
    };
    return all;
}

Result<std::string> fill_template(std::string_view name, const TemplateValues& values) {
    const Template* chosen = find_template(name);
    if (chosen == nullptr) {
        std::vector<std::string_view> names;
        for (const Template& one : templates())
            names.push_back(one.name);
        const auto guess = nearest(name, names);
        return fail(
            Errc::usage,
            fmt::format("there is no template '{}'", printable(name.substr(0, 60))),
            guess ? fmt::format("did you mean '{}'?", *guess) : "pchatctl topology init --help"
        );
    }
    std::string text{template_text(chosen->name)};
    for (const std::string& domain : values.domains)
        if (!is_domain(domain))
            return fail(
                Errc::invalid,
                fmt::format("'{}' is not a domain name", printable(domain.substr(0, 80))),
                "letters, digits, hyphens and dots"
            );
    std::vector<Assignment> changes;
    if (!values.domains.empty()) {
        text = replace_all(text, chosen->domain, values.domains.front());
        changes.push_back({"sipDomains", values.domains});
    }
    if (!values.name.empty())
        changes.push_back({"name", {values.name}});
    return set_thing(
        config::read_document(std::string{name}, text),
        {.kind = std::string{deployment_kind}, .name = {}, .parent_kind = {}, .parent = {}},
        changes,
        {}
    );
}

}  // namespace pchat::topology
