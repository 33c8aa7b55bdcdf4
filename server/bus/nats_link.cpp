// SPDX-License-Identifier: Apache-2.0
#include "server/bus/nats_link.h"

#include <fmt/format.h>
#include <nats/nats.h>

#include <algorithm>
#include <climits>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace pchat::bus {
namespace {

struct DestroyOptions {
    void operator()(natsOptions* options) const { natsOptions_Destroy(options); }
};
using Options = std::unique_ptr<natsOptions, DestroyOptions>;

struct DestroySubscription {
    void operator()(natsSubscription* one) const { natsSubscription_Destroy(one); }
};
using Subscription = std::unique_ptr<natsSubscription, DestroySubscription>;

struct CloseConnection {
    void operator()(natsConnection* connection) const {
        natsConnection_Close(connection);
        natsConnection_Destroy(connection);
    }
};

NatsEar& ear_of(void* closure) {
    return *static_cast<NatsEar*>(closure);
}

void on_message(
    natsConnection* /*nc*/, natsSubscription* /*sub*/, natsMsg* message, void* closure
) {
    const std::string_view bytes{
        natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))};
    ear_of(closure).tell([&](NatsEvents& events) {
        events.heard(natsMsg_GetSubject(message), bytes);
    });
    natsMsg_Destroy(message);
}

void on_closed(natsConnection* /*nc*/, void* closure) {
    ear_of(closure).tell([](NatsEvents& events) { events.changed(); });
}

void on_error(natsConnection* /*nc*/, natsSubscription* /*sub*/, natsStatus status, void* closure) {
    ear_of(closure).tell([&](NatsEvents& events) {
        if (status == NATS_SLOW_CONSUMER)
            return events.overrun();
        natsStatus last = NATS_OK;
        const char* text = nats_GetLastError(&last);
        events.complained(text == nullptr ? natsStatus_GetText(status) : text);
    });
}

NatsTrouble trouble_of(natsStatus status) {
    switch (status) {
    case NATS_NO_SERVER:
        return NatsTrouble::unreachable;
    case NATS_TIMEOUT:
        return NatsTrouble::timeout;
    case NATS_CONNECTION_AUTH_FAILED:
        return NatsTrouble::sign_in;
    case NATS_SSL_ERROR:
    case NATS_SECURE_CONNECTION_REQUIRED:
        return NatsTrouble::tls;
    case NATS_SECURE_CONNECTION_WANTED:
        return NatsTrouble::no_tls;
    case NATS_CONNECTION_CLOSED:
    case NATS_CONNECTION_DISCONNECTED:
    case NATS_STALE_CONNECTION:
    case NATS_IO_ERROR:
        return NatsTrouble::lost;
    default:
        return NatsTrouble::other;
    }
}

Errc code_of(NatsTrouble trouble) {
    switch (trouble) {
    case NatsTrouble::sign_in:
        return Errc::signed_out;
    case NatsTrouble::tls:
    case NatsTrouble::no_tls:
        return Errc::denied;
    case NatsTrouble::timeout:
        return Errc::timeout;
    default:
        return Errc::unreachable;
    }
}

tl::unexpected<Error> failure(
    natsStatus status, const char* text, const NatsOptions& options, const NodeAddress& node
) {
    NatsTrouble trouble = trouble_of(status);
    std::string_view detail = text == nullptr ? "" : text;
    if (detail.rfind("(conn.c:", 0) == 0)  // where in cnats, which tells nobody anything
        detail.remove_prefix(std::min(detail.size(), detail.find("): ") + 3));
    if (detail.empty())
        detail = natsStatus_GetText(status);
    // Since TLS 1.3 a client has shaken hands before the other side looks at its certificate.
    if (options.tls && status == NATS_PROTOCOL_ERROR && detail == "Expected 'PONG', got ''")
        trouble = NatsTrouble::tls;
    return fail(code_of(trouble), describe(trouble, std::string{detail}, options, node));
}

int whole(std::size_t number) {
    return static_cast<int>(std::min<std::size_t>(number, INT_MAX));
}

natsStatus set_up_tls(natsOptions* out, const TlsFiles& files, const NodeAddress& node) {
    for (const natsStatus status :
         {natsOptions_SetSecure(out, true),
          natsOptions_LoadCATrustedCertificates(out, files.authority.c_str()),
          natsOptions_LoadCertificatesChain(out, files.certificate.c_str(), files.key.c_str()),
          natsOptions_SetExpectedHostname(out, node.host.c_str())})
        if (status != NATS_OK)
            return status;
    return NATS_OK;
}

// Reconnecting is ours: so that it is known which node failed and why, that nothing old is sent
// later, and that the listener hears of a link only when all subscriptions stand.
natsStatus set_up(
    natsOptions* out, const NatsOptions& options, const NodeAddress& node, NatsEar& ear
) {
    const std::string url = "nats://" + node.written();
    for (const natsStatus status :
         {natsOptions_SetURL(out, url.c_str()),
          natsOptions_SetName(out, options.name.c_str()),
          natsOptions_SetAllowReconnect(out, false),
          natsOptions_SetTimeout(out, options.patience.count()),
          natsOptions_SetWriteDeadline(out, options.patience.count()),
          natsOptions_SetPingInterval(out, options.ping_interval.count()),
          natsOptions_SetMaxPingsOut(out, options.pings_unanswered),
          natsOptions_SetNoEcho(out, true),
          natsOptions_UseGlobalMessageDelivery(out, true),
          natsOptions_SetClosedCB(out, &on_closed, &ear),
          natsOptions_SetErrorHandler(out, &on_error, &ear)})
        if (status != NATS_OK)
            return status;
    if (!options.user.empty()) {
        // A Secret keeps its value in a string, so a zero follows it.
        const natsStatus status =
            natsOptions_SetUserInfo(out, options.user.c_str(), options.password.reveal().data());
        if (status != NATS_OK)
            return status;
    }
    return options.tls ? set_up_tls(out, *options.tls, node) : NATS_OK;
}

}  // namespace

struct NatsLink::Body {
    std::shared_ptr<const NatsOptions> options;
    NodeAddress node;
    NatsEar& ear;
    std::unique_ptr<natsConnection, CloseConnection> connection = {};
    std::unordered_map<std::string, Subscription> subscriptions = {};

    [[nodiscard]] tl::unexpected<Error> failed(natsStatus status) const {
        return failure(status, nats_GetLastError(nullptr), *options, node);
    }
    [[nodiscard]] Result<void> done(natsStatus status) const {
        if (status == NATS_OK)
            return {};
        return failed(status);
    }
};

NatsLink::NatsLink(std::unique_ptr<Body> body) : body_(std::move(body)) {}

// The connection first: to say of each subscription that it ends would be in vain.
NatsLink::~NatsLink() {
    body_->connection.reset();
}

Result<std::unique_ptr<NatsLink>> NatsLink::open(
    std::shared_ptr<const NatsOptions> options, const NodeAddress& node, NatsEar& ear
) {
    // Locks of cnats turn 2,000 times before they sleep, unless it is told otherwise in time.
    static std::once_flag opened;
    std::call_once(opened, [] { nats_Open(0); });
    auto body = std::make_unique<Body>(Body{std::move(options), node, ear});
    natsOptions* made = nullptr;
    natsStatus status = natsOptions_Create(&made);
    const Options owner{made};
    if (status == NATS_OK)
        status = set_up(made, *body->options, node, ear);
    natsConnection* connection = nullptr;
    if (status == NATS_OK)
        status = natsConnection_Connect(&connection, made);
    if (status != NATS_OK)
        return body->failed(status);
    body->connection.reset(connection);
    return std::unique_ptr<NatsLink>{new NatsLink{std::move(body)}};
}

std::size_t NatsLink::max_payload() const {
    return static_cast<std::size_t>(natsConnection_GetMaxPayload(body_->connection.get()));
}

bool NatsLink::closed() const {
    return natsConnection_IsClosed(body_->connection.get());
}

Result<void> NatsLink::publish(const std::string& subject, const std::string& bytes) {
    return body_->done(natsConnection_Publish(
        body_->connection.get(), subject.c_str(), bytes.data(), whole(bytes.size())
    ));
}

Result<void> NatsLink::subscribe(const std::string& subject) {
    natsSubscription* made = nullptr;
    natsStatus status = natsConnection_Subscribe(
        &made, body_->connection.get(), subject.c_str(), &on_message, &body_->ear
    );
    if (status != NATS_OK)
        return body_->failed(status);
    body_->subscriptions.insert_or_assign(subject, Subscription{made});
    // Of each subscription; the Inbox holds all of them to the bounds of this bus, and counts.
    constexpr Bounds most;
    status = natsSubscription_SetPendingLimits(made, whole(most.messages), whole(most.bytes));
    return body_->done(status);
}

Result<void> NatsLink::unsubscribe(const std::string& subject) {
    const auto found = body_->subscriptions.find(subject);
    if (found == body_->subscriptions.end())
        return {};
    const natsStatus status = natsSubscription_Unsubscribe(found->second.get());
    body_->subscriptions.erase(found);
    return body_->done(status);
}

Result<void> NatsLink::flush() {
    return body_->done(
        natsConnection_FlushTimeout(body_->connection.get(), body_->options->patience.count())
    );
}

Error NatsLink::trouble() const {
    const char* text = nullptr;
    const natsStatus status = natsConnection_GetLastError(body_->connection.get(), &text);
    return failure(
               status == NATS_OK ? NATS_CONNECTION_CLOSED : status,
               text,
               *body_->options,
               body_->node
    )
        .value();
}

}  // namespace pchat::bus
