// How often a run that trains is written to disk, in seconds, where nobody says otherwise.
export const KEEP_SECONDS = 15;
