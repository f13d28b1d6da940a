// The library's own refusals, in English only: the page never shows them.
import { Failure } from "../worker/client.ts";
import type { CoreError } from "../worker/protocol.ts";

export function refusal(code: string, message: string, remedy: string, details: CoreError["details"] = {}): Failure {
  return new Failure({ code, message, remedy, details });
}
