/** Name servers and a validating resolver with scripted answers, for the checks of zones. */

import type { AnswerMessage, DnsRecord } from '../../lambda/dns/messages/answer-message.ts';
import { type DataType, type RecordData, TYPE_NUMBERS } from '../../lambda/dns/messages/record-data.ts';
import type { AskServer, AskValidator } from '../../lambda/dns/records/dns-of-run.ts';

export function record<Type extends DataType>(name: string, type: Type, data: RecordData[Type]): DnsRecord {
  return { name, type, ttl: 60, data } as DnsRecord;
}

export function message(name: string, more: Partial<AnswerMessage> = {}): AnswerMessage {
  return {
    kind: 'answer',
    name,
    rcode: 0,
    authoritative: true,
    validated: false,
    recursive: false,
    edns: true,
    answers: [],
    authority: [],
    ...more,
  };
}

/** What a server of a zone does. */
export type Script =
  | 'silent'
  | Partial<AnswerMessage>
  | ((type: DataType, name: string, times: number) => Partial<AnswerMessage>);

/** Servers by address. The others are silent. */
export function askScripts(
  scripts: Readonly<Record<string, Script>>,
): AskServer & { readonly asked: readonly string[] } {
  const asked: string[] = [];
  const ask: AskServer = async (address, type, name) => {
    const times = asked.filter((one) => one === `${type} ${name} @${address}`).length;
    asked.push(`${type} ${name} @${address}`);
    const script = scripts[address] ?? 'silent';
    if (script === 'silent')
      return { kind: 'failed', failure: { kind: 'timeout', detail: `${name} at ${address}: ETIMEOUT` } };
    return message(name, typeof script === 'function' ? script(type, name, times) : script);
  };
  return Object.assign(ask, { asked });
}

export interface ZoneAnswers {
  readonly serial?: number;
  readonly primary?: string;
  readonly servers?: readonly string[];
}

/** A server that serves the zone. */
export function serving(zone: string, { serial = 1, primary = `ns1.${zone}`, servers = [] }: ZoneAnswers): Script {
  const soa = { primary, contact: `ops.${zone}`, serial, refresh: 7_200, retry: 3_600, expire: 1_209_600, minimum: 60 };
  return (type) => ({
    answers: type === 'SOA' ? [record(zone, 'SOA', soa)] : servers.map((name) => record(zone, 'NS', name)),
  });
}

/** A server of the parent. */
export function delegating(zone: string, servers: readonly string[]): Script {
  return { authoritative: false, authority: servers.map((name) => record(zone, 'NS', name)) };
}

/** Answers of a validating resolver by `TYPE name`, and by `TYPE name CD` for those without validation. */
export type Validated = Partial<AnswerMessage> & { readonly authenticated?: boolean };
export type Resolved = Readonly<Record<string, Validated | 'servfail' | 'timeout'>>;

export function validatorOf(resolved: Resolved): () => Promise<AskValidator> {
  const ask: AskValidator = async (type, name, unchecked) => {
    const found = (unchecked ? resolved[`${type} ${name} CD`] : undefined) ?? resolved[`${type} ${name}`] ?? {};
    if (typeof found === 'string') return { kind: 'failed', failure: { kind: found, detail: `${name}: ${found}` } };
    const { authenticated = false, ...rest } = found;
    return { kind: 'answer', message: message(name, { validated: authenticated, ...rest }), authenticated };
  };
  return async () => ask;
}

/** A signature of records of the type. Days from `now`. */
export function signature(
  zone: string,
  type: DataType,
  now: number,
  [from, until]: readonly [number, number],
): DnsRecord {
  const day = 86_400_000;
  return record(zone, 'RRSIG', {
    covered: TYPE_NUMBERS[type],
    algorithm: 13,
    keyTag: 1,
    signer: zone,
    inception: now + from * day,
    expiration: now + until * day,
  });
}
