# SPDX-License-Identifier: Apache-2.0
"""schemas/openapi.yaml as a judge of what a server answers, and a client that is judged: no test of its own."""

import json
import os
import pathlib
import re
import sys
import urllib.parse

from api_client import Api

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"SKIPPED: {missing}; install it with scripts/setup --test", flush=True)
    sys.exit(1 if os.environ.get("PCHAT_TEST_REQUIRE") == "all" else 0)

PLACE = pathlib.Path(__file__).resolve().parents[2] / "schemas/openapi.yaml"
METHODS = ("get", "put", "post", "patch", "delete")

formats = jsonschema.FormatChecker(formats=())
formats.checks("uuid")(lambda text: re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text) is not None)
formats.checks("date-time")(lambda text: re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", text) is not None)


class Operation:
    """What one method of one path takes and answers."""

    def __init__(self, document, method, path, own, shared):
        self.method, self.path = method.upper(), path
        self.name = f"{self.method} {path}"
        self.role = own["x-role"]
        self.pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
        self.variables = re.findall(r"\{(\w+)\}", path)
        self.not_provoked = own.get("x-not-provoked", {})
        self.responses = {str(status): document.resolved(one) for status, one in own["responses"].items()}
        parameters = [document.resolved(one) for one in shared + own.get("parameters", [])]
        self.query = [one["name"] for one in parameters if one["in"] == "query"]
        self.takes_if_match = any(one["name"] == "If-Match" for one in parameters)
        taken = document.resolved(own.get("requestBody", {})).get("content", {}).get("application/json")
        self.body = document.strict(taken["schema"]) if taken else None
        given = {"always": True, "signed-in": self.role != "open", "body": self.body, "cookie-body": self.body}
        given["role"] = self.role not in ("open", "signed-in")
        errors = document.source["x-errors"]
        self.codes = set(own.get("x-codes", ()))
        if path.startswith("/v1/") and "101" not in self.responses:
            self.codes |= {code for code, error in errors.items() if given.get(error["when"])}
        unknown = self.codes - set(errors)
        assert not unknown, f"{self.name}: {unknown} are not in x-errors"
        self.statuses = {code: str(errors[code]["status"]) for code in self.codes}
        documented = {status for status in self.responses if "400" <= status < "500"}
        assert documented == set(self.statuses.values()), f"{self.name}: {documented} are not those of {self.codes}"


class Document:
    def __init__(self):
        self.source = yaml.safe_load(PLACE.read_text(encoding="utf-8"))
        self.operations = [
            Operation(self, method, path, item[method], item.get("parameters", []))
            for path, item in self.source["paths"].items()
            for method in METHODS
            if method in item
        ]
        self.operations.sort(key=lambda one: len(one.variables))  # /v1/users/policies is no user
        self.seen = set()  # (name of the operation, what)

    def resolved(self, node):
        while "$ref" in node:
            found = self.source
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            node = found
        return node

    def strict(self, schema):
        """With its references followed, and refusing what it does not name."""
        schema = self.resolved(schema)
        if "allOf" in schema:
            parts = [self.strict(part) for part in schema["allOf"]]
            return {
                "type": "object",
                "additionalProperties": False,
                "required": [name for part in parts for name in part.get("required", ())],
                "properties": {name: one for part in parts for name, one in part["properties"].items()},
            }
        out = dict(schema)
        if "items" in out:
            out["items"] = self.strict(out["items"])
        if "properties" in out:
            out["properties"] = {name: self.strict(one) for name, one in out["properties"].items()}
            out["additionalProperties"] = False
        return out

    def find(self, method, path):
        for operation in self.operations:
            if operation.method == method and operation.pattern.fullmatch(path):
                return operation
        return None

    def judge(self, method, target, body, answer):
        """Fails when the answer is not one that the document has; remembers what was seen."""
        target = urllib.parse.urlsplit(target)
        operation = self.find(method, target.path)
        told = f"{method} {target.path}?{target.query} {body} -> {answer}"
        if operation is None:
            assert answer.code in ("not-found", "method-not-allowed"), told
            return
        response = operation.responses.get(str(answer.status))
        assert response, f"undocumented status: {told}"
        kind, content = next(iter(response.get("content", {"": {}}).items()))
        assert answer.headers["Content-Type"].split(";")[0] == kind, told
        if answer.json is not None:
            valid = jsonschema.Draft202012Validator(self.strict(content["schema"]), format_checker=formats)
            problems = [f"{problem.json_path}: {problem.message}" for problem in valid.iter_errors(answer.json)]
            assert not problems, f"{problems}: {told}"
        assert ("ETag" in answer.headers) == ("ETag" in response.get("headers", {})), f"ETag: {told}"
        self.seen.add((operation.name, str(answer.status)))
        if answer.status >= 400:
            assert operation.statuses.get(answer.code) == str(answer.status), f"undocumented code: {told}"
            self.seen.add((operation.name, answer.code))
            return
        names = set(urllib.parse.parse_qs(target.query, keep_blank_values=True))
        assert names <= set(operation.query), f"undocumented parameters: {told}"
        self.seen |= {(operation.name, name) for name in names}
        if body:
            jsonschema.validate(json.loads(body), operation.body)
            self.seen |= {(operation.name, name) for name in json.loads(body)}

    def unseen(self):
        """Statuses, codes, parameters and fields that no answer or accepted request has shown."""
        out = []
        for one in self.operations:
            wanted = {status for status in one.responses if status != "5XX"} | one.codes | set(one.query)
            if one.body:
                wanted |= set(one.body["properties"])
            out += [
                f"{one.name}: {what}"
                for what in sorted(wanted - set(map(str, one.not_provoked)))
                if (one.name, what) not in self.seen
            ]
        return out


class Judged(Api):
    """Every answer to it is held against the document."""

    document = None

    def send(self, method, path, body=None, headers=(), **query):
        answer = super().send(method, path, body, headers, **query)
        if query:
            path += "?" + urllib.parse.urlencode(query, doseq=True)
        self.document.judge(method, path, body if isinstance(body, (str, type(None))) else json.dumps(body), answer)
        return answer
