// Debian's packages, where this machine has apt and the person may install without being asked for a password.
import { read, run } from "./tools.mjs";

/** What goes before apt-get: nothing for root, sudo where it asks no password; null where there is no way. */
export async function aptPrefix() {
  if ((await read("apt-get", ["--version"])) === null) return null;
  if (process.getuid() === 0) return [];
  return (await read("sudo", ["-n", "true"])) === null ? null : ["sudo", "-n"];
}

/** Installs packages, with what apt says about it; `timeout` (ms) bounds each of its two commands. */
export async function aptInstall(prefix, names, { remedy, timeout }) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args) => {
    const [program, ...rest] = [...prefix, "apt-get", "-q", ...args];
    return run(program, rest, { env, remedy, timeout });
  };
  await apt("update");
  await apt("install", "-y", "--no-install-recommends", ...names);
}
