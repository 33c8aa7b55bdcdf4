// SPDX-License-Identifier: Apache-2.0
#include "server/service/directory_sync.h"

#include "base/unicode.h"
#include "server/domain/principal_name.h"
#include "server/service/directory_write.h"
#include "server/service/fetch.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <thread>
#include <utility>

namespace pchat {
namespace {

using namespace std::chrono_literals;

// Principals in one transaction. Its end takes longer than a few of them: none holds fewer.
constexpr PortionLimits portion_limits{4, 200, 1500us};
constexpr int talk_share = 4;  // while people talk the database is theirs so much longer
constexpr std::size_t most_followed = 2'000;    // DNs; beyond all groups are read
constexpr std::size_t most_shown = 100;         // changes in a report
constexpr std::size_t few_losses = 10;          // users disabled, memberships ended
constexpr std::size_t longest_problem = 1'000;  // in the database
constexpr std::chrono::microseconds lease_time = 60s;
constexpr auto renewal = 15s;
constexpr std::chrono::microseconds first_retry = 30s;

SyncReport report_of(const SyncPlan& plan, const DirectoryPicture& picture) {
    SyncReport out;
    out.counts.seen = picture.places().size();
    out.counts.read = picture.object_count();
    for (const SyncStep& step : plan.steps) {
        SyncCounts& counts = out.counts;
        for (const auto& [action, count] :
             {std::pair{SyncAction::add, &counts.added},
              std::pair{SyncAction::change, &counts.changed},
              std::pair{SyncAction::move, &counts.moved},
              std::pair{SyncAction::remove, &counts.removed}})
            *count += step.action == action ? 1 : 0;
        if (out.changes.size() < most_shown)
            out.changes.push_back(fmt::format(
                "{} {}", to_string(step.action), PrincipalName{step.kind, step.name}.written()
            ));
    }
    for (const MembershipStep& step : plan.memberships) {
        out.counts.joined += step.add.size();
        out.counts.left += step.remove.size();
    }
    out.problems = plan.problems;
    out.problem_count = plan.problem_count;
    return out;
}

}  // namespace

/// What is kept between two: when everything was read, and the directory's own mark.
struct DirectorySync::Cookie {
    Microseconds full_at = 0;
    std::string mark;

    static Cookie read(const std::optional<std::string>& text) {
        Cookie out;
        const std::size_t blank = text ? text->find(' ') : std::string::npos;
        if (blank == std::string::npos)
            return out;
        const char* end = text->data() + blank;
        if (std::from_chars(text->data(), end, out.full_at).ptr == end)
            out.mark = text->substr(blank + 1);
        return out;
    }
    [[nodiscard]] std::string text() const { return fmt::format("{} {}", full_at, mark); }
};

DirectorySync::DirectorySync(Changes& changes, DirectorySource& source, SyncOptions options)
    : changes_(changes), source_(source), options_(options), lease_(
                                                                 changes.chat().content(),
                                                                 "directory-sync",
                                                                 changes.chat().facts().life,
                                                                 changes.chat().facts().fqdn,
                                                                 lease_time
                                                             ),
      portion_(portion_limits), talk_(changes.chat()) {}

Result<std::optional<DirectoryProgress>> DirectorySync::progress() {
    return fetch(
        changes_.chat().content(),
        "reading how far the directory is",
        [&](ContentTransaction& tx) { return tx.accounts().progress(source_.domain()); }
    );
}

Result<bool> DirectorySync::lead() {
    Result<bool> ours = lease_.take();
    if (ours && *ours)
        renewed_ = changes_.chat().clock().steady();
    return ours;
}

/// While much is read; writing renews it by itself.
Result<void> DirectorySync::keep_lead() {
    if (stopping_)
        return fail(Errc::interrupted, "the server ends");
    if (changes_.chat().clock().steady() - renewed_ < renewal)
        return {};
    const std::int64_t token = lease_.fencing_token();
    const Result<bool> ours = lead();
    if (!ours)
        return pass(ours.error());
    // Under another token it had run out: what was read until now may be older than what another
    // server has written meanwhile.
    if (*ours && lease_.fencing_token() == token)
        return {};
    return fail_as(
        "sync-running",
        Errc::conflict,
        "another server has taken over the synchronization of the directory"
    );
}

Result<void> DirectorySync::still_ours(ContentTransaction& tx) {
    const Result<bool> ours = lease_.renew(tx);
    if (!ours)
        return pass(ours.error());
    if (!*ours)
        return fail_as(
            "sync-running",
            Errc::conflict,
            "another server has taken over the synchronization of the directory"
        );
    return {};
}

Result<void> DirectorySync::read_changes(
    DirectoryReading& reading,
    const KnownDirectory& known,
    const std::string& mark,
    DirectoryPicture& picture
) {
    const Visit<DirectoryObject> take = [&](const DirectoryObject& object) {
        if (object.flaw.empty())
            useless_.erase(object.external_id);
        else
            useless_.insert(object.external_id);
        picture.add(object);
        return keep_lead();
    };
    if (Result<void> read = reading.changed(mark, take); !read || mark.empty())
        return read;
    std::vector<std::string> unread = unread_ids(known, picture);
    std::erase_if(unread, [&](const std::string& id) { return useless_.contains(id); });
    if (Result<void> read = reading.objects(unread, take); !read)
        return read;
    std::vector<std::string> dns = changed_dns(known, picture);
    std::erase_if(dns, [&](const std::string& dn) {
        const auto place = picture.at_dn(dn);
        return place && useless_.contains(picture.places()[*place].external_id);
    });
    if (dns.size() > most_followed)
        return reading.changed({}, take);
    return reading.groups_naming(dns, take);
}

/// An attribute that cannot be read any more takes as much away as entries that cannot.
Result<void> DirectorySync::check_removals(const SyncPlan& plan, const SyncWish& wish) const {
    struct Loss {
        std::size_t count;
        std::size_t of;
        std::size_t few;  // of which any part may go
        std::string_view what;
    };
    const std::array<Loss, 3> losses{{
        {plan.removed, plan.living, 0, "users and groups would be removed"},
        {plan.removed + plan.disabled,
         plan.living,
         plan.removed + few_losses,
         "users and groups would be disabled or removed"},
        {plan.left, plan.members, few_losses, "memberships in groups would end"},
    }};
    if (wish.force == Force::yes)
        return {};
    for (const Loss& loss : losses) {
        const auto allowed = loss.of * static_cast<std::size_t>(options_.removal_percent);
        if (loss.count > loss.few && loss.count * 100 > allowed)
            return fail_as(
                "too-many-removals",
                Errc::conflict,
                fmt::format(
                    "{} of {} {}, more than {} percent: nothing was changed",
                    loss.count,
                    loss.of,
                    loss.what,
                    options_.removal_percent
                ),
                "see directory.baseDn and what bindDn may read; if it is meant: pchatctl directory "
                "sync --force"
            );
    }
    return {};
}

template <class Step>
Result<void> DirectorySync::apply_portions(
    const SyncWish& wish,
    const DirectoryPicture& picture,
    const DirectoryProgress& progress,
    SyncPlan& plan,
    const std::vector<Step>& steps
) {
    std::span<const Step> left{steps};
    const Clock& clock = changes_.chat().clock();
    while (!left.empty()) {
        if (stopping_)
            return fail(Errc::interrupted, "the server ends");
        const auto now = left.first(std::min(portion_.size(), left.size()));
        std::chrono::steady_clock::time_point begun;
        Result<void> done = changes_.run(
            "writing what the directory has",
            wish.actor,
            [&](Change& change) -> Result<void> {
                // From inside: whoever talks does not wait while this one waits for its turn.
                begun = clock.steady();
                if (Result<void> ours = still_ours(change.tx()); !ours)
                    return ours;
                if (Result<void> put = change.tx().accounts().put_progress(progress); !put)
                    return put;
                change.may_break_walls = true;
                return DirectoryWriter{change, picture, plan}.write(now);
            }
        );
        if (!done)
            return done;
        left = left.subspan(now.size());
        const std::chrono::nanoseconds took = clock.steady() - begun;
        const bool people_talk = talk_.people_talk();
        portion_.learn(took, now.size(), people_talk);
        if (!left.empty())
            std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(
                people_talk ? took * talk_share : took, options_.longest_pause
            ));
    }
    return {};
}

Result<void> DirectorySync::apply(
    const SyncWish& wish,
    const DirectoryPicture& picture,
    DirectoryProgress& progress,
    SyncPlan& plan
) {
    // What ends half-way knows of somebody whose groups it has not written: only who reads
    // everything again finds that out.
    progress.cookie.reset();
    if (Result<void> done = apply_portions(wish, picture, progress, plan, plan.steps); !done)
        return done;
    if (Result<void> done = apply_portions(wish, picture, progress, plan, plan.memberships); !done)
        return done;
    return apply_portions(wish, picture, progress, plan, plan.activations);
}

Result<SyncReport> DirectorySync::synchronize(const SyncWish& wish, DirectoryProgress& progress) {
    const Microseconds now = changes_.chat().clock().now();
    Cookie cookie = Cookie::read(progress.cookie);
    auto reading = source_.open([this] { return keep_lead(); });
    if (!reading)
        return pass(std::move(reading).error());
    DirectoryPicture picture;
    Result<void> read = (*reading)->places([&](const DirectoryPlace& place) {
        picture.add(place);
        return keep_lead();
    });
    if (!read)
        return pass(std::move(read).error());
    const std::string mark = (*reading)->mark();
    const auto age = std::chrono::microseconds{now - cookie.full_at};
    const bool full = wish.full || cookie.mark.empty() || age > options_.full_every ||
                      !(*reading)->continues(cookie.mark);
    if (full)
        cookie.mark.clear();
    const Result<KnownDirectory> known = read_known_directory(changes_.chat().content());
    if (!known)
        return pass(known.error());
    read = read_changes(**reading, *known, cookie.mark, picture);
    if (!read)
        return pass(std::move(read).error());
    SyncPlan plan =
        plan_sync(*known, picture, wish.force == Force::yes ? Needed::remove : Needed::keep);
    SyncReport out = report_of(plan, picture);
    out.started_at = now;
    out.dry_run = wish.dry_run;
    out.full = full;
    if (Result<void> few = check_removals(plan, wish); !few)
        return pass(std::move(few).error());
    if (!wish.dry_run)
        if (Result<void> done = apply(wish, picture, progress, plan); !done)
            return pass(std::move(done).error());
    out.finished_at = changes_.chat().clock().now();
    progress.cookie = Cookie{full ? now : cookie.full_at, mark}.text();
    return out;
}

/// For the next time, on whichever server.
void DirectorySync::note(const Result<SyncReport>& outcome, DirectoryProgress& progress) {
    const Microseconds now = changes_.chat().clock().now();
    const auto interval = std::chrono::microseconds{options_.interval};
    if (outcome) {
        progress.finished_at = now;
        progress.next_at = now + interval.count();
        progress.try_count = 0;
        progress.last_error.reset();
    } else {
        const auto shift = std::min<std::int64_t>(progress.try_count, 10);
        progress.next_at = now + std::min(first_retry.count() << shift, interval.count());
        ++progress.try_count;
        progress.last_error =
            std::string{first_code_points(outcome.error().message, longest_problem)};
    }
    // When it cannot be written, or is another server's by now, the next one comes too early, and
    // that is all.
    (void)changes_.chat().content().write(
        "noting how far the directory is",
        [&](ContentTransaction& tx) {
            Result<void> ours = still_ours(tx);
            return ours ? tx.accounts().put_progress(progress) : ours;
        }
    );
}

Result<SyncReport> DirectorySync::run(const SyncWish& wish) {
    const Result<bool> ours = lead();
    if (!ours)
        return pass(ours.error());
    if (!*ours)
        return fail_as(
            "sync-running",
            Errc::conflict,
            "another server is synchronizing the directory",
            "see pchatctl directory status"
        );
    const auto before = progress();
    if (!before)
        return pass(before.error());
    DirectoryProgress state = before->value_or(DirectoryProgress{});
    state.domain = source_.domain();
    Result<SyncReport> out = synchronize(wish, state);
    const bool taken_over = !out && out.error().reason == "sync-running";
    if (!wish.dry_run && !taken_over)
        note(out, state);
    lease_.let_go();
    return out;
}

}  // namespace pchat
