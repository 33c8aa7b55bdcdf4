// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/node_found.h"

#include "base/unicode.h"

#include <fmt/format.h>

#include <charconv>
#include <functional>
#include <limits>
#include <utility>

namespace pchat::cli {
namespace {

using Words = std::vector<std::string>;

std::int64_t number_of(const std::string& word) {
    std::int64_t out = 0;
    std::from_chars(word.data(), word.data() + word.size(), out);
    return out;
}

std::string unless_none(const std::string& word) {
    return word == "-" || word == "none" ? std::string{} : word;
}

void read_supervisor(const Words& in, NodeFound& out) {
    if (in[1] == "systemd")
        out.supervisor = Supervisor::systemd;
    else if (in[1] == "runit")
        out.supervisor = Supervisor::runit;
}

void read_account(const Words& in, NodeFound& out) {
    out.has_account = in[2] != "absent";
}

void read_release(const Words& in, NodeFound& out) {
    out.releases.push_back(in[1]);
    if (in.size() > 3)
        out.schemas[in[1]] = {
            static_cast<int>(number_of(in[2])), static_cast<int>(number_of(in[3]))};
}

void read_activation(const Words& in, NodeFound& out) {
    if (in[1] == "none" || in.size() < 4)
        return;
    out.activation.state =
        in[1] == "running" ? FoundActivation::State::running : FoundActivation::State::gone;
    out.activation.from = unless_none(in[2]);
    out.activation.to = in[3];
    if (in.size() > 6)
        out.activation.who = in[6];
}

void read_lock(const Words& in, NodeFound& out) {
    if (in[1] == "held" && in.size() > 3)
        out.lock = FoundLock{in[2], number_of(in[3])};
}

/// Without what only systemd says.
std::string_view bare_name(std::string_view unit) {
    constexpr std::string_view suffix = ".service";
    return unit.ends_with(suffix) ? unit.substr(0, unit.size() - suffix.size()) : unit;
}

void read_unit(const Words& in, NodeFound& out) {
    out.units.push_back(
        {std::string{bare_name(in[1])},
         in[2],
         in[3],
         in[4].starts_with("enabled"),
         number_of(in[5]),
         number_of(in[6])}
    );
}

void read_file(const Words& in, NodeFound& out) {
    if (in.size() > 5)
        out.files[in[1]] = {in[2], in[3], in[4], in[5]};
}

void read_port(const Words& in, NodeFound& out) {
    FoundPort& port = out.ports[number_of(in[1])];
    port.taken = in[2] == "taken";
    if (port.taken && in.size() > 4) {
        port.user = number_of(in[3]);
        port.program = unless_none(in[4]);
    }
}

void read_store(const Words& in, NodeFound& out) {
    FoundStore& store = out.stores[in[1]];
    store.there = in[2] != "absent";
    if (!store.there || in.size() < 4)
        return;
    store.mounted = in[2] == "mount";
    store.writable = in[3] == "writable";
    if (!store.writable)
        store.problem = in[3];
    if (in.size() > 5) {
        store.kind = in[4];
        store.source = in[5];
    }
}

struct Reading {
    std::size_t words;  // at the least
    std::function<void(const Words&, NodeFound&)> read;
};

std::function<void(const Words&, NodeFound&)> text_into(std::string NodeFound::*field) {
    return [field](const Words& in, NodeFound& out) { out.*field = unless_none(in[1]); };
}

std::function<void(const Words&, NodeFound&)> list_into(std::vector<std::string> NodeFound::*field
) {
    return [field](const Words& in, NodeFound& out) { (out.*field).push_back(in[1]); };
}

const std::map<std::string, Reading, std::less<>>& readings() {
    static const std::map<std::string, Reading, std::less<>> all{
        {"os",
         {4,
          [](const Words& in, NodeFound& out) {
              out.os = in[1];
              out.os_version = in[2];
              out.os_name = in[3];
          }}},
        {"architecture", {2, text_into(&NodeFound::architecture)}},
        {"glibc", {2, text_into(&NodeFound::glibc)}},
        {"supervisor", {2, read_supervisor}},
        {"time",
         {2,
          [](const Words& in, NodeFound& out) { out.time = std::strtod(in[1].c_str(), nullptr); }}},
        {"memory", {2, [](const Words& in, NodeFound& out) { out.memory = number_of(in[1]); }}},
        {"open-files",
         {2,
          [](const Words& in, NodeFound& out) {
              out.open_files = in[1] == "unlimited" ? std::numeric_limits<std::int64_t>::max()
                                                    : number_of(in[1]);
          }}},
        {"free", {3, [](const Words& in, NodeFound& out) { out.free[in[1]] = number_of(in[2]); }}},
        {"address", {2, list_into(&NodeFound::addresses)}},
        {"account", {3, read_account}},
        {"taken",
         {4,
          [](const Words& in, NodeFound& out) {
              out.id_taken_by.push_back(fmt::format("{} {} of {}", in[1], in[2], in[3]));
          }}},
        {"release", {2, read_release}},
        {"change",
         {3,
          [](const Words& in, NodeFound& out) {
              out.changes.push_back({in[1], in[2]});
          }}},
        {"damaged", {3, [](const Words& in, NodeFound& out) { out.damaged[in[1]] = in[2]; }}},
        {"current", {2, text_into(&NodeFound::current)}},
        {"active", {2, text_into(&NodeFound::active)}},
        {"previous", {2, text_into(&NodeFound::previous)}},
        {"activation", {2, read_activation}},
        {"lock", {2, read_lock}},
        {"unit", {7, read_unit}},
        {"file", {3, read_file}},
        {"other", {2, list_into(&NodeFound::others)}},
        {"name",
         {2,
          [](const Words& in, NodeFound& out) {
              out.names[in[1]] = {in.begin() + 2, in.end()};
          }}},
        {"port", {3, read_port}},
        {"store", {3, read_store}},
        {"reach",
         {4,
          [](const Words& in, NodeFound& out) {
              out.reached[fmt::format("{}:{}", in[1], in[2])] = in[3];
          }}},
        {"odbc", {2, list_into(&NodeFound::drivers)}}};
    return all;
}

}  // namespace

std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> out;
    while (true) {
        const std::size_t tab = line.find('\t');
        out.push_back(printable(line.substr(0, tab)));
        if (tab == std::string_view::npos)
            return out;
        line.remove_prefix(tab + 1);
    }
}

const FoundUnit* NodeFound::unit(std::string_view name) const {
    for (const FoundUnit& one : units)
        if (one.name == bare_name(name))
            return &one;
    return nullptr;
}

std::string NodeFound::release_of(std::string_view change) const {
    for (const FoundChange& one : changes)
        if (one.id == change)
            return one.release;
    return {};
}

Result<NodeFound> read_found(std::string_view text) {
    NodeFound out;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const Words words = words_of(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        const auto known = readings().find(words[0]);
        if (known == readings().end())
            continue;
        if (words.size() < known->second.words)
            return fail(Errc::invalid, fmt::format("it says too little of '{}'", words[0]));
        known->second.read(words, out);
    }
    if (out.os.empty() || out.time <= 0)
        return fail(Errc::invalid, "it does not say what it is", "a Debian with /bin/sh is needed");
    return out;
}

Error node_error(const std::string& err, const std::string& doing) {
    std::string_view rest = err;
    while (rest.ends_with('\n'))
        rest.remove_suffix(1);
    const std::size_t begin = rest.rfind('\n');
    const std::string_view last = begin == std::string_view::npos ? rest : rest.substr(begin + 1);
    const Words words = words_of(last);
    Error out;
    out.code = Errc::io;
    if (words[0] == "error" && words.size() > 1) {
        out.message = words[1];
        if (words.size() > 2)
            out.hint = words[2];
    } else {
        out.message = fmt::format(
            "{} failed: {}", doing, last.empty() ? "it does not say why" : printable(last)
        );
    }
    return out;
}

}  // namespace pchat::cli
