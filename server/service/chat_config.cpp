// SPDX-License-Identifier: Apache-2.0
#include "server/service/chat_config.h"

#include "base/log.h"
#include "server/domain/name.h"
#include "server/domain/policy_effective.h"

#include <nlohmann/json.hpp>

namespace pchat {
namespace {

using nlohmann::json;

void take(const json& body, const char* name, int least, int most, int& out) {
    const auto found = body.find(name);
    if (found == body.end())
        return;
    if (found->is_number_integer() && *found >= least && *found <= most)
        out = found->get<int>();
    else
        log::warning("the stored setting {} is no number from {} to {}", name, least, most);
}

}  // namespace

ChatConfig effective_chat_config(std::span<const ConfigObject> objects, const Home& home) {
    const EffectiveConfig effective = effective_config(
        objects,
        ConfigKind::chat,
        home.pool.empty() ? std::string{} : name_key(home.pool),
        home.site.empty() ? std::string{} : name_key(home.site)
    );
    return effective.object == nullptr ? ChatConfig{} : chat_config_of(*effective.object);
}

ChatConfig chat_config_of(const ConfigObject& object) {
    ChatConfig out;
    const json body = json::parse(object.body, nullptr, false);
    if (!body.is_object()) {
        log::warning("the stored settings of '{}' are no object", object.scope_name);
        return out;
    }
    take(body, "default_chat_history", least_history, most_history, out.history);
    take(body, "max_file_size_kb", least_file_kb, most_file_kb, out.file_kb);
    take(body, "participant_update_limit", 0, most_participants, out.participants);
    if (const auto url = body.find("room_management_url"); url != body.end() && url->is_string())
        out.room_management_url = url->get<std::string>();
    return out;
}

std::string chat_config_body(const ChatConfig& config) {
    json out = json::object();
    out["default_chat_history"] = config.history;
    out["max_file_size_kb"] = config.file_kb;
    out["participant_update_limit"] = config.participants;
    if (!config.room_management_url.empty())
        out["room_management_url"] = config.room_management_url;
    return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace pchat
