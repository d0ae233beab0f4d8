/** Rules between values of `roundTrips`. */

import { closestWord } from '../../../standards/spelling.ts';
import type { ConfigPath } from '../../schema/config-path.ts';
import { parseDuration } from '../../schema/duration.ts';
import type { ConfigFault } from '../problem.ts';
import {
  atKey,
  atValue,
  duplicates,
  exactlyOne,
  forEach,
  isLocal,
  list,
  record,
  type Written,
} from '../rule-building-blocks.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export function roundTripRules(config: Written): readonly ConfigFault[] {
  return [
    ...duplicateTrips(config),
    ...forEach(config, 'roundTrips', (trip, path) => [
      ...lengths(config, trip, path),
      ...sendFaults(config, record(trip.send), [...path, 'send']),
      ...loginFaults(record(trip.receive) ?? {}, [...path, 'receive']),
      ...expectFaults(trip, path),
      ...reference(trip, 'key', path),
    ]),
  ];
}

function duplicateTrips(config: Written): readonly ConfigFault[] {
  const ids = list(config.roundTrips).map((trip) => record(trip)?.id);
  return duplicates(ids).map(({ index, first, value }) =>
    atValue(['roundTrips', index, 'id'], `"${value}" is already the id of roundTrips[${first}]`),
  );
}

function milliseconds(value: unknown, otherwise: number): number | null {
  if (value === undefined) return otherwise;
  return typeof value === 'string' ? parseDuration(value) : null;
}

function lengths(config: Written, trip: Written, path: ConfigPath): readonly ConfigFault[] {
  const every = milliseconds(trip.every, 10 * MINUTE);
  const within = record(trip.within) ?? {};
  const [warn, fail] = [milliseconds(within.warn, MINUTE), milliseconds(within.fail, 5 * MINUTE)];
  return [
    ...(every === null ? [] : everyFaults(config, trip, every, path)),
    ...(warn !== null && fail !== null && warn > fail
      ? [atValue([...path, 'within', 'warn'], 'must not be longer than `fail`')]
      : []),
    ...(fail !== null && (fail > DAY || fail < 1_000)
      ? [atValue([...path, 'within', 'fail'], 'must be from `1s` to `1d`')]
      : []),
  ];
}

function everyFaults(
  config: Written,
  { perDay = 300 }: Written,
  every: number,
  path: ConfigPath,
): readonly ConfigFault[] {
  const at = [...path, 'every'];
  if (every < MINUTE || every > DAY) return [atValue(at, 'must be from `1m` to `1d`')];
  if (!isLocal(config) && every % MINUTE !== 0) return [atValue(at, 'must be whole minutes on AWS')];
  const messages = Math.floor(DAY / every);
  if (typeof perDay !== 'number' || messages <= perDay) return [];
  return [
    atValue(
      at,
      `sends ${messages} messages a day, more than \`perDay\`, which is ${perDay}`,
      'write a longer time, or raise `perDay`',
    ),
  ];
}

function sendFaults(config: Written, send: Written | null, path: ConfigPath): readonly ConfigFault[] {
  if (send === null) return [];
  return [...exactlyOne(send, ['via', 'host'], path), ...viaFaults(config, send, path), ...loginFaults(send, path)];
}

/** Settings that `via` takes from the target. */
const OF_TARGET = ['port', 'security', 'serverName', 'ca', 'insecure', 'auth'];

function viaFaults(config: Written, { via, ...rest }: Written, path: ConfigPath): readonly ConfigFault[] {
  if (typeof via !== 'string') return [];
  const targets = list(config.targets).map((target) => record(target) ?? {});
  const target = targets.find(({ id }) => id === via);
  const own = OF_TARGET.filter((key) => rest[key] !== undefined);
  const taken = own.map((key) => atKey([...path, key], 'cannot be combined with `via`: the target has it'));
  if (target === undefined)
    return [...taken, atValue([...path, 'via'], 'is not the id of a target', similar(via, targets))];
  if (target.host !== undefined) return taken;
  const message = 'is a target with a `domain`, which has many hosts: a message is sent through one';
  return [...taken, atValue([...path, 'via'], message, 'name a target with a `host`, or give `host`')];
}

function similar(via: string, targets: readonly Written[]): string | null {
  const close = closestWord(
    via,
    targets.flatMap(({ id }) => (typeof id === 'string' ? [id] : [])),
  );
  return close === null ? null : `did you mean \`${close}\`?`;
}

function loginFaults({ auth }: Written, path: ConfigPath): readonly ConfigFault[] {
  const login = record(auth);
  return login === null ? [] : reference(login, 'password', [...path, 'auth']);
}

function reference(object: Written, key: string, path: ConfigPath): readonly ConfigFault[] {
  return exactlyOne(record(object[key]), ['secret', 'env'], [...path, key]);
}

function expectFaults({ expect, authservId, receive }: Written, path: ConfigPath): readonly ConfigFault[] {
  const expected = record(expect) ?? {};
  const methods = ['spf', 'dkim', 'dmarc'].filter((method) => expected[method] !== undefined);
  const isPop3 = record(receive)?.protocol === 'pop3';
  return [
    ...(authservId === undefined ? methods : []).map((method) =>
      atKey([...path, 'expect', method], 'needs `authservId`: anybody can write an Authentication-Results field'),
    ),
    ...(isPop3 && expected.folder === 'junk'
      ? [atValue([...path, 'expect', 'folder'], 'is not visible by POP3, which reads the inbox alone')]
      : []),
  ];
}
