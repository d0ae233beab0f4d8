/** Durations in the config: `500ms`, `30s`, `1m`, `2h`, `7d`. */

const milliseconds = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** Milliseconds, or null if the text is not a duration. */
export function parseDuration(text: string): number | null {
  const match = durationPattern.exec(text);
  if (match === null) return null;
  return Math.round(Number(match[1]) * milliseconds[match[2] as keyof typeof milliseconds]);
}
