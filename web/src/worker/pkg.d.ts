// The worker's view of the generated bindings, for type checks before pkg/ is built.
declare module "*/pkg/tadpole.js" {
  export default function init(options?: { module_or_path: string }): Promise<unknown>;
  export function lastWords(): { code: string; message: string; remedy: string; details: Record<string, string> } | undefined;
  export class Session {
    static create(choice: string, adapter: string): Promise<Session>;
    device(): unknown;
    unprepared(): boolean;
    prepare(kept?: string): Promise<string | undefined>;
    call(name: string, request: unknown): Promise<unknown>;
    open(name: string, request: unknown): Promise<number>;
    next(handle: number, one: boolean): Promise<unknown[] | undefined>;
    close(handle: number): void;
  }
}
declare module "*/pkg/workbench.js" {
  export default function init(): Promise<unknown>;
  export class Workbench {
    call(name: string, request: unknown): unknown;
    open(name: string, request: unknown): number;
    next(handle: number, one: boolean): unknown[] | undefined;
    close(handle: number): void;
  }
}
declare module "*.wasm?url" {
  const url: string;
  export default url;
}
