// SPDX-License-Identifier: Apache-2.0
#include "cli/complete.h"
#include "cli/topology_file.h"
#include "topology/parse.h"
#include "topology/rules/rules.h"

#include <utility>

namespace pchat::cli {
namespace {

using Names = std::vector<std::string>;

template <class Items, class Member>
Names names_of(const Items& items, Member member) {
    Names names;
    for (const auto& item : items)
        if (const std::string& name = (item.*member).value; !name.empty())
            names.push_back(name);
    return names;
}

Names machines(const topology::Spec& spec) {
    Names names;
    for (const topology::Pool& pool : spec.pools)
        for (const topology::Machine& machine : pool.machines)
            if (!machine.fqdn->empty())
                names.push_back(*machine.fqdn);
    return names;
}

Names rule_ids() {
    Names names;
    for (const auto rules : {topology::static_rules(), topology::transition_rules()})
        for (const topology::Rule& rule : rules)
            names.emplace_back(rule.id);
    return names;
}

}  // namespace

Names topology_names(Context& ctx, const std::string& refers, const std::string& file) {
    if (refers == "rule")
        return rule_ids();
    if (file == "-")
        return {};  // what comes from stdin comes later
    Result<InputText> input = read_input(ctx, file);
    if (!input)
        return {};
    const topology::Parsed parsed = topology::parse(std::move(input->name), std::move(input->text));
    const topology::Spec& spec = parsed.model.spec;
    if (refers == "site")
        return names_of(spec.sites, &topology::Site::name);
    if (refers == "data-center")
        return names_of(spec.data_centers, &topology::DataCenter::name);
    if (refers == "front-end")
        return names_of(spec.front_ends, &topology::FrontEnd::fqdn);
    if (refers == "sql-instance")
        return names_of(spec.sql_instances, &topology::SqlInstance::name);
    if (refers == "file-store")
        return names_of(spec.file_stores, &topology::FileStore::name);
    if (refers == "pool")
        return names_of(spec.pools, &topology::Pool::fqdn);
    if (refers == "machine")
        return machines(spec);
    return {};
}

}  // namespace pchat::cli
