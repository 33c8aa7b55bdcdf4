// SPDX-License-Identifier: Apache-2.0
#include "topology/rules/report.h"

#include <algorithm>
#include <cassert>

namespace pchat::topology {

void Report::speak_for(const Rule& rule) {
    rule_ = &rule;
}

void Report::add(Finding finding) {
    assert(rule_ != nullptr);
    const Level level = ruleset_ == Ruleset::sfb2015 ? rule_->sfb2015 : rule_->lync2013;
    assert(level != Level::varies && "a rule that varies says which half speaks");
    if (level == Level::off)
        return;
    put(level == Level::warning ? Severity::warning : Severity::error, std::move(finding));
}

void Report::error(Finding finding) {
    put(Severity::error, std::move(finding));
}

void Report::warning(Finding finding) {
    put(Severity::warning, std::move(finding));
}

bool Report::has_found(std::string_view rule) const {
    return std::any_of(found_.begin(), found_.end(), [&](const Diagnostic& finding) {
        return finding.rule == rule;
    });
}

void Report::put(Severity severity, Finding finding) {
    found_.push_back(
        {.severity = severity,
         .rule = std::string{rule_->id},
         .at = finding.at,
         .subject = std::move(finding.subject),
         .message = std::move(finding.message),
         .hint = std::move(finding.hint),
         .remark = std::move(finding.remark),
         .notes = std::move(finding.notes),
         .secret = finding.secret}
    );
}

}  // namespace pchat::topology
