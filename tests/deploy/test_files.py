"""The parts of the production set-up agree with each other: names of settings, ports, paths, services."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

from bot import production
from bot.adapters import metrics  # noqa: F401 - registers what the dashboard shows
from scripts import audit, licences

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text())
ENDPOINTS = (ROOT / "endpoints.production.yml").read_text()
NGINX = (DEPLOY / "nginx/nginx.conf.template").read_text()
MANIFESTS = {
    (document["kind"], document["metadata"]["name"]): document
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for document in yaml.safe_load_all(path.read_text())
}
EXAMPLE = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / ".env.example").read_text(), re.MULTILINE))
VARIABLE = re.compile(r"\$\{([A-Z_]+)")


def pod(kind, name):
    return MANIFESTS[kind, name]["spec"]["template"]["spec"]


def container(kind, name):
    (only,) = pod(kind, name)["containers"]
    return only


def environment(kind, name):
    return {variable["name"]: variable for variable in container(kind, name).get("env", ())}


WORKLOADS = [key for key in MANIFESTS if key[0] in ("Deployment", "StatefulSet")]
NEEDED = {*VARIABLE.findall(re.sub(r"^#.*$", "", ENDPOINTS, flags=re.MULTILINE)), *production.REQUIRED}


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_every_setting_that_the_servers_need_is_given_in_both_set_ups(name):
    assert name in COMPOSE["services"]["rasa"]["environment"]
    assert name in environment("Deployment", "rasa")


def test_the_example_names_what_the_compose_file_asks_for_and_nothing_else():
    asked = set(VARIABLE.findall((DEPLOY / "compose.yml").read_text())) - {"MYELIN_VERSION"}
    assert asked == EXAMPLE


def test_the_example_gives_no_secret():
    for line in (DEPLOY / ".env.example").read_text().splitlines():
        if re.match(r"[A-Z_]*(SECRET|PASSWORD|TOKEN)", line):
            assert line.endswith("="), line


def test_secrets_are_given_by_reference_and_exist_in_the_example_secret():
    known = set(MANIFESTS["Secret", "myelin"]["stringData"])
    used = set()
    for kind, name in [*WORKLOADS, ("CronJob", "backup")]:
        spec = MANIFESTS[kind, name]["spec"]
        template = spec.get("jobTemplate", {}).get("spec", spec)["template"]["spec"]
        for variable in template["containers"][0].get("env", ()):
            if re.search(r"SECRET|PASSWORD|TOKEN|AUTH", variable["name"]):
                reference = variable["valueFrom"]["secretKeyRef"]
                assert reference["name"] == "myelin"
                used.add(reference["key"])
    assert used == known


@pytest.mark.parametrize(("kind", "name"), WORKLOADS)
def test_every_workload_is_limited_probed_and_without_rights(kind, name):
    spec, main = pod(kind, name), container(kind, name)
    assert set(main["resources"]) == {"requests", "limits"}
    assert {"readinessProbe", "livenessProbe"} <= set(main)
    assert spec["securityContext"]["runAsNonRoot"] and not spec["automountServiceAccountToken"]
    assert main["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert not main["securityContext"]["allowPrivilegeEscalation"]


@pytest.mark.parametrize("name", ["rasa", "actions"])
def test_a_new_release_takes_over_without_a_gap(name):
    spec = MANIFESTS["Deployment", name]["spec"]
    assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1} and spec["replicas"] >= 2
    assert "startupProbe" in container("Deployment", name)


def test_liveness_does_not_hang_on_what_is_behind_the_server():
    probes = container("Deployment", "rasa")
    assert probes["livenessProbe"]["httpGet"]["path"] == "/health/live"
    assert probes["readinessProbe"]["httpGet"]["path"] == "/health/ready"


def test_ports_and_names_of_services_agree():
    for kind, name in WORKLOADS:
        service = MANIFESTS["Service", name]["spec"]
        ports = {port["name"]: port["containerPort"] for port in container(kind, name)["ports"]}
        assert service["selector"] == {"app": name} == MANIFESTS[kind, name]["spec"]["selector"]["matchLabels"]
        assert all(port["targetPort"] in ports for port in service["ports"])
    for url in (environment("Deployment", "rasa")["MYELIN_ACTIONS_URL"]["value"],
                COMPOSE["services"]["rasa"]["environment"]["MYELIN_ACTIONS_URL"]):  # fmt: skip
        assert url == "http://actions:5055/webhook"
    assert MANIFESTS["Service", "actions"]["spec"]["ports"][0]["port"] == 5055
    assert MANIFESTS["Service", "rasa"]["spec"]["ports"][0]["port"] == 5005


def test_only_the_proxy_has_a_port_on_the_machine():
    open_to = {name for name, service in COMPOSE["services"].items() if "ports" in service}
    assert open_to == {"nginx", "grafana"}
    assert all(port.startswith("127.0.0.1:") for name in open_to for port in COMPOSE["services"][name]["ports"])
    for name in ("actions", "postgres", "redis"):
        assert COMPOSE["services"][name]["networks"] == ["inside"], "no way out"
    assert COMPOSE["networks"]["inside"]["internal"]


def test_only_the_proxy_is_reached_from_outside_the_namespace():
    policies = [document["spec"] for (kind, _), document in MANIFESTS.items() if kind == "NetworkPolicy"]
    anybody = [policy for policy in policies for rule in policy.get("ingress", ()) if "from" not in rule]
    assert [policy["podSelector"]["matchLabels"]["app"] for policy in anybody] == ["nginx"]
    assert {"podSelector": {}, "policyTypes": ["Ingress"]} in policies, "what is not allowed is forbidden"


def test_the_proxy_gets_every_value_of_its_template_in_both_set_ups():
    asked = set(VARIABLE.findall(NGINX))
    assert asked == {name for name in COMPOSE["services"]["nginx"]["environment"] if name.startswith("MYELIN")}
    assert asked == set(environment("Deployment", "nginx"))
    assert set(re.findall(r"\$(MYELIN_[A-Z_]+)", container("Deployment", "nginx")["args"][0])) == asked


def test_the_proxy_passes_on_the_channels_and_nothing_else():
    paths = re.findall(r"location (?:= )?(/\S*) \{", NGINX)
    assert set(paths) == {
        "/", "/widget/", "/summary/", "/health", "/webhooks/web/session", "/webhooks/web/history",
        "/webhooks/web/message", "/webhooks/telegram/webhook", "/webhooks/slack/events", "/webhooks/slack/actions",
    }  # fmt: skip
    assert "location / { return 404; }" in NGINX
    assert re.search(r"location = / \{ proxy_pass", NGINX), "the front page alone"


def test_files_named_by_the_set_ups_exist():
    for service in COMPOSE["services"].values():
        for volume in service.get("volumes", ()):
            if volume.startswith("./"):
                assert (DEPLOY / volume.split(":")[0]).is_file(), volume
    kustomization = yaml.safe_load((DEPLOY / "kustomization.yaml").read_text())
    files = [file for generator in kustomization["configMapGenerator"] for file in generator["files"]]
    assert all((DEPLOY / name).is_file() for name in [*kustomization["resources"], *files])
    listed = {Path(name).name for name in kustomization["resources"]}
    assert listed == {path.name for path in (DEPLOY / "kubernetes").glob("*.yaml")} - {"secret.example.yaml"}


def test_the_dashboard_and_the_alerts_show_numbers_that_exist():
    shown = (DEPLOY / "monitoring/dashboard.json").read_text() + (DEPLOY / "monitoring/alerts.yml").read_text()
    json.loads((DEPLOY / "monitoring/dashboard.json").read_text())
    kept = {
        name for family in REGISTRY.collect() for name in (f"{family.name}_total", family.name, f"{family.name}_bucket")
    }
    assert set(re.findall(r"myelin_[a-z_]+", shown)) <= kept


def test_production_starts_without_rasas_own_interface():
    source = (ROOT / "bot/production.py").read_text()
    assert "enable_api=False" in source


def test_rasas_own_brokers_are_not_used():
    """They would publish every word of every talk."""
    assert re.findall(r"event_broker:\n#?\s+type: (\S+)", ENDPOINTS) == ["bot.adapters.analytics.AnonymousEvents"]


def test_the_image_takes_nothing_private_and_runs_without_rights():
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".env", "deploy/.env", "var"} <= set(ignored)
    dockerfile = (DEPLOY / "docker/Dockerfile").read_text()
    assert "--require-hashes" in dockerfile and re.search(r"^USER 10001$", dockerfile, re.MULTILINE)


@pytest.mark.parametrize("script", ["backup.sh", "restore.sh"])
def test_the_scripts_can_be_read_by_a_plain_shell(script):
    assert subprocess.run(["sh", "-n", str(DEPLOY / script)], check=False).returncode == 0


# --- what it is made of ----------------------------------------------------------------------------


def locked():
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE))


@pytest.mark.parametrize("row", audit.verdicts(), ids=lambda row: f"{row['package']} {row['ids'][0]}")
def test_a_verdict_is_about_the_release_that_is_locked(row):
    assert locked()[row["package"]] == row["release"] and row["ids"] and row["why"]


def test_the_page_shows_the_verdicts():
    text = audit.PAGE.read_text(encoding="utf-8")
    assert audit.page(text, audit.verdicts()) == text


def test_a_vulnerability_without_a_verdict_and_a_package_not_looked_up_are_problems():
    rows = [{"package": "aiohttp", "ids": ["CVE-1"]}]
    known = {"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": []}
    new = {"id": "CVE-2", "aliases": [], "fix_versions": ["9"]}

    def report(*dependencies):
        return {"dependencies": list(dependencies)}

    assert not audit.problems(report({"name": "aiohttp", "version": "1", "vulns": [known]}), rows)
    assert audit.problems(report({"name": "aiohttp", "version": "1", "vulns": [known, new]}), rows)
    assert audit.problems(report({"name": "numpy", "version": "1", "vulns": [known]}), rows)
    assert audit.problems(report({"name": "numpy", "skip_reason": "not found"}), rows)


@pytest.mark.parametrize(
    ("licence", "is_allowed"),
    [("MIT License", True), ("Apache Software License; BSD License", True), ("Apache-2.0 OR BSD-3-Clause", True),
     ("MPL-2.0 AND MIT", True), ("GPL-3.0-or-later", False), ("MIT; Proprietary", False), ("UNKNOWN", False)],
)  # fmt: skip
def test_licences_are_allowed_or_refused(licence, is_allowed):
    assert bool(licences.refused([{"Name": "x", "Version": "1", "License": licence}])) is not is_allowed
