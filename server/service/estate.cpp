// SPDX-License-Identifier: Apache-2.0
#include "server/service/estate.h"

#include "base/sha256.h"
#include "server/service/estate_found.h"
#include "server/service/fetch.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
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

std::string name_of(const std::vector<EstateChange>& plan) {
    constexpr std::size_t enough = 16;
    std::string text;
    for (const EstateChange& one : plan) {
        text += fmt::format("{} {}\n", static_cast<int>(one.action), called(one));
        for (const EstateDifference& field : one.fields) {
            text += fmt::format("{}\n", field.field);
            append(text, field.before);
            append(text, field.after);
        }
    }
    return sha256_hex(text).substr(0, enough);
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

/// One attempt, within one transaction.
class Attempt {
public:
    Attempt(Changes& changes, Change& change, const AdminCall& call, const Estate& wanted)
        : changes_(changes), change_(change), call_(call), wanted_(wanted) {}

    Result<void> run(std::string_view expected) {
        auto problems = make_canonical(change_.tx(), directory(), call_.person, wanted_);
        if (!problems)
            return pass(std::move(problems).error());
        out.problems = std::move(*problems);
        if (!out.problems.empty())
            return refused();
        const auto plan = plan_now();
        if (!plan)
            return pass(plan.error());
        out.plan = name_of(*plan);
        if (!expected.empty() && expected != out.plan)
            return fail_as(
                "changed-meanwhile",
                Errc::conflict,
                "the pool was changed since the plan was made",
                "look at the new plan: pchatctl estate plan"
            );
        if (Result<void> done = carry_out(*plan); !done)
            return done;
        // What a category takes back can hit a list that the estate itself asks for.
        const auto left = plan_now();
        if (!left)
            return pass(left.error());
        return left->empty() ? Result<void>{} : Result<void>{pass(contradiction(left->front()))};
    }

    EstateOutcome out;

private:
    const Directory& directory() { return changes_.chat().directory(); }

    /// An error rolls back; what it is about stands in the outcome.
    static tl::unexpected<Error> refused() { return fail(Errc::invalid, "the estate is wrong"); }

    Result<std::vector<EstateChange>> plan_now() {
        const Result<Estate> found = found_estate(change_.tx(), directory(), wanted_);
        if (!found)
            return pass(found.error());
        return plan_estate(wanted_, *found);
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

Result<EstateOutcome> apply_estate(
    Changes& changes, const AdminCall& call, const Estate& wanted, std::string_view expected
) {
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
