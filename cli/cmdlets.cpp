// SPDX-License-Identifier: Apache-2.0
#include "cli/cmdlets.h"

#include "cli/command.h"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace pchat::cli {
namespace {

constexpr auto rows = std::to_array<Cmdlet>({
    {"New-CsPersistentChatCategory",
     "category create",
     "who is allowed, denied and may create rooms goes into the same call"},
    {"Set-CsPersistentChatCategory",
     "category set",
     "lists are edited with --add-allow, --remove-allow and their like"},
    {"Get-CsPersistentChatCategory", "category get, category list", ""},
    {"Remove-CsPersistentChatCategory", "category remove", "it must be empty"},
    {"New-CsPersistentChatRoom",
     "room create",
     "members, managers and presenters go into the same call; -f takes many rooms"},
    {"Set-CsPersistentChatRoom", "room set, room disable, room enable, room move", ""},
    {"Get-CsPersistentChatRoom", "room get, room list", "its filters may be combined"},
    {"Clear-CsPersistentChatRoom", "room clear", ""},
    {"Remove-CsPersistentChatRoom", "room remove", ""},
    {"Remove-CsPersistentChatMessage",
     "message remove, message replace",
     "the filters choose the messages; --what-if shows them first"},
    {"New-CsPersistentChatAddin", "addin create", ""},
    {"Set-CsPersistentChatAddin", "addin set", ""},
    {"Get-CsPersistentChatAddin", "addin get, addin list", ""},
    {"Remove-CsPersistentChatAddin", "addin remove", ""},
    {"New-CsPersistentChatPolicy", "policy set", "makes the policy when there is none"},
    {"Set-CsPersistentChatPolicy", "policy set", ""},
    {"Get-CsPersistentChatPolicy", "policy get, policy list, policy effective, policy who", ""},
    {"Remove-CsPersistentChatPolicy", "policy remove", ""},
    {"Grant-CsPersistentChatPolicy",
     "policy grant, policy revoke",
     "-PolicyName $null is `policy revoke`"},
    {"New-CsPersistentChatConfiguration", "config set", "makes it when there is none"},
    {"Set-CsPersistentChatConfiguration", "config set", ""},
    {"Get-CsPersistentChatConfiguration", "config get, config list, config effective", ""},
    {"Remove-CsPersistentChatConfiguration", "config remove", ""},
    {"New-CsPersistentChatComplianceConfiguration", "compliance config", ""},
    {"Set-CsPersistentChatComplianceConfiguration", "compliance config", ""},
    {"Get-CsPersistentChatComplianceConfiguration", "compliance config", ""},
    {"Remove-CsPersistentChatComplianceConfiguration", "compliance config", ""},
    {"New-CsPersistentChatEndpoint", "endpoint create", "-PersistentChatPoolFqdn is --pool"},
    {"Get-CsPersistentChatEndpoint", "endpoint list", ""},
    {"Remove-CsPersistentChatEndpoint", "endpoint remove", ""},
    {"Get-CsPersistentChatEligiblePrincipal", "principal eligible", ""},
    {"Get-CsAdPrincipal", "principal list, principal get", ""},
    {"Get-CsPersistentChatState", "pool state get", ""},
    {"Set-CsPersistentChatState",
     "pool state set, ha failover, ha failback",
     "of one server: active, standby or draining"},
    {"Set-CsPersistentChatActiveServer",
     "pool active list, pool active add, pool active remove, pool active set, pool active clear, "
     "pool active swap",
     ""},
    {"Export-CsPersistentChatData", "data export", ""},
    {"Import-CsPersistentChatData", "data import", ""},
    {"Test-CsPersistentChatMessage", "test message", "--report writes HTML or JSON"},
    {"Install-CsDatabase", "db plan, db provision, db migrate", "-Update is `db migrate`"},
    {"Uninstall-CsDatabase", "db uninstall", "-Detach is --detach"},
    {"Test-CsDatabase", "db test, db status", ""},
    {"Install-CsMirrorDatabase", "ha mirror install", ""},
    {"Uninstall-CsMirrorDatabase", "ha mirror remove", ""},
    {"Get-CsDatabaseMirrorState", "ha mirror status, ha status", ""},
    {"Invoke-CsDatabaseFailover", "ha failover, ha failback", ""},
    {"Get-CsTopology", "topology show", ""},
    {"Publish-CsTopology", "topology publish, topology history, topology rollback", ""},
    {"Enable-CsTopology", "topology publish", "servers take up a new version by themselves"},
    {"Test-CsTopology", "topology validate", ""},
    {"Get-CsService", "pool status, topology show", ""},
    {"Get-CsWindowsService", "pool status", ""},
    {"Start-CsWindowsService", "pool undrain", ""},
    {"Stop-CsWindowsService", "pool drain", "-Graceful: refuses users, lets those there finish"},
    {"Set-CsSite", "topology set site", "-DefaultPersistentChatPool"},
    {"New-CsWatcherNodeConfiguration", "test message", "run it from a timer"},
    {"AffCheck", "principal check, access explain", "from the resource kit"},
    {"ChatMonitoringSummary", "report sessions", "from the resource kit"},
    {"ChatUpgradeVerifier", "data verify", "from the resource kit"},
    {"ChatUsageReport", "report usage", "from the resource kit"},
    {"ScheduleADSyncForPrincipal", "directory sync", "from the resource kit"},
});

constexpr std::string_view head = R"(# From the old cmdlets to pchatctl

<!-- Made by scripts/docs from cli/cmdlets.cpp and the command table; edit those. -->

Everywhere: `-WhatIf` is `--what-if` (or `--dry-run`), `-Confirm` a question that `--yes` answers, `-Report` is `--report`,
`-ResultSize` is `--limit`, `-Filter` is `--filter`, output for programs is `-o json`. The forms of identities are `global`,
`site:NAME`, `tag:NAME` (or the bare tag) and `service:POOL`.

| cmdlet | command | what it does | to know |
|---|---|---|---|
)";

std::vector<std::string_view> split(std::string_view commands) {
    std::vector<std::string_view> out;
    while (!commands.empty()) {
        const std::size_t comma = commands.find(", ");
        out.push_back(commands.substr(0, comma));
        commands = comma == std::string_view::npos ? "" : commands.substr(comma + 2);
    }
    return out;
}

/// Empty: there is no such command.
std::string summary_of(std::string_view path) {
    const CommandTable& table = command_table();
    if (const Command* command = table.find(path))
        return command->summary;
    return table.under(path).empty() ? std::string{} : table.noun_summary(path);
}

}  // namespace

std::span<const Cmdlet> cmdlets() {
    return rows;
}

std::string cmdlets_page() {
    std::string out{head};
    for (const Cmdlet& row : rows) {
        std::string commands;
        std::string summaries;
        for (const std::string_view path : split(row.commands)) {
            const std::string summary = summary_of(path);
            if (summary.empty())
                continue;
            commands += fmt::format("{}`{}`", commands.empty() ? "" : ", ", path);
            summaries += fmt::format("{}{}", summaries.empty() ? "" : "; ", summary);
        }
        if (commands.empty())
            commands = "no command yet";
        out += fmt::format("| {} | {} | {} | {} |\n", row.name, commands, summaries, row.note);
    }
    return out;
}

}  // namespace pchat::cli
