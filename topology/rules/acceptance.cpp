// SPDX-License-Identifier: Apache-2.0
#include "topology/rules/acceptance.h"

#include "base/suggest.h"
#include "base/unicode.h"
#include "topology/rules/families.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace pchat::topology {
namespace {

constexpr std::array table{
    Rule{
        .id = "OWN-05",
        .sfb2015 = Level::warning,
        .lync2013 = Level::warning,
        .title = "an acceptance has no reason, or its date is past",
        .why = "An accepted warning is a decision that somebody has to answer for later. Without a "
               "reason nobody can "
               "judge it again, and a date that is past says that it was meant to be judged again "
               "by now. Until it is "
               "mended the acceptance does not count and the warning shows.",
        .source = "this project",
        .fix = "Write down why the warning is acceptable, or decide again and move the date.",
        .origin = Origin::ours},
    Rule{
        .id = "OWN-06",
        .sfb2015 = Level::warning,
        .lync2013 = Level::warning,
        .title = "an acceptance matches nothing, or tries to accept an error",
        .why = "An acceptance that matches nothing would silently cover the next mistake of that "
               "kind. Errors cannot be "
               "accepted at all: what the rules call an error does not work, or is not supported.",
        .source = "this project",
        .fix = "Remove the acceptance, or correct its rule and name; mend errors in the document "
               "itself.",
        .origin = Origin::ours},
};
constexpr const Rule& lapsed = table[0];
constexpr const Rule& idle = table[1];

bool names(const Text& on, const std::string& subject) {
    if (*on == "*")
        return true;
    if (equal_ignoring_case(*on, subject))
        return true;
    const std::string tail = " " + *on;
    return subject.size() > tail.size() &&
           equal_ignoring_case(
               std::string_view{subject}.substr(subject.size() - tail.size()), tail
           );
}

// Whether the acceptance may count; says why not.
bool holds(const Acceptance& accept, const Diagnostic* covered, Report& report) {
    const std::string subject = fmt::format("acceptance of {}", *accept.rule);
    if (!accept.reason.known() || !accept.until.known())
        return false;
    if (accept.reason->empty()) {
        report.speak_for(lapsed);
        report.add(
            {.at = accept.reason.given() ? accept.reason.at : accept.at,
             .subject = subject,
             .message = fmt::format(
                 "the acceptance of {} has no reason, so it does not count", *accept.rule
             ),
             .hint = "say why it is acceptable: reason: \"...\""}
        );
        return false;
    }
    if (accept.until.absent())
        return true;
    const auto until = parse_date(*accept.until);
    if (until && *until >= report.today())
        return true;
    report.speak_for(lapsed);
    report.add(
        {.at = accept.until.at,
         .subject = subject,
         .message = until ? fmt::format(
                                "the acceptance of {} held until {} and does not count any more",
                                *accept.rule,
                                to_string(*until)
                            )
                          : fmt::format(
                                "'until' of the acceptance of {} is no date: \"{}\"",
                                *accept.rule,
                                printable(*accept.until)
                            ),
         .hint = !until               ? "write YYYY-MM-DD"
                 : covered == nullptr ? "nothing needs it any more: remove it"
                                      : "decide again: mend the cause, or move the date"}
    );
    return false;
}

void report_idle(const Acceptance& accept, bool is_error, Report& report) {
    report.speak_for(idle);
    const std::string subject = fmt::format("acceptance of {}", *accept.rule);
    if (is_error)
        return report.add(
            {.at = accept.rule.at,
             .subject = subject,
             .message =
                 fmt::format("{} is an error here, and errors cannot be accepted", *accept.rule),
             .hint = fmt::format("mend the cause: pchatctl topology explain {}", *accept.rule)}
        );
    if (find_rule(*accept.rule) != nullptr)
        return report.add(
            {.at = accept.at,
             .subject = subject,
             .message = fmt::format(
                 "the acceptance of {} on \"{}\" matches no finding",
                 *accept.rule,
                 printable(*accept.on)
             ),
             .hint = "remove it, or correct 'on': it takes the name of the thing, or \"*\""}
        );
    std::vector<std::string_view> ids;
    for (const Rule& rule : static_rules())
        ids.push_back(rule.id);
    const auto guess = nearest(*accept.rule, ids);
    report.add(
        {.at = accept.rule.at,
         .subject = subject,
         .message = fmt::format("there is no rule \"{}\"", printable(*accept.rule)),
         .hint = "all rules: pchatctl topology rules",
         .remark = guess ? fmt::format("did you mean '{}'?", *guess) : ""}
    );
}

void apply(const Acceptance& accept, Report& report, std::vector<Diagnostic>& found) {
    std::vector<Diagnostic*> covered;
    bool is_error = false;
    for (Diagnostic& diagnostic : found) {
        if (!equal_ignoring_case(diagnostic.rule, *accept.rule) ||
            !names(accept.on, diagnostic.subject))
            continue;
        if (diagnostic.severity == Severity::error)
            is_error = true;
        else
            covered.push_back(&diagnostic);
    }
    const bool counts = holds(accept, covered.empty() ? nullptr : covered.front(), report);
    if (covered.empty() && (counts || is_error || find_rule(*accept.rule) == nullptr))
        return report_idle(accept, is_error, report);
    for (Diagnostic* diagnostic : covered)
        diagnostic->accepted = counts;
}

}  // namespace

std::span<const Rule> acceptance_rules() {
    return table;
}

void apply_acceptances(const Spec& spec, Report& report, std::vector<Diagnostic>& found) {
    for (const Acceptance& accept : spec.accept)
        if (accept.known() && accept.rule.given() && accept.on.given())
            apply(accept, report, found);
    std::vector<Diagnostic> own = report.take();
    found.insert(
        found.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end())
    );
}

}  // namespace pchat::topology
