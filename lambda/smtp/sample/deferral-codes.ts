/**
 * The codes of warnings about refusals that pass: senders succeed at a later try. `lambda/consensus` decides how long they
 * may last.
 */
export const DEFERRALS: ReadonlySet<string> = new Set([
  'greylisted',
  'rcpt-greylisted',
  'address-unverified',
  'rcpt-unverified',
]);
