import type { Again } from '../news/again.ts';
import type { BounceNews } from '../news/bounce-news.ts';
import type { PostureNews } from '../news/posture-news.ts';
import type { Chapter, PresentChapter } from './incident-chapter.ts';
import type { Verdict, Vote } from './vote-and-verdict-definitions.ts';

/** What one vantage saw during a chapter of an incident. Code, reply, detail and transcript are of one session. */
export interface Witness {
  readonly vantage: string;
  /**
   * Seconds (ISO UTC) of its first and last failure of this kind. The last is updated when the failure changes and when the
   * chapter ends, so that an open incident is not written every minute.
   */
  readonly firstFailure: string;
  readonly lastFailure: string;
  readonly phase: string | null;
  readonly code: string | null;
  readonly reply: string | null;
  /** What was measured, and its bound: `took 7021 ms, above 5000 ms`. Absent if version 0.1 wrote it. */
  readonly detail?: string | null;
  /** Absent if version 0.1 wrote it. */
  readonly outcome?: 'warn' | 'fail';
  /** Of the session with the longest one. */
  readonly transcript: readonly string[];
}

/** A line of a timeline. */
export interface TimelineLine {
  readonly at: string;
  readonly what: string;
  /** Of the verdict `down`: the first failure that led to it, ISO 8601 UTC. Absent if version 0.1 wrote it. */
  readonly since?: string;
}

/** The time from leaving `up` until returning to it, with its evidence. */
export interface Incident {
  /** `<target>@<opened>`. Stable; every alert of the incident has it. */
  readonly id: string;
  readonly target: string;
  /** ISO 8601 UTC: the first failure that led to it. */
  readonly opened: string;
  readonly closed: string | null;
  readonly verdict: Verdict;
  /** The witnesses of the present chapter. */
  readonly witnesses: readonly Witness[];
  readonly timeline: readonly TimelineLine[];
  /** Absent for a vantage, and if version 0.1 wrote the incident. */
  readonly chapter?: PresentChapter;
  /** The failure of the first chapter in which vantages failed; absent if they only warned. */
  readonly first?: { readonly phase: string | null; readonly code: string | null };
  /** Who acknowledged it and when; absent if nobody did. */
  readonly acknowledged?: { readonly at: string; readonly by: string };
}

/** A chapter with its evidence. */
export interface ChapterEvidence extends Chapter {
  readonly witnesses: readonly Witness[];
  /** Set if the chapter lasted until the next one began. Two judges may see that at different times: the next one says when. */
  readonly endsWithNext?: true;
}

export type AlertKind =
  | 'down'
  | 'degraded'
  | 'recovered'
  | 'unknown'
  | 'update'
  | 'changed'
  | 'blind'
  | 'flapping'
  /** Several alerts in one. */
  | 'digest'
  /** A channel does not take alerts, takes them again, or had some given up. */
  | 'undelivered'
  /** Something in the posture of a domain is to be mended; that it is over. */
  | 'posture'
  | 'posture-over'
  /** A domain or one of its addresses is on a DNS list that receivers use to refuse mail; that it no longer is. */
  | 'listed'
  | 'delisted'
  /** Messages of a round trip do not arrive as they should; that they do again. */
  | 'trip'
  | 'trip-over'
  /** Bounces or complaints of a sending domain are above a limit; that they no longer are. */
  | 'bounces'
  | 'bounces-over'
  /** Sent by hand, to see who gets alerts. Never stored. */
  | 'test';

/** The alerts that a digest stands for. */
export interface Digest {
  readonly count: number;
  /** Times of the first and the last of them, ISO 8601 UTC. */
  readonly first: string;
  readonly last: string;
  readonly kinds: Readonly<Partial<Record<AlertKind, number>>>;
  /** Bounded; `count` counts all. */
  readonly subjects: readonly string[];
  readonly ids: readonly string[];
  /** The alerts in words of their own, at most 100. Absent if the table keeps the digest. */
  readonly alerts?: readonly DigestedAlert[];
  /** Only for a digest of targets with one cause. */
  readonly group?: AlertGroup;
}

/** One alert of a digest. */
export interface DigestedAlert {
  readonly subject: string;
  readonly kind: AlertKind;
  readonly is: Verdict;
  /** Since when the target has this verdict, ISO 8601 UTC. */
  readonly since: string;
  readonly code: string | null;
}

/** Targets that one message tells of because they share a cause. */
export interface AlertGroup {
  /** As `causeOf` writes it. */
  readonly cause: string;
  /** The kind of the alerts that began it. */
  readonly kind: AlertKind;
  /** How many of the targets have no recovery that was told, and at most 100 of them. */
  readonly open: number;
  readonly subjects: readonly string[];
  /** How many recovered with this message. */
  readonly over: number;
}

/** A message to people about a change of an incident. Self-contained, so that it can be sent after a crash. */
export interface Alert {
  /** Stable: a repeated message has the same id. */
  readonly id: string;
  readonly kind: AlertKind;
  /**
   * Target id, the vantage for kind `blind`, the channel for kind `undelivered`, the domain for those of posture and bounces, the
   * round trip for those of trips.
   */
  readonly subject: string;
  /** ISO 8601 UTC of the decision. */
  readonly at: string;
  readonly was: Verdict;
  readonly is: Verdict;
  readonly incident: Incident | null;
  /** How the vantages voted at the decision. */
  readonly votes: readonly { readonly vantage: string; readonly vote: Vote; readonly why: string }[];
  /** The count of votes in words: "2 of 3 entitled vantages voted down, quorum 2". */
  readonly reason: string;
  /** Only for kind `digest`. */
  readonly digest?: Digest;
  /**
   * Only for kinds of posture and, for functions of version 0.1, of trips: they know no `trip`. Version 0.3 need not store it with
   * trips, because the version before it reads `trip`.
   */
  readonly posture?: PostureNews;
  /** Only for kinds of trips. */
  readonly trip?: PostureNews;
  /** Only for kinds of bounces. */
  readonly bounces?: BounceNews;
  /** Only for kind `undelivered`: no other channel wants `blind`, so it is for all channels. */
  readonly toAll?: true;
  /** What targets that fail together may share, as `causeOf` writes it. Absent if nothing is known, and in version 0.5. */
  readonly causes?: readonly string[];
  /** Ids of the receivers that it is for. Absent if the previous release made it, and for alerts about channels: `when` decides. */
  readonly to?: readonly string[];
  /** Set if the incident was told before, or could have been: why this is sent now. */
  readonly again?: Again;
  /** Set when it is handed over, for the filters of subscribers. */
  readonly severity?: 'critical' | 'warning' | 'info';
  /** The tags of its target. Set when it is handed over. */
  readonly tags?: readonly string[];
}

/** Duration of an incident in milliseconds, until `now` if it is open. */
export function incidentDuration(incident: Incident, now: number): number {
  return (incident.closed === null ? now : Date.parse(incident.closed)) - Date.parse(incident.opened);
}

export function isOpen(incident: Incident | null): incident is Incident {
  return incident !== null && incident.closed === null;
}

/** About the monitor itself: nobody takes an acknowledgement of these. */
const OF_THE_MONITOR: readonly AlertKind[] = ['blind', 'undelivered', 'test'];

/** The incident that who gets this alert can acknowledge; null if there is none. */
export function acknowledgeable({ kind, incident }: Pick<Alert, 'kind' | 'incident'>): Incident | null {
  if (OF_THE_MONITOR.includes(kind) || !isOpen(incident) || incident.acknowledged !== undefined) return null;
  return incident;
}
