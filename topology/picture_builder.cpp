// SPDX-License-Identifier: Apache-2.0
#include "topology/picture_builder.h"

#include "base/unicode.h"
#include "topology/thousands.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat::topology {

namespace {

constexpr std::size_t machine_names_shown = 8;

std::string_view words(Version version) {
    switch (version) {
    case Version::v2013:
        return "2013";
    case Version::v2015:
        return "2015";
    case Version::v2019:
        return "2019";
    }
    return "";
}

std::string edition_line(const FrontEnd& front_end) {
    const std::string_view edition = !front_end.edition.given() ? "edition not stated,"
                                     : *front_end.edition == Edition::standard
                                         ? "Standard Edition"
                                         : "Enterprise Edition";
    return fmt::format("{} {}", edition, words(*front_end.version));
}

bool is_only_itself(const FrontEnd& front_end) {
    return front_end.machines.size() == 1 &&
           same_host(front_end.machines.items.front().fqdn, front_end.fqdn);
}

std::vector<std::string> pool_lines(const Pool& pool, const Number* planned) {
    std::vector<std::string> lines;
    if (!pool.display_name->empty())
        lines.push_back(printable(*pool.fqdn));
    const std::size_t active = Directory::active_machines(pool);
    const std::size_t standby = pool.machines.size() - std::min(active, pool.machines.size());
    std::string shape =
        pool.kind.given() && *pool.kind == PoolKind::single ? "single server" : "multiple servers";
    shape += fmt::format(", {} active", active);
    if (standby > 0)
        shape += fmt::format(", {} standby", standby);
    lines.push_back(shape);
    if (!pool.site->empty())
        lines.push_back("site " + printable(*pool.site));
    if (planned != nullptr && planned->given())
        lines.push_back(with_thousands(**planned) + " users at the same time");
    if (*pool.compliance.enabled)
        lines.emplace_back("compliance on");
    return lines;
}

std::string roles_line(const OtherServer& server) {
    std::string line;
    for (const Text& role : server.roles)
        line += (line.empty() ? "" : ", ") + printable(*role);
    return line;
}

}  // namespace

void PictureBuilder::add_pools() {
    for (const Pool& pool : spec_.pools) {
        add_pool(pool);
        ++band_;
    }
}

void PictureBuilder::add_pool(const Pool& pool) {
    const std::string name =
        printable(pool.display_name->empty() ? *pool.fqdn : *pool.display_name);
    const std::size_t frame = add_group(
        {.kind = GroupKind::pool,
         .title = name.empty() ? "pool without a name" : name,
         .lines = pool_lines(pool, all_.planned_users(pool)),
         .band = band_}
    );
    add_machines(pool, frame);
    add_next_hop(pool, frame);
    add_databases(pool, frame);
    add_file_store(pool, frame);
}

void PictureBuilder::add_machines(const Pool& pool, std::size_t frame) {
    // Data centers in the order of the document, whatever order the machines have.
    std::map<std::string, std::size_t> frames;
    const auto frame_of = [&](const Text& data_center) {
        if (data_center->empty())
            return frame;
        const auto [found, is_new] = frames.try_emplace(*data_center, 0);
        if (is_new) {
            const bool known = all_.data_center(data_center) != nullptr;
            found->second = add_group(
                {.kind = GroupKind::machines,
                 .title = printable(*data_center) + (known ? "" : " (not in the document)"),
                 .parent = frame,
                 .band = band_}
            );
        }
        return found->second;
    };
    const auto is_in = [&](const Machine& machine, const DataCenter& data_center) {
        return !data_center.name->empty() && *machine.data_center == *data_center.name;
    };
    for (const DataCenter& data_center : spec_.data_centers)
        if (std::any_of(pool.machines.begin(), pool.machines.end(), [&](const Machine& machine) {
                return is_in(machine, data_center);
            }))
            frame_of(data_center.name);
    for (const Machine& machine : pool.machines) {
        std::string state = *machine.active ? "active" : "standby";
        if (all_.front_end_on(machine.fqdn) != nullptr)
            state += ", also the front end";
        add_box(
            {.kind = *machine.active ? BoxKind::machine_active : BoxKind::machine_standby,
             .title = printable(*machine.fqdn),
             .lines = {state},
             .group = frame_of(machine.data_center)}
        );
    }
}

void PictureBuilder::add_next_hop(const Pool& pool, std::size_t frame) {
    if (pool.next_hop->empty())
        return;
    const FrontEnd* front_end = all_.front_end(pool.next_hop);
    const std::size_t box = front_end != nullptr
                                ? front_end_box(*front_end)
                                : missing_box(pool.next_hop, site_frame(pool.site));
    connect(
        {.from = {End::What::group, frame},
         .to = {End::What::box, box},
         .kind = EdgeKind::next_hop,
         .label = "next hop"}
    );
}

std::size_t PictureBuilder::site_frame(const Text& site) {
    const auto [found, is_new] = sites_.try_emplace(*site, 0);
    if (!is_new)
        return found->second;
    Group group{.kind = GroupKind::site, .title = "Site not stated"};
    const Site* known = site->empty() ? nullptr : all_.site(site);
    if (!site->empty())
        group.title =
            "Site " + printable(*site) + (known != nullptr ? "" : " (not in the document)");
    if (known != nullptr && !known->default_pool->empty())
        group.lines.push_back("default pool " + printable(*known->default_pool));
    found->second = add_group(std::move(group));
    return found->second;
}

std::size_t PictureBuilder::front_end_box(const FrontEnd& front_end) {
    const auto [found, is_new] = front_ends_.try_emplace(&front_end, 0);
    if (!is_new)
        return found->second;
    Box box{.kind = BoxKind::front_end, .title = printable(*front_end.fqdn)};
    box.lines.push_back(edition_line(front_end));
    if (!is_only_itself(front_end)) {
        const std::size_t count = front_end.machines.size();
        for (std::size_t i = 0; i < std::min(count, machine_names_shown); ++i)
            box.lines.push_back(printable(*front_end.machines.items[i].fqdn));
        if (count > machine_names_shown)
            box.lines.push_back(fmt::format("and {} more machines", count - machine_names_shown));
    }
    box.group = site_frame(front_end.site);
    box.row = rows_++;
    found->second = add_box(std::move(box));
    return found->second;
}

void PictureBuilder::add_front_ends() {
    // A back end stands under its front end, so each one is followed by its own.
    for (const Site& site : spec_.sites)
        site_frame(site.name);
    for (const FrontEnd& front_end : spec_.front_ends)
        add_back_end(front_end, front_end_box(front_end));
}

void PictureBuilder::add_other_servers() {
    if (spec_.other_servers.empty())
        return;
    const std::size_t frame =
        add_group({.kind = GroupKind::other_servers, .title = "Other servers"});
    for (const OtherServer& server : spec_.other_servers)
        add_box(
            {.kind = BoxKind::other_server,
             .title = printable(*server.fqdn),
             .lines = {roles_line(server)},
             .group = frame}
        );
}

std::size_t PictureBuilder::add_group(Group group) {
    picture_.groups.push_back(std::move(group));
    return picture_.groups.size() - 1;
}

std::size_t PictureBuilder::add_box(Box box) {
    if (box.title.empty())
        box.title = "(no name)";
    box.lines.erase(std::remove(box.lines.begin(), box.lines.end(), ""), box.lines.end());
    picture_.boxes.push_back(std::move(box));
    return picture_.boxes.size() - 1;
}

std::size_t PictureBuilder::missing_box(const Text& name, std::size_t group) {
    const auto [found, is_new] = missing_.try_emplace({group, *name}, 0);
    if (is_new)
        found->second = add_box(
            {.kind = BoxKind::missing,
             .title = printable(*name),
             .lines = {"not in the document"},
             .group = group,
             .row = rows_++}
        );
    return found->second;
}

void PictureBuilder::connect(Edge edge) {
    // One line between two things, however many reasons there are for it.
    const auto key = std::tuple{edge.from.what, edge.from.index, edge.to.index, edge.kind};
    const auto [found, is_new] = edges_.try_emplace(key, picture_.edges.size());
    if (is_new) {
        picture_.edges.push_back(std::move(edge));
        return;
    }
    std::string& label = picture_.edges[found->second].label;
    if (label != edge.label)
        label += ", " + edge.label;
}

}  // namespace pchat::topology
