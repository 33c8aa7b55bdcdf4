// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/render_services.h"

#include "cli/deploy/node_layout.h"
#include "generated/service_texts.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace pchat::cli {
namespace {

using Values = std::vector<std::pair<std::string_view, std::string>>;

/// A template with "@name@" replaced.
std::string fill(std::string_view text, const Values& values) {
    std::string out{text};
    for (const auto& [name, value] : values) {
        const std::string mark = fmt::format("@{}@", name);
        for (std::size_t at = out.find(mark); at != std::string::npos;
             at = out.find(mark, at + value.size()))
            out.replace(at, mark.size(), value);
    }
    return out;
}

void add(NodeWant& want, std::string path, unsigned mode, std::string text) {
    want.files.push_back({std::move(path), "root", "root", mode, std::move(text), false});
}

void add_unit(NodeWant& want, std::string_view name, const Values& values) {
    std::string unit = fmt::format("{}.service", name);
    add(want,
        fmt::format("{}/{}", layout::systemd_units, unit),
        0644,
        fill(service_text(name), values));
    want.units.push_back(std::move(unit));
}

void add_runit(NodeWant& want, std::string_view name, const Values& values) {
    const std::string folder = fmt::format("{}/{}", layout::runit_services, name);
    const std::string run = fmt::format("runit-{}", name);
    const Values log{{"log", fmt::format("{}/{}", layout::log, name)}};
    add(want, folder + "/run", 0755, fill(service_text(run), values));
    add(want, folder + "/log/run", 0755, fill(service_text("runit-log"), log));
    want.units.emplace_back(name);
}

/// As a setting of a unit takes it between quotes, where % and \ mean something.
std::string quoted(const std::string& path) {
    std::string out;
    for (const char one : path) {
        if (one == '%')
            out += '%';
        if (one == '"' || one == '\\')
            out += '\\';
        out += one;
    }
    return fmt::format("\"-{}\"", out);
}

Values server_values(const ServiceWish& wish) {
    std::string writable{layout::data};
    for (const std::string& folder : wish.writable)
        writable += " " + quoted(folder);
    return {
        {"program", std::string{layout::server_program}},
        // A release knows the drivers that it brings; the machine's own stand elsewhere.
        {"environment", wish.own_driver ? "ODBCSYSINI=/etc" : ""},
        {"open_files", fmt::format("{}", wish.open_files)},
        {"capability", wish.low_port ? "CAP_NET_BIND_SERVICE" : ""},
        // A user namespace of its own has no say over the ports of the machine.
        {"private_users", wish.low_port ? "no" : "yes"},
        {"capabilities", wish.low_port ? "-all,+net_bind_service" : "-all"},
        {"writable", std::move(writable)},
        {"data", std::string{layout::data}}};
}

}  // namespace

void add_services(const ServiceWish& wish, NodeWant& want) {
    const Values server = server_values(wish);
    const Values bus{
        {"program", std::string{layout::bus_program}},
        {"settings", std::string{layout::bus_settings}}};
    const auto add_one = wish.supervisor == Supervisor::systemd ? &add_unit : &add_runit;
    if (wish.with_bus)
        add_one(want, "pchat-nats", bus);
    add_one(want, "pchatd", server);
}

}  // namespace pchat::cli
