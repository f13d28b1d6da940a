// The few Node declarations that the build's own files use. Node's full types would give the page's code names that no browser has.
declare module "node:fs" {
  export function readFileSync(path: string, encoding: "utf8"): string;
  export function readFileSync(path: string): Uint8Array;
  export function existsSync(path: string): boolean;
  export function readdirSync(path: string): string[];
  export function readdirSync(
    path: string,
    options: { recursive: true; withFileTypes: true },
  ): { name: string; parentPath: string; isFile(): boolean }[];
}
declare const Buffer: { byteLength(content: string | Uint8Array): number };
declare module "node:crypto" {
  export function createHash(algorithm: string): { update(content: string | Uint8Array): { digest(encoding: "hex" | "base64"): string } };
}
declare module "node:path/posix" {
  export function basename(path: string): string;
  export function dirname(path: string): string;
  export function join(...parts: string[]): string;
  export function normalize(path: string): string;
}
declare module "node:zlib" {
  export function gzipSync(content: string | Uint8Array): Uint8Array;
}
declare module "node:module" {
  export function createRequire(from: string): { resolve(name: string): string };
}
