import type { SeenInSession, Session } from '../../../web/history/sessions.ts';

export const START = Date.parse('2026-11-22T00:00:00Z');

/** A session of a minute after the start. */
export function session(minute: number, given: Partial<Session> = {}, seen: Partial<SeenInSession> = {}): Session {
  const at = START + minute * 60_000;
  return {
    vantage: 'eu-west-1',
    round: `${new Date(at).toISOString().slice(0, 19)}Z`,
    at,
    outcome: 'pass',
    timings: { connect: 12, greeting: 31, quit: 5 },
    total: 43,
    seen: {
      phase: null,
      code: null,
      reply: null,
      detail: null,
      address: '198.51.100.24',
      transcript: [],
      facts: {},
      ...seen,
    },
    ...given,
  };
}
