# Everything starts here. Each target prepares what it needs: environment, model.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON_ENV := .venv/bin/python
CHECKED := bot actions evaluation scripts tests

# Settings of .env are used; what is set on the command line wins.
WITH_SETTINGS := set -a; if [ -f .env ]; then . ./.env; fi; $(if $(PORT),PORT=$(PORT);) set +a; exec

.PHONY: run shell train test test-browser check-channels lint evaluate docs format clean help environment

run: train ## Start the assistant on http://localhost:5005 (PORT=... for another port)
	@$(WITH_SETTINGS) $(PYTHON_ENV) -m bot.serve

shell: train ## Chat in this terminal
	@$(WITH_SETTINGS) $(PYTHON_ENV) -m bot.serve --shell

train: environment ## Train the model, unless there is one for the present data
	@$(PYTHON_ENV) scripts/train.py

test: environment ## Run the tests: first the fast ones, then talks with the trained model
	$(PYTHON_ENV) -m pytest -n auto -m "not conversation and not slow and not browser"
	@$(MAKE) --no-print-directory train
	$(PYTHON_ENV) -m pytest -m "conversation or slow"

test-browser: environment ## Drive the widget in a real Chromium (Debian: apt-get install chromium)
	$(PYTHON_ENV) -m pytest -n auto -m browser

check-channels: environment ## Say for each channel what is set up and what is missing (ONLINE=1 also asks the services)
	@$(WITH_SETTINGS) env PYTHONWARNINGS=ignore TF_CPP_MIN_LOG_LEVEL=3 $(PYTHON_ENV) -m bot.channels.check $(if $(ONLINE),--online)

lint: environment ## Check style, types and YAML
	$(PYTHON_ENV) -m ruff check $(CHECKED)
	$(PYTHON_ENV) -m ruff format --check $(CHECKED)
	$(PYTHON_ENV) -m mypy
	$(PYTHON_ENV) -m yamllint --strict .

evaluate: train ## Measure understanding and reasoning on the held-out sets
	$(PYTHON_ENV) -m evaluation

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
