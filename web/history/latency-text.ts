/** The length of a session or of a phase, in the same words on each page and chart. @param length milliseconds */
export function latencyText(length: number): string {
  // Each limit is what would be rounded up to one digit more.
  if (length < 9.95) return `${length.toFixed(1)} ms`;
  if (length < 999.5) return `${Math.round(length)} ms`;
  return `${(length / 1000).toFixed(length < 9_995 ? 2 : 1)} s`;
}
