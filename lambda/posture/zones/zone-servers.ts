/** What each server of a zone says of the zone: RFC 1034 4.3. */

import { isIPv6 } from 'node:net';
import type { AnswerMessage } from '../../dns/messages/answer-message.ts';
import type { AskServer } from '../../dns/records/dns-of-run.ts';

export interface ServerAddress {
  readonly name: string;
  readonly address: string;
}

export type ServerView = ServerAddress &
  (
    | { readonly kind: 'serves'; readonly serial: number; readonly primary: string }
    /** It answers, and not for the zone. `recursive`: as a resolver does. */
    | { readonly kind: 'lame'; readonly reason: string; readonly recursive: boolean }
    | { readonly kind: 'silent'; readonly reason: string }
  );

/** Asks each address for the SOA record. */
export function viewServers(
  zone: string,
  addresses: readonly ServerAddress[],
  askServer: AskServer,
): Promise<readonly ServerView[]> {
  return Promise.all(
    addresses.map(async ({ name, address }) => {
      const answer = await askServer(address, 'SOA', zone);
      return answer.kind === 'failed'
        ? { name, address, kind: 'silent' as const, reason: answer.failure.detail }
        : { name, address, ...viewOf(answer, zone) };
    }),
  );
}

const RCODES: Readonly<Record<number, string>> = {
  1: 'FORMERR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  4: 'NOTIMP',
  5: 'REFUSED',
};

function viewOf({ rcode, authoritative, recursive, answers }: AnswerMessage, zone: string) {
  const lame = (reason: string) => ({ kind: 'lame', reason, recursive: recursive && !authoritative }) as const;
  if (rcode !== 0) return lame(`it answers ${RCODES[rcode] ?? `code ${rcode}`}`);
  if (!authoritative) return lame('it is not authoritative (no AA bit)');
  const soa = answers.find((record) => record.type === 'SOA' && record.name === zone);
  if (soa?.type !== 'SOA') return lame('it has no SOA record of the zone');
  return { kind: 'serves', serial: soa.data.serial, primary: soa.data.primary.toLowerCase() } as const;
}

/** A machine without IPv6 reaches no server by it: such a silence says nothing. */
export function withoutOwnSilence(views: readonly ServerView[]): readonly ServerView[] {
  const hasIpv6 = views.some(({ kind, address }) => kind !== 'silent' && isIPv6(address));
  return hasIpv6 ? views : views.filter(({ kind, address }) => kind !== 'silent' || !isIPv6(address));
}

/** Something answers in place of all servers: each answer is that of a resolver. */
export function isIntercepted(views: readonly ServerView[]): boolean {
  const answered = views.filter(({ kind }) => kind !== 'silent');
  return answered.length > 0 && answered.every((view) => view.kind === 'lame' && view.recursive);
}

type Serving = Extract<ServerView, { kind: 'serves' }>;

/**
 * Servers with an older serial than another one of the same primary. Operators who share a zone have primaries and serials of
 * their own.
 */
export function serversBehind(views: readonly ServerView[]): readonly Serving[] {
  const serving = views.filter((view) => view.kind === 'serves');
  return serving.filter((one) =>
    serving.some((other) => other.primary === one.primary && isOlder(one.serial, other.serial)),
  );
}

/** RFC 1982 3.2: serials wrap around. */
function isOlder(one: number, other: number): boolean {
  const ahead = (other - one) >>> 0;
  return ahead > 0 && ahead < 2 ** 31;
}
