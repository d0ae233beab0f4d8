/** What targets that fail together may share. An alert has its causes as texts, `<kind>:<value>`. */

/** From the one that says most to the one that says least. `docs/decisions/0015-causes-of-groups.md` has the reasons. */
const CAUSE_KINDS = ['host', 'address', 'certificate', 'network', 'provider', 'code'] as const;

export type CauseKind = (typeof CAUSE_KINDS)[number];

/** Characters of one cause. A name of the DNS has 253. */
const MOST_CHARACTERS = 280;

export function causeOf(kind: CauseKind, value: string): string {
  return `${kind}:${value}`.slice(0, MOST_CHARACTERS);
}

/** Kind and value of a cause; null if another version wrote one of an unknown kind. */
export function parseCause(cause: string): { readonly kind: CauseKind; readonly value: string } | null {
  const at = cause.indexOf(':');
  const kind = CAUSE_KINDS.find((one) => one === cause.slice(0, at));
  return kind === undefined ? null : { kind, value: cause.slice(at + 1) };
}

/** The cause that says most; null if there is none. */
export function tellingCause(causes: readonly string[]): string | null {
  const known = CAUSE_KINDS.flatMap((kind) => causes.filter((cause) => cause.startsWith(`${kind}:`)));
  return known[0] ?? null;
}
