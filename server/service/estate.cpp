// SPDX-License-Identifier: Apache-2.0
#include "server/service/estate.h"

#include "base/sha256.h"
#include "server/service/estate_found.h"
#include "server/service/fetch.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace pchat {
namespace {

using Texts = std::vector<std::string>;

std::string called(const EstateChange& one) {
    return fmt::format("{} '{}'", estate_shape(one.noun).word, one.name);
}

/// What is wrong with what is asked, as against the state of the pool or a database that fails.
bool is_of_item(const EstateChange& one, const Error& error) {
    return one.item && !error.reason.empty() &&
           (error.code == Errc::invalid || error.code == Errc::usage ||
            error.code == Errc::not_found);
}

Error named(const EstateChange& one, Error error) {
    if (error.message.find(fmt::format("'{}'", one.name)) == std::string::npos)
        error.message = fmt::format("{}: {}", called(one), error.message);
    return error;
}

void append(std::string& out, const std::optional<EstateValue>& value) {
    if (!value) {
        out += "-\n";
        return;
    }
    if (const auto* flag = std::get_if<bool>(&*value))
        out += *flag ? "true" : "false";
    else if (const auto* number = std::get_if<std::int64_t>(&*value))
        out += std::to_string(*number);
    else if (const auto* text = std::get_if<std::string>(&*value))
        out += fmt::format("{}:{}", text->size(), *text);
    else
        for (const std::string& one : std::get<Texts>(*value))
            out += fmt::format("{}:{},", one.size(), one);
    out += '\n';
}

constexpr std::size_t half_name = 8;  // of digits

/// The first half of a plan's name: what is to be changed.
std::string name_of(const std::vector<EstateChange>& plan) {
    std::string text;
    for (const EstateChange& one : plan) {
        text += fmt::format("{} {}\n", static_cast<int>(one.action), called(one));
        for (const EstateDifference& field : one.fields) {
            text += fmt::format("{}\n", field.field);
            append(text, field.before);
            append(text, field.after);
        }
    }
    return sha256_hex(text).substr(0, half_name);
}

/// The second half: what is lost by it. Not how many messages, which people go on writing.
std::string name_of(const std::vector<EstateStep>& steps) {
    std::vector<std::string> lines;
    for (const EstateStep& step : steps)
        for (const EstateLoss& one : step.losses)
            lines.push_back(fmt::format(
                "{} {} {}:{} {} {}\n",
                one.kind,
                one.of,
                one.name.size(),
                one.name,
                one.list,
                one.principal
            ));
    std::sort(lines.begin(), lines.end());
    return sha256_hex(fmt::format("{}", fmt::join(lines, ""))).substr(0, half_name);
}

tl::unexpected<Error> another_plan() {
    return fail_as(
        "changed-meanwhile",
        Errc::conflict,
        "the pool was changed since the plan was made",
        "look at the new plan: pchatctl estate plan"
    );
}

/// What the estate says of one thing, and what becomes of it all the same.
Error contradiction(const EstateChange& left) {
    Error out;
    out.code = Errc::conflict;
    out.reason = "estate-contradiction";
    out.message =
        fmt::format("the estate contradicts itself: {} would not be as it says", called(left));
    out.hint = "something else in it takes that away";
    if (left.fields.empty())
        return out;
    const EstateDifference& field = left.fields.front();
    const Texts missing = field.added();
    out.message = missing.empty()
                      ? fmt::format(
                            "the estate contradicts itself: {}: {} would not be as it says",
                            called(left),
                            field.field
                        )
                      : fmt::format(
                            "the estate contradicts itself: {}: {} would lack {}",
                            called(left),
                            field.field,
                            fmt::join(missing, ", ")
                        );
    if (!missing.empty())
        out.hint = "its category has to allow whom it lists";
    return out;
}

/// An error rolls back; what it is about stands in the outcome.
tl::unexpected<Error> refused() {
    return fail(Errc::invalid, "the estate is wrong");
}

Result<std::vector<EstateChange>> plan_within(
    ContentTransaction& tx, const Directory& directory, const Estate& wanted
) {
    const Result<Estate> found = found_estate(tx, directory, wanted);
    if (!found)
        return pass(found.error());
    return plan_estate(wanted, *found);
}

/// Writes the estate as the pool writes it.
Result<std::vector<EstateChange>> first_plan(
    ContentTransaction& tx,
    const Directory& directory,
    const Person& who,
    Estate& wanted,
    EstateOutcome& out
) {
    auto problems = make_canonical(tx, directory, who, wanted);
    if (!problems)
        return pass(std::move(problems).error());
    out.problems = std::move(*problems);
    if (!out.problems.empty())
        return refused();
    return plan_within(tx, directory, wanted);
}

/// One attempt, within one transaction.
class Attempt {
public:
    Attempt(Changes& changes, Change& change, const AdminCall& call, const Estate& wanted)
        : changes_(changes), change_(change), call_(call), wanted_(wanted) {}

    Result<void> run(std::string_view expected) {
        const auto plan = first_plan(change_.tx(), directory(), call_.person, wanted_, out);
        if (!plan)
            return pass(plan.error());
        const std::string changes = name_of(*plan);
        if (!expected.empty() && expected.substr(0, half_name) != changes)
            return another_plan();
        if (Result<void> done = carry_out(*plan); !done)
            return done;
        out.plan = changes + name_of(out.steps);
        if (!expected.empty() && expected != out.plan)
            return another_plan();
        // What a category takes back can hit a list that the estate itself asks for.
        const auto left = plan_now();
        if (!left)
            return pass(left.error());
        return left->empty() ? Result<void>{} : Result<void>{pass(contradiction(left->front()))};
    }

    EstateOutcome out;

private:
    const Directory& directory() { return changes_.chat().directory(); }

    Result<std::vector<EstateChange>> plan_now() {
        return plan_within(change_.tx(), directory(), wanted_);
    }

    Result<void> carry_out(const std::vector<EstateChange>& plan) {
        EstateWork work{changes_, change_, call_, plan};
        for (const EstateChange& one : plan) {
            auto losses = work.carry_out(one);
            if (losses) {
                out.steps.push_back({one, std::move(*losses)});
                continue;
            }
            Error error = named(one, std::move(losses).error());
            if (!is_of_item(one, error))
                return pass(std::move(error));
            const std::string_view field = error.field;
            out.problems.push_back({one.noun, *one.item, field, {}, std::move(error)});
            return refused();
        }
        return {};
    }

    Changes& changes_;
    Change& change_;
    const AdminCall& call_;
    Estate wanted_;
};

/// Whether the roles are enough for what an estate says of such things.
bool may_change(const Person& person, EstateNoun noun) {
    switch (noun) {
    case EstateNoun::grant:
        return person.has(AdminRole::user_admin);
    case EstateNoun::policy:
        return person.has(AdminRole::user_admin) || person.has(AdminRole::pchat_admin);
    default:
        return person.has(AdminRole::pchat_admin);
    }
}

}  // namespace

Result<void> may_apply(const Person& person, const Estate& estate) {
    for (const EstateNoun noun : estate_nouns)
        if (estate.concerns(noun) && !may_change(person, noun))
            return fail_as(
                "role-missing",
                Errc::denied,
                fmt::format(
                    "changing {} needs the role {}",
                    estate_shape(noun).section,
                    noun == EstateNoun::grant ? "user-admin" : "pchat-admin"
                ),
                "an administrator may apply all of an estate"
            );
    return {};
}

namespace {

/// What is as it should be, or wrong in itself, is found without keeping others from writing. None:
/// there is something to do.
Result<std::optional<EstateOutcome>> look(
    Chat& chat, const Person& who, const Estate& wanted, std::string_view expected
) {
    EstateOutcome out;
    bool changes = false;
    Result<void> looked =
        chat.content().read("planning the estate", [&](ContentTransaction& tx) -> Result<void> {
            out = {};
            Estate read = wanted;  // the work may run twice
            const auto plan = first_plan(tx, chat.directory(), who, read, out);
            if (!plan)
                return pass(plan.error());
            changes = !plan->empty();
            out.plan = name_of(*plan) + name_of(out.steps);
            return {};
        });
    if (!out.problems.empty())
        return std::optional{std::move(out)};
    if (!looked)
        return pass(std::move(looked).error());
    if (changes)
        return std::optional<EstateOutcome>{};
    if (!expected.empty() && expected != out.plan)
        return another_plan();
    return std::optional{std::move(out)};
}

/// Who may look at all settings may see what would become of them: nothing of it stays.
AdminCall with_all_roles(const AdminCall& call) {
    AdminCall out = call;
    out.person.scope.reset();
    out.person.roles = static_cast<std::uint8_t>(
        out.person.roles | (1U << static_cast<unsigned>(AdminRole::administrator))
    );
    return out;
}

}  // namespace

Result<EstateOutcome> apply_estate(
    Changes& changes, const AdminCall& asked, const Estate& wanted, std::string_view expected
) {
    const AdminCall call = asked.dry_run ? with_all_roles(asked) : asked;
    auto looked = look(changes.chat(), call.person, wanted, expected);
    if (!looked)
        return pass(std::move(looked).error());
    if (*looked)
        return std::move(**looked);
    EstateOutcome out;
    Result<void> done = changes.run(
        "applying the estate",
        call.actor,
        [&](Change& change) -> Result<void> {
            Attempt attempt{changes, change, call, wanted};  // the work may run twice
            Result<void> ran = attempt.run(expected);
            out = std::move(attempt.out);
            return ran;
        },
        call.dry_run,
        wanted.concerns(EstateNoun::wall) ? Turn::alone : Turn::usual
    );
    if (!out.problems.empty()) {
        out.steps.clear();
        return out;
    }
    if (!done)
        return pass(std::move(done).error());
    return out;
}

Result<Estate> read_estate(Chat& chat) {
    return fetch(chat.content(), "reading the estate", [&](ContentTransaction& tx) {
        return whole_estate(tx, chat.directory());
    });
}

}  // namespace pchat
