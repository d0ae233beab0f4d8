/** Spans of time: epoch milliseconds, `to` is exclusive. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** The time within any of the spans, as spans in order that neither overlap nor touch. */
export function mergeSpans(spans: Iterable<TimeSpan>): readonly TimeSpan[] {
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else if (from < to) merged.push({ from, to });
  }
  return merged;
}

/** The part of each span within another. */
export function clipSpans(spans: readonly TimeSpan[], { from, to }: TimeSpan): readonly TimeSpan[] {
  return spans
    .map((span) => ({ from: Math.max(span.from, from), to: Math.min(span.to, to) }))
    .filter((span) => span.to > span.from);
}

export function lengthOfSpans(spans: readonly TimeSpan[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0);
}
