/** The session as data: from each state, what a happening leads to. */

import type { SessionEvent, SessionState } from '../replies/session-state.ts';
import type { TimedPhase } from '../sample/sample.ts';
import type { SessionProgress } from './progress.ts';

/** The first state of the list that is wanted is entered; `quit` is where every way ends. */
export const TRANSITIONS: Readonly<
  Record<SessionState, Readonly<Partial<Record<SessionEvent, readonly SessionState[]>>>>
> = {
  greeting: { accepted: ['helo', 'ehlo'], refused: ['quit'], silent: ['client-hello', 'ended'] },
  'client-hello': { silent: ['ended'] },
  ehlo: { accepted: ['starttls', 'auth', 'mail', 'quit'], unknown: ['helo', 'quit'], refused: ['quit'] },
  helo: { accepted: ['starttls', 'auth', 'mail', 'quit'], refused: ['quit'] },
  starttls: { accepted: ['handshake'], refused: ['quit'] },
  handshake: { secured: ['greeting', 'helo2', 'ehlo2'] },
  ehlo2: { accepted: ['auth', 'mail', 'quit'], unknown: ['helo2', 'quit'], refused: ['quit'] },
  helo2: { accepted: ['auth', 'mail', 'quit'], refused: ['quit'] },
  auth: { challenged: ['auth'], accepted: ['mail', 'quit'], refused: ['quit'] },
  mail: { accepted: ['rcpt', 'rset'], refused: ['quit'] },
  rcpt: { accepted: ['rcpt', 'data', 'rset'], refused: ['rcpt', 'data', 'rset'] },
  rset: { accepted: ['mail', 'quit'], refused: ['quit'] },
  data: { challenged: ['message'], refused: ['quit'] },
  message: { accepted: ['quit'], refused: ['quit'] },
  quit: { accepted: ['ended'], refused: ['ended'] },
  ended: {},
};

/** Which phase a state's time and failures belong to; null: none. */
export const PHASES: Readonly<Record<SessionState, TimedPhase | null>> = {
  greeting: 'greeting',
  'client-hello': 'greeting',
  ehlo: 'ehlo',
  helo: 'ehlo',
  starttls: 'starttls',
  handshake: 'tls',
  ehlo2: 'ehlo2',
  helo2: 'ehlo2',
  auth: 'auth',
  mail: 'mail',
  rcpt: 'rcpt',
  rset: null,
  data: 'data',
  message: 'data',
  quit: 'quit',
  ended: null,
};

/** When a state is entered; a state that is not here always may be. */
const ENTRY_CONDITIONS: Readonly<Partial<Record<SessionState, (progress: SessionProgress) => boolean>>> = {
  greeting: ({ greeting }) => greeting === null,
  'client-hello': ({ secured }) => !secured,
  helo: wantsHelo,
  helo2: wantsHelo,
  starttls: (progress) => wantsStartTls(progress) && mayProceed(progress),
  auth: (progress) => progress.exchange !== null && mayProceed(progress),
  mail: (progress) => progress.transactions.length > 0 && mayProceed(progress),
  rcpt: ({ transactions, recipient }) => recipient < (transactions[0]?.recipients.length ?? 0),
  data: ({ transactions, accepted }) => transactions[0]?.deliver === true && accepted > 0,
};

export function nextState(progress: SessionProgress, event: SessionEvent): SessionState {
  const candidates = TRANSITIONS[progress.state][event] ?? ['quit'];
  return candidates.find((state) => ENTRY_CONDITIONS[state]?.(progress) ?? true) ?? 'quit';
}

function wantsHelo({ endpoint, ehloUnknown }: SessionProgress): boolean {
  return endpoint.helo === 'helo' || (ehloUnknown && endpoint.helo !== 'ehlo');
}

export function wantsStartTls({ endpoint, secured, beforeTls }: SessionProgress): boolean {
  const asked = endpoint.security === 'starttls' || endpoint.security === 'starttls-if-offered';
  return asked && !secured && beforeTls?.STARTTLS !== undefined;
}

/** Nothing was found so far that makes going further pointless, or unsafe. */
export function mayProceed({ findings }: SessionProgress): boolean {
  return findings.every(({ outcome }) => outcome === 'warn');
}
