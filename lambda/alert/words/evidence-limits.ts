/** How much evidence a message contains. A message that is too long is written again with lower limits. */
export interface EvidenceLimits {
  readonly witnesses: number;
  /** Characters of one reply, reason or transcript line. */
  readonly width: number;
  readonly transcript: number;
  readonly timeline: number;
}
