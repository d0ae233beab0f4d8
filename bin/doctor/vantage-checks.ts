import { safeText } from '../../lambda/alert/words/safe-text.ts';
import { localVantage } from '../../lambda/config/schema/regions.ts';
import { roundsSince } from '../../lambda/consensus/judgement/policy.ts';
import type { ReachAnswer } from '../../lambda/probe/diagnosis.ts';
import { failureOf } from '../../lambda/smtp/failures/failures.ts';
import { type CheckContext, portsOf, reachName, reachQuestions } from './check-context.ts';
import { type Check, type CheckResult, passed, problem } from './check-result.ts';
import { port25Fix } from './port-25-checks.ts';

/** What is asked of every vantage, of a region and of one machine alike. */
export function vantageChecks(
  { config }: Pick<CheckContext, 'config'>,
  vantage: string,
): readonly Check<CheckContext>[] {
  const wantsSecrets = config.targets.some(({ auth }) => auth !== undefined);
  return [
    { name: 'names', region: vantage, run: async (world) => names((await world.diagnosis(vantage)).knocks) },
    ...portsOf(reachQuestions(config)).map((port) => ({
      name: `port ${port}`,
      region: vantage,
      run: (world: CheckContext) => wayOut(world, port, vantage),
    })),
    ...(wantsSecrets
      ? [{ name: 'secrets', region: vantage, run: (world: CheckContext) => secretsReadable(world, vantage) }]
      : []),
    { name: 'last round', region: vantage, run: (world) => lastRound(world, vantage) },
  ];
}

/** The resolver's own trouble; a name that does not exist is the target's. */
function names(knocks: readonly ReachAnswer[]): CheckResult {
  const unresolved = knocks.filter(isUnresolved);
  const [first] = unresolved.filter(({ code }) => code === 'dns-timeout' || code === 'dns-refused');
  if (first)
    return problem('fail', `the resolver does not answer (${seen(first)})`, 'look at the resolver of this vantage');
  const [missing] = unresolved;
  if (missing) {
    return problem(
      'warn',
      `not every name is found (${unresolved.map(seen).join('; ')})`,
      `look at the records of ${reachName(missing)}`,
    );
  }
  return passed('the resolver answers');
}

/** Open where one server of that port answered anything at all. */
async function wayOut(world: CheckContext, port: number, vantage: string): Promise<CheckResult> {
  const knocks = (await world.diagnosis(vantage)).knocks.filter((knock) => knock.port === port);
  const [reached] = knocks.filter((knock) => knock.reached);
  if (reached) return passed(`open: ${reachName(reached)} answers`);
  const tried = knocks.filter((knock) => !isUnresolved(knock));
  if (tried.length === 0) return problem('unable', `nobody to ask: ${knocks.map(seen).join('; ')}`, MEND_NAMES);
  // A way that is blocked swallows what is sent; who refuses was reached.
  const blocked = port === 25 && !tried.every(({ code }) => code === 'connect-refused');
  const mend = blocked ? await port25Fix(world, vantage) : MEND_SERVERS;
  return problem('fail', `closed: ${tried.map(seen).join('; ')}`, mend);
}

const MEND_NAMES = 'mend the names first';

const MEND_SERVERS =
  'are these servers up? If so, look at firewalls, security groups and routes between them and this vantage';

function isUnresolved({ reached, code }: ReachAnswer): boolean {
  return !reached && failureOf(code ?? '')?.phase === 'dns';
}

function seen(knock: ReachAnswer): string {
  const why = knock.detail === null ? knock.code : safeText(knock.detail, 120);
  return `${reachName(knock)}: ${why}`;
}

async function secretsReadable(world: CheckContext, vantage: string): Promise<CheckResult> {
  const { secrets } = await world.diagnosis(vantage);
  const unreadable = secrets.flatMap(({ secret, error }) =>
    error === null ? [] : [`${secret} (${safeText(error, 160)})`],
  );
  if (unreadable.length === 0) return passed(`${secrets.length} readable`);
  return problem(
    'fail',
    `cannot be read: ${unreadable.join('; ')}`,
    vantage === localVantage
      ? 'set the environment variable where the monitor is started'
      : `put it in Secrets Manager in ${world.config.home} as plain text; a name that is new to the config needs 'npx cdk deploy --all'`,
  );
}

/** As fresh as a vote must be: an older round is one that no longer counts. */
async function lastRound(world: CheckContext, vantage: string): Promise<CheckResult> {
  const { policy } = world.config;
  const start =
    vantage === localVantage ? "is 'npm start' running?" : 'docs/runbook.md#vantage-silent says where to look';
  const round = await world.lastRound(vantage);
  if (round === null) return problem('warn', 'no round yet', `the first comes within two rounds; after that, ${start}`);
  const age = roundsSince(round, policy, world.now);
  if (age <= policy.freshness) return passed(`${round}, fresh`);
  const minutes = Math.round((age * policy.every) / 60_000);
  return problem('fail', `${round}, ${minutes} min ago: this vantage abstains`, start);
}
