#!/bin/sh
# Fuzzes every parser, one after the other, and prints what each did: sh fuzz/run.sh [SECONDS for each, 600 unless told] [TARGET, all unless told].
# Needs cargo-fuzz (cargo install cargo-fuzz). Ends at the first case found, which lies in fuzz/artifacts then.
set -eu
cd "$(dirname "$0")"
seconds=${1:-600}
targets=${2:-tokenizer_json tiktoken pattern checkpoint hugging_face}
# Sanitizer coverage is unstable; this lets the stable compiler that the product is built with emit it.
export RUSTC_BOOTSTRAP=1
cargo fuzz build --sanitizer none
for target in $targets; do
  mkdir -p "corpus/$target"
  seeds="kept/$target"
  if [ "$target" = tokenizer_json ]; then seeds="$seeds ../crates/tokenizer/tests/fixtures"; fi
  echo "== $target"
  # shellcheck disable=SC2086 -- two folders are two words
  cargo fuzz run --sanitizer none "$target" "corpus/$target" $seeds -- \
    -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 -print_funcs=0 -verbosity=0
done
