import { endedChapter } from '../../../lambda/consensus/incident/chapters.ts';
import { judgeTarget } from '../../../lambda/consensus/judge-target.ts';
import type { ChapterEvidence } from '../../../lambda/consensus/judgement/incident.ts';
import type { Judgement } from '../../../lambda/consensus/judgement/judgement-state.ts';
import type { Observation } from '../../../lambda/consensus/judgement/observation.ts';
import { type Policy, readWindow } from '../../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { MINUTE, policyOf, START } from '../samples.ts';

/** What a server does, and what a probe of it records. */
export type Seen = Omit<Observation, 'vantage' | 'round'>;

const passed: Seen = { outcome: 'pass', phase: null, code: null, reply: null, detail: null, transcript: [] };

/** A slow session says everything, a silent one nothing. */
const session = ['S: 220 mx1.example.com ESMTP', 'C: EHLO probe.example.com', 'S: 250 mx1.example.com'];

export const SEEN = {
  p: passed,
  /** Slow, but every step succeeds: the longest transcript of all. */
  w: {
    outcome: 'warn',
    phase: 'rcpt',
    code: 'slow',
    reply: null,
    detail: 'took 7021 ms, above 5000 ms',
    transcript: [...session, 'C: MAIL FROM:<>', 'S: 250 2.1.0 Ok', 'C: RCPT TO:<ops@example.com>', 'S: 250 2.1.5 Ok'],
  },
  /** Slow by another time. */
  v: {
    outcome: 'warn',
    phase: 'rcpt',
    code: 'slow',
    reply: null,
    detail: 'took 8440 ms, above 5000 ms',
    transcript: session,
  },
  s: {
    outcome: 'fail',
    phase: 'greeting',
    code: 'silence',
    reply: null,
    detail: 'no greeting within 12.0 s',
    transcript: ['* mx1.example.com is 192.0.2.1, port 25'],
  },
  /** A temporary refusal in a session with more lines than that of `r`. */
  t: {
    outcome: 'fail',
    phase: 'auth',
    code: 'auth-unavailable',
    reply: '454 4.7.0 Temporary authentication failure',
    detail: 'refused with 454',
    transcript: [
      ...session,
      'C: AUTH PLAIN ***',
      'S: 454 4.7.0 Temporary authentication failure',
      'C: QUIT',
      'S: 221 Bye',
    ],
  },
  r: {
    outcome: 'fail',
    phase: 'auth',
    code: 'auth-rejected',
    reply: '535 5.7.8 Authentication credentials invalid',
    detail: 'refused with 535',
    transcript: [...session, 'C: AUTH PLAIN ***', 'S: 535 5.7.8 Authentication credentials invalid'],
  },
  e: {
    outcome: 'warn',
    phase: 'certificate',
    code: 'certificate-expiring',
    reply: null,
    detail: 'expires on 2026-12-05, 12 days left, below 14',
    threshold: '14 days',
    transcript: session,
  },
  /** The same certificate, past the next threshold. */
  E: {
    outcome: 'warn',
    phase: 'certificate',
    code: 'certificate-expiring',
    reply: null,
    detail: 'expires on 2026-12-05, 7 days left, below 14',
    threshold: '7 days',
    transcript: session,
  },
  n: {
    outcome: 'fail',
    phase: 'certificate',
    code: 'certificate-wrong-name',
    reply: null,
    detail: 'certificate lacks mx1.example.com, has mail.example.net, www.example.net',
    transcript: session,
  },
} as const satisfies Readonly<Record<string, Seen>>;

export type Letter = keyof typeof SEEN;

export interface Told {
  readonly judgement: Judgement;
  /** The chapters as the judge writes them, in their order. */
  readonly ended: readonly ChapterEvidence[];
}

/** Judges after each minute, one row of letters per vantage; `.` is a missing round. */
export function tell(rows: Readonly<Record<string, string>>, changes: Partial<Policy> = {}): Told {
  const policy = policyOf(Object.keys(rows), { secondOpinion: false, ...changes });
  const length = Math.max(...Object.values(rows).map((row) => row.length));
  const all = Object.entries(rows).flatMap(([vantage, row]) => observationsOf(vantage, row));
  let previous: Judgement | null = null;
  const ended: ChapterEvidence[] = [];
  for (let minute = 0; minute < length; minute += 1) {
    const now = START + minute * MINUTE + 5000;
    const recent = ({ round }: Observation) =>
      Date.parse(round) <= now && Date.parse(round) >= now - readWindow(policy);
    const question = { target: 'mx1', observations: all.filter(recent), policy, now };
    const next: Judgement = judgeTarget({ ...question, previous });
    const chapter = endedChapter(previous?.incident ?? null, next.incident);
    if (chapter !== null) ended.push(chapter);
    previous = next;
  }
  if (previous === null) throw new Error('a story needs a round');
  return { judgement: previous, ended };
}

function observationsOf(vantage: string, row: string): readonly Observation[] {
  return [...row].flatMap((letter, minute) =>
    letter === '.' ? [] : [{ ...SEEN[letter as Letter], vantage, round: isoSeconds(START + minute * MINUTE) }],
  );
}
