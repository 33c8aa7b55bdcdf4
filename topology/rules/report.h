// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/diagnostic.h"
#include "topology/rules/rules.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pchat::topology {

/// Collects what one rule finds, under its id and the severity of the ruleset in force.
class Report {
public:
    Report(Ruleset ruleset, Date today) : ruleset_(ruleset), today_(today) {}

    /// What a finding says: subject "pool pc.contoso.example", the way out in `hint`.
    struct Finding {
        Span at = {};
        std::string subject = {};
        std::string message = {};
        std::string hint = {};
        std::string remark = {};
        std::vector<DiagnosticNote> notes = {};
        bool secret = false;  // what stands at `at` must not be shown
    };

    void add(Finding finding);    // with the rule's own level; only for rules that do not vary
    void error(Finding finding);  // for rules that vary
    void warning(Finding finding);

    [[nodiscard]] Ruleset ruleset() const { return ruleset_; }
    [[nodiscard]] Date today() const { return today_; }

    /// Called by judge() before each rule runs.
    void speak_for(const Rule& rule);
    /// Whether a rule that ran before found something.
    [[nodiscard]] bool has_found(std::string_view rule) const;
    std::vector<Diagnostic> take() { return std::exchange(found_, {}); }

private:
    void put(Severity severity, Finding finding);

    Ruleset ruleset_;
    Date today_;
    const Rule* rule_ = nullptr;
    std::vector<Diagnostic> found_;
};

}  // namespace pchat::topology
