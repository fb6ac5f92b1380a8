# Dondoc. `make help` lists everything.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help install demo run verify secrets rotate images up test-compose upgrade-from kubernetes chaos brokers token test test-long test-kafka kafka kafka-stop check contracts asyncapi topics migrate trace backup restore bench bench-flow fuzz score format clean

PY := .venv/bin/python
ROLE ?= coordinator
AGENCY ?=
EVENTS ?=
PAIRS ?=
MINUTES ?= 2
SEED ?= 1
KILLS ?=
STARTS ?= 2
KAFKA ?= embedded
PORT ?= 9092
LETTERS ?= ../shared/letters
KEYS ?= .local/keys
up rotate: export COMPOSE_ENV_FILES ?= deploy/local-images.env
# files of tests in two processes, in the order of tests/conftest.py
SIDE_BY_SIDE := --numprocesses 2 --dist loadfile --no-loadscope-reorder

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: ## put what is needed into .venv (done by the others when needed)
	@sh deploy/bootstrap.sh

demo: install ## a real letter of 2016 lives through its year, in under four minutes; KAFKA=apache
	@DONDOC_LOCAL_KAFKA=$(KAFKA) $(PY) -m deploy.demo

run: install ## keep the system up on the real clock; data stay in .local/; KAFKA=apache
	@DONDOC_LOCAL_KAFKA=$(KAFKA) $(PY) -m deploy.run

fuzz: install ## any bytes as letters, guided by what code they reach (atheris); SECONDS=60
	@$(PY) -m tests.fuzz "$(or $(SECONDS),60)"

score: install ## intake beside annotations people made: LETTERS=../shared/letters GOLD=LETTERS/gold MISSES=1
	@$(PY) -m tests.score "$(LETTERS)" $(if $(GOLD),--gold "$(GOLD)") $(if $(MISSES),--misses)

verify: install ## check the invariants of a running system from databases and topics alone
	@$(PY) -m deploy.verify

chaos: KAFKA = apache
chaos: install ## load and faults on the whole system, then verify; MINUTES=2 SEED=1, or more and KILLS=200
	@DONDOC_LOCAL_KAFKA=$(KAFKA) $(PY) -m tests.chaos "$(MINUTES)" "$(SEED)" "$(KILLS)"

brokers: install ## three brokers, lost one after the other under load, then verify
	@$(PY) -m tests.brokers

token: install ## a bearer token: make token ROLE=agency AGENCY=HN-SCT
	@$(PY) -m deploy.make_token $(ROLE) $(if $(AGENCY),--agency $(AGENCY)) --keys $(KEYS)

test: install ## the tests, on a real PostgreSQL and a real broker; no Docker
	@$(PY) -m pytest -q --ignore tests/compose -m "not long" $(SIDE_BY_SIDE)

test-long: install ## those that take minutes: upgrade and back, more ways to lose a log before a restore
	@$(PY) -m pytest -q --ignore tests/compose -m long

test-kafka: install ## every test that needs a broker, and the whole system, on Apache Kafka
	@DONDOC_LOCAL_KAFKA=apache $(PY) -m pytest -q tests/shared tests/chaos tests/e2e \
		tests/deploy/test_topics.py

kafka: install ## start Apache Kafka (Java 17, Maven) with its data in .local/; PORT=9092
	@$(PY) -m deploy.kafka start --port $(PORT)

kafka-stop: install ## end it
	@$(PY) -m deploy.kafka stop

secrets: install ## passwords and keys for compose, as files in secrets/; changes none that is there
	@$(PY) -m deploy.secrets make

rotate: install ## another password or key, the old one good meanwhile: WHAT=database|database-admin|kafka|kafka-admin|subscriber|keys END=yes
	@$(PY) -m deploy.rotate "$(WHAT)" $(if $(END),--end)

images: install ## build every image of docker-compose.yml, pulling none
	@sh deploy/images.sh

up: install ## docker compose up with the images of `make images`, after a look at secrets and ports
	@$(PY) -m deploy.secrets check
	@$(PY) -m deploy.published
	@docker compose up -d --wait

test-compose: install ## docker-compose.yml on a real engine: built, deployed, broken, restarted; STARTS=20
	@case "$(STARTS)" in [1-9]|[1-9][0-9]|[1-9][0-9][0-9]) ;; \
		*) echo "test-compose: STARTS is how many cold starts, 1 to 999" >&2; exit 2 ;; esac
	@sh deploy/engine.sh sh -c 'sh deploy/images.sh && $(PY) -m pytest -q tests/compose $(SIDE_BY_SIDE) \
		&& $(PY) -m tests.compose.cold_starts "$(STARTS)"'

upgrade-from: install ## an earlier commit's site upgraded to this tree and back, under load; COMMIT=, or before the newest migration
	@$(PY) -m tests.compose.upgrade_from --look "$(COMMIT)"
	@sh deploy/engine.sh sh -c 'sh deploy/images.sh && $(PY) -m tests.compose.upgrade_from "$$0"' "$(COMMIT)"

kubernetes: install ## render deploy/kubernetes and check it strictly; needs kustomize, or Go to build it
	@$(PY) -m tests.kubernetes.tools >/dev/null
	@$(PY) -m pytest -q tests/kubernetes

check: install ## format, lint, types, import rules, contracts, migrations
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports
	@$(PY) -m pytest -q tests/contracts
	@$(PY) -m deploy.check_migrations

contracts: install ## record the event schemas after a safe change; refuses a breaking one
	@$(PY) -m tests.contracts.record

asyncapi: contracts ## the same: AsyncAPI documents are recorded with the schemas

topics: install ## provision the topics on DONDOC_KAFKA_URL; reports drift
	@$(PY) -m deploy.topics

migrate: install ## upgrade the databases DONDOC_DATABASE_URL names ({service} in it)
	@$(PY) -m deploy.migrate upgrade all

backup: install ## dump the four databases of a running system; TO=backups
	@$(PY) -m deploy.backup $(if $(TO),--to "$(TO)")

restore: install ## put a back-up in place of the databases of `make run`, which is stopped: FROM=folder; without: end a broken off one
	@$(PY) -m deploy.backup.restore $(if $(FROM),"$(FROM)")

trace: install ## a request's path through the services, from their logs: ID=correlation-id LOGS="files, or -"
	@$(PY) -m deploy.trace "$(ID)" $(LOGS)

bench: install ## speed and memory beside the limits, on Apache Kafka; LINE=B4 PAIRS= EVENTS= TASKS= KILLS=
	@DONDOC_LOCAL_KAFKA=apache $(PY) -m tests.bench $(LINE) $(foreach one,PAIRS EVENTS TASKS \
		KILLS SECONDS,$(if $($(one)),--$(shell echo $(one) | tr A-Z a-z) $($(one))))

bench-flow: install ## B1 alone: events a second through one service beside the limit program
	@DONDOC_LOCAL_KAFKA=$(KAFKA) $(PY) -m tests.bench.flow $(if $(EVENTS),--events $(EVENTS)) \
		$(if $(PAIRS),--pairs $(PAIRS))

format: install ## format the code
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

clean: ## remove what tests and tools left behind; .local/ stays
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
