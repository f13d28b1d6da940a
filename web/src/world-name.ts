// The made world's name as a corpus. What it was drawn from follows a question mark, as in an address
// (`world?world.mib=1&world.seed=1&mix.only=frame`), so that the same text can be drawn again from the name alone.

const NAME = "world";

/** Whether a corpus of this name is the made world; a name without a question mark does not say what it was drawn from. */
export const isWorld = (name: string): boolean => name === NAME || name.startsWith(`${NAME}?`);

export const worldName = (settings: Readonly<Record<string, string>>): string => `${NAME}?${new URLSearchParams(settings)}`;

/** What it was drawn from; null where the name does not say. */
export function worldSettings(name: string): Record<string, string> | null {
  return name.startsWith(`${NAME}?`) ? Object.fromEntries(new URLSearchParams(name.slice(NAME.length + 1))) : null;
}
