// SPDX-License-Identifier: Apache-2.0
#include "cli/edited_topology.h"

#include "base/unicode.h"
#include "base/written_secrets.h"
#include "cli/unified_diff.h"
#include "cli/write_file.h"
#include "topology/rules/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace pchat::cli {
namespace {

struct Judged {
    topology::Parsed parsed;
    std::vector<Diagnostic> findings;
};

Judged judged(const Context& ctx, const std::string& name, const std::string& text) {
    Judged result{topology::parse(name, text), {}};
    result.findings = topology::judge(result.parsed, {.today = ctx.today});
    return result;
}

bool is_among(const Diagnostic& one, const std::vector<Diagnostic>& others) {
    return std::any_of(others.begin(), others.end(), [&](const Diagnostic& other) {
        return one.rule == other.rule && one.subject == other.subject &&
               one.message == other.message && one.accepted == other.accepted;
    });
}

void show(Context& ctx, const Judged& what, const std::vector<Diagnostic>& findings) {
    ctx.err << render_text(
        *what.parsed.document.source, findings, ctx.terminal.colour_err ? Colour::yes : Colour::no
    );
}

// What the edit brought in is worth a word, although it does not stand in the way.
void show_new_warnings(Context& ctx, const Judged& after, const InputText& before) {
    const Judged earlier = judged(ctx, before.name, before.text);
    std::vector<Diagnostic> fresh;
    for (const Diagnostic& finding : after.findings)
        if (!finding.accepted && !is_among(finding, earlier.findings))
            fresh.push_back(finding);
    if (!fresh.empty() && !ctx.global.quiet)
        show(ctx, after, fresh);
}

std::string next_step(const EditedTopology& edited) {
    return fmt::format("next: pchatctl topology validate {}", printable(edited.path));
}

// People paste a dry run into tickets: what is secret in the file stays out of it.
std::string shown_change(const EditedTopology& edited) {
    return unified_diff(
        printable(edited.before.name),
        without_secrets(edited.before.text),
        without_secrets(edited.after)
    );
}

Result<void> write(Context& ctx, const EditedTopology& edited) {
    const bool to_stdout = edited.path == "-";
    if (ctx.global.dry_run) {
        ctx.out << shown_change(edited);
        ctx.note("dry run: nothing was written");
        return {};
    }
    if (to_stdout) {
        ctx.out << edited.after;
        ctx.note(edited.done);
        return {};
    }
    if (auto written = replace_file(edited.path, edited.before.text, edited.after); !written)
        return written;
    ctx.out << edited.done << '\n';
    ctx.note(next_step(edited));
    return {};
}

}  // namespace

Result<void> keep_edit(Context& ctx, const EditedTopology& edited, Force force) {
    if (edited.after == edited.before.text) {
        if (edited.path == "-" && !ctx.global.dry_run)
            ctx.out << edited.after;
        ctx.note("no changes");
        return {};
    }
    const Judged after = judged(ctx, edited.before.name, edited.after);
    const std::size_t errors = tally(after.findings).errors;
    if (errors == 0) {
        show_new_warnings(ctx, after, edited.before);
        return write(ctx, edited);
    }
    show(ctx, after, after.findings);
    if (force == Force::yes)
        return write(ctx, edited);
    if (ctx.global.dry_run)
        ctx.out << shown_change(edited);
    return fail(
        Errc::bad_file,
        fmt::format(
            "nothing was written: {} would have {} error{}",
            edited.before.name,
            errors,
            errors == 1 ? "" : "s"
        ),
        "make the edits in an order in which each result is valid, or write it all the same with "
        "--force"
    );
}

}  // namespace pchat::cli
