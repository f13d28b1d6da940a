// The made world's name as a corpus. Its parameters follow a question mark, as in an address
// (`world?world.mib=1&world.seed=1&mix.only=frame`), so that the same text can be generated again from the name alone.

const NAME = "world";

/** Whether a corpus of this name is the made world; a name without a question mark lacks its parameters. */
export const isWorld = (name: string): boolean => name === NAME || name.startsWith(`${NAME}?`);

export const worldName = (settings: Readonly<Record<string, string>>): string => `${NAME}?${new URLSearchParams(settings)}`;

/** Its parameters; null if the name lacks them. */
export function worldSettings(name: string): Record<string, string> | null {
  return name.startsWith(`${NAME}?`) ? Object.fromEntries(new URLSearchParams(name.slice(NAME.length + 1))) : null;
}
