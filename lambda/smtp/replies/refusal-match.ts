/** From the words of a refusal to the code of its failure, by the rules. */

import type { FailureCode } from '../failures/failures.ts';
import { type ReplyWords, replyWords } from './normalise-reply-text.ts';
import { PHRASES } from './refusal-phrases.ts';
import { REFUSAL_RULES, type Stage } from './refusal-rules.ts';
import type { Reply } from './reply-reader.ts';
import type { SessionState } from './session-state.ts';

const STAGES: Readonly<Partial<Record<SessionState, Stage>>> = {
  greeting: 'G',
  ehlo: 'H',
  helo: 'H',
  ehlo2: 'H',
  helo2: 'H',
  starttls: 'S',
  auth: 'A',
  mail: 'M',
  rcpt: 'R',
  data: 'D',
  message: 'D',
};

/** RCPT has names of its own, which are stored. */
const AT_RCPT: Readonly<Partial<Record<FailureCode, FailureCode>>> = {
  greylisted: 'rcpt-greylisted',
  'address-unverified': 'rcpt-unverified',
  'sender-refused': 'rcpt-sender-refused',
};

interface Matcher {
  readonly failure: FailureCode;
  readonly stages: string;
  readonly code: RegExp | null;
  readonly enhanced: RegExp | null;
  readonly words: RegExp | null;
  readonly unless: RegExp | null;
}

let compiled: readonly Matcher[] | null = null;

/** Compiled at the first refusal: most probes see none. */
function matchers(): readonly Matcher[] {
  compiled ??= REFUSAL_RULES.map(([failure, stages, code, enhanced, words, unless]) => ({
    failure,
    stages,
    code: code && beginning(code),
    enhanced: enhanced && beginning(enhanced),
    words: words && new RegExp(expanded([words].flat())),
    unless: unless === undefined ? null : new RegExp(expanded([unless])),
  }));
  return compiled;
}

function beginning({ source }: RegExp): RegExp {
  return new RegExp(`^(?:${source})`);
}

function expanded(patterns: readonly RegExp[]): string {
  const source = patterns.map((pattern) => pattern.source).join('|');
  return source.replace(/<([a-z]+)>/g, (_, name) => `(?:${expanded(PHRASES[name] ?? [])})`);
}

/** The failure code of a 4xx or 5xx reply. Null if the reply says no more than its reply code. */
export function matchRefusal(state: SessionState, reply: Pick<Reply, 'lines'>): FailureCode | null {
  const stage = STAGES[state];
  if (stage === undefined) return null;
  const words = replyWords(reply);
  const failure = nestedCode(stage, words) ?? codeByRules(stage, words);
  return failure !== null && stage === 'R' ? (AT_RCPT[failure] ?? failure) : failure;
}

function codeByRules(stage: Stage, words: ReplyWords): FailureCode | null {
  return matchers().find((matcher) => matches(matcher, stage, words))?.failure ?? null;
}

function matches({ stages, code, enhanced, words, unless }: Matcher, stage: Stage, said: ReplyWords): boolean {
  return (
    stages.includes(stage) &&
    (code?.test(said.code) ?? true) &&
    (enhanced?.test(said.enhanced) ?? true) &&
    (words?.test(said.text) ?? true) &&
    !(unless?.test(said.text) ?? false)
  );
}

/** What a server was told when it asked another one for the address: `host … said: 452 4.3.1 …`. */
const NESTED = /\bun(?:verified|deliverable) address:(?! ?address verification)(.*)/;
const SAID = /(?:said|talk to me): (\d{3}\b.*)/;

/** Phrases about an address that another server reported: that server refuses this one, not the vantage. */
const TOLD_ON: ReadonlySet<FailureCode> = new Set<FailureCode>(['greylisted', 'mailbox-full', 'storage-insufficient']);

function nestedCode(stage: Stage, { code, text }: ReplyWords): FailureCode | null {
  const nested = NESTED.exec(text)?.[1];
  if (nested === undefined) return null;
  const said = SAID.exec(nested)?.[1];
  const told = said === undefined ? null : codeByRules(stage, replyWords({ lines: [said] }));
  if (told !== null && TOLD_ON.has(told)) return told;
  const ofSender = stage === 'R' && text.includes('sender address');
  if (ofSender) return code.startsWith('4') ? 'sender-refused-temporarily' : 'sender-refused';
  return stage === 'R' ? (code.startsWith('4') ? 'rcpt-refused-temporarily' : 'rcpt-refused') : null;
}
