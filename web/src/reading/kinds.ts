// What a file is by its first bytes, where it is no text: by the signatures of its format (Wikipedia, "List of file signatures").
// Each kind is told by a name, with the way on as an error's code. The core names files itself where no page stands before it
// (crates/workbench/src/foreign.rs); a test holds the kinds that both know together.

/** A file as text. */
export interface ReadText {
  name: string;
  /** UTF-8 without a byte order mark. */
  bytes: Uint8Array;
  /** The file's encoding, by the browser's label. */
  encoding: string;
  /** Broken characters, now replacement characters. */
  replaced: number;
}

/** Why the person is asked about a file's bytes. */
export type Doubt = { kind: "notUtf8"; offset: number; byte: string } | { kind: "nuls"; n: number } | { kind: "escapes" };

export interface Kind {
  /** A phrase in English; other languages translate it among their reasons. */
  name: string;
  /** The error that says what to do. */
  code: "fileIsSheet" | "fileIsDocument" | "fileIsArchive" | "fileIsTable" | "fileIsModel" | "fileIsOther";
}

const KINDS = {
  xlsx: { name: "an Excel workbook", code: "fileIsSheet" },
  ods: { name: "an OpenDocument spreadsheet", code: "fileIsSheet" },
  numbers: { name: "an Apple iWork document", code: "fileIsSheet" },
  office: { name: "an older Excel, Word or PowerPoint file", code: "fileIsSheet" },
  docx: { name: "a Word document", code: "fileIsDocument" },
  pptx: { name: "a PowerPoint presentation", code: "fileIsDocument" },
  odt: { name: "an OpenDocument text", code: "fileIsDocument" },
  epub: { name: "an EPUB book", code: "fileIsDocument" },
  pdf: { name: "a PDF document", code: "fileIsDocument" },
  rtf: { name: "a Rich Text document", code: "fileIsDocument" },
  zip: { name: "a ZIP archive", code: "fileIsArchive" },
  gzip: { name: "a gzip archive", code: "fileIsArchive" },
  archive: { name: "a compressed archive", code: "fileIsArchive" },
  parquet: { name: "a Parquet table", code: "fileIsTable" },
  arrow: { name: "an Arrow table", code: "fileIsTable" },
  sqlite: { name: "an SQLite database", code: "fileIsTable" },
  numpy: { name: "a NumPy array", code: "fileIsTable" },
  torch: { name: "a PyTorch file", code: "fileIsModel" },
  safetensors: { name: "a safetensors file", code: "fileIsModel" },
  gguf: { name: "a GGUF model", code: "fileIsModel" },
  image: { name: "an image", code: "fileIsOther" },
  sound: { name: "a sound or video file", code: "fileIsOther" },
  program: { name: "a program", code: "fileIsOther" },
} as const satisfies Record<string, Kind>;

/** Read from every file; enough for the names of a ZIP archive's first entries. */
export const KIND_BYTES = 4_096;

const SIGNATURES: readonly (readonly [begin: string, kind: keyof typeof KINDS, at?: number])[] = [
  ["%PDF-", "pdf"],
  ["{\\rtf", "rtf"],
  ["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"],
  ["\x1f\x8b", "gzip"],
  ["BZh", "archive"],
  ["\xfd7zXZ\0", "archive"],
  ["\x28\xb5\x2f\xfd", "archive"],
  ["7z\xbc\xaf\x27\x1c", "archive"],
  ["Rar!\x1a\x07", "archive"],
  ["ustar", "archive", 257],
  ["PAR1", "parquet"],
  ["ARROW1\0", "arrow"],
  ["SQLite format 3\0", "sqlite"],
  ["\x93NUMPY", "numpy"],
  ["\x80\x02", "torch"],
  ["\x80\x03", "torch"],
  ["\x80\x04\x95", "torch"],
  ["\x80\x05\x95", "torch"],
  ["GGUF", "gguf"],
  ['{"', "safetensors", 8],
  ["\x89PNG\r\n", "image"],
  ["\xff\xd8\xff", "image"],
  ["GIF87a", "image"],
  ["GIF89a", "image"],
  ["WEBP", "image", 8],
  ["II*\0", "image"],
  ["MM\0*", "image"],
  ["\0\0\x01\0", "image"],
  ["WAVE", "sound", 8],
  ["AVI ", "sound", 8],
  ["ftyp", "sound", 4],
  ["ID3", "sound"],
  ["OggS", "sound"],
  ["fLaC", "sound"],
  ["\x1aE\xdf\xa3", "sound"],
  ["\x7fELF", "program"],
  ["MZ\x90\0", "program"],
  ["\xcf\xfa\xed\xfe", "program"],
  ["\0asm", "program"],
];

/** A ZIP archive begins with an entry, or, if empty, with its end record. */
const ZIP = ["PK\x03\x04", "PK\x05\x06", "PK\x07\x08"];

/** Entries of a ZIP archive that identify its kind. */
const ENTRIES: readonly (readonly [RegExp, keyof typeof KINDS])[] = [
  [/application\/vnd\.oasis\.opendocument\.spreadsheet/, "ods"],
  [/application\/vnd\.oasis\.opendocument/, "odt"],
  [/application\/epub\+zip/, "epub"],
  [/xl\/(?:workbook|worksheets|_rels|styles|theme)/, "xlsx"],
  [/word\/(?:document|_rels|styles)/, "docx"],
  [/ppt\/(?:presentation|slides|_rels)/, "pptx"],
  [/Index\/(?:Document|Tables)|\.iwa/, "numbers"],
  [/data\.pkl|\/data\/0/, "torch"],
  [/\.npyPK|\.npy/, "numpy"],
];

/** The kind of a file with this beginning and end; null if it may be text. */
export function kindOf(head: Uint8Array, tail: Uint8Array): Kind | null {
  const text = latin(head);
  if (ZIP.some((begin) => text.startsWith(begin))) {
    const names = text + latin(tail);
    return KINDS[ENTRIES.find(([pattern]) => pattern.test(names))?.[1] ?? "zip"];
  }
  const found = SIGNATURES.find(([begin, kind, at = 0]) => text.startsWith(begin, at) && fits(kind, head));
  return found ? KINDS[found[1]] : null;
}

/** The signature alone could begin a text. */
function fits(kind: keyof typeof KINDS, head: Uint8Array): boolean {
  if (kind === "safetensors") return head.subarray(3, 8).every((byte) => byte === 0);
  if (kind === "sound" || kind === "image" || kind === "archive" || kind === "gguf") return head.some((byte) => byte < 9);
  return true;
}

const latin = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

/** The first bytes of a file in the usual notation: 50 4b 03 04. */
export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
