// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/diagnostic.h"
#include "topology/date.h"
#include "topology/model.h"
#include "topology/parse.h"

#include <span>
#include <string_view>
#include <vector>

namespace pchat::topology {

class Directory;  // rules/directory.h: look-ups over a Topology
class Report;     // rules/report.h: where a rule puts what it found

/// How hard a rule speaks under a ruleset. `varies` is for rules with an error and a warning half.
enum class Level : std::uint8_t { off, warning, error, varies };

/// Where the knowledge of a rule comes from.
enum class Origin : std::uint8_t { page, docs, ours };

/// One rule: its text and its check in one place. Checks are pure and see the model only.
struct Rule {
    std::string_view id;
    Level sfb2015 = Level::error;
    Level lync2013 = Level::error;
    std::string_view
        title;  // what is violated, one line: "a pool has more than four active machines"
    std::string_view why;     // the reason; where sources contradict each other, both sides
    std::string_view source;  // which product documentation says so
    std::string_view fix;     // the way out
    Origin origin = Origin::docs;
    void (*check)(const Directory& all, Report& report) = nullptr;  // none: judged while reading
};

/// Every rule on one document, families in the order of the catalogue.
std::span<const Rule> static_rules();

/// Rules on the way from one document to the next (see transition.h).
std::span<const Rule> transition_rules();

/// Nothing when there is no such rule; case does not matter.
const Rule* find_rule(std::string_view id);

struct JudgeOptions {
    Date today;
    const Ruleset* ruleset = nullptr;  // judge under this one instead of the document's own
};

/// All findings on a parsed document, problems of its form included, acceptances applied, sorted by
/// place.
std::vector<Diagnostic> judge(const Parsed& parsed, const JudgeOptions& options);

}  // namespace pchat::topology
