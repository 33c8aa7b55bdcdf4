// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/rules/rules.h"

#include <string>
#include <vector>

namespace pchat::topology {

enum class ChangeKind : std::uint8_t { add, change, remove };

/// One line of the plan from one document to the next.
struct Change {
    ChangeKind kind = ChangeKind::change;
    std::string subject;  // "pool pchat.contoso.example"
    std::string detail;   // "kind: single -> multiple"; empty for a thing added or removed whole
    std::string field;    // "kind"; empty likewise
    std::string before;
    std::string after;
};

/// A finding on the new document alone that says less than one on the way there.
struct Superseded {
    std::string rule;
    std::string subject;
};

/// The changes and what the transition rules say of the way. Findings point into the new document.
struct Transition {
    std::vector<Change> changes;
    std::vector<Diagnostic> findings;
    std::vector<Superseded> supersedes;
};

/// Pure. Both documents must be readable; the new one's own findings are judge()'s business.
Transition compare(const Parsed& before, const Parsed& after, const JudgeOptions& options);

/// Takes out of judge()'s findings on the new document what `way` says better: the closest rule
/// speaks.
void drop_superseded(const Transition& way, std::vector<Diagnostic>& findings);

}  // namespace pchat::topology
