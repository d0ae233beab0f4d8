/** The report of a month in UTC, as a status page shows it. JSON; times are ISO 8601 UTC, lengths are milliseconds. */

import type { DaySnapshot } from '../snapshot/snapshot.ts';
import type { ObservedTimes } from '../source/up-down-unwatched.ts';
import type { Objective, Uptime } from '../uptime/uptime.ts';

export interface Months {
  /** Of all that there are, newest first: also of those that were published before, and not read again. */
  readonly names: readonly string[];
  /** Those that were read. */
  readonly read: readonly MonthReport[];
}

export interface MonthReport {
  /** `2026-11`. */
  readonly month: string;
  readonly from: string;
  /** Where the report ends: the end of the month, or when it was read. */
  readonly to: string;
  readonly isOver: boolean;
  /** In words, `Mon-Fri 08:00-18:00 Europe/Berlin`; null without service hours. */
  readonly serviceHours: string | null;
  readonly targets: readonly MonthTarget[];
  /** Oldest first. */
  readonly outages: readonly MonthOutage[];
}

/** Figures of a target, as `report` has them. */
export interface MonthTarget extends ObservedTimes, Pick<Uptime, 'uptime' | 'outages' | 'toDetect' | 'toRepair'> {
  readonly id: string;
  readonly tags: readonly string[];
  /** How long work was planned, the downtime in it, and the uptime outside of it; null if none was. */
  readonly planned: { readonly length: number; readonly down: number; readonly uptimeOutside: number | null } | null;
  /** Within the service hours; null without them. */
  readonly service: ServiceFigures | null;
  readonly objective: Objective | null;
  /** p50, p95 and p99 of the sessions that passed or warned, milliseconds; null without one. */
  readonly latency: Uptime['latency'];
  /** All days of the month up to the end of the report. */
  readonly days: readonly DaySnapshot[];
  /** The longest outage by its downtime; null without one. */
  readonly longest: number | null;
}

export interface ServiceFigures extends ObservedTimes {
  /** Percent; null if it was not watched within them. */
  readonly uptime: number | null;
}

export interface MonthOutage {
  readonly target: string;
  readonly incident: string;
  readonly from: string;
  /** Null while it is open. */
  readonly to: string | null;
  /** How long it was down within the month. */
  readonly down: number;
  /** Phase and code of the first failure; empty if they are not known or hidden. */
  readonly failure: string;
  /** The window or mute in which it began; null if nothing was planned then, or where it is hidden. */
  readonly planned: string | null;
}
