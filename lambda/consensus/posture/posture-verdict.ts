import type { PostureArea } from '../../posture/codes/code.ts';
import type { Alert } from '../judgement/incident.ts';

/** `listed`: mail is being refused now. `posture`: anything else that is to be mended. */
export type PostureKind = 'listed' | 'posture';

export const POSTURE_KINDS: readonly PostureKind[] = ['listed', 'posture'];

/** A finding that was reported, is ignored, or was reported in the last day. Times are ISO 8601 UTC. */
export interface JudgedFinding {
  readonly kind: PostureKind;
  readonly area: PostureArea;
  readonly code: string;
  readonly subject: string;
  readonly detail: string;
  /** When a vantage first saw it. */
  readonly since: string;
  /** `told`: it was reported. `over`: its end was reported, too. `ignored`: the config says so. */
  readonly state: 'told' | 'over' | 'ignored';
  /** When its presence last changed. */
  readonly turned: string;
  /** Whether the vantages agree that it is there, which may differ from `state` while it flaps. */
  readonly isPresent: boolean;
  /** When it was reported, in the last day. */
  readonly tellings: readonly string[];
  /** It comes and goes: its changes are not reported until it has been steady. */
  readonly flapping: boolean;
  /** Of an ignored one: until when, and why. */
  readonly ignored?: { readonly until: string; readonly reason: string };
}

/** The time in which findings of a kind are open, with its alerts. */
export interface PostureEpisode {
  /** `<domain>/<kind>@<opened>` */
  readonly id: string;
  readonly opened: string;
  /** The last alert that said what is open. */
  readonly lastTold: string;
  /** Its reminders are no longer sent. */
  readonly acknowledged?: { readonly at: string; readonly by: string };
}

/** What was reported of the posture of a domain: one item of the table, written only when it changes. */
export interface PostureVerdict {
  readonly domain: string;
  /** When it was first judged, ISO 8601 UTC. */
  readonly since: string;
  readonly findings: readonly JudgedFinding[];
  readonly episodes: Readonly<Partial<Record<PostureKind, PostureEpisode>>>;
  /** Vantages do not agree yet, or time alone may decide: it is judged again soon, without an event. */
  readonly undecided: boolean;
  /** Alerts so far; the next one is numbered by it. */
  readonly alerts: number;
  /** The time of the last alert; null before the first. */
  readonly lastAlert: string | null;
  /** Pending alerts, oldest first. */
  readonly owed: readonly Alert[];
  /** The domain is no longer in the config. */
  readonly isGone?: true;
}

/** A posture verdict as stored. `version` grows by one with each write. */
export interface StoredPostureVerdict extends PostureVerdict {
  readonly version: number;
}
