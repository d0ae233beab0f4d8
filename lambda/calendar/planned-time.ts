/** Planned time, in which nobody is told of a problem: maintenance windows of the config, and mutes by hand. */
import type { WindowTimes } from './window-times.ts';

/** What planned time is about. Without globs and tags it is everything. */
export interface PlannedScope {
  /** Globs of ids of targets, domains and round trips. */
  readonly targets?: readonly string[];
  readonly tags?: readonly string[];
}

/** An entry of `maintenance`. */
export interface MaintenanceWindow extends PlannedScope {
  readonly id: string;
  readonly times: WindowTimes;
  readonly why: string;
  /** Milliseconds after the end in which what fell within the window is not told yet. 0: it is told at once. */
  readonly grace: number;
}

/** A mute by hand. It always has an end. Times are epoch milliseconds. */
export interface Mute extends PlannedScope {
  readonly id: string;
  readonly from: number;
  readonly until: number;
  readonly why: string;
  readonly by: string;
}

/** A window or mute that was in force, as it is kept. A later config does not change it. */
export interface PlannedTime {
  readonly kind: 'window' | 'mute';
  readonly id: string;
  readonly why: string;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly until: number;
  /** Ids of the targets, domains and round trips; null for all. */
  readonly subjects: readonly string[] | null;
}
