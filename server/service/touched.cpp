// SPDX-License-Identifier: Apache-2.0
#include "server/service/touched.h"

#include "server/service/id_list_json.h"

namespace pchat {
namespace {

using nlohmann::json;

std::int64_t number(const json& in, std::size_t at) {
    return in.at(at).get<std::int64_t>();
}

template <class IdType>
json list_of(const std::vector<IdType>& ids) {
    json out = json::array();
    for (const IdType id : ids)
        out.push_back(id.value);
    return out;
}

template <class IdType>
std::vector<IdType> list_from(const json& in) {
    std::vector<IdType> out;
    for (const json& id : in.get_ref<const json::array_t&>())
        out.push_back(IdType{id.get<std::int64_t>()});
    return out;
}

void put_presence(json& out, const PresenceNews& presence) {
    if (presence.begins)
        out["begins"] = true;
    for (const RoomVisits& one : presence.rooms)
        out["presence"].push_back({one.room.value, list_of(one.joined), list_of(one.left)});
}

void get_presence(const json& in, PresenceNews& out) {
    out.begins = in.value("begins", false);
    if (const auto rooms = in.find("presence"); rooms != in.end())
        for (const json& one : rooms->get_ref<const json::array_t&>())
            out.rooms.push_back(
                {RoomId{number(one, 0)},
                 list_from<PrincipalId>(one.at(1)),
                 list_from<PrincipalId>(one.at(2))}
            );
}

bool flag(const json& in, const char* name) {
    return in.value(name, false);
}

}  // namespace

std::string log_text(const LogBody& body) {
    json out = json::object();
    if (!body.heads.empty()) {
        json& heads = out["heads"] = json::array();
        for (const Head& head : body.heads)
            heads.push_back({head.room.value, head.last, head.count});
    }
    const Touched& touched = body.touched;
    put_ids(out, "principals", touched.principals);
    put_ids(out, "categories", touched.categories);
    put_ids(out, "rooms", touched.rooms);
    put_ids(out, "signed_out", touched.signed_out);
    put_ids(out, "revoked", touched.revoked);
    put_ids(out, "revised", touched.revised);
    put_ids(out, "watching", touched.watching);
    if (!touched.invited.empty()) {
        json& list = out["invited"] = json::array();
        for (const Invitation& one : touched.invited)
            list.push_back(
                {one.user.value, one.room.value, one.invited_by.value, one.sequence, one.at}
            );
    }
    for (const Expiry& one : touched.expired)
        out["expired"].push_back({one.room.value, one.last, one.first});
    if (!touched.ended.empty())
        out["ended"] = touched.ended;
    put_ids(out, "disconnected", touched.disconnected);
    if (touched.policies)
        out["policies"] = true;
    if (touched.config)
        out["config"] = true;
    if (touched.addins)
        out["addins"] = true;
    if (touched.walls)
        out["walls"] = true;
    if (touched.topology)
        out["topology"] = true;
    put_presence(out, body.presence);
    return out.dump();
}

Result<LogBody> read_log_text(std::string_view text) {
    try {
        const json in = json::parse(text);
        LogBody out;
        if (const auto heads = in.find("heads"); heads != in.end())
            for (const json& head : *heads)
                out.heads.push_back(
                    {RoomId{number(head, 0)},
                     number(head, 1),
                     head.size() > 2 ? number(head, 2) : 1}
                );
        get_ids(in, "principals", out.touched.principals);
        get_ids(in, "categories", out.touched.categories);
        get_ids(in, "rooms", out.touched.rooms);
        get_ids(in, "signed_out", out.touched.signed_out);
        get_ids(in, "revoked", out.touched.revoked);
        get_ids(in, "revised", out.touched.revised);
        get_ids(in, "watching", out.touched.watching);
        if (const auto invited = in.find("invited"); invited != in.end())
            for (const json& one : *invited) {
                Invitation& back = out.touched.invited.emplace_back();
                back.user = PrincipalId{number(one, 0)};
                back.room = RoomId{number(one, 1)};
                back.invited_by = PrincipalId{number(one, 2)};
                back.sequence = number(one, 3);
                back.at = number(one, 4);
            }
        if (const auto expired = in.find("expired"); expired != in.end())
            for (const json& one : *expired)
                out.touched.expired.push_back(
                    {RoomId{number(one, 0)}, number(one, 1), number(one, 2)}
                );
        if (const auto ended = in.find("ended"); ended != in.end())
            out.touched.ended = ended->get<std::vector<std::string>>();
        get_ids(in, "disconnected", out.touched.disconnected);
        out.touched.policies = flag(in, "policies");
        out.touched.config = flag(in, "config");
        out.touched.addins = flag(in, "addins");
        out.touched.walls = flag(in, "walls");
        out.touched.topology = flag(in, "topology");
        get_presence(in, out.presence);
        return out;
    } catch (const json::exception& error) {
        return fail(
            Errc::internal, std::string{"an entry of the origin log is no JSON: "} + error.what()
        );
    }
}

}  // namespace pchat
