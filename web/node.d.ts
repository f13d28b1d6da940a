// The little of Node that the build's own files use. Node's types would give the page's code names that no browser has.
declare module "node:fs" {
  export function readFileSync(path: string, encoding: "utf8"): string;
}
declare module "node:crypto" {
  export function createHash(algorithm: string): { update(text: string): { digest(encoding: "hex" | "base64"): string } };
}
declare module "node:module" {
  export function createRequire(from: string): { resolve(name: string): string };
}
