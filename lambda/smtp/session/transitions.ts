/** The state machine of the session: the next state for each event. */

import type { SessionEvent, SessionState } from '../replies/session-state.ts';
import type { TimedPhase } from '../sample/sample.ts';
import type { SessionProgress } from './progress.ts';

/** The first state of the list whose condition is met is entered. Every path ends with `quit`. */
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
  auth: { challenged: ['auth'], unknown: ['auth', 'quit'], accepted: ['mail', 'quit'], refused: ['quit'] },
  mail: { accepted: ['rcpt', 'rset'], refused: ['quit'] },
  rcpt: { accepted: ['rcpt', 'data', 'rset'], refused: ['rcpt', 'data', 'rset'] },
  rset: { accepted: ['mail', 'quit'], refused: ['quit'] },
  data: { challenged: ['message'], refused: ['quit'] },
  message: { accepted: ['quit'], refused: ['quit'] },
  quit: { accepted: ['ended'], refused: ['ended'] },
  ended: {},
};

/** The phase to which the time and failures of a state belong; null if there is none. */
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

/** The condition to enter a state. States without one can always be entered. */
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

/** No finding so far makes further commands useless or unsafe. */
export function mayProceed({ findings }: SessionProgress): boolean {
  return findings.every(({ outcome }) => outcome === 'warn');
}
