# Everything starts here. Each target prepares what it needs: environment, model.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON_ENV := .venv/bin/python
CHECKED := bot actions adaptation evaluation benchmarks scripts tests

# Settings of .env are used; what is set on the command line wins.
WITH_SETTINGS := set -a; if [ -f .env ]; then . ./.env; fi; $(if $(PORT),PORT=$(PORT);) set +a; exec

.PHONY: run shell train test test-browser test-services services-full check-channels fuzz lint adapter evaluate bench docs format clean
.PHONY: help environment supply audit sbom licences check-deploy

run: train ## Start the assistant on http://localhost:5005 (PORT=... for another port)
	@$(WITH_SETTINGS) $(PYTHON_ENV) -m bot.serve

shell: train ## Chat in this terminal
	@$(WITH_SETTINGS) $(PYTHON_ENV) -m bot.serve --shell

train: environment ## Train the model, unless there is one for the present data
	@$(PYTHON_ENV) scripts/train.py

test: environment ## Run the tests: first the fast ones, then talks with the trained model
	$(PYTHON_ENV) -m pytest -n auto -m "not conversation and not slow and not browser and not services"
	@$(MAKE) --no-print-directory train
	$(PYTHON_ENV) -m pytest -m "conversation or slow"

test-browser: environment ## Drive the widget in a real Chromium (Debian: apt-get install chromium)
	$(PYTHON_ENV) -m pytest tests/widget -n auto -m browser -rs

fuzz: train ## Send 10,000 nasty messages in every state of the talk
	MYELIN_FUZZ=10000 $(PYTHON_ENV) -m pytest tests/conversation/test_fuzz.py --timeout 0

test-services: train ## Two servers with real PostgreSQL, Redis and nginx (Debian: apt-get install postgresql redis-server nginx)
	$(PYTHON_ENV) -m pytest tests/services -m services -s -rs

services-full: train ## The same with 200 talks for two minutes and 5,000 turns; numbers into results/
	@mkdir -p results
	MYELIN_LOAD_SECONDS=120 MYELIN_SOAK_TURNS=5000 MYELIN_RESULTS=$(CURDIR)/results $(PYTHON_ENV) -m pytest tests/services -m services -s -rs

check-channels: environment ## Say for each channel what is set up and what is missing (ONLINE=1 also asks the services)
	@$(WITH_SETTINGS) env PYTHONWARNINGS=ignore TF_CPP_MIN_LOG_LEVEL=3 $(PYTHON_ENV) -m bot.channels.check $(if $(ONLINE),--online)

lint: environment ## Check style, types, YAML, and that domain and training data agree
	$(PYTHON_ENV) -m ruff check $(CHECKED)
	$(PYTHON_ENV) -m ruff format --check $(CHECKED)
	$(PYTHON_ENV) -m mypy
	$(PYTHON_ENV) -m yamllint --strict .
	$(PYTHON_ENV) -m rasa data validate

adapter: environment ## Teach the sentence encoder anew, after much was added to data/ (about 20 minutes)
	$(PYTHON_ENV) -m adaptation

evaluate: train ## Measure understanding and reasoning on the held-out sets
	@scripts/side_environment.sh evaluation || echo "medspaCy could not be installed: it is left out of the comparison."
	$(PYTHON_ENV) -m evaluation

bench: train ## Measure speed and memory beside a stock Rasa bot (ARGS=--quick for a short look)
	$(PYTHON_ENV) -m benchmarks $(ARGS)

supply:
	@scripts/side_environment.sh supply

audit: environment supply ## Fail for a known vulnerability without a verdict in docs/vulnerabilities.yml
	$(PYTHON_ENV) scripts/audit.py

sbom: environment supply ## Write the bill of materials to results/sbom.json (CycloneDX)
	@mkdir -p results
	.venv-supply/bin/python -W ignore -m cyclonedx_py environment $(PYTHON_ENV) --pyproject pyproject.toml --mc-type application \
	    --output-reproducible --of JSON -o results/sbom.json
	@echo "Wrote results/sbom.json."

licences: environment supply ## Fail for a licence that is not allowed
	$(PYTHON_ENV) scripts/licences.py

check-deploy: supply ## Check compose file and manifests against their schemas (needs kubectl for the manifests)
	scripts/check_deploy.sh

docs: environment ## Write the clinician's sheets from the knowledge: review, interview, evidence
	$(PYTHON_ENV) -m bot.knowledge.review docs/clinical-review.md
	$(PYTHON_ENV) -m bot.reasoning.diagram docs/interview.md docs/evidence.md

format: environment ## Bring the code into shape
	$(PYTHON_ENV) -m ruff check --fix $(CHECKED)
	$(PYTHON_ENV) -m ruff format $(CHECKED)

clean: ## Remove the model and all caches (conversations in var/ and .venv/ stay)
	rm -rf models .rasa .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis results
	find $(CHECKED) -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

environment:
	@PYTHON=$(PYTHON) scripts/environment.sh
