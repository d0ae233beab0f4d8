/** What the posture function does for `smtp-quorum doctor`: asks whether lists answer it, and whether it can read its keys. */
import type { SecretReference } from '../config/channel.ts';
import type { NoValidator } from '../dns/records/dns-of-run.ts';
import { LOOKUP_BOUNDS } from '../dns/records/query-budget.ts';
import { testList } from '../posture/checks/dnsbl/list-test.ts';
import type { DnsList } from '../standards/dnsbl/dns-list.ts';
import { withListKeys } from '../standards/dnsbl/list-keys.ts';
import { configuredLists, readListKeys } from './lists-of-run.ts';
import type { PosturePorts } from './posture-ports.ts';

/** The event of `smtp-quorum doctor`. */
export interface PostureDiagnosisRequest {
  readonly diagnose: 'posture';
}

export interface ListAnswerState {
  /** As it is shown: without the key of a customer. */
  readonly zone: string;
  /** Why its answers do not count, such as that it refuses the resolver; null if it works. */
  readonly fault: string | null;
}

/** Whether a key could be read; never the key. */
export interface ListKeyState {
  readonly secret: string;
  /** Null if it could be read. */
  readonly error: string | null;
}

export interface PostureDiagnosis {
  readonly vantage: string;
  readonly lists: readonly ListAnswerState[];
  readonly keys: readonly ListKeyState[];
  readonly dnssec: NoValidator | 'judged';
}

type DiagnosisPorts = Pick<PosturePorts, 'config' | 'vantage' | 'secret' | 'openDns'>;

/** Asks each list its self-test (RFC 5782 5). Writes nothing. */
export async function diagnoseLists(ports: DiagnosisPorts): Promise<PostureDiagnosis> {
  const dns = ports.openDns({ ...LOOKUP_BOUNDS, atOnce: 4 });
  const zones = (ports.config.posture ?? []).flatMap(({ lists }) => lists);
  const lists = withListKeys(configuredLists(zones), await readListKeys({ ...ports, log: () => {} }));
  const [states, keys, validator] = await Promise.all([
    Promise.all(lists.map((list) => stateOf(list, dns.listLookup))),
    Promise.all(Object.values(ports.config.listKeys ?? {}).map((reference) => keyState(ports, reference))),
    dns.validator(),
  ]);
  dns.close();
  return {
    vantage: ports.vantage,
    lists: states,
    keys,
    dnssec: typeof validator === 'string' ? validator : 'judged',
  };
}

async function stateOf(list: DnsList, lookup: Parameters<typeof testList>[2]): Promise<ListAnswerState> {
  const tested = await testList(list.kind === 'domains' ? 'domain' : 4, list, lookup);
  const { shownZone: zone } = list;
  switch (tested.kind) {
    case 'works':
      return { zone, fault: null };
    case 'unsupported':
      return { zone, fault: 'it lacks its test entry' };
    case 'refused':
    case 'broken':
      return { zone, fault: tested.detail };
    case 'failed':
      return { zone, fault: tested.failure.detail.replaceAll(list.zone, zone) };
    default:
      return tested satisfies never;
  }
}

async function keyState({ secret }: DiagnosisPorts, reference: SecretReference): Promise<ListKeyState> {
  const name = 'secret' in reference ? reference.secret : reference.env;
  try {
    await secret(reference);
    return { secret: name, error: null };
  } catch (error) {
    return { secret: name, error: String(error).slice(0, 300) };
  }
}
