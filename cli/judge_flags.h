// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/args.h"
#include "cli/context.h"
#include "topology/rules/rules.h"

#include <optional>
#include <string>

namespace pchat::cli {

/// `--ruleset` and `--as-of`: under which rules, and on which day, documents are judged.
struct JudgeFlags {
    std::string ruleset;
    std::string as_of;

    void declare(Args& args);
};

/// The flags as options for topology::judge; owns what they point to.
class Judgement {
public:
    static Result<Judgement> from(const JudgeFlags& flags, const Context& ctx);
    [[nodiscard]] topology::JudgeOptions options() const;

private:
    topology::Date today_;
    std::optional<topology::Ruleset> ruleset_;
};

/// Colours for what goes to stdout.
Colour out_colour(const Context& ctx);

}  // namespace pchat::cli
