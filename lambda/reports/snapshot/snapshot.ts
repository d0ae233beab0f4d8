/**
 * What a status page shows, at one moment. JSON; times are ISO 8601 UTC, lengths are milliseconds unless a name says otherwise.
 * `visible-snapshot.ts` has a rule for each field: whether it is shown where hosts and replies are hidden.
 */

import type { Verdict, Vote } from '../../consensus/judgement/vote-and-verdict-definitions.ts';
import type { HoldKind } from '../../consensus/news/again.ts';
import type { Outcome, Sample } from '../../smtp/sample/sample.ts';
import type { ObservedTimes } from '../source/up-down-unwatched.ts';

export interface Snapshot {
  readonly at: string;
  readonly title: string;
  /** Where the page is, with a slash at its end; null if that is not known. */
  readonly url: string | null;
  /** The file of the logo, such as `logo.svg`; null if there is none. */
  readonly logo: string | null;
  /** The newest round of any vantage; null if there is none. */
  readonly newestRound: string | null;
  /** Seconds between rounds. A page says so if the newest round is older than three of them, and than a minute. */
  readonly every: number;
  readonly vantages: readonly VantageSnapshot[];
  readonly targets: readonly TargetSnapshot[];
  /** Open ones, then those of the last 90 days, newest first. */
  readonly incidents: readonly IncidentSnapshot[];
  /** Windows and mutes: those in force, then the next time of each window, then those of the last 90 days, newest first. */
  readonly planned: readonly PlannedSnapshot[];
  /** Of posture: those that people were told of, and that are not over. */
  readonly findings: readonly FindingSnapshot[];
  /** Of round trips and bounces: likewise. */
  readonly troubles: readonly TroubleSnapshot[];
}

export interface VantageSnapshot {
  readonly vantage: string;
  readonly lastRound: string | null;
  /** It does not vote, because it cannot reach the Internet. */
  readonly blind: boolean;
  /** Null if it is not blind. */
  readonly blindSince: string | null;
  /** Null where it is hidden or not known. */
  readonly blindWhy: string | null;
  /** Milliseconds by which the probe may have delayed the times of the last round; null if they can be trusted. */
  readonly lag: number | null;
  /** The release that recorded the last round, `0.1.0`; null where it is hidden or not known. */
  readonly release: string | null;
  /** The address that mail servers see; `lambda` if it is one of Lambda, which changes; null where it is hidden or not known. */
  readonly egress: string | null;
  /** Of the last day; null if it is not known. */
  readonly rounds: RoundCount | null;
}

export interface RoundCount {
  readonly recorded: number;
  /** Since its first round, if that was within the day. */
  readonly due: number;
}

export interface TargetSnapshot {
  readonly id: string;
  /** Host or domain with the port; null where it is hidden or not known. */
  readonly endpoint: string | null;
  readonly tags: readonly string[];
  readonly verdict: Verdict;
  readonly since: string | null;
  /** The open incident. */
  readonly incident: string | null;
  /** The last 90 days in UTC, oldest first. */
  readonly days: readonly DaySnapshot[];
  /** Share of the watched time of these days, in percent; null if it was not watched. */
  readonly uptime: number | null;
  readonly unwatched: number;
  /** The same share without the time in which work was planned. */
  readonly uptimeOutsidePlanned: number | null;
  /** Why nobody is told of it now; null if nothing holds its alerts. */
  readonly held: HoldSnapshot | null;
  readonly last: readonly LastSample[];
  /** The last hours, by vantage. */
  readonly latency: readonly LatencySeries[];
}

export interface DaySnapshot extends ObservedTimes {
  /** `2026-11-26`. */
  readonly date: string;
  /** That were open on it, since whenever. */
  readonly incidents: number;
  /** The part of the day in which work was planned: a part of the times of the day. Null if none was. */
  readonly planned: ObservedTimes | null;
}

export interface HoldSnapshot {
  /** `behind`: a target through which it is reached is down. */
  readonly why: HoldKind;
  /** The name of the window or of the target, or the reason of the mute; null where it is hidden. */
  readonly what: string | null;
  readonly since: string;
  /** Null if its end is not known. */
  readonly until: string | null;
}

export interface LastSample {
  readonly vantage: string;
  readonly round: string;
  readonly outcome: Outcome;
  readonly phase: string | null;
  readonly code: string | null;
  readonly reply: string | null;
  readonly detail: string | null;
  /** Of a session that did not pass. */
  readonly transcript: readonly string[];
  readonly total: number;
  readonly timings: Sample['timings'];
  /** Of the certificate, `2027-01-10`; null if it is not known. */
  readonly certificateExpires: string | null;
}

export interface LatencySeries {
  readonly vantage: string;
  /** Oldest first: epoch milliseconds of the round, milliseconds of the session (null if it failed), and its outcome. */
  readonly points: readonly (readonly [at: number, total: number | null, outcome: Outcome])[];
}

export interface IncidentSnapshot {
  readonly id: string;
  readonly target: string;
  readonly opened: string;
  readonly closed: string | null;
  readonly verdict: Verdict;
  /** By whom: null where it is hidden. */
  readonly acknowledged: { readonly at: string; readonly by: string | null } | null;
  readonly timeline: readonly { readonly at: string; readonly what: string }[];
  /** The failure with which it began, as a report has it; null where it is not known. */
  readonly first: { readonly phase: string | null; readonly code: string | null };
  /** The evidence of the present chapter, or of the last one. */
  readonly witnesses: readonly WitnessSnapshot[];
  /** The chapters before it: while they lasted, the failure was another one. */
  readonly chapters: readonly ChapterSnapshot[];
  /** When something of it last changed, also a statement that was withdrawn. */
  readonly updated: string;
  /** What people said of it, oldest first. */
  readonly statements: readonly StatementSnapshot[];
  /** Null where they are hidden. */
  readonly alerts: AlertsSnapshot | null;
  /** Null of incidents for which the page does not read rounds: only the newest ones have votes. */
  readonly votes: VotesSnapshot | null;
}

export interface ChapterSnapshot {
  readonly number: number;
  readonly from: string;
  readonly to: string | null;
  readonly phase: string | null;
  readonly code: string | null;
  readonly witnesses: readonly WitnessSnapshot[];
}

export interface StatementSnapshot {
  readonly number: number;
  readonly at: string;
  /** Null where it is hidden. */
  readonly by: string | null;
  readonly state: 'investigating' | 'identified' | 'monitoring' | 'resolved';
  /** One or more lines. */
  readonly text: string;
}

/** Alerts of an incident. Channels are named by their kind alone: no address, no URL. */
export interface AlertsSnapshot {
  /** Whether it ended so long ago that its alerts are no longer kept. */
  readonly expired: boolean;
  /** Oldest first. */
  readonly sent: readonly AlertSnapshot[];
  readonly told: readonly ToldSnapshot[];
}

/** An alert on a channel. */
export interface AlertSnapshot {
  readonly at: string;
  /** Such as `down` or `recovered`. */
  readonly kind: string;
  /** A reminder, a later step, or an acknowledgement that others are informed of. */
  readonly again: boolean;
  /** The kind of the channel, such as `email`; `topic` is e-mail and SMS by SNS. */
  readonly channel: string;
  readonly state: 'pending' | 'taken' | 'given-up';
  /** When the channel took it, or it was given up. */
  readonly ended: string | null;
}

/** What one entry of `notify` was told. */
export interface ToldSnapshot {
  readonly channel: string;
  readonly first: string;
  readonly last: string;
  readonly messages: number;
  /** Among the messages. */
  readonly reminders: number;
}

/** What the vantages voted around and during an incident. */
export interface VotesSnapshot {
  /** In the order of the lists of each moment. */
  readonly vantages: readonly string[];
  /** Empty if the rounds are no longer kept. */
  readonly moments: readonly VoteMoment[];
  /** The middle of a long incident is left out: before the moment with this place. Null if nothing is. */
  readonly gap: number | null;
}

/** After a round. */
export interface VoteMoment {
  readonly at: string;
  /** Null: no session of this round. */
  readonly outcomes: readonly (Outcome | null)[];
  readonly votes: readonly Vote[];
  /** Votes for `down` that would have been a quorum. */
  readonly needed: number;
  /** As it was recorded; null before the incident and after it, where another one may be. */
  readonly verdict: Verdict | null;
}

/** A time in which work is planned, or that is muted by hand. */
export interface PlannedSnapshot {
  /** `database@2026-11-22T06:00:00Z`: the window or mute, and when it begins. */
  readonly id: string;
  readonly kind: 'window' | 'mute';
  /** `verifying`: it is over, and what began in it is not told yet. */
  readonly state: 'scheduled' | 'in_progress' | 'verifying' | 'completed';
  /** The name of the window; null where it is hidden, and of a mute. */
  readonly name: string | null;
  /** Null where it is hidden. */
  readonly why: string | null;
  readonly from: string;
  readonly until: string;
  /** The targets and round trips that it is about. */
  readonly subjects: readonly string[];
  /** The domains that it is about, as far as they are shown. */
  readonly domains: readonly string[];
}

export interface FindingSnapshot {
  readonly domain: string;
  /** `listed`: mail is being refused now. */
  readonly kind: 'listed' | 'posture';
  readonly code: string;
  /** The name or address that it is about. */
  readonly subject: string;
  readonly since: string;
  /** Who acknowledged it; null if nobody did. */
  readonly acknowledged: string | null;
}

export interface TroubleSnapshot {
  readonly kind: 'trip' | 'bounces';
  /** The round trip, or the sending domain. */
  readonly subject: string;
  /** Codes of findings, or rates with the provider. */
  readonly what: readonly string[];
  readonly since: string;
}

export interface WitnessSnapshot {
  readonly vantage: string;
  readonly from: string;
  /** The last failure; null while the chapter is under way. */
  readonly to: string | null;
  readonly phase: string | null;
  readonly code: string | null;
  readonly reply: string | null;
  readonly detail: string | null;
  readonly transcript: readonly string[];
}
