# SPDX-License-Identifier: Apache-2.0
"""People, settings and logs, request by request: no test of its own."""

from api_client import PASSWORD, Chat
from openapi_asking import ADMIN, ANN, BOB, CID, LEA, LONG, NOBODY, RIK, RON, ROOM_LISTS, TOPOLOGY, Asking
from openapi_document import Judged


class AdminNouns(Asking):
    def config(self):
        values = {"default_chat_history": 5, "max_file_size_kb": 10, "participant_update_limit": 3}
        values |= {"room_management_url": "http://rooms.example/", "allow_http": True}
        self.change("PATCH", "/v1/config/service:a.example", values)
        self.ok("PATCH", "/v1/config/service:a.example", {"default_chat_history": 6})
        self.refused("bad-value", "PATCH", "/v1/config/site:hq", {"default_chat_history": 501})
        self.refused("too-long", "PATCH", "/v1/config/site:hq", {"room_management_url": "https://x/" + LONG})
        self.listed("/v1/config", "config", filter="*")
        self.ok("GET", "/v1/config/site:hq")
        self.refused("bad-value", "GET", "/v1/config/hq")
        self.ok("GET", "/v1/config/effective", pool="a.example", site="hq")
        self.refused("bad-value", "GET", "/v1/config/effective", pool="-")
        self.change("DELETE", "/v1/config/service:a.example")

    def groups(self):
        lists = {"members": [ANN], "add_members": [BOB], "remove_members": [BOB]}
        self.change("POST", "/v1/groups", {"name": "made", "display": "Made", "email": "m@x.example", **lists})
        fields = {"name": "changed", "display": "Changed", "email": "c@x.example", **lists}
        self.change("PATCH", "/v1/groups/made", {**fields, "add_members": ["group:analysts"]})
        self.refused("bad-request", "POST", "/v1/groups", {})
        for method, path in (("POST", "/v1/groups"), ("PATCH", "/v1/groups/changed")):
            for code, wrong in (
                ("bad-value", {"name": ""}),
                ("too-long", {"display": LONG}),
                ("group-exists", {"name": "ANALYSTS"}),
                ("user-not-found", {"members": [NOBODY]}),
                ("principal-not-found", {"members": ["group:nowhere"]}),
            ):
                self.refused(code, method, path, {"name": "other", **wrong})
        self.refused("group-cycle", "PATCH", "/v1/groups/analysts", {"add_members": ["group:changed"]})
        self.refused("wall-broken", "PATCH", "/v1/groups/left", {"add_members": [CID]})
        self.listed("/v1/groups", "groups", filter="*")
        self.refused("bad-cursor", "GET", "/v1/groups", cursor="x")
        self.ok("GET", "/v1/groups/changed")
        self.refused("group-walled", "DELETE", "/v1/groups/left")
        self.ok("PATCH", "/v1/categories/Bank", {"add_deny": ["group:changed"]})
        self.refused("group-denied", "DELETE", "/v1/groups/changed")
        self.change("DELETE", "/v1/groups/changed", force="true")
        row = {"name": "rows", "display": "Rows", "email": "r@x.example", **lists}
        self.change("POST", "/v1/groups/import", {"groups": [row]})
        self.ok("POST", "/v1/groups/import", {"groups": [{"name": "rows", "members": ["nobody"]}]})
        path = "/v1/groups/import"
        self.refused("too-long", "POST", path, {"groups": [{}] * 10_001})
        self.refused("too-many-members", "POST", path, {"groups": [{"name": "x", "members": ["x"] * 5_001}] * 2})
        self.assertEqual(self.admin.send("POST", path, {"groups": []}, {"If-Match": "x"}).code, "bad-value")

    def policies(self):
        path = "/v1/policies"
        self.change("PATCH", f"{path}/night", {"enable_persistent_chat": True, "description": "Night desk"})
        self.ok("PATCH", f"{path}/tag:night", {"description": "Nights"})
        self.refused("bad-value", "PATCH", f"{path}/pool:x", {})
        self.refused("too-long", "PATCH", f"{path}/night", {"description": LONG})
        self.refused("wall-broken", "PATCH", f"{path}/site:away", {"enable_persistent_chat": True})
        self.refused("wall-broken", "DELETE", f"{path}/site:away")
        self.listed(path, "policies", filter="*")
        self.ok("GET", f"{path}/night")
        self.refused("bad-value", "GET", f"{path}/pool:x")
        held = f"/v1/users/{ANN}/policy"
        self.change("PUT", held, {"policy": "night"})
        self.ok("GET", held)
        self.refused("bad-value", "PUT", held, {"policy": "global"})
        self.refused("policy-not-found", "PUT", held, {"policy": "nowhere"})
        for method, body in (("PUT", {"policy": "loud"}), ("DELETE", None)):
            self.refused("wall-broken", method, f"/v1/users/{RON}/policy", body)
        self.ok("GET", "/v1/users/policies", policy="night", enabled="true")
        self.listed("/v1/users/policies", "users", filter="*")
        self.refused("policy-not-found", "GET", "/v1/users/policies", policy="nowhere")
        self.change("DELETE", held)
        self.change("DELETE", f"{path}/night")

    def users(self):
        path, dan = "/v1/users", "sip:dan@contoso.example"
        fields = {"display": "Dan", "email": "dan@x.example", "company": "X", "site": "hq", "password": PASSWORD}
        fields |= {"disabled": False, "add_roles": ["viewer"], "remove_roles": ["deploy-admin"]}
        self.change("POST", path, {"user": dan, **fields})
        self.change("PATCH", f"{path}/{dan}", {**fields, "disabled": True})
        self.refused("bad-request", "POST", path, {})
        self.refused("bad-value", "POST", path, {"user": "nobody"})
        self.refused("too-long", "POST", path, {"user": NOBODY, "display": LONG})
        self.refused("user-exists", "POST", path, {"user": ANN.upper()})
        self.refused("bad-value", "PATCH", f"{path}/{dan}", {"display": ""})
        self.refused("too-long", "PATCH", f"{path}/{dan}", {"display": LONG})
        self.refused("role-missing", "PATCH", f"{path}/{dan}", {"add_roles": ["viewer"]}, who=self.users_admin)
        self.refused("wall-broken", "PATCH", f"{path}/{RIK}", {"site": "hq"})
        for method, body in (("PATCH", {"disabled": True}), ("DELETE", None)):
            self.refused("not-allowed", method, f"{path}/{ADMIN}", body, who=self.users_admin)
            self.refused("last-administrator", method, f"{path}/{ADMIN}", body)
        self.listed(path, "users", state="active", filter="*")
        self.refused("bad-cursor", "GET", path, cursor="x")
        self.ok("GET", f"{path}/{dan}")
        self.change("DELETE", f"{path}/{dan}")
        row = {"user": dan, "display": "Dan", "email": "", "company": "", "site": "", "disabled": True}
        self.change("POST", f"{path}/import", {"users": [row]})
        self.ok("POST", f"{path}/import", {"users": [{"user": "nobody"}]})
        self.refused("too-long", "POST", f"{path}/import", {"users": [{}] * 1001})
        answer = self.admin.send("POST", f"{path}/import", {"users": []}, {"If-Match": "x"})
        self.assertEqual(answer.code, "bad-value")

    def principals(self):
        path = "/v1/principals"
        self.listed(path, "principals", kind="user", state="active", filter="*")
        self.ok("GET", path, **{"in": "group:analysts"})
        self.refused("user-not-found", "GET", path, **{"in": NOBODY})
        self.refused("principal-not-found", "GET", path, **{"in": "group:nowhere"})
        self.ok("GET", f"{path}/{ANN}")
        self.ok("GET", f"{path}/group:analysts")
        self.listed(f"{path}/eligible", "principals", room="Lab", kind="user", state="active", filter="*")
        self.ok("GET", f"{path}/{ANN}/check", room="Lab", **{"as": "manager"})
        self.ok("GET", f"{path}/{LEA}/check", category="Research")
        self.ok("GET", f"{path}/eligible", category="Research", **{"as": "manager"})
        for one in ("eligible", f"{ANN}/check"):
            self.refused("room-not-found", "GET", f"{path}/{one}", room="Nowhere")
            self.refused("category-not-found", "GET", f"{path}/{one}", category="Nowhere")
            self.refused("bad-value", "GET", f"{path}/{one}", room="Lab", **{"as": "king"})
        for one in (path + "/{}", path + "/{}/check"):
            self.refused("bad-value", "GET", one.format("nobody"))
            self.refused("user-not-found", "GET", one.format(NOBODY))

    def access(self):
        path = "/v1/access"
        self.ok("GET", f"{path}/explain", user=ANN, room="Lab")
        self.ok("GET", f"{path}/diff", room="Lab", other="Hall")
        first = self.ok("GET", f"{path}/diff", user=ANN, other=LEA, limit=1)
        self.ok("GET", f"{path}/diff", user=ANN, other=LEA, cursor=first["cursor"])
        for one, more in (("explain", {"room": "Lab"}), ("diff", {"other": ANN})):
            self.refused("bad-value", "GET", f"{path}/{one}", user="nobody", **more)
            self.refused("user-not-found", "GET", f"{path}/{one}", user=NOBODY, **more)
            self.refused("principal-not-found", "GET", f"{path}/{one}", user="group:nowhere", **more)
        self.refused("room-not-found", "GET", f"{path}/explain", user=ANN, room="Nowhere")
        self.refused("room-not-found", "GET", f"{path}/diff", room="Lab", other="Nowhere")
        lists = {f"{how}{name}": [who] for name, who in (("allow", ANN), ("deny", LEA)) for how in ("", "add_")}
        lists |= {"remove_allow": [LEA], "remove_deny": [ANN]}
        category = f"{path}/diff/categories/Research"
        self.ok("POST", category, lists)
        many = {"allow": [ANN] * 10_001}
        room = f"{path}/diff/rooms/Lab"
        everything = {"category": "Research", "type": "auditorium", "privacy": "secret", "disabled": False}
        self.ok("POST", room, {**everything, **ROOM_LISTS})
        for code, one, body in (
            ("bad-value", category, {"allow": ["nobody"]}),
            ("too-long", category, many),
            ("user-not-found", category, {"allow": [NOBODY]}),
            ("principal-not-found", category, {"allow": ["group:nowhere"]}),
            ("wall-broken", f"{path}/diff/categories/Left", {"add_allow": [CID]}),
            ("bad-value", room, {"privacy": "hidden"}),
            ("too-long", room, {"members": [ANN] * 10_001}),
            ("category-not-found", room, {"category": "Nowhere"}),
            ("user-not-found", room, {"members": [NOBODY]}),
            ("principal-not-found", room, {"members": ["group:nowhere"]}),
            ("principals-not-in-scope", room, {"members": [LEA]}),
            ("presenter-not-member", room, {"presenters": [ANN]}),
            ("open-room-members", room, {"privacy": "open", "members": [ANN]}),
            ("wall-broken", f"{path}/diff/rooms/Once", {"add_members": [CID]}),
        ):
            self.refused(code, "POST", one, body)

    def logs(self):
        path = "/v1/audit"
        since = {"since": "2026-01-01T00:00:00Z", "until": "2099-01-01T00:00:00Z"}
        self.listed(path, "entries", actor=ADMIN, action="create", **since)
        self.assertTrue(self.ok("GET", path, object="Lab", kind="room")["entries"])
        self.refused("bad-cursor", "GET", path, cursor="x")
        self.ok("PATCH", "/v1/categories/Research", {"invitations": True})
        for name in ("First", "Second"):
            self.ok("POST", "/v1/rooms", {"name": name, "category": "Research", "members": [ANN]})
        path = "/v1/invitations"
        self.listed(path, "invitations", user=ANN)
        self.ok("GET", path, who=self.ann, room="First")
        self.refused("role-missing", "GET", path, who=self.ann, user=BOB)
        for code, query in (
            ("bad-cursor", {"cursor": "x"}),
            ("room-not-found", {"room": "Nowhere"}),
            ("user-not-found", {"user": NOBODY}),
            ("principal-not-found", {"user": "group:nowhere"}),
        ):
            self.refused(code, "GET", path, **query)
        self.ok("GET", "/v1/reports/usage", since="2026-11-01T00:00:00Z", until="2026-11-09T00:00:00Z", top="3")
        self.ok("GET", "/v1/reports/usage")
        chat = Chat(self.url, self.ann.token)
        self.ok("GET", "/v1/reports/sessions", top="3")
        chat.close()
        for report in ("usage", "sessions"):
            self.refused("bad-value", "GET", f"/v1/reports/{report}", top="-1")

    def walls(self):
        lists = {"a": [ANN], "add_a": [BOB], "remove_a": [BOB], "b": [LEA], "add_b": [RON], "remove_b": [RON]}
        self.change("PATCH", "/v1/walls/V", lists)
        self.change("PATCH", "/v1/walls/V", {"name": "Changed", "description": "x", **lists})
        for code, fields in (
            ("bad-value", {"a": []}),
            ("too-long", {"description": LONG}),
            ("wall-exists", {"name": "w"}),
            ("wall-broken", {"b": [ADMIN]}),
            ("user-not-found", {"a": [NOBODY]}),
            ("principal-not-found", {"a": ["group:nowhere"]}),
        ):
            self.refused(code, "PATCH", "/v1/walls/Changed", fields)
        self.listed("/v1/walls", "walls", filter="*")
        self.ok("GET", "/v1/walls/W")
        test = "/v1/walls/test"
        self.ok("POST", test, {"a": [ANN], "b": [BOB]})
        self.refused("bad-value", "POST", test, {"a": ["nobody"], "b": [BOB]})
        self.refused("too-long", "POST", test, {"a": [ANN] * 10_001, "b": [BOB]})
        self.refused("user-not-found", "POST", test, {"a": [NOBODY], "b": [BOB]})
        self.refused("principal-not-found", "POST", test, {"a": ["group:nowhere"], "b": [BOB]})
        self.change("DELETE", "/v1/walls/Changed")

    def estate(self):
        path = "/v1/apply"
        tree = self.ok("GET", "/v1/estate")
        self.ok("POST", path, tree, dry_run="true")
        self.refused("bad-request", "POST", path, {"room": []})
        self.refused("role-missing", "POST", path, {"rooms": [{"name": "Lab"}]}, who=self.users_admin)
        plan = self.ok("POST", path, {"rooms": [{"name": "Lab", "addin": "Prices"}], "prune": []}, dry_run="true")
        self.ok("POST", path, {"rooms": [{"name": "Lab", "addin": "Prices"}]}, plan=plan["plan"])
        self.refused("addin-in-use", "POST", path, {"prune": ["addins"]})
        self.ok("POST", path, {"rooms": [{"name": "Lab", "addin": ""}]})
        self.assertFalse(self.ok("POST", path, {"rooms": [{"name": "Lab", "members": [NOBODY]}]})["applied"])
        self.refused("bad-value", "POST", path, {"prune": ["users"]})
        self.refused("too-long", "POST", path, {"rooms": [{"name": "x"}] * 150_001})
        self.refused("changed-meanwhile", "POST", path, {}, plan="another")
        self.refused("name-taken", "POST", path, {"rooms": [{"name": "Research", "category": "Bank"}]})
        self.refused("category-not-empty", "POST", path, {"prune": ["categories"]})
        self.refused("last-category", "POST", path, {"prune": ["categories", "rooms"]})
        meeting = {"name": "Meet", "category": "Bank", "members": [LEA, CID]}
        self.refused("wall-broken", "POST", path, {"rooms": [meeting]})
        denied = {"name": "Research", "deny": ["group:analysts"]}
        lab = {"name": "Lab", "members": [ADMIN]}
        self.refused("estate-contradiction", "POST", path, {"categories": [denied], "rooms": [lab]})

    def tokens(self):
        path = "/v1/tokens"
        asked = {"name": "script", "roles": ["viewer"], "scope": ["read-only", "category:Research"], "lifetime": 3600}
        self.change("POST", path, asked)
        self.refused("token-exists", "POST", path, asked)
        for code, fields in (
            ("bad-request", {}),
            ("bad-value", {"name": "x", "roles": ["king"]}),
            ("too-long", {"name": LONG}),
            ("room-not-found", {"name": "x", "scope": ["room:Nowhere"]}),
            ("category-not-found", {"name": "x", "scope": ["category:Nowhere"]}),
        ):
            self.refused(code, "POST", path, fields)
        self.refused("role-missing", "POST", path, {"name": "x", "roles": ["viewer"]}, who=self.bob)
        self.listed(path, "tokens")
        made = self.ok("POST", path, {"name": "0"}, who=self.bob)
        script = Judged(self.url, made["token"])
        self.refused("not-allowed", "POST", path, {"name": "another"}, who=script)
        self.refused("not-allowed", "DELETE", f"{path}/0", who=script)
        self.refused("not-allowed", "DELETE", "/v1/sessions/current", who=script)
        for number in range(1, 50):
            self.ok("POST", path, {"name": f"{number}"}, who=self.bob)
        self.refused("too-many", "POST", path, {"name": "50"}, who=self.bob)
        for method, one in (("GET", path), ("DELETE", f"{path}/0")):
            self.refused("role-missing", method, one, who=self.ann, user=BOB)
            self.refused("user-not-found", method, one, user=NOBODY)
        self.assertEqual(len(self.ok("GET", path, user=BOB)["tokens"]), 50)
        self.change("DELETE", f"{path}/0", user=BOB)

    def endpoints(self):
        path, desk = "/v1/endpoints", "sip:desk@contoso.example"
        self.change("POST", path, {"address": desk, "pool": "pool.contoso.example", "display": "Desk"})
        for code, fields in (
            ("bad-request", {}),
            ("bad-value", {"address": "desk"}),
            ("too-long", {"address": "sip:x@x.example", "display": LONG}),
            ("name-taken", {"address": ANN}),
            ("endpoint-exists", {"address": desk}),
        ):
            self.refused(code, "POST", path, fields)
        self.refused("name-taken", "POST", "/v1/users", {"user": desk})
        self.ok("POST", path, {"address": "sip:floor@contoso.example"})
        self.listed(path, "endpoints", filter="*")
        self.ok("GET", path, pool="pool.contoso.example")
        self.ok("GET", f"{path}/{desk}")
        self.refused("bad-value", "GET", f"{path}/desk")
        self.change("DELETE", f"{path}/{desk}")

    def pools(self):
        """After a topology was published, which has another pool than that of this server."""
        place = self.ok("GET", "/v1/discover")
        path = f"/v1/pools/{place['pool']}"
        server, elsewhere = f"{path}/servers/{place['server']}", "/v1/pools/pchat.contoso.example"
        self.listed("/v1/pools", "pools", filter="*")
        self.ok("GET", path)
        self.refused("pool-elsewhere", "GET", elsewhere)
        for method, where in (
            ("GET", ""), ("PATCH", ""), ("PATCH", "/servers/pc1.contoso.example"), ("DELETE", "/servers/pc1.contoso.example")
        ):
            self.refused("pool-unknown", method, f"/v1/pools/nowhere.example{where}", {} if method == "PATCH" else None)
        for where in (elsewhere, f"{elsewhere}/servers/pc1.contoso.example"):
            self.refused("pool-elsewhere", "PATCH", where, {})
        for code, where in (("pool-elsewhere", elsewhere), ("pool-unknown", "/v1/pools/nowhere.example")):
            self.refused(code, "GET", f"{where}/servers/pc1.contoso.example")
            self.refused(code, "DELETE", f"{where}/servers/pc1.contoso.example")
        self.change("PATCH", path, {"remove_active": [place["server"]]})
        self.change("PATCH", path, {"swap_active": True})
        self.change("PATCH", path, {"active": []})
        self.change("PATCH", path, {"add_active": [place["server"]]})
        self.refused("bad-request", "PATCH", path, {"active": [], "swap_active": True})
        self.refused("server-not-found", "PATCH", path, {"add_active": ["nowhere.example"]})
        self.refused("too-long", "PATCH", path, {"active": ["x"] * 33})
        self.change("PATCH", server, {"draining": True, "within_seconds": 3600})
        self.refused("bad-value", "PATCH", server, {"draining": True, "within_seconds": -1})
        self.assertIn("drain_until", self.ok("GET", path)["servers"][0])
        self.change("PATCH", server, {"draining": False})
        self.change("PATCH", server, {"state": "standby"})
        self.refused("bad-request", "PATCH", server, {"state": "active", "draining": True})
        self.ok("GET", server)
        for method in ("GET", "DELETE"):
            self.refused("server-not-found", method, f"{path}/servers/nowhere.example")
        self.refused("server-lives", "DELETE", server)
        self.change("PATCH", server, {"state": "active"})

    def topology(self):
        path = "/v1/topology"
        self.refused("topology-not-found", "GET", path)
        self.change("POST", path, {"document": TOPOLOGY, "comment": "the first"})
        self.ok("POST", path, {"document": TOPOLOGY + "# again\n"})
        self.ok("POST", path, {"version": 1})
        self.ok("GET", path)
        self.ok("GET", path, version=1)
        self.listed(f"{path}/versions", "versions")
        self.refused("bad-value", "GET", path, version="x")
        moved = TOPOLOGY
        for number in range(1, 9):
            moved = moved.replace(f"pc{number}.", f"px{number}.")
        for code, fields in (
            ("bad-request", {}),
            ("bad-value", {"version": 0}),
            ("too-long", {"document": TOPOLOGY, "comment": "x" * 4000}),
            ("topology-not-found", {"version": 99}),
            ("topology-invalid", {"document": "kind: Nothing\n"}),
            ("secret-in-topology", {"document": TOPOLOGY + "# password: hunter2\n"}),
            ("topology-way-closed", {"document": moved}),
        ):
            self.refused(code, "POST", path, fields)
        user = {"user": "sip:eva@contoso.example"}
        for code, method, where, fields in (
            ("site-not-found", "PATCH", "/v1/policies/site:nowhere", {}),
            ("site-not-found", "PATCH", "/v1/config/site:nowhere", {"default_chat_history": 9}),
            ("pool-not-found", "PATCH", "/v1/config/service:nowhere.example", {"default_chat_history": 9}),
            ("site-not-found", "POST", "/v1/users", {**user, "site": "nowhere"}),
            ("domain-not-found", "POST", "/v1/users", {"user": NOBODY}),
            ("site-not-found", "PATCH", f"/v1/users/{ANN}", {"site": "nowhere"}),
            ("domain-not-found", "POST", "/v1/endpoints", {"address": NOBODY}),
            ("pool-not-found", "POST", "/v1/endpoints", {"address": user["user"], "pool": "nowhere.example"}),
        ):
            self.refused(code, method, where, fields)
