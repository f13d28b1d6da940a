// Reads a WebAssembly module's sections to find exports that the linker wrapped so that all constructors run on every call. wasm-ld does
// this unless the module calls __wasm_call_ctors itself; a training step is then a hundred times slower. Refuses modules without function
// names, in which a wrapper cannot be recognised. Format: the WebAssembly core specification, 5.5.
const CUSTOM = 0;
const IMPORT = 2;
const EXPORT = 7;
const CODE = 10;
const FUNCTION = 0;
const CALL = 0x10;

/** Names of the exports that run all constructors on every call. */
export function wrappedExports(bytes) {
  const sections = readSections(bytes);
  const names = functionNames(sections);
  if (names.size === 0) throw new Error("the module has no function names; build it without `strip`");
  const firstCalls = firstCallOfEach(sections);
  const callsConstructors = ({ index }) => names.get(firstCalls.get(index)) === "__wasm_call_ctors";
  const exported = exportedFunctions(sections);
  const named = exported.filter(({ index }) => names.get(index)?.endsWith(".command_export"));
  const calling = exported.filter(callsConstructors);
  // One export may rightly call them: the module's own start function.
  const wrapped = new Set([...named, ...(calling.length > 1 ? calling : [])].map(({ name }) => name));
  return [...wrapped];
}

function readSections(bytes) {
  const at = reader(bytes);
  if (at.text(4) !== "\0asm") throw new Error("this is not a WebAssembly module");
  at.skip(4);
  const sections = [];
  while (!at.done()) {
    const id = at.byte();
    const content = reader(at.bytes(at.number()));
    const name = id === CUSTOM ? content.text(content.number()) : "";
    sections.push({ id, name, content });
  }
  return sections;
}

function functionNames(sections) {
  const content = sections.find(({ id, name }) => id === CUSTOM && name === "name")?.content;
  const names = new Map();
  while (content !== undefined && !content.done()) {
    const kind = content.byte();
    const part = reader(content.bytes(content.number()));
    const count = kind === 1 ? part.number() : 0;
    for (let i = 0; i < count; i++) names.set(part.number(), part.text(part.number()));
  }
  return names;
}

function exportedFunctions(sections) {
  const content = contentOf(sections, EXPORT);
  const all = repeat(content, () => ({
    name: content.text(content.number()),
    kind: content.byte(),
    index: content.number(),
  }));
  return all.filter(({ kind }) => kind === FUNCTION);
}

/** For each function of the module whose body begins with a call: its index and that of the function called. */
function firstCallOfEach(sections) {
  const imported = importedFunctions(contentOf(sections, IMPORT));
  const content = contentOf(sections, CODE);
  const calls = repeat(content, (i) => {
    const body = reader(content.bytes(content.number()));
    repeat(body, () => [body.number(), body.byte()]); // local variables: a count and a type
    return [imported + i, body.byte() === CALL ? body.number() : null];
  });
  return new Map(calls);
}

function importedFunctions(content) {
  const kinds = repeat(content, () => {
    content.skip(content.number()); // module
    content.skip(content.number()); // name
    const kind = content.byte();
    skipImported(content, kind);
    return kind;
  });
  return kinds.filter((kind) => kind === FUNCTION).length;
}

function skipImported(content, kind) {
  if (kind === FUNCTION) return content.number();
  if (kind === 1) content.byte(); // a table: its element type, then its limits
  if (kind === 3) return content.skip(2); // a global: type and mutability
  if (kind === 4) return content.skip(1) + content.number(); // a tag: attribute and type
  const flags = content.byte();
  content.number();
  return flags & 1 ? content.number() : 0;
}

function contentOf(sections, wanted) {
  return sections.find(({ id }) => id === wanted)?.content ?? reader(new Uint8Array([0]));
}

function repeat(content, item) {
  return Array.from({ length: content.number() }, (_, index) => item(index));
}

function reader(bytes) {
  const decoder = new TextDecoder();
  let position = 0;
  const take = (count) => {
    position += count;
    if (position > bytes.length) throw new Error("the module ends too early");
    return bytes.subarray(position - count, position);
  };
  const byte = () => take(1)[0];
  const number = () => {
    let [value, scale, next] = [0, 1, 0x80];
    while (next & 0x80) {
      next = byte();
      value += (next & 0x7f) * scale;
      scale *= 128;
    }
    return value;
  };
  return {
    byte,
    number,
    bytes: take,
    text: (n) => decoder.decode(take(n)),
    skip: take,
    done: () => position >= bytes.length,
  };
}
