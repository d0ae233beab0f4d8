/** From a reply that was not hoped for to the code of its failure. */

import type { Severity } from './expectations.ts';
import { FAILURES, type Failure, type FailureCode, finding } from './failures.ts';
import { impostorOf } from './impostor.ts';
import { LIMITS } from './limits.ts';
import type { Reply } from './reply.ts';
import type { Finding, Phase } from './sample.ts';
import type { State } from './transitions.ts';

/** By full code, or by its first digit. */
type Refusals = Readonly<Partial<Record<number, FailureCode>>>;

const GREETING: Refusals = { 4: 'greeting-refused-temporarily', 5: 'greeting-refused' };
const HELLO: Refusals = { 4: 'ehlo-refused-temporarily', 5: 'ehlo-refused' };
const STORAGE: Refusals = { 452: 'storage-insufficient', 552: 'storage-exceeded' };
const DATA: Refusals = { ...STORAGE, 4: 'data-refused-temporarily', 5: 'data-refused' };

const REFUSALS: Readonly<Partial<Record<State, Refusals>>> = {
  greeting: GREETING,
  ehlo: HELLO,
  helo: HELLO,
  ehlo2: HELLO,
  helo2: HELLO,
  starttls: { 4: 'starttls-refused-temporarily', 5: 'starttls-refused' },
  auth: { 4: 'auth-unavailable', 535: 'auth-rejected', 5: 'auth-refused' },
  mail: { ...STORAGE, 4: 'mail-refused-temporarily', 5: 'mail-refused' },
  rcpt: { ...STORAGE, 4: 'rcpt-refused-temporarily', 5: 'rcpt-refused' },
  data: DATA,
  message: DATA,
};

/** States in which servers tell a client that its address is not welcome. */
const JUDGES_CLIENT: ReadonlySet<State> = new Set(['greeting', 'ehlo', 'helo', 'ehlo2', 'helo2', 'mail', 'rcpt']);

/**
 * Refusals aimed at the client's own address, told by RFC 7372 and RFC 3463 codes, and by the words of the blocklists
 * and of the large servers. First match wins.
 */
const AIMED_AT_VANTAGE: readonly (readonly [RegExp, FailureCode])[] = [
  [
    /block(?:ed)? using|blocked by [\w-]+(?:\.[\w-]+)+|\b(?:block|black|deny)[- ]?list|\bdns[bw]l\b|\brbls?\b|spamhaus|spamcop|barracuda(?:central)?|sorbs|uceprotect|abuseat|invaluement|(?<!\bnot )\blisted (?:at|in|on|by)\b/i,
    'vantage-listed',
  ],
  [
    /too many (?:concurrent )?(?:connections|sessions) from|rate[- ]?limit|connection rate|throttl|too (?:fast|frequent)|\b4\.7\.(?:28|650)\b/i,
    'vantage-rate-limited',
  ],
  [
    /\b[45]\.7\.(?:25|27)\b|(?:reverse|ptr|rdns)\b.*\b(?:dns|record|lookup|hostname|name|address|missing|required|fail)|(?:cannot|could not|can't|unable to) (?:find|resolve|look ?up) your (?:reverse |host ?name|ip)|(?:your|client|sending|connecting) (?:ip|host|address|network|mta)\b.*\b(?:reputation|not (?:allowed|permitted|welcome|accepted|authorized)|denied|reject|refus|bann|block|policy)|(?:bad|poor|low) reputation|reputation of your|\b(?:bann?ed|blocked|denied|rejected)\b.*\b(?:your|client|sending) (?:ip|host|address)\b|(?:access|connection) (?:denied|refused|rejected|not allowed) (?:for|from|by|due to)\b.*\b(?:ip|address|policy|country|geo|reputation|\d+\.\d+\.\d+\.\d+)/i,
    'vantage-refused',
  ],
];

const GREYLISTED =
  /gr[ae]y ?-?list|try again (?:later|in)|come back (?:later|in)|\b4\.7\.1\b.*(?:later|minute|second)/i;

/** `temporary` is the policy for 4xx replies, where there is one. */
export function refused(state: State, phase: Phase, reply: Reply, temporary: Severity | undefined): Finding {
  const code = refusalOf(state, reply);
  const seen = { phase, reply: reply.lines.join('\n'), detail: `refused with ${reply.code}` };
  const failure: Failure = FAILURES[code];
  const policy = failure.temporary && !failure.vantageFault && temporary !== undefined;
  return finding(code, policy ? { ...seen, outcome: temporary } : seen);
}

export function refusalOf(state: State, reply: Reply): FailureCode {
  // What matters is said first, and `.*` in a pattern takes the square of the length to fail.
  const text = reply.lines.join(' ').slice(0, LIMITS.keptCharacters);
  const impostor = state === 'greeting' ? impostorOf(text) : null;
  return impostor ?? aimedAtVantage(state, reply, text) ?? greylisted(state, reply, text) ?? inTable(state, reply.code);
}

function aimedAtVantage(state: State, reply: Reply, text: string): FailureCode | null {
  if (reply.code < 400 || !JUDGES_CLIENT.has(state)) return null;
  return AIMED_AT_VANTAGE.find(([words]) => words.test(text))?.[1] ?? null;
}

function greylisted(state: State, { code }: Reply, text: string): FailureCode | null {
  return state === 'rcpt' && (code === 450 || code === 451) && GREYLISTED.test(text) ? 'rcpt-greylisted' : null;
}

function inTable(state: State, code: number): FailureCode {
  if (code === 421) return 'service-unavailable';
  const refusals = REFUSALS[state];
  return refusals?.[code] ?? refusals?.[Math.floor(code / 100)] ?? 'reply-unexpected';
}
