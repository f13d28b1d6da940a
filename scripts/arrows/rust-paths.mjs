// A Rust file's references to other modules: its `use` trees, the paths in its code, its child modules, and the names it defines.

const USE = /(?:^|[;{}\]]|\n)\s*(pub(?:\([^)]*\))?\s+)?use\s+([^;]+);/g;
const DEFINED = /\b(?:struct|enum|trait|type|fn|const|static|union)\s+(?:mut\s+)?([A-Za-z_]\w*)/g;
const CHILD = /\bmod\s+(\w+)\s*;/g;
const INLINE = /(?<![\w:])(\w+(?:::\w+)+)/g;

/** `{ uses: [{ path, name, isPublic }], children, defines }` of a source. */
export function imports(source) {
  const code = withoutTests(withoutComments(source));
  const children = new Set([...code.matchAll(CHILD)].map((match) => match[1]));
  const trees = [...code.matchAll(USE)];
  const uses = trees.flatMap(([, isPublic, tree]) => leaves(tree).map((leaf) => ({ ...leaf, isPublic: isPublic !== undefined })));
  const inline = [...code.replace(USE, "").matchAll(INLINE)].map(([, path]) => path.split("::"));
  const paths = inline.filter(([first]) => ["crate", "self", "super"].includes(first) || children.has(first));
  const defines = new Set([...code.matchAll(DEFINED)].map((match) => match[1]));
  return { uses: [...uses, ...paths.map((path) => ({ path, name: null, isPublic: false }))], children, defines };
}

/** The paths of a `use` tree, such as `a::{b, c as d, e::*}`, each with its local name. */
export function leaves(tree, before = []) {
  const open = tree.indexOf("{");
  if (open === -1) {
    const [whole, alias] = tree.trim().split(/\s+as\s+/);
    const path = [...before, ...whole.split("::").map((part) => part.trim())].filter((part) => part !== "");
    if (path.at(-1) === "self" && path.length > 1) path.pop();
    return [{ path, name: alias ?? path.at(-1) }];
  }
  const prefix = tree
    .slice(0, open)
    .split("::")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const inner = tree.slice(open + 1, tree.lastIndexOf("}"));
  return split(inner).flatMap((part) => leaves(part, [...before, ...prefix]));
}

/** Splits at the commas outside braces. */
function split(list) {
  const parts = [""];
  let depth = 0;
  for (const letter of list) {
    if (letter === "{") depth += 1;
    if (letter === "}") depth -= 1;
    if (letter === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += letter;
  }
  return parts.filter((part) => part.trim() !== "");
}

/** Line comments, block comments, and quoted text are not code. */
function withoutComments(source) {
  return source.replace(/\/\/.*|\/\*[\s\S]*?\*\/|r#"[\s\S]*?"#|"(?:[^"\\]|\\[\s\S])*"/g, (match) => (match.startsWith("/") ? "" : '""'));
}

/** By this project's convention a file's tests are its last module. */
function withoutTests(code) {
  const at = code.search(/#\[cfg\(test\)\]\s*mod\s+\w+\s*\{/);
  return at === -1 ? code : code.slice(0, at);
}
