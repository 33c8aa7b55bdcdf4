// SPDX-License-Identifier: Apache-2.0
#include "server/bus/nats_bus.h"

#include "base/log.h"

#include <new>
#include <random>
#include <utility>

namespace pchat::bus {

Result<std::unique_ptr<NatsBus>> NatsBus::start(
    NatsOptions options, BusListener& listener, const Clock& clock
) {
    if (Result<void> right = check(options); !right)
        return pass(std::move(right).error());
    return std::unique_ptr<NatsBus>{new NatsBus{std::move(options), listener, clock}};
}

NatsBus::NatsBus(NatsOptions options, BusListener& listener, const Clock& clock)
    : options_(std::make_shared<const NatsOptions>(std::move(options))), clock_(clock),
      outgoing_(options_->bounds), inbox_(listener, options_->bounds),
      ear_(NatsEar::for_ever(*this)), attempts_(options_->nodes.size()),
      said_(options_->nodes.size()) {
    status_.with([&](BusStatus& status) {
        status.since = clock_.now();
        status.server = options_->nodes.front().written();
    });
    thread_ = std::thread{[this] { run(); }};
}

NatsBus::~NatsBus() {
    NatsBus::stop();
}

void NatsBus::stop() {
    outgoing_.stop();
    if (thread_.joinable())
        thread_.join();
    // An attempt that is still under way after that is waiting for a node that hangs.
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{1};
    for (const std::shared_ptr<NatsAttempt>& attempt : attempts_)
        if (attempt) {
            attempt->wait_until(limit);
            static_cast<void>(attempt->outcome());  // a link that comes too late ends here
        }
    attempts_.clear();
    ear_.close();
    inbox_.stop();
}

void NatsBus::publish(std::string subject, std::string bytes) noexcept {
    try {
        outgoing_.publish(std::move(subject), std::move(bytes));
    } catch (const std::bad_alloc&) {
        outgoing_.lost(1);
    }
}

void NatsBus::subscribe(std::string subject) {
    if (is_subject(subject))
        outgoing_.subscribe(std::move(subject));
    else
        log::error("bus: '{}' is no subject to subscribe to", subject);
}

void NatsBus::unsubscribe(const std::string& subject) {
    outgoing_.unsubscribe(subject);
}

bool NatsBus::settle(std::chrono::milliseconds limit) {
    return outgoing_.settle(limit);
}

BusStatus NatsBus::status() const {
    BusStatus out = status_.with([](const BusStatus& status) { return status; });
    const Inbox::Counts in = inbox_.counts();
    const Outgoing::Losses losses = outgoing_.losses();
    out.counts.received = in.received;
    out.counts.bytes_in = in.bytes;
    out.counts.missed = in.missed;
    out.counts.lost_full = losses.full;
    out.counts.lost_unlinked = losses.unlinked;
    return out;
}

void NatsBus::heard(std::string_view subject, std::string_view bytes) {
    // No exception may leave for cnats, which is written in C.
    try {
        inbox_.give({std::string{subject}, std::string{bytes}});
    } catch (const std::bad_alloc&) {
        inbox_.missed(1);
    }
}

void NatsBus::overrun() {
    inbox_.missed(1);
}

void NatsBus::complained(std::string text) {
    const bool news =
        status_.with([&](BusStatus& status) { return std::exchange(status.error, text) != text; });
    if (news)
        log::warning("bus: {}", text);
}

void NatsBus::run() {
    for (std::size_t node = 0; !outgoing_.stopping(); node = (node + 1) % attempts_.size()) {
        const auto begun = clock_.steady();
        NatsAttempt::Outcome outcome = connect(node);
        Result<void> served = outcome ? serve(**outcome, options_->nodes[node])
                                      : Result<void>{pass(std::move(outcome).error())};
        if (served || outgoing_.stopping())
            return;
        note_failure(node, served.error());
        // Also when a node takes us in and throws us out again, over and over.
        const bool brief = clock_.steady() - begun < options_->ping_interval;
        if (brief && (node + 1 == attempts_.size() || outcome))
            pause_before_next_round(served.error());
    }
}

NatsAttempt::Outcome NatsBus::connect(std::size_t node) {
    const NodeAddress& address = options_->nodes[node];
    std::shared_ptr<NatsAttempt>& attempt = attempts_[node];
    if (!attempt)
        attempt = NatsAttempt::start(options_, address, ear_);
    // cnats keeps to the patience by itself where it can.
    const auto deadline = clock_.steady() + 2 * options_->patience;
    for (;;) {
        if (std::optional<NatsAttempt::Outcome> outcome = attempt->outcome()) {
            attempt.reset();
            return std::move(*outcome);
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock_.steady());
        if (left.count() <= 0 || outgoing_.stopping())
            return fail(Errc::timeout, describe(NatsTrouble::timeout, {}, *options_, address));
        outgoing_.pause(left);
    }
}

Result<void> NatsBus::serve(NatsLink& link, const NodeAddress& node) {
    Result<void> going = restore(link);
    if (going) {
        note_linked(node);
        inbox_.linked();
    }
    const bool linked = going.has_value();
    while (going && !outgoing_.stopping()) {
        going = send(link, outgoing_.take());
        if (link.closed())
            going = pass(link.trouble());
    }
    // What was said before stop() was called.
    if (going)
        going = send(link, outgoing_.take());
    outgoing_.close();
    status_.with([&](BusStatus& status) {
        status.linked = false;
        status.since = clock_.now();
    });
    if (linked && !outgoing_.stopping())
        inbox_.unlinked();
    return going;
}

Result<void> NatsBus::restore(NatsLink& link) {
    const Outgoing::Opened opened = outgoing_.open();
    for (const std::string& subject : opened.subscriptions)
        if (Result<void> done = link.subscribe(subject); !done)
            return done;
    Result<void> flushed = link.flush();
    if (flushed)
        outgoing_.reached(opened.mark);
    return flushed;
}

Result<void> NatsBus::send(NatsLink& link, const Outgoing::Taken& taken) {
    BusCounts sent;
    Result<void> going;
    for (const Outgoing::Item& item : taken.items) {
        if (item.kind == Outgoing::Kind::publish && refuses(item, link.max_payload()))
            ++sent.refused;
        else if (item.kind == Outgoing::Kind::publish) {
            ++sent.published;
            sent.bytes_out += item.bytes.size();
            if (going)
                going = link.publish(item.subject, item.bytes);
        } else if (going)
            going = item.kind == Outgoing::Kind::subscribe ? link.subscribe(item.subject)
                                                           : link.unsubscribe(item.subject);
    }
    if (going)
        going = link.flush();
    // Counted first: whoever waits for the mark may look at the counts at once.
    status_.with([&](BusStatus& status) {
        status.counts.refused += sent.refused;
        if (!going)
            return;
        status.counts.published += sent.published;
        status.counts.bytes_out += sent.bytes_out;
    });
    if (going)
        outgoing_.reached(taken.mark);
    else
        outgoing_.lost(sent.published);
    return going;
}

bool NatsBus::refuses(const Outgoing::Item& item, std::size_t largest) {
    const bool large = item.bytes.size() > largest;
    if (!large && is_subject(item.subject))
        return false;
    if (std::exchange(refusal_said_, true))
        return true;
    if (large)
        log::error(
            "bus: a message for '{}' has {} bytes and the nodes carry {}: such messages are "
            "refused, which is said once",
            item.subject,
            item.bytes.size(),
            largest
        );
    else
        log::error(
            "bus: '{}' is no subject: such messages are refused, which is said once", item.subject
        );
    return true;
}

void NatsBus::note_linked(const NodeAddress& node) {
    ++links_;
    // Those that still try other nodes end by themselves, unheard.
    attempts_.assign(attempts_.size(), nullptr);
    said_.assign(said_.size(), {});
    status_.with([&](BusStatus& status) {
        status.linked = true;
        status.since = clock_.now();
        status.server = node.written();
        status.counts.reconnects = links_ - 1;
    });
    log::info("bus: linked to node {}", node.written());
}

void NatsBus::note_failure(std::size_t node, const Error& error) {
    // Ten times a second while a node is away, so in the log only when there is news.
    if (said_[node] != error.message) {
        log::warning("{}", error.message);
        said_[node] = error.message;
    }
    status_.with([&](BusStatus& status) {
        status.server = options_->nodes[node].written();
        status.error = error.message;
    });
}

void NatsBus::pause_before_next_round(const Error& last) {
    // What somebody has to put right first is asked for less often: a node logs each time.
    const bool hopeless = last.code == Errc::signed_out || last.code == Errc::denied;
    const auto least = options_->pause * (hopeless ? 10 : 1);
    // All servers of a pool lose a node at the same moment: they do not come back at the same one.
    thread_local std::mt19937 random{std::random_device{}()};
    std::uniform_int_distribution<std::chrono::milliseconds::rep> more{0, least.count() / 2};
    outgoing_.pause(least + std::chrono::milliseconds{more(random)});
}

}  // namespace pchat::bus
