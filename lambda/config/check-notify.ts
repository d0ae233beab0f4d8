/** Rules of `notify` that need the whole config: entries that no alert can match, and outages that nobody is told of. */

import { closestWord } from '../standards/spelling.ts';
import type { Channel, ChannelRules } from './channel.ts';
import type { Config } from './config.ts';
import type { ConfigFault } from './problems/problem.ts';
import { matchesAny } from './schema/notify/glob.ts';
import { type AlertTopic, alertSeverities } from './schema/selectable-alert-kinds.ts';

/** Something that alerts are about: one target, domain or round trip, or the monitor itself. */
interface Subject {
  /** Null for the monitor itself. */
  readonly name: string | null;
  readonly tags: readonly string[];
  readonly topics: readonly AlertTopic[];
}

/** The severities of the alerts of a topic: `lambda/consensus/notification/severity.ts` has the table by kind. */
const SEVERITIES: Readonly<Record<AlertTopic, NonNullable<ChannelRules['severity']>>> = {
  down: ['critical'],
  // Flapping has this topic; a target that flaps may be down.
  degraded: ['critical', 'warning'],
  unknown: ['warning'],
  changed: ['info'],
  blind: ['warning'],
  listed: ['critical'],
  posture: ['warning'],
  trip: ['warning'],
  bounces: ['warning'],
  // The end of an incident goes to who was told of it.
  recovered: [],
};

/** @returns the faults, with paths into the config as written */
export function checkNotify(config: Config): readonly ConfigFault[] {
  const subjects = subjectsOf(config);
  const faults = config.notify.flatMap((entry, place) => [
    ...unknownNames(config, subjects, entry, place),
    ...shortReminders(config, entry, place),
  ]);
  if (faults.length > 0) return faults;
  const matched = config.notify.map((entry) => new Set(mattersOf(entry, subjects)));
  return [
    ...config.notify.flatMap((entry, place) => matchesNothing(config, entry, place, matched[place])),
    ...config.notify.flatMap((entry, place) => shadowed(config, entry, place, matched)),
    ...nobodyTold(config, subjects),
    ...drillForNobody(config),
  ];
}

function subjectsOf({ targets, posture = [], roundTrips = [], bounces }: Config): readonly Subject[] {
  return [
    ...targets.map(({ id, tags = [] }): Subject => {
      return { name: id, tags, topics: ['down', 'degraded', 'unknown', 'changed'] };
    }),
    ...posture.map(({ domain }): Subject => ({ name: domain, tags: [], topics: ['listed', 'posture'] })),
    ...roundTrips.map(({ id }): Subject => ({ name: id, tags: [], topics: ['trip'] })),
    // Which domains send is not known before mail is counted.
    ...(bounces === undefined ? [] : [{ name: '(any)', tags: [], topics: ['bounces'] } as const]),
    { name: null, tags: [], topics: ['blind'] },
  ];
}

/** What an entry is told of, as `subject topic severity`. */
function mattersOf(entry: ChannelRules, subjects: readonly Subject[]): readonly string[] {
  return subjects
    .filter((subject) => isAbout(entry, subject))
    .flatMap(({ name, topics }) =>
      topics
        .filter((topic) => entry.when.includes(topic))
        .flatMap((topic) =>
          SEVERITIES[topic]
            .filter((severity) => entry.severity?.includes(severity) ?? true)
            .map((severity) => `${name} ${topic} ${severity}`),
        ),
    );
}

function isAbout({ targets, tags }: ChannelRules, subject: Subject): boolean {
  if (targets === undefined && tags === undefined) return true;
  if (subject.name === null) return false;
  if (subject.name === '(any)') return targets !== undefined;
  return matchesAny(targets ?? [], [subject.name]) || matchesAny(tags ?? [], subject.tags);
}

function unknownNames(
  { bounces }: Config,
  subjects: readonly Subject[],
  entry: Channel,
  place: number,
): readonly ConfigFault[] {
  const names = subjects.flatMap(({ name }) => (name === null || name === '(any)' ? [] : [name]));
  const tags = [...new Set(subjects.flatMap((subject) => subject.tags))];
  // A domain that sends mail need not be in the config.
  const isKnown = (pattern: string) => matchesAny([pattern], names) || (bounces !== undefined && /[.*]/.test(pattern));
  return [
    ...(entry.targets ?? []).flatMap((pattern, at) =>
      isKnown(pattern)
        ? []
        : [
            unknown(
              ['notify', place, 'targets', at],
              `no target, domain or round trip is named \`${pattern}\``,
              pattern,
              names,
            ),
          ],
    ),
    ...(entry.tags ?? []).flatMap((pattern, at) =>
      matchesAny([pattern], tags)
        ? []
        : [unknown(['notify', place, 'tags', at], `no target has the tag \`${pattern}\``, pattern, tags)],
    ),
  ];
}

function unknown(path: ConfigFault['path'], message: string, written: string, names: readonly string[]): ConfigFault {
  const closest = closestWord(written, names);
  const suggestion = closest === null ? namesText(names) : `did you mean \`${closest}\`?`;
  return { path, at: 'value', message, suggestion };
}

function namesText(names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const more = names.length > 5 ? `, and ${names.length - 5} more` : '';
  return `there are ${names
    .slice(0, 5)
    .map((name) => `\`${name}\``)
    .join(', ')}${more}`;
}

/** A reminder before the next verdict says nothing new. */
function shortReminders({ policy }: Config, { repeat = [] }: Channel, place: number): readonly ConfigFault[] {
  return repeat.flatMap((length, at) =>
    length >= policy.every
      ? []
      : [
          {
            path: ['notify', place, 'repeat', at],
            at: 'value',
            message: `is shorter than a round, which is ${policy.every / 1000} s: there is no newer verdict by then`,
            suggestion: 'use minutes or hours, such as `[15m, 1h, 6h]`',
          } as const,
        ],
  );
}

function matchesNothing(
  config: Config,
  entry: Channel,
  place: number,
  matters: ReadonlySet<string> | undefined,
): readonly ConfigFault[] {
  if (matters === undefined || matters.size > 0) return [];
  return [
    {
      path: ['notify', place],
      at: 'value',
      message: `no alert can match this entry: ${whyNothing(config, entry)}`,
      suggestion: 'remove what excludes all of them, or the entry',
    },
  ];
}

function whyNothing({ posture, roundTrips, bounces }: Config, entry: Channel): string {
  const { when, severity, targets, tags } = entry;
  const topics = when.filter((topic) => topic !== 'recovered');
  if (topics.length === 0) return 'the end of an incident goes to who was told of it, and `when` has no beginning';
  const possible = topics.filter((topic) => SEVERITIES[topic].some((one) => severity?.includes(one) ?? true));
  if (possible.length === 0)
    return `${quoted(topics)} ${topics.length === 1 ? 'is' : 'are'} never ${quoted(severity ?? alertSeverities)}`;
  const absent = {
    trip: roundTrips === undefined,
    bounces: bounces === undefined,
    listed: posture === undefined,
    posture: posture === undefined,
  };
  if (possible.every((topic) => absent[topic as keyof typeof absent] === true))
    return `nothing of ${quoted(possible)} is watched`;
  return targets === undefined && tags === undefined
    ? 'nothing that `when` names is watched'
    : `what \`${targets === undefined ? 'tags' : 'targets'}\` names has no alerts of ${quoted(possible)}`;
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}

/** Whether entries above tell the same receiver all of this at the same time. */
function shadowed(
  { notify }: Config,
  entry: Channel,
  place: number,
  matched: readonly ReadonlySet<string>[],
): readonly ConfigFault[] {
  const own = [...(matched[place] ?? [])];
  const above = notify.flatMap((other, at) => (at < place && tellsAsSoon(other, entry) ? [at] : []));
  const whole = above.find((at) => own.every((matter) => matched[at]?.has(matter)));
  const parts = above.filter((at) => own.some((matter) => matched[at]?.has(matter)));
  const by = whole === undefined ? parts : [whole];
  if (own.length === 0 || !own.every((matter) => by.some((at) => matched[at]?.has(matter)))) return [];
  const names = by.map((at) => `notify[${at}]`).join(' and ');
  return [
    {
      path: ['notify', place],
      at: 'value',
      message: `everything that this entry would send is sent by ${names} to the same receiver at the same time`,
      suggestion: 'remove it, or give it another `after`, `hours` or receiver',
    },
  ];
}

/** Also while the entry waits for its hours, and with its reminders. */
function tellsAsSoon(other: Channel, entry: Channel): boolean {
  const { after = 0, hours, repeat = [] } = entry;
  return (
    receiverText(other) === receiverText(entry) &&
    (other.after ?? 0) === after &&
    (other.hours === undefined || isSame(other.hours, hours)) &&
    (repeat.length === 0 || isSame(other.repeat, repeat))
  );
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What is no rule tells the receiver. */
function receiverText({
  id,
  when,
  severity,
  targets,
  tags,
  hours,
  after,
  repeat,
  group,
  limit,
  even,
  ...receiver
}: Channel): string {
  return JSON.stringify(receiver);
}

/**
 * If some entry wants outages, every target has one that does: an escalation must not end at nobody. Where no entry wants them,
 * that was decided by `when`.
 */
function nobodyTold({ notify, targets }: Config, subjects: readonly Subject[]): readonly ConfigFault[] {
  const wanting = notify.filter(
    ({ when, severity }) => when.includes('down') && (severity?.includes('critical') ?? true),
  );
  if (wanting.length === 0) return [];
  const missed = targets.flatMap(({ id }) => {
    const subject = subjects.find(({ name }) => name === id);
    return subject === undefined || wanting.some((entry) => isAbout(entry, subject)) ? [] : [id];
  });
  const [first] = missed;
  if (first === undefined) return [];
  const others = missed.length === 1 ? '' : `, and of ${missed.length - 1} more`;
  return [
    {
      path: ['notify'],
      at: 'key',
      message: `nobody is told when \`${first}\` is down${others}: no entry's \`targets\` or \`tags\` match it`,
      suggestion: 'add an entry without `targets` and `tags`, or name it in one',
    },
  ];
}

function drillForNobody({ drill, notify }: Config): readonly ConfigFault[] {
  const isTold = ({ when, severity }: ChannelRules) =>
    (when.includes('down') || when.includes('listed')) && (severity?.includes('critical') ?? true);
  if (drill === undefined || notify.some(isTold)) return [];
  return [
    {
      path: ['drill'],
      at: 'key',
      message: 'is for nobody: no entry of `notify` is told of outages',
      suggestion: 'add an entry with `down` in its `when`, or remove `drill`',
    },
  ];
}
