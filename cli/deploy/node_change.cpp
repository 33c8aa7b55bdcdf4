// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/node_change.h"

#include "base/sha256.h"
#include "cli/deploy/node_layout.h"
#include "cli/deploy/node_program.h"
#include "cli/deploy/tar_archive.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace pchat::cli {
namespace {

constexpr std::size_t id_digits = 16;
constexpr std::string_view server = "pchatd";
constexpr std::string_view bus = "pchat-nats";

bool has_bus(const NodeWant& want) {
    return std::any_of(want.units.begin(), want.units.end(), [](const std::string& unit) {
        return unit.starts_with(bus);
    });
}

bool has_file(const NodeWant& want, std::string_view path) {
    return std::any_of(want.files.begin(), want.files.end(), [&](const NodeFile& file) {
        return file.path == path;
    });
}

std::string lines_of(const std::vector<std::string>& lines) {
    std::string out;
    for (const std::string& line : lines)
        out += line + "\n";
    return out;
}

/// Both services take certificates that are renewed, but pchatd keeps those of its connections to
/// the bus.
std::string effect_of_tls(const std::string& path, const NodeWant& want) {
    const std::string name = path.substr(layout::tls.size() + 1);
    const std::string reload_server = fmt::format("reload={}", server);
    const std::string restart_server = fmt::format("restart={}", server);
    if (name == "content-ca.pem" || name == "compliance-ca.pem")
        return restart_server;
    if (!has_bus(want))
        return reload_server;
    const bool own_pair = has_file(want, fmt::format("{}/bus.pem", layout::tls));
    if (own_pair && !name.starts_with("bus"))
        return reload_server;
    return fmt::format("{},restart={}", restart_server, bus);
}

}  // namespace

std::string mode_text(unsigned mode) {
    return fmt::format("{:04o}", mode);
}

std::string effect_of(const NodeFile& file, const NodeWant& want) {
    const auto in = [&](std::string_view folder) {
        return file.path.starts_with(fmt::format("{}/", folder));
    };
    if (in(layout::tls))
        return effect_of_tls(file.path, want);
    const bool of_bus = file.path == layout::bus_settings ||
                        file.path.find(fmt::format("/{}", bus)) != std::string::npos;
    return fmt::format("restart={}", of_bus ? bus : server);
}

Result<NodeChange> make_change(
    const NodeWant& want, Supervisor supervisor, const std::vector<std::string>& probe
) {
    NodeChange out;
    TarArchive archive;
    std::vector<std::pair<std::string, std::string>> members{
        {"release", want.release + "\n"},
        {"supervisor", supervisor == Supervisor::systemd ? "systemd\n" : "runit\n"},
        {"units", lines_of(want.units)},
        {"probe", lines_of(probe)},
        {"agent", node_program()}};
    for (const NodeFile& file : want.files)
        out.listing.push_back(fmt::format(
            "{}\t{}\t{}\t{}\t{}\t{}",
            file.path,
            file.owner,
            file.group,
            mode_text(file.mode),
            sha256_hex(file.content),
            effect_of(file, want)
        ));
    members.emplace_back("files", lines_of(out.listing));
    Sha256 all;
    for (const auto& [name, text] : members) {
        all.add(fmt::format("{} {}\n", name, text.size()));
        all.add(text);
        if (Result<void> added = archive.add(name, text); !added)
            return pass(std::move(added).error());
    }
    // A private key is part of it: nobody learns a password by trying.
    out.id = all.hex().substr(0, id_digits);
    for (const NodeFile& file : want.files)
        if (Result<void> added = archive.add("tree" + file.path, file.content); !added)
            return pass(std::move(added).error());
    out.archive = std::move(archive).take();
    return out;
}

}  // namespace pchat::cli
