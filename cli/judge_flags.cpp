// SPDX-License-Identifier: Apache-2.0
#include "cli/judge_flags.h"

#include <fmt/format.h>

namespace pchat::cli {

void JudgeFlags::declare(Args& args) {
    args.choice(
        "ruleset",
        ruleset,
        {"sfb2015", "lync2013"},
        "judge under this ruleset instead of the document's own"
    );
    args.option("as-of", as_of, "DATE", "judge as on this day, YYYY-MM-DD").default_text = "today";
}

Result<Judgement> Judgement::from(const JudgeFlags& flags, const Context& ctx) {
    Judgement made;
    made.today_ = ctx.today;
    if (!flags.as_of.empty()) {
        const auto day = topology::parse_date(flags.as_of);
        if (!day)
            return fail(
                Errc::usage, fmt::format("--as-of takes a day as YYYY-MM-DD, got '{}'", flags.as_of)
            );
        made.today_ = *day;
    }
    if (flags.ruleset == "sfb2015")
        made.ruleset_ = topology::Ruleset::sfb2015;
    else if (flags.ruleset == "lync2013")
        made.ruleset_ = topology::Ruleset::lync2013;
    return made;
}

topology::JudgeOptions Judgement::options() const {
    return {.today = today_, .ruleset = ruleset_ ? &*ruleset_ : nullptr};
}

Colour out_colour(const Context& ctx) {
    return ctx.terminal.colour_out ? Colour::yes : Colour::no;
}

}  // namespace pchat::cli
