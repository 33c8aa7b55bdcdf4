// SPDX-License-Identifier: Apache-2.0
#include "server/domain/access_reason.h"

namespace pchat {
namespace {

struct RuleWords {
    std::string_view name;
    std::string_view yes;
    std::string_view no;
};

// In the order of AccessRule.
constexpr std::array rule_words{
    RuleWords{"user-active", "the user is active", "the user is disabled or gone"},
    RuleWords{
        "administrator",
        "the user administers all rooms, and reads and posts in none by that",
        "the user has no role that administers rooms"},
    RuleWords{"policy-enabled", "chat is on by policy", "chat is off by policy"},
    RuleWords{
        "allowed-in-category",
        "the category allows the user",
        "the category does not allow the user"},
    RuleWords{
        "denied-in-category",
        "the category denies the user, which wins",
        "the category does not deny the user"},
    RuleWords{"manager", "the user manages the room", "the user does not manage the room"},
    RuleWords{"room-enabled", "the room is enabled", "the room is disabled"},
    RuleWords{
        "visible-to-scope",
        "whoever the category allows sees the room",
        "the room is secret: its members and managers see it"},
    RuleWords{
        "open-to-scope",
        "the room is open to whoever the category allows",
        "only members may join"},
    RuleWords{"member", "the user is a member", "the user is no member"},
    RuleWords{
        "everyone-posts",
        "everybody in the room may post",
        "the room is an auditorium, where presenters post"},
    RuleWords{"presenter", "the user is a presenter", "the user is no presenter"},
    RuleWords{"history-kept", "the category keeps history", "the category keeps no history"},
    RuleWords{"file-upload-on", "the category lets files in", "the category lets no files in"},
    RuleWords{
        "category-invitations",
        "the category has invitations on",
        "the category has invitations off"},
    RuleWords{
        "room-invitations", "the room invites as its category says", "the room never invites"},
};
static_assert(
    rule_words.size() == static_cast<std::size_t>(AccessRule::room_invitations) + 1,
    "each rule has its words"
);

bool runs_rooms(Right right) {
    return right == Right::manage || right == Right::administration;
}

/// Whether an answer to the question can keep the right from a user.
bool can_refuse(AccessRule rule, Right right) {
    switch (rule) {
    case AccessRule::user_active:
        return true;
    case AccessRule::administrator:
        return right == Right::administration;
    case AccessRule::policy_enabled:
    case AccessRule::allowed_in_category:
    case AccessRule::denied_in_category:
        return right != Right::administration;
    case AccessRule::manager:
        return right == Right::manage;
    case AccessRule::room_enabled:
    case AccessRule::member:
        return !runs_rooms(right);
    case AccessRule::visible_to_scope:
        return right == Right::view;
    case AccessRule::presenter:
        return right == Right::chat || right == Right::upload;
    case AccessRule::history_kept:
        return right == Right::history;
    case AccessRule::file_upload_on:
        return right == Right::upload;
    case AccessRule::category_invitations:
    case AccessRule::room_invitations:
        return right == Right::invitation;
    case AccessRule::open_to_scope:   // members join what is not open
    case AccessRule::everyone_posts:  // presenters post in an auditorium
        return false;
    }
    return false;
}

bool speaks_against(const AccessStep& step) {
    return step.holds == (step.rule == AccessRule::denied_in_category);
}

}  // namespace

std::vector<RightReason> reasons(const AccessDerivation& derivation) {
    std::vector<RightReason> out;
    for (const Right right : all_rights) {
        RightReason reason{right, derivation.rights.has(right), 0};
        for (std::size_t i = 0; i < derivation.steps.size(); ++i) {
            const AccessStep& step = derivation.steps[i];
            if (reason.granted && step.gives.has(right)) {
                reason.step = i;
                break;
            }
            if (!reason.granted && speaks_against(step) && can_refuse(step.rule, right))
                reason.step = i;
        }
        out.push_back(reason);
    }
    return out;
}

std::string_view to_string(AccessRule rule) {
    return rule_words[static_cast<std::size_t>(rule)].name;
}

std::string_view phrase(AccessRule rule, bool holds) {
    const RuleWords& words = rule_words[static_cast<std::size_t>(rule)];
    return holds ? words.yes : words.no;
}

}  // namespace pchat
