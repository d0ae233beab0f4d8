/** The checks of services: whether their secrets can be read, and whether AWS would call the numbers. */
import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { SecretDiagnosis } from '../../../lambda/aws/diagnose-secrets.ts';
import { needsAnswers } from '../../../lambda/config/answers/answer-secrets.ts';
import { isService, sendingSecrets } from '../../../lambda/config/channel.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { namesOf } from '../../../lib/naming/names.ts';
import type { DeploymentCheckContext } from '../check-context.ts';
import { type Check, type CheckResult, passed, problem } from '../check-result.ts';
import type { VoiceAccount } from './voice-account.ts';

export function serviceChecks(config: Config): readonly Check<DeploymentCheckContext>[] {
  const { home, notify } = config;
  const names = namesOf(config);
  const has = (some: Config['notify']) => some.flatMap(sendingSecrets).length > 0;
  const secretCheck = (name: string, deployed: string): Check<DeploymentCheckContext> => ({
    name,
    region: home,
    run: async ({ aws }) => checkSecrets(await aws.secretDiagnosis(home, deployed)),
  });
  return [
    ...(has(notify.filter(isService)) ? [secretCheck('secrets of services', names.notify)] : []),
    ...(has(notify.filter(({ kind }) => kind === 'webhook')) ? [secretCheck('keys of signatures', names.deliver)] : []),
    ...(needsAnswers(config) ? [secretCheck('secrets of answers', names.answer)] : []),
    ...(notify.some(({ kind }) => kind === 'phone')
      ? [
          {
            name: 'calls',
            region: home,
            run: async ({ aws }: DeploymentCheckContext) => checkCalls(config, await aws.voice(home)),
          },
        ]
      : []),
  ];
}

function checkSecrets({ secrets }: SecretDiagnosis): CheckResult {
  const unread = secrets.flatMap(({ secret, error }) =>
    error === null ? [] : [`${secret} (${safeText(error, 100)})`],
  );
  if (unread.length === 0) return passed(`${secrets.length} readable`);
  return problem(
    'fail',
    `not readable: ${unread.join('; ')}`,
    "store it in Secrets Manager in the home region as plain text, then 'npx cdk deploy --all'",
  );
}

const CONSOLE = 'AWS End User Messaging console in the home region';

export function checkCalls({ notify }: Pick<Config, 'notify'>, account: VoiceAccount): CheckResult {
  const phones = notify.filter((channel) => channel.kind === 'phone');
  const unable = [...new Set(phones.map(({ from }) => from))].flatMap((from) => originFault(from, account));
  if (unable.length > 0) return problem('fail', unable.join('; '), `${CONSOLE}, Phone numbers`);
  const unverified = phones.map(({ number }) => number).filter((number) => !account.verified.includes(number));
  if (account.isInSandbox && unverified.length > 0)
    return problem(
      'fail',
      `in the sandbox: AWS does not call ${unverified.join(', ')}`,
      `leave the sandbox or verify the number: ${CONSOLE}`,
    );
  if (account.spendLimit !== null && account.spendLimit < 1)
    return problem(
      'warn',
      `the spend limit of calls is $${account.spendLimit} a month`,
      `${CONSOLE}, Account settings`,
    );
  const place = account.isInSandbox ? 'in the sandbox; every number is verified' : 'not in the sandbox';
  return passed(account.spendLimit === null ? place : `${place}; spend limit $${account.spendLimit} a month`);
}

/** What keeps a number or a pool from calling. */
function originFault(from: string, { numbers, pools }: VoiceAccount): readonly string[] {
  if (pools.includes(from)) return [];
  const found = numbers.find(({ number, id, arn }) => [number, id, arn].includes(from));
  if (found === undefined) return [`${from} is no number or pool of this account and region`];
  if (!found.canCall) return [`${from} cannot call: it has no VOICE capability`];
  return found.status === 'ACTIVE' ? [] : [`${from} is ${found.status}`];
}
