/** What was seen of TLS, the certificate and the keywords of a server, and since when. */
import type { SeenFacts, Session } from './sessions.ts';

export interface FactRow {
  /** With the host or address family before it, if the target has several. */
  readonly label: string;
  readonly value: string;
  /** The session ended before it could see it: an earlier one saw it last. */
  readonly isFromBefore: boolean;
  /** Since when, and what it was before; null if the value was the same in all that the page has. */
  readonly changed: { readonly round: string; readonly before: string } | null;
}

const DAY = 86_400_000;

const LABELS: Readonly<Record<string, string>> = {
  starttls: 'STARTTLS',
  tls: 'TLS',
  leaf: 'certificate',
  inClear: 'keywords before TLS',
  inTls: 'keywords in TLS',
};

type Timings = Session['timings'];

const saysEhlo = ({ ehlo }: Timings) => ehlo !== undefined;
const usesTls = ({ tls }: Timings) => tls !== undefined;

/** Whether a session with these phases has seen a fact. Those of a target with several hosts are of one of them. */
const SEEN: Readonly<Record<string, (timings: Timings) => boolean>> = {
  starttls: saysEhlo,
  inClear: saysEhlo,
  tls: usesTls,
  leaf: usesTls,
  // With TLS from the first octet there is one EHLO.
  inTls: ({ starttls, ehlo, tls, ehlo2 }) =>
    ehlo2 !== undefined || (starttls === undefined && tls !== undefined && ehlo !== undefined),
};

/** @param sessions with those of the same vantage before this one */
export function factRows(session: Session, sessions: readonly Session[]): readonly FactRow[] {
  const before = sessions.filter(({ vantage, at }) => vantage === session.vantage && at <= session.at);
  return Object.entries(session.seen?.facts ?? {}).map(([name, value]) => {
    const [, part = '', kind = name] = /^(?:(.*) )?(\S+)$/.exec(name) ?? [];
    const label = LABELS[kind] ?? kind;
    return {
      label: part === '' ? label : `${part}: ${label}`,
      value: kind === 'leaf' ? certificateText(value, session.at) : value,
      isFromBefore: part === '' && SEEN[kind]?.(session.timings) === false,
      changed: changeOf(kind, name, value, before),
    };
  });
}

/** The former value in words. */
const BEFORE: Readonly<Record<string, (was: string, is: string) => string>> = {
  inClear: keywordChange,
  inTls: keywordChange,
  leaf: (was) => {
    const [fingerprint = '', , until = ''] = was.split(' ');
    return `one until ${until}, SHA-256 ${fingerprint}…`;
  },
};

function changeOf(kind: string, name: string, value: string, before: readonly Session[]): FactRow['changed'] {
  const other = before.findLastIndex(({ seen }) => {
    const known = seen?.facts[name];
    return known !== undefined && known !== value;
  });
  const was = before[other]?.seen?.facts[name];
  const first = before[other + 1];
  if (was === undefined || first === undefined) return null;
  return { round: first.round, before: BEFORE[kind]?.(was, value) ?? was };
}

/** `without DSN; with CHUNKING`: what the former value had, compared with this one. */
function keywordChange(was: string, is: string): string {
  const [former, now] = [was.split(' '), is.split(' ')];
  const [gone, added] = [former.filter((one) => !now.includes(one)), now.filter((one) => !former.includes(one))];
  return [
    ...(added.length === 0 ? [] : [`without ${added.join(' ')}`]),
    ...(gone.length === 0 ? [] : [`with ${gone.join(' ')}`]),
  ].join('; ');
}

/** `3f2a9c0d1e4b5a67 2026-10-12 2027-01-10 C=US, …` in words. @param at epoch milliseconds of the session */
function certificateText(leaf: string, at: number): string {
  const [, fingerprint, from, to = '', issuer] = /^(\S+) (\S+) (\S+) ?(.*)$/s.exec(leaf) ?? [];
  const left = daysLeftText(to, at);
  return left === null ? leaf : `${from} to ${to}, ${left}; by ${issuer}; SHA-256 ${fingerprint}…`;
}

/** `45 days left`; null if the date is none. @param until `2027-01-10` @param at epoch milliseconds */
export function daysLeftText(until: string, at: number): string | null {
  const days = daysUntil(until, at);
  if (days === null) return null;
  return days < 0 ? `expired ${count(-days)} before` : `${count(days)} left`;
}

function count(days: number): string {
  return `${days} ${days === 1 ? 'day' : 'days'}`;
}

/** Null if the date is none. @param until `2027-01-10` @param at epoch milliseconds */
export function daysUntil(until: string, at: number): number | null {
  const end = Date.parse(`${until}T00:00:00Z`);
  return Number.isNaN(end) ? null : Math.floor((end - (at - (at % DAY))) / DAY);
}

/** The names of facts of either session. */
export function factNames(...all: readonly SeenFacts[]): readonly string[] {
  return [...new Set(all.flatMap((facts) => Object.keys(facts)))];
}
