// Which module of a crate uses which, by the paths in its code. A re-exported name (`pub use`) counts for the module that defines it;
// re-exporting from a child module is not an arrow. Tests are left out: they may use anything. A method call does not reveal its module,
// only a mention of its type does.
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { imports } from "./rust-paths.mjs";

/** The graph of a crate's modules, by their files' paths under `src`. */
export async function crateGraph(src) {
  const modules = await readModules(src);
  const graph = new Map();
  for (const module of modules.values()) {
    const used = module.uses.filter(({ path, isPublic }) => !(isPublic && isBelow(absolute(path, module), module.path)));
    const targets = used.flatMap(({ path }) => owners(absolute(path, module), modules));
    const files = targets.map((path) => modules.get(path).file);
    graph.set(module.file, new Set(files.filter((file) => file !== module.file)));
  }
  return graph;
}

/** Modules by their path in the crate, such as `gpu::linear`; the crate itself is the empty path. */
async function readModules(src) {
  const modules = new Map();
  const files = (await readdir(src, { recursive: true, withFileTypes: true })).filter((entry) => entry.name.endsWith(".rs"));
  for (const entry of files) {
    const file = relative(src, join(entry.parentPath, entry.name)).split(sep).join("/");
    if (/(^|[/_])tests\.rs$/.test(file)) continue;
    const path = file
      .replace(/\.rs$/, "")
      .replace(/(^|\/)(lib|main|mod)$/, "")
      .replaceAll("/", "::");
    modules.set(path, { path, file, ...imports(await readFile(join(src, file), "utf8")) });
  }
  return new Map([...modules].sort());
}

/** A path from the crate's root; null if it leads out of the crate. */
function absolute(path, module) {
  const [first, ...rest] = path;
  const here = module.path === "" ? [] : module.path.split("::");
  if (first === "crate") return rest;
  if (first === "self") return [...here, ...rest];
  if (first === "super") {
    const up = rest.findIndex((name) => name !== "super");
    const count = up === -1 ? path.length : up + 1;
    return [...here.slice(0, here.length - count), ...path.slice(count)];
  }
  return module.children.has(first) ? [...here, ...path] : null;
}

/** The modules that own the target of a path from the root; several if a glob re-exports ambiguously. */
function owners(path, modules, seen = new Set()) {
  if (path === null || seen.has(path.join("::"))) return [];
  seen.add(path.join("::"));
  let depth = path.length;
  while (!modules.has(path.slice(0, depth).join("::"))) depth -= 1;
  const module = modules.get(path.slice(0, depth).join("::"));
  const name = path[depth];
  if (name === undefined) return [module.path];
  if (name === "*")
    return [
      ...new Set([
        module.path,
        ...module.uses.filter((use) => use.isPublic).flatMap((use) => handedOn(use, use.name, module, modules, seen)),
      ]),
    ];
  if (module.defines.has(name)) return [module.path];
  const doors = module.uses.filter((use) => use.isPublic && (use.name === name || use.name === "*"));
  const found = doors.flatMap((use) => handedOn(use, name, module, modules, seen));
  return found.length > 0 ? found : [module.path];
}

function handedOn(use, name, module, modules, seen) {
  const path = absolute(use.path, module);
  if (path === null) return [];
  if (use.name !== "*" || name === "*") return owners(path, modules, seen);
  const target = modules.get(path.slice(0, -1).join("::"));
  return target?.defines.has(name) ? [target.path] : [];
}

function isBelow(path, of) {
  return path !== null && (of === "" || path.join("::").startsWith(`${of}::`));
}
