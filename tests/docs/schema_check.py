#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proves the committed JSON Schemas with an independent validator: documents that the rules call good in
form pass them, and those that break their kind of rule do not."""
import os
import pathlib
import re
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"SKIPPED: {missing}; install it with scripts/setup --test")
    sys.exit(1 if os.environ.get("PCHAT_TEST_REQUIRE") == "all" else 77)

root = pathlib.Path(__file__).resolve().parents[2]
data = root / "tests/data/topologies"
settings = root / "tests/data/settings"


class Yaml12(yaml.SafeLoader):
    """YAML 1.2, as editors read it: to PyYAML's 1.1 the key `on` is a boolean and 2027-06-30 a date."""


Yaml12.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


def validator_of(name):
    schema = yaml.safe_load((root / "schemas" / name).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


topology_validator = validator_of("topology.v1.schema.json")
settings_validator = validator_of("pchatd.v1.schema.json")
estate_validator = validator_of("estate.v1.schema.json")
estates = root / "examples/estate"


def problem(path):
    document = yaml.load(path.read_text(), Loader=Yaml12)
    validator = settings_validator if settings in path.parents else topology_validator
    validator = estate_validator if estates in path.parents else validator
    return next((error.message for error in validator.iter_errors(document)), None)


failures = []
said_good = [path for path in (*(root / "examples").glob("*.yaml"), *data.rglob("ok*.yaml"))]
good = [path for path in said_good if path.read_text().startswith("# expect: valid")]
good += (root / "topology/templates").glob("*.yaml")
good += settings.glob("rules/*/ok*.yaml")
good += estates.glob("*.yaml")
for path in good:
    found = problem(path)
    if found:
        failures.append(f"{path.relative_to(root)} is good, the schema says: {found}")
# SHAPE-01, -02 and -05 are about the text: a YAML library has taken them away before a schema sees them.
bad = [path for rule in ("SHAPE-03", "SHAPE-04", "SHAPE-06", "SHAPE-07") for path in (data / "rules" / rule).glob("bad*.yaml")]
bad += settings.glob("form/bad*.yaml")
for path in bad:
    if problem(path) is None:
        failures.append(f"{path.relative_to(root)} is bad, the schema says nothing")
print(f"{len(good)} good and {len(bad)} bad documents, {len(failures)} disagreements")
print("\n".join(failures))
sys.exit(1 if failures or len(good) < 20 or len(bad) < 4 else 0)
