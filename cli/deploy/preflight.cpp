// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/preflight.h"

#include "base/suggest.h"
#include "cli/deploy/preflight_checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

namespace pchat::cli {
namespace {

struct Row {
    Check check;
    Outcome (*judge)(const Preflight& with, const Asked& asked);  // none: judged elsewhere
};

const std::vector<Row>& rows() {
    static const std::vector<Row> all{
        {{"reachable", "somebody answers there; passed over, the machine is left out"}, nullptr},
        {{"host-key", "it is the machine that is known by its key"}, nullptr},
        {{"sign-in", "it lets somebody in who may do it"}, nullptr},
        {{"os", "a Linux that releases are made for"}, check_os},
        {{"architecture", "the bundle is for this kind of machine"}, check_architecture},
        {{"glibc", "a C library that the release starts with"}, check_glibc},
        {{"supervisor", "systemd or runit starts services"}, check_supervisor},
        {{"account", "the number of the service's account is free or its own"}, check_account},
        {{"disk", "room for the release and the data"}, check_disk},
        {{"memory", "memory for the planned sessions"}, check_memory},
        {{"open-files", "as many open files as sessions need"}, check_open_files},
        {{"ports", "the ports are free or already its own"}, check_ports},
        {{"clock", "its clock goes right"}, check_clock},
        {{"names", "it knows the others and the databases by name"}, check_names},
        {{"certificate", "names and dates of its certificate"}, check_certificate},
        {{"database", "it reaches the databases"}, check_database},
        {{"schema", "the databases have the tables of this release"}, nullptr},
        {{"driver", "the ODBC driver that the topology names"}, check_driver},
        {{"file-store", "mounted, and the service may write"}, check_file_store},
        {{"same-store", "all machines see the same files"}, nullptr},
        {{"release", "what runs there now"}, check_release},
        {{"skew", "all machines have the same release now, and this one is no older"}, nullptr}};
    return all;
}

Finding together(std::string check, Verdict verdict, std::string message, std::string hint = {}) {
    return {{}, std::move(check), verdict, std::move(message), std::move(hint)};
}

/// By the mark that one machine left for the others.
Finding same_store(const Preflight& with, const std::vector<Asked>& nodes) {
    const topology::FileStore* store = with.topology.file_store(with.pool.file_store);
    if (store == nullptr || !topology::stated(store->path) || nodes.size() < 2)
        return together("same-store", Verdict::good, "there is nothing to compare");
    std::vector<std::string> blind;
    std::vector<std::string> unknown;
    std::string writer;
    for (const Asked& node : nodes) {
        const std::string& mark = node.mark;
        if (mark == "left")
            writer = *node.machine->fqdn;
        else if (mark == "missing")
            blind.push_back(*node.machine->fqdn);
        else if (mark != "found")
            unknown.push_back(
                fmt::format("{} ({})", *node.machine->fqdn, mark.empty() ? "not asked" : mark)
            );
    }
    if (!blind.empty())
        return together(
            "same-store",
            Verdict::bad,
            fmt::format(
                "what {} writes to {} is not seen by {}",
                writer,
                *store->path,
                fmt::join(blind, ", ")
            ),
            "mount the same share on all machines"
        );
    if (!unknown.empty())
        return together(
            "same-store",
            Verdict::warning,
            fmt::format("{} was not compared on {}", *store->path, fmt::join(unknown, ", ")),
            "all machines of a pool must see the same files"
        );
    return together("same-store", Verdict::good, "all see the same files");
}

Finding skew(const Preflight& with, const std::vector<Asked>& nodes) {
    std::set<std::string> releases;
    for (const Asked& node : nodes)
        if (!node.found.current.empty())
            releases.insert(node.found.current);
    if (releases.size() > 1)
        return together(
            "skew",
            Verdict::warning,
            fmt::format("they run {}", fmt::join(releases, " and ")),
            "a roll-out was not finished; this one brings them together"
        );
    if (!releases.empty() && numbers_of(*releases.begin()) > numbers_of(with.bundle.version))
        return together(
            "skew",
            Verdict::warning,
            fmt::format("they run {}, which is newer", *releases.begin()),
            "to go back to the release before: pchatctl deploy rollback"
        );
    return together("skew", Verdict::good, "none");
}

}  // namespace

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
    case Verdict::good:
        return "ok";
    case Verdict::warning:
        return "warning";
    case Verdict::bad:
        return "failed";
    case Verdict::skipped:
        return "skipped";
    }
    return "";
}

const std::vector<Check>& checks() {
    static const std::vector<Check> all = [] {
        std::vector<Check> out;
        for (const Row& row : rows())
            out.push_back(row.check);
        return out;
    }();
    return all;
}

std::vector<Finding> judge_node(const Preflight& preflight, const Asked& asked) {
    std::vector<Finding> out;
    for (const Row& row : rows()) {
        if (row.judge == nullptr)
            continue;
        Outcome outcome = row.judge(preflight, asked);
        out.push_back(
            {*asked.machine->fqdn,
             std::string{row.check.name},
             outcome.verdict,
             std::move(outcome.message),
             std::move(outcome.hint)}
        );
    }
    return out;
}

std::vector<Finding> judge_together(const Preflight& preflight, const std::vector<Asked>& nodes) {
    return {same_store(preflight, nodes), skew(preflight, nodes)};
}

Result<void> skip(std::vector<Finding>& findings, const std::vector<std::string>& names) {
    std::vector<std::string_view> known;
    for (const Check& check : checks())
        known.push_back(check.name);
    for (const std::string& name : names) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            const auto guess = nearest(name, known);
            return fail(
                Errc::usage,
                fmt::format("there is no check '{}'", name),
                guess ? fmt::format("did you mean {}?", *guess)
                      : fmt::format("one of {}", fmt::join(known, ", "))
            );
        }
        for (Finding& finding : findings)
            if (finding.check == name && finding.verdict != Verdict::good)
                finding.verdict = Verdict::skipped;
    }
    return {};
}

}  // namespace pchat::cli
