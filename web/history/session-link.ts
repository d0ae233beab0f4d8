/** The part of an address that names a session, and one to compare it with: `#session=ROUND,VANTAGE&with=ROUND,VANTAGE`. */

export interface SessionName {
  readonly round: string;
  readonly vantage: string;
}

export interface SessionLink {
  readonly session: SessionName;
  readonly other: SessionName | null;
}

export function linkToSession({ session, other }: SessionLink): string {
  const text = ({ round, vantage }: SessionName) => `${round},${encodeURIComponent(vantage)}`;
  return `#session=${text(session)}${other === null ? '' : `&with=${text(other)}`}`;
}

const ROUND = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** Null if the hash names none. */
export function sessionInLink(hash: string): SessionLink | null {
  const parts = new Map(
    hash
      .replace(/^#/, '')
      .split('&')
      .map((part) => {
        const [name = '', value = ''] = part.split('=', 2);
        return [name, value] as const;
      }),
  );
  const session = nameIn(parts.get('session'));
  return session === null ? null : { session, other: nameIn(parts.get('with')) };
}

function nameIn(text: string | undefined): SessionName | null {
  const [, round = '', vantage = ''] = /^([^,]*),(.*)$/s.exec(text ?? '') ?? [];
  if (!ROUND.test(round) || Number.isNaN(Date.parse(`${round.slice(0, 19)}Z`)) || vantage === '') return null;
  try {
    return { round, vantage: decodeURIComponent(vantage) };
  } catch {
    return null;
  }
}
