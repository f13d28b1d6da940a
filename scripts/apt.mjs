// Debian's packages, if this machine has apt and the person can install without a password prompt.
import { read, run } from "./tools.mjs";

/** The prefix for apt-get: empty for root, sudo if it needs no password; null if neither works. */
export async function aptPrefix() {
  if ((await read("apt-get", ["--version"])) === null) return null;
  if (process.getuid() === 0) return [];
  return (await read("sudo", ["-n", "true"])) === null ? null : ["sudo", "-n"];
}

/** Installs packages, showing apt's output; `timeout` (ms) limits each of its two commands. */
export async function aptInstall(prefix, names, { remedy, timeout }) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args) => {
    const [program, ...rest] = [...prefix, "apt-get", "-q", ...args];
    return run(program, rest, { env, remedy, timeout });
  };
  await apt("update");
  await apt("install", "-y", "--no-install-recommends", ...names);
}
