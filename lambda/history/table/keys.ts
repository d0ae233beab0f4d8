/** Keys of the table. Times in keys are ISO 8601 UTC with seconds, so that they sort chronologically. */

/** Sorts after every key with the same prefix: `#part` numbers, later times. */
export const endOfKeys = '\uffff';

/** Every sample of a vantage's round; one write per vantage and round. */
export const roundKey = {
  pk: (vantage: string) => `round#${vantage}`,
  sk: (round: string) => round,
  /**
   * Parts after the first of a round that is too large for one item. The id of the write separates the parts of two
   * writes of the same round, so that a head never finds the parts of the other write.
   */
  part: (round: string, number: number, written: string) => `${round}#${number}#${written}`,
} as const;

/** The hours, days, incidents and chapters of incidents of a target. */
export const targetKey = {
  pk: (target: string) => `target#${target}`,
  /** @param hour `2026-11-22T05` */
  hour: (hour: string) => `hour#${hour}`,
  /** @param date `2026-11-22` */
  day: (date: string) => `day#${date}`,
  incident: (opened: string) => `incident#${opened}`,
  /**
   * The chapters of an incident that have ended. The prefix is another one than that of incidents, because version 0.1 reads
   * all of those as incidents.
   */
  chapters: (opened: string) => `chapter#${opened}`,
  /** @param slot the number of the chapter, as far as chapters are kept */
  chapter: (opened: string, slot: number) => `${targetKey.chapters(opened)}#${String(slot).padStart(4, '0')}`,
} as const;

/** The current verdict of each target, under the id of the target. */
export const verdictsKey = 'verdicts';

/** The deliveries of a channel. */
export const deliveriesKey = {
  pk: (channel: string) => `delivery#${channel}`,
} as const;

/** What a channel posted of an incident, under the id of the incident. */
export const postedKey = {
  pk: (channel: string) => `posted#${channel}`,
} as const;

/** The state of each channel, under the id of the channel. */
export const channelsKey = 'channels';

/** The progress of the rollup. */
export const rollupKey = {
  pk: 'rollup',
  sk: 'hours',
  /** The targets that a day had. @param date `2026-11-22` */
  targets: (date: string) => `targets#${date}`,
} as const;

/** What a vantage knew of a domain's posture, each time that it was stored. */
export const postureKey = {
  pk: (domain: string) => `posture#${domain}`,
  /** @param at ISO 8601 UTC with milliseconds */
  sk: (vantage: string, at: string) => `${vantage}#${at}`,
} as const;

/** What was reported of the posture of each domain, under its name. */
export const postureVerdictsKey = {
  pk: 'posture-verdicts',
  /** How far the judge has come. It sorts before `first`, and each domain after it. */
  progress: '#judged',
  first: '-',
} as const;

/** When each vantage watched the posture of the domains, by day. */
export const postureWatchKey = {
  pk: 'posture-watch',
  /** @param date `2026-11-22` */
  sk: (vantage: string, date: string) => `${vantage}#${date}`,
} as const;

/** Where the next run of posture continues, if the last one had no time for all domains. */
export const postureLeftKey = {
  pk: postureWatchKey.pk,
  sk: (vantage: string) => `left#${vantage}`,
} as const;

/** What became of sent mail, of all sources: by slots of five minutes, and by hours. */
export const bouncesKey = {
  pk: 'bounces',
  /** @param time `2026-11-22T05:10` */
  slot: (time: string, source: string) => `slot#${time}#${source}`,
  /** @param hour `2026-11-22T05` */
  hour: (hour: string, source: string) => `hour#${hour}#${source}`,
} as const;

/** What was reported of the bounces of each sending domain, under its name. */
export const bounceVerdictsKey = {
  pk: 'bounce-verdicts',
  /** How far the judge has come. It sorts before `first`, and each domain after it. */
  progress: '#judged',
  first: '-',
} as const;

/** Which messages of each bounce mailbox were read, under the source of the mailbox. */
export const bounceMailboxesKey = 'bounce-mailboxes';

/** Whether a sort key of `round#…` is that of a head rather than of a part. */
export function isRoundHead(sk: string): boolean {
  return !sk.includes('#');
}

/** The trips of a round trip, by the time when each was claimed. */
export const tripKey = {
  pk: (roundTrip: string) => `trip#${roundTrip}`,
  sk: (at: number) => new Date(at).toISOString(),
} as const;

/** What is known of each mailbox that trips end in, under a digest of its protocol, host, port and user. */
export const tripMailboxesKey = 'trip-mailboxes';

/** What was reported of each round trip, under its id. */
export const tripVerdictsKey = 'trip-verdicts';

/** Who was told of each incident, under its id. */
export const notificationsKey = 'notifications';

/** The drill that is open, and the last one. */
export const drillsKey = { pk: 'drills', sk: 'last' } as const;

/** Mutes, under their ids. */
export const mutesKey = {
  pk: 'mutes',
  /** What was in force in the last pass of the judge. It sorts before the mutes. */
  inForce: '#in-force',
  first: '-',
} as const;

/** Windows and mutes that were in force. */
export const windowsKey = {
  pk: 'windows',
  at: (from: number) => `${new Date(from).toISOString().slice(0, 19)}Z`,
  all: (from: number, kind: string, id: string) => `${windowsKey.at(from)}#${id}#${kind}#`,
  sk: (from: number, kind: string, id: string, part: number) => `${windowsKey.all(from, kind, id)}${part}`,
} as const;

/** What people said of each incident: sorted by when the incident opened. */
export const statementsKey = {
  pk: 'statements',
  /** @param incident `<subject>@<opened>` */
  of: (incident: string) => {
    const at = incident.lastIndexOf('@');
    return { pk: statementsKey.pk, sk: `${incident.slice(at + 1)}#${incident.slice(0, Math.max(0, at))}` };
  },
} as const;
