// A graph of files (a map from a path to the set of paths it uses), and its circles: among the entries of each folder, so that two folders
// which use each other form a circle, like two files.

/** Circles, each as its arrows between entries of one folder: `{ folder, arrows: [{ from, to, files: [from, to] }] }`. */
export function circles(graph) {
  const home = homes(graph);
  const folders = new Map();
  for (const [from, targets] of graph) {
    for (const to of targets) {
      const { folder, ends } = parting(home(from), home(to));
      if (!folders.has(folder)) folders.set(folder, new Map());
      addArrow(folders.get(folder), ends, [from, to]);
    }
  }
  return [...folders].flatMap(([folder, arrows]) => knots(arrows).map((knot) => ({ folder, arrows: knot })));
}

/** Where a path belongs: a file beside a folder of its name (`model.rs`, `model/`) belongs to the folder. */
function homes(graph) {
  const folders = new Set([...graph.keys()].map((path) => path.slice(0, Math.max(0, path.lastIndexOf("/")))));
  return (path) => {
    const stem = path.replace(/\.\w+$/, "");
    return folders.has(stem) ? `${stem}/${path.slice(path.lastIndexOf("/") + 1)}` : path;
  };
}

/** The folder in which the paths of two files diverge, and the entry of it that each is in. */
function parting(from, to) {
  const [a, b] = [from, to].map((path) => path.split("/"));
  let depth = 0;
  while (a[depth] === b[depth] && depth < a.length - 1) depth += 1;
  return { folder: a.slice(0, depth).join("/"), ends: [a[depth], b[depth]] };
}

function addArrow(arrows, [from, to], files) {
  if (!arrows.has(from)) arrows.set(from, new Map());
  if (!arrows.get(from).has(to)) arrows.get(from).set(to, files);
}

/** The groups of nodes that reach each other, each as its inner arrows (Tarjan, 1972). */
function knots(arrows) {
  const [found, place, low, path] = [[], new Map(), new Map(), []];
  const visit = (node) => {
    place.set(node, place.size);
    low.set(node, place.get(node));
    path.push(node);
    for (const next of arrows.get(node)?.keys() ?? []) {
      if (!place.has(next)) visit(next);
      if (path.includes(next)) low.set(node, Math.min(low.get(node), low.get(next)));
    }
    if (low.get(node) !== place.get(node)) return;
    const knot = new Set(path.splice(path.indexOf(node)));
    if (knot.size > 1) found.push(arrowsWithin(arrows, knot));
  };
  for (const node of arrows.keys()) if (!place.has(node)) visit(node);
  return found;
}

function arrowsWithin(arrows, knot) {
  const all = [...knot].flatMap((from) => [...(arrows.get(from) ?? [])].map(([to, files]) => ({ from, to, files })));
  return all.filter((arrow) => knot.has(arrow.to));
}
