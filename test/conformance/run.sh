#!/usr/bin/env bash
# Checks the built kernel with clients that are not its own: Jupyter's kernel test suite, nbclient, bare pyzmq,
# a soak test and a fuzz test. Installs nothing.
#
#     test/conformance/run.sh [kernel_test|nbclient|pyzmq|soak|fuzz ...]
#
# The Python parts want Debian's python3-jupyter-kernel-test, python3-nbclient, python3-jupyter-client and
# python3-psutil. Where they are absent these parts are skipped; with CI=true that is a failure.
set -uo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
python="${PYTHON:-/usr/bin/python3}"
parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(kernel_test nbclient pyzmq soak fuzz)

if [ ! -f "$root/dist/kernel/main.js" ]; then
  echo "the kernel is not built; run: npm run build" >&2
  exit 1
fi

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
# Nothing of the user's is read or written: kernelspecs, connection files, history, Python caches.
export JUPYTER_DATA_DIR="$scratch/share/jupyter" JUPYTER_RUNTIME_DIR="$scratch/runtime" JUPYTER_CONFIG_DIR="$scratch/config"
export JUPYTER_PLATFORM_DIRS=0 PYTHONDONTWRITEBYTECODE=1
export TUNELAB_HISTORY_FILE="$scratch/history.jsonl"
mkdir -p "$JUPYTER_RUNTIME_DIR" "$JUPYTER_CONFIG_DIR"
node "$root/dist/cli/main.js" install --prefix "$scratch" >"$scratch/install.log" 2>&1 || {
  cat "$scratch/install.log" >&2
  echo "the kernelspec could not be installed" >&2
  exit 1
}

passed=() failed=() skipped=()

# run NAME COMMAND...
run() {
  local name="$1" started=$SECONDS
  shift
  printf '\n=== %s ===\n' "$name"
  if "$@"; then
    passed+=("$name ($((SECONDS - started)) s)")
  else
    failed+=("$name ($((SECONDS - started)) s)")
  fi
}

# python NAME MODULES SCRIPT: skipped where a module is missing
python() {
  local name="$1" modules="$2" script="$3" missing=""
  for module in $modules; do
    "$python" -c "import $module" 2>/dev/null || missing="$missing $module"
  done
  if [ -z "$missing" ]; then
    run "$name" "$python" "$here/$script"
  elif [ "${CI:-}" = true ]; then
    printf '\n=== %s ===\n%s lacks%s\n' "$name" "$python" "$missing"
    failed+=("$name (lacks$missing)")
  else
    printf '\n=== %s ===\nskipped: %s lacks%s\n' "$name" "$python" "$missing"
    skipped+=("$name (lacks$missing)")
  fi
}

for part in "${parts[@]}"; do
  case "$part" in
    kernel_test) python kernel_test "jupyter_kernel_test" test_kernel.py ;;
    nbclient) python nbclient "nbclient nbformat" test_nbclient.py ;;
    pyzmq) python pyzmq "zmq jupyter_client psutil" test_pyzmq.py ;;
    soak) run soak node "$here/soak.mjs" ;;
    fuzz) run fuzz node "$here/fuzz.mjs" ;;
    *)
      echo "there is no part $part; there are kernel_test nbclient pyzmq soak fuzz" >&2
      exit 1
      ;;
  esac
done

printf '\n=== conformance ===\n'
for name in "${passed[@]}"; do echo "passed   $name"; done
for name in "${skipped[@]}"; do echo "skipped  $name"; done
for name in "${failed[@]}"; do echo "FAILED   $name"; done
echo "${#passed[@]} passed, ${#failed[@]} failed, ${#skipped[@]} skipped"
[ ${#failed[@]} -eq 0 ]
