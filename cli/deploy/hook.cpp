// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/hook.h"

#include "cli/child_process.h"
#include "cli/signals_held.h"

#include <fmt/format.h>

#include <optional>
#include <ostream>

namespace pchat::cli {

Result<void> run_hook(Context& ctx, const std::string& program, const HookFacts& facts) {
    if (program.empty())
        return {};
    Child child;
    child.program = program;
    if (program.find('/') == std::string::npos)
        if (const auto found = find_program(program, ctx.variable("PATH")))
            child.program = *found;
    child.environment = {
        {"PCHAT_POOL", facts.pool},
        {"PCHAT_RELEASE", facts.release},
        {"PCHAT_MOMENT", facts.moment},
        {"PCHAT_OUTCOME", facts.outcome}};
    child.seen = [&](std::string_view said) { ctx.err << said << std::flush; };
    child.limit = 0;
    child.stop = SignalsHeld::asked_to_stop;
    const Result<ChildResult> done = run_child(child);
    if (!done)
        return pass(done.error(), fmt::format("hook {}", program));
    if (done->exit_code != 0 && SignalsHeld::asked_to_stop()) {
        SignalsHeld::take();
        return fail(Errc::interrupted, fmt::format("the hook {} was ended", program));
    }
    if (done->exit_code != 0)
        return fail(
            Errc::conflict,
            fmt::format("the hook {} ended with {}", program, done->exit_code),
            "what it says stands above"
        );
    return {};
}

}  // namespace pchat::cli
