import { defineFailure } from './failure-definition.ts';

/** Failures of a server that works, but not as its owner expects. */
// biome-ignore format: a table reads by its rows
export const EXPECTATION_FAILURES = {
  'greeting-mismatch': defineFailure('greeting', 'fail', 'lasting'),
  'keyword-missing': defineFailure('ehlo', 'warn', 'lasting'),
  'keyword-unwanted': defineFailure('ehlo', 'warn', 'lasting'),
  'size-too-small': defineFailure('ehlo', 'warn', 'lasting'),
  'auth-in-clear': defineFailure('ehlo', 'warn', 'lasting'),
  'auth-missing': defineFailure('ehlo', 'warn', 'lasting'),
  'reply-code-mismatch': defineFailure('any', 'fail', 'lasting'),
  'accept-all': defineFailure('rcpt', 'warn', 'lasting'),
  'open-relay': defineFailure('rcpt', 'fail', 'lasting'),
  slow: defineFailure('any', 'warn', 'temporary'),
} as const;
