/** Incidents and planned times of a chart, each once, with words. */
import type { HistoryShard } from '../../lambda/reports/history-shards/shard.ts';

export interface ShadedTime {
  readonly id: string;
  readonly kind: 'incident' | 'window' | 'mute';
  /** Epoch milliseconds. */
  readonly from: number;
  /** Null while it goes on. */
  readonly to: number | null;
  /** `Incident, down`, `Maintenance: updates`. */
  readonly words: string;
}

const KINDS = { window: 'Maintenance', mute: 'Mute' } as const;

/** Those that overlap a time, oldest first. Epoch milliseconds. */
export function shadedTimes(shards: readonly HistoryShard[], from: number, to: number): readonly ShadedTime[] {
  const all = new Map<string, ShadedTime>();
  for (const { incidents, windows } of shards) {
    for (const { id, from: opened, to: closed, verdict } of incidents) {
      const known = all.get(id);
      // It was open when an older shard was written.
      if (known !== undefined && known.to !== null) continue;
      const end = closed === null ? null : Date.parse(closed);
      all.set(id, { id, kind: 'incident', from: Date.parse(opened), to: end, words: `Incident, ${verdict}` });
    }
    for (const { kind, from: begin, to: end, why } of windows) {
      const id = `${kind} ${begin} ${why ?? ''}`;
      const words = why === null || why === '' ? KINDS[kind] : `${KINDS[kind]}: ${why}`;
      all.set(id, { id, kind, from: Date.parse(begin), to: Date.parse(end), words });
    }
  }
  return [...all.values()]
    .filter((one) => one.from < to && (one.to ?? Number.POSITIVE_INFINITY) > from)
    .sort((a, b) => a.from - b.from);
}
