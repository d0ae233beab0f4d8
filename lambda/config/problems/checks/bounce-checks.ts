/** Rules between values of `bounces`. */
import type { ConfigPath } from '../../schema/config-path.ts';
import type { ConfigFault } from '../problem.ts';
import {
  atKey,
  atValue,
  duplicates,
  exactlyOne,
  isLocal,
  list,
  record,
  type Written,
} from '../rule-building-blocks.ts';

export function bounceRules(config: Written): readonly ConfigFault[] {
  const bounces = record(config.bounces);
  if (bounces === null) return [];
  const sources = list(bounces.sources).map(record);
  return [
    ...warnIsNotAboveFail(bounces),
    ...sources.flatMap((source, index) => exactlyOne(source, ['ses', 'log', 'mailbox'], sourcePath(index))),
    ...sources.flatMap(mailboxPassword),
    ...duplicateLogs(sources),
    ...sourcesFitThePlace(config, sources),
  ];
}

function sourcePath(index: number): ConfigPath {
  return ['bounces', 'sources', index];
}

function mailboxPassword(source: Written | null, index: number): readonly ConfigFault[] {
  const mailbox = record(source?.mailbox);
  return exactlyOne(record(mailbox?.password), ['secret', 'env'], [...sourcePath(index), 'mailbox', 'password']);
}

function warnIsNotAboveFail({ warn = '1%', fail = '2%' }: Written): readonly ConfigFault[] {
  const [low = 0, high = 0] = [warn, fail].map((share) => Number(/^([\d.]+)\s?%$/.exec(String(share))?.[1]));
  if (!(low > high)) return [];
  return [atValue(['bounces', 'warn'], `must not be above \`fail\`, which is ${String(fail)}`)];
}

function duplicateLogs(sources: readonly (Written | null)[]): readonly ConfigFault[] {
  return duplicates(sources.map((source) => source?.log)).map(({ index, first, value }) =>
    atValue([...sourcePath(index), 'log'], `"${value}" is already the log of sources[${first}]: it would count twice`),
  );
}

/** Events of SES come to a function, and a log is a file of one machine. */
function sourcesFitThePlace(config: Written, sources: readonly (Written | null)[]): readonly ConfigFault[] {
  const local = isLocal(config);
  return sources.flatMap((source, index) => {
    if (source?.ses === true && local)
      return [
        atKey(
          [...sourcePath(index), 'ses'],
          'needs AWS regions under `vantages`: a function receives the events',
          'on one machine, use `log`',
        ),
      ];
    if (source?.log !== undefined && !local)
      return [
        atKey(
          [...sourcePath(index), 'log'],
          'needs `vantages: [local]`: one machine reads it',
          'read it on its machine, with `smtp-quorum start` and a config of its own',
        ),
      ];
    return [];
  });
}
