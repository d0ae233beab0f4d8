/** Where the words of a phase are others than its name. */
export const PHASE_LABELS: Readonly<Record<string, string>> = { ehlo2: 'ehlo in TLS' };
